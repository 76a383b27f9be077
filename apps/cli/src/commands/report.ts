import { extname } from 'node:path';
import { renderFindings } from '@bothways/diagnostics';
import { type ReportView, reportDocument, reportEstate, reportHtml, reportMarkdown } from '@bothways/twin';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { errorTerminal, pathOf } from '../arguments.ts';
import { dayOf } from '../clock.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { complain, print, writeWhole } from '../output.ts';

interface ReportOptions {
  readonly output?: string;
  readonly format?: ReportFormat;
  readonly date?: string;
}

export const reportFormats = ['html', 'md', 'pdf', 'docx', 'json'] as const;
type ReportFormat = (typeof reportFormats)[number];

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
  const made = await contentOf(wanted, reported.view);
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

type Made = { readonly content: string | Uint8Array } | { readonly problem: string };

async function contentOf(format: ReportFormat, view: ReportView): Promise<Made> {
  switch (format) {
    case 'html':
      return { content: reportHtml(reportDocument(view)) };
    case 'md':
      return { content: reportMarkdown(reportDocument(view)) };
    case 'json':
      return { content: `${JSON.stringify(view, undefined, 2)}\n` };
    case 'pdf':
      return (await import('../report-pdf.ts')).pdfOf(reportHtml(reportDocument(view)), process.env);
    case 'docx': {
      const document = reportDocument(view);
      const figures = document.blocks.filter((block) => block.kind === 'figure');
      const pixels = (await import('../report-pixels.ts')).pixelsOf(figures, process.env);
      return { content: await (await import('../report-docx.ts')).docxOf(document, pixels) };
    }
  }
}
