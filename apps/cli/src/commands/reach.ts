import { renderFindings } from '@bothways/diagnostics';
import type { Cloud } from '@bothways/facts';
import { type EstateReach, reachFor, reachInEstate } from '@bothways/twin';
import type { Command } from 'commander';
import { errorTerminal, outputTerminal } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { complain, print, printJson } from '../output.ts';
import { reachJson, renderReach } from '../render/reach.ts';

interface ReachOptions {
  readonly estate?: string;
  readonly cloud?: Cloud;
  readonly json?: true;
}

export async function reach(command: Command): Promise<ExitCode> {
  const { estate: path, cloud, json } = command.opts<ReachOptions>();
  const query = command.args.join(' ');
  let asked: Pick<EstateReach, 'reach' | 'estate' | 'ways' | 'notes' | 'problem'>;
  if (path === undefined) {
    const result = reachFor(query, cloud);
    asked = {
      reach: result.ok ? result.reach : undefined,
      problem: result.ok ? undefined : result.problem,
      estate: undefined,
      ways: [],
      notes: [],
    };
  } else {
    const input = await readInput(path);
    const found = input.findings.length > 0 ? undefined : reachInEstate(input.files, query, openOptions);
    if (found === undefined || !found.usable) {
      const { style, width } = errorTerminal(command);
      const { findings, sources } = found ?? { findings: input.findings, sources: new Map<string, string>() };
      process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
      return exitCode.unusable;
    }
    asked = found;
  }
  if (asked.reach === undefined) {
    complain(asked.problem ?? 'there is no answer');
    return exitCode.unusable;
  }
  if (json === true) printJson(reachJson(asked.reach, asked));
  else print(renderReach(asked.reach, asked, outputTerminal(command)));
  return exitCode.holds;
}
