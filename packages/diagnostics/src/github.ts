/**
 * Findings as workflow commands of GitHub Actions, which become annotations at the lines of a pull request. Data and
 * properties are escaped as the runner unescapes them (actions/toolkit, command.ts); a text of the document can neither
 * start a command nor end one.
 */
import type { Finding, Severity } from './finding.ts';
import { printable, redact } from './printable.ts';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/** One line for each finding, in the order given. The runner shows ten of each kind; the exit code counts them all. */
export function githubCommands(findings: readonly Finding[], secrets: readonly string[] = []): readonly string[] {
  const clean = (text: string): string =>
    text
      .split('\n')
      .map((line) => printable(redact(line, secrets)))
      .join('\n');
  return findings.map(({ rule, severity, message, why, help, place }) => {
    const properties: readonly (readonly [string, string | number | undefined])[] = [
      ['file', place?.file],
      ['line', place?.line],
      ['endLine', place?.endLine],
      // Columns are only understood within one line.
      ['col', place?.line === place?.endLine ? place?.column : undefined],
      ['endColumn', place?.line === place?.endLine ? place?.endColumn : undefined],
      ['title', rule],
    ];
    const given = properties.flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}=${escapedProperty(clean(String(value)))}`],
    );
    const text = [
      message,
      ...(why === undefined ? [] : [`Why: ${why}`]),
      ...(help === undefined ? [] : [`What to do: ${help}`]),
    ];
    return `::${commands[severity]} ${given.join(',')}::${escapedData(clean(text.join('\n')))}`;
  });
}

function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
