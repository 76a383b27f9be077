/**
 * HTML to PDF through the print function of Chromium. Page numbers and wide pages come from the style sheet. What Chromium
 * writes of the clock is replaced, so that the same report gives the same bytes with the same Chromium.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser, withPage } from './browser.ts';

export async function pdfOf(
  html: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly content: Uint8Array } | { readonly problem: string }> {
  const browser = findBrowser(environment);
  if (browser === undefined) {
    return {
      problem:
        'a PDF needs Chromium, Chrome or Edge, and none was found; install one, name it in BOTHWAYS_CHROMIUM, or write .html and print that',
    };
  }
  const target = (folder: string): string => join(folder, 'report.pdf');
  const printed = await withPage(
    browser,
    html,
    (folder) => ['--no-pdf-header-footer', '--generate-pdf-document-outline', `--print-to-pdf=${target(folder)}`],
    (folder) => withoutClock(readFileSync(target(folder))),
  );
  return 'problem' in printed
    ? { problem: `the report was not printed (${printed.problem})` }
    : { content: printed.value };
}

/** Dates are overwritten in place: the offsets of the file stay right. */
function withoutClock(pdf: Buffer): Uint8Array {
  const text = pdf.toString('latin1');
  const covered = text.replaceAll(
    /(\/(?:CreationDate|ModDate) ?\(D:)\d{14}/g,
    (_, head: string) => `${head}20000101000000`,
  );
  return Buffer.from(covered, 'latin1');
}
