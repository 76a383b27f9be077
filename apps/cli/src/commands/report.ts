import { extname } from 'node:path';
import { renderFindings } from '@bothways/diagnostics';
import { reportEstate } from '@bothways/twin';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { errorTerminal, pathOf } from '../arguments.ts';
import { dayOf } from '../clock.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { complain, print, writeWhole } from '../output.ts';
import { type ReportFormat, reportContent, reportFormats } from '../report-content.ts';

interface ReportOptions {
  readonly output?: string;
  readonly format?: ReportFormat;
  readonly date?: string;
}

/** The exit code says whether a report was written, not what it says: that is what check is for. */
export async function report(command: Command): Promise<ExitCode> {
  const { output, format, date } = command.opts<ReportOptions>();
  const wanted = format ?? formatOf(output);
  if (wanted === undefined) {
    complain(`'${output}' does not end like a report; end it with .${reportFormats.join(', .')}, or say --format`);
    return exitCode.unusable;
  }
  if (output === undefined && (wanted === 'pdf' || wanted === 'docx')) {
    complain(`${wanted} is no text; name a file with -o report.${wanted}`);
    return exitCode.unusable;
  }
  const today = dayOf(date);
  if (today === undefined) {
    complain(`'${date}' is not a day: write --date 2026-01-31`);
    return exitCode.unusable;
  }
  const input = await readInput(pathOf(command));
  // Without --date the report carries no date: the same document gives the same bytes tomorrow.
  const options = { ...openOptions, version: manifest.version, today, ...(date === undefined ? {} : { date }) };
  const reported = input.findings.length > 0 ? undefined : reportEstate(input.files, options);
  if (reported?.view === undefined) {
    const { style, width } = errorTerminal(command);
    const findings = reported?.checked.findings ?? input.findings;
    process.stderr.write(`${renderFindings(findings, reported?.checked.sources ?? new Map(), style, { width })}\n`);
    return exitCode.unusable;
  }
  const made = await reportContent(wanted, reported.view);
  if ('problem' in made) {
    complain(made.problem);
    return exitCode.unusable;
  }
  if (output === undefined) {
    print(made.content.toString());
    return exitCode.holds;
  }
  try {
    writeWhole(output, made.content);
  } catch (error) {
    complain(`the report '${output}' cannot be written`, error);
    return exitCode.unusable;
  }
  print(`Wrote ${output}.`);
  return exitCode.holds;
}

function formatOf(output: string | undefined): ReportFormat | undefined {
  if (output === undefined) return 'html';
  const ending = extname(output).slice(1).toLowerCase();
  const name = { htm: 'html', markdown: 'md' }[ending] ?? ending;
  return reportFormats.find((each) => each === name);
}
