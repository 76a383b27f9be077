import { renderFindings } from '@bothways/diagnostics';
import { openSweep, type SweepQuery, sweepJson, sweepView } from '@bothways/twin';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { errorTerminal, type Format, outputTerminal, pathOf } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { complain, print, printJson } from '../output.ts';
import { renderSweep } from '../render/sweep.ts';
import { sweepAll } from '../sweep-workers.ts';

interface SweepOptions {
  readonly k: number;
  readonly group?: readonly string[];
  readonly elements?: readonly string[];
  readonly worst: number;
  readonly jobs?: number;
  /** Seconds. */
  readonly limit?: number;
  readonly sessionsPerUser?: number;
  readonly format: Format;
  readonly json?: true;
}

/** Milliseconds; above it a timer goes off at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export async function sweep(command: Command): Promise<ExitCode> {
  const { k, group, elements, worst, jobs, limit, sessionsPerUser, format, json } = command.opts<SweepOptions>();
  const path = pathOf(command);
  const input = await readInput(path);
  const query: SweepQuery = {
    most: k,
    ...(group === undefined ? {} : { groups: group }),
    ...(elements === undefined ? {} : { kinds: elements }),
    ...(sessionsPerUser === undefined ? {} : { sessionsPerUser }),
  };
  const opened = input.findings.length > 0 ? undefined : openSweep(input.files, query, openOptions);
  if (opened?.problem !== undefined) {
    complain(opened.problem);
    return exitCode.unusable;
  }
  if (opened?.job === undefined) {
    const { style, width } = errorTerminal(command);
    const { findings, sources } = opened ?? { findings: input.findings, sources: new Map<string, string>() };
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    return exitCode.unusable;
  }
  const { job } = opened;
  const interruption = new AbortController();
  const stop = (): void => interruption.abort();
  process.once('SIGINT', stop);
  const timer = limit === undefined ? undefined : setTimeout(stop, Math.min(limit * 1000, LONGEST_TIMER));
  const progress = progressOn(process.stderr, job.count);
  const shard = await sweepAll(input.files, query, job, { jobs, progress: progress.at, signal: interruption.signal });
  process.removeListener('SIGINT', stop);
  clearTimeout(timer);
  progress.end();
  const view = sweepView(job, shard, worst);
  if (json === true || format === 'json') printJson(sweepJson(view, manifest.version));
  else print(renderSweep(view, outputTerminal(command), worst));
  return view.verdict === 'broken' ? exitCode.findings : exitCode.holds;
}

interface Progress {
  readonly at: (done: number) => void;
  readonly end: () => void;
}

/** One line that is written over, on a terminal; nothing anywhere else. */
function progressOn(stream: NodeJS.WriteStream, count: number): Progress {
  if (!stream.isTTY) return { at: () => undefined, end: () => undefined };
  let shown = '';
  const write = (text: string): void => {
    if (text === shown) return;
    stream.write(`\r${text.padEnd(shown.length)}`);
    shown = text;
  };
  return {
    at: (done) => write(`${done.toLocaleString('en')} of ${count.toLocaleString('en')} sets of failures`),
    end: () => {
      write('');
      stream.write('\r');
    },
  };
}
