import { renderFindings } from '@bothways/diagnostics';
import { availabilityInEstate, availabilityJson } from '@bothways/twin';
import type { Command } from 'commander';
import { errorTerminal, type Format, outputTerminal, pathOf } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { print, printJson } from '../output.ts';
import { renderAvailability } from '../render/availability.ts';

export async function availability(command: Command): Promise<ExitCode> {
  const { format } = command.opts<{ readonly format: Format }>();
  const input = await readInput(pathOf(command));
  const unread = { findings: input.findings, sources: new Map<string, string>(), availability: undefined };
  const {
    findings,
    sources,
    availability: view,
  } = input.findings.length > 0 ? unread : availabilityInEstate(input.files, openOptions);
  if (view === undefined) {
    const { style, width } = errorTerminal(command);
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    return exitCode.unusable;
  }
  if (format === 'json') printJson(availabilityJson(view));
  else print(renderAvailability(view, outputTerminal(command)));
  return exitCode.holds;
}
