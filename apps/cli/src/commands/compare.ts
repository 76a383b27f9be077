import { renderFindings } from '@bothways/diagnostics';
import { comparedMarkdown, compareEstates } from '@bothways/twin';
import type { Command } from 'commander';
import { errorTerminal, outputTerminal } from '../arguments.ts';
import { dayOf } from '../clock.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { complain, print, printJson } from '../output.ts';
import { renderCompared } from '../render/compare.ts';

interface CompareOptions {
  readonly term?: number;
  readonly asOf?: string;
  readonly format: 'text' | 'json' | 'markdown';
}

/** The exit code says whether the two could be compared, not which is better: that is a decision. */
export async function compare(command: Command): Promise<ExitCode> {
  const { term, asOf, format } = command.opts<CompareOptions>();
  const today = dayOf(asOf);
  if (today === undefined) {
    complain(`'${asOf}' is not a day: write --as-of 2026-01-31`);
    return exitCode.unusable;
  }
  const [a, b] = command.processedArgs.map(String);
  if (a === undefined || b === undefined) throw new TypeError('compare takes two paths');
  const [one, other] = [await readInput(a), await readInput(b)];
  const query = { ...openOptions, asOf: today, ...(term === undefined ? {} : { termMonths: term }) };
  const unread = [...one.findings, ...other.findings];
  const { findings, sources, compared } =
    unread.length > 0
      ? { findings: unread, sources: new Map<string, string>(), compared: undefined }
      : compareEstates(one.files, other.files, { a, b }, query);
  if (compared === undefined) {
    const { style, width } = errorTerminal(command);
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    return exitCode.unusable;
  }
  if (format === 'json') printJson(compared);
  else if (format === 'markdown') print(comparedMarkdown(compared));
  else print(renderCompared(compared, outputTerminal(command)));
  return exitCode.holds;
}
