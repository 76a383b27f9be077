import { renderFindings } from '@bothways/diagnostics';
import { roundTripJson, type TraceQuery, traceEstate } from '@bothways/twin';
import type { Command } from 'commander';
import { errorTerminal, type Format, outputTerminal, pathOf } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { complain, print, printJson } from '../output.ts';
import { renderTrace } from '../render/trace.ts';

export async function trace(command: Command): Promise<ExitCode> {
  const { format, ...query } = command.opts<TraceQuery & { readonly format: Format }>();
  const input = await readInput(pathOf(command));
  const traced = input.findings.length > 0 ? undefined : traceEstate(input.files, query, openOptions);
  if (traced === undefined || !traced.usable) {
    const { style, width } = errorTerminal(command);
    const { findings, sources } = traced ?? { findings: input.findings, sources: new Map<string, string>() };
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    return exitCode.unusable;
  }
  if (traced.problem !== undefined) {
    complain(traced.problem);
    return exitCode.unusable;
  }
  if (format === 'json') printJson({ roundTrips: traced.trips.map(roundTripJson) });
  else print(renderTrace(traced.trips, outputTerminal(command)));
  return traced.trips.some(({ outcome }) => outcome === 'broken') ? exitCode.findings : exitCode.holds;
}
