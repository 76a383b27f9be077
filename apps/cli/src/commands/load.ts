import { renderFindings } from '@bothways/diagnostics';
import { loadInEstate, loadJson } from '@bothways/twin';
import type { Command } from 'commander';
import { errorTerminal, outputTerminal, pathOf } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { withSessions } from '../open-options.ts';
import { complain, print, printJson } from '../output.ts';
import { overloads, renderLoad } from '../render/load.ts';

interface LoadOptions {
  readonly json?: true;
  readonly sessionsPerUser?: string;
}

export async function load(command: Command): Promise<ExitCode> {
  const { json, sessionsPerUser: stated } = command.opts<LoadOptions>();
  const options = withSessions(stated);
  if (options === undefined) {
    complain(`'${stated}' is not a number of sessions: write --sessions-per-user 40`);
    return exitCode.unusable;
  }
  const input = await readInput(pathOf(command));
  const unread = { findings: input.findings, sources: new Map<string, string>(), load: undefined };
  const { findings, sources, load: view } = input.findings.length > 0 ? unread : loadInEstate(input.files, options);
  if (view === undefined) {
    const { style, width } = errorTerminal(command);
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    return exitCode.unusable;
  }
  if (json === true) printJson(loadJson(view));
  else print(renderLoad(view, outputTerminal(command)));
  return overloads(view).length > 0 ? exitCode.findings : exitCode.holds;
}
