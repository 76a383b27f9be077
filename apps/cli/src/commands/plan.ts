import { mkdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { renderFindings } from '@bothways/diagnostics';
import { highsSolver } from '@bothways/solver';
import { type PlanView, planForEstate, planJson } from '@bothways/twin';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { errorTerminal, type Format, outputTerminal, pathOf } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { complain, print, printJson, writeWhole } from '../output.ts';
import { renderPlans } from '../render/plan.ts';

interface PlanOptions {
  readonly output?: string;
  readonly time: number;
  readonly format: Format;
}

/** Exit code 1: the requirements clash, or no plan withstood its proof. */
export async function plan(command: Command): Promise<ExitCode> {
  const { output, time, format } = command.opts<PlanOptions>();
  const path = pathOf(command);
  const input = await readInput(path);
  const solver = highsSolver();
  let stop: () => void = () => undefined;
  const cancelled = new Promise<void>((resolve) => {
    stop = resolve;
  });
  process.once('SIGINT', stop);
  const progress = progressOn(process.stderr);
  const unread = { findings: input.findings, sources: new Map<string, string>(), result: undefined };
  const { findings, sources, result } =
    input.findings.length > 0
      ? unread
      : await planForEstate(input.files, {
          solve: solver.solve,
          timeLimit: time,
          clock: () => performance.now() / 1000,
          onProgress: (name, { cost, bound }) => progress.at(name, cost, bound),
          cancelled,
          pause: () => setImmediate(),
        });
  process.removeListener('SIGINT', stop);
  progress.end();
  await solver.close();
  if (result === undefined) {
    const { style, width } = errorTerminal(command);
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    return exitCode.unusable;
  }
  const first = input.files[0]?.name ?? '';
  if (output !== undefined) {
    try {
      for (const each of result.plans) writePlan(join(output, each.name), each, dirname(first));
    } catch (error) {
      complain(`the plans cannot be written to '${output}'`, error);
      return exitCode.unusable;
    }
  }
  if (format === 'json') printJson(planJson(result, manifest.version));
  else print(renderPlans(result, outputTerminal(command), output));
  if (result.problem !== undefined) return exitCode.unusable;
  return result.plans.length > 0 ? exitCode.holds : exitCode.findings;
}

function writePlan(folder: string, { files }: PlanView, from: string): void {
  for (const { name, text } of files) {
    // Attachments keep their place beside the document; nothing is written outside the folder.
    const inside = relative(from, name);
    const target = join(folder, inside.startsWith('..') || inside === '' ? basename(name) : inside);
    mkdirSync(dirname(target), { recursive: true });
    writeWhole(target, text);
  }
}

interface Progress {
  readonly at: (name: string, cost: number, bound: number) => void;
  readonly end: () => void;
}

/** One line that is written over, on a terminal; nothing anywhere else. */
function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { at: () => undefined, end: () => undefined };
  let shown = '';
  const write = (text: string): void => {
    stream.write(`\r${text.padEnd(shown.length)}`);
    shown = text;
  };
  return {
    at: (name, cost, bound) =>
      write(
        Number.isFinite(cost)
          ? `plan ${name}: ${Math.round(cost)} a month found, not below ${Math.max(0, Math.round(bound))}`
          : `plan ${name}: looking for a first answer`,
      ),
    end: () => {
      write('');
      stream.write('\r');
    },
  };
}
