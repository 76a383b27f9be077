/**
 * Test suites as JUnit XML, in the form that build servers agree on: `testsuites` with counts, `testsuite`, `testcase`
 * with `failure`, `skipped` or `system-out`. Times are left out: the same input gives the same bytes.
 */
import { printable, redact } from './printable.ts';

export interface TestCase {
  /** Groups cases in reports: a site, a rule. */
  readonly group: string;
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  /** 'unknown' is shown as skipped, with the reason: a build server has no third state. */
  readonly outcome: 'passed' | 'failed' | 'unknown';
  /** One line: what is wrong, or why it is not known. */
  readonly message?: string;
  /** A word for the kind of failure: a rule, a disposition. */
  readonly kind?: string;
  readonly details?: readonly string[];
}

export interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

export function junitXml(name: string, suites: readonly TestSuite[], secrets: readonly string[] = []): string {
  const clean = (text: string): string => printable(redact(text, secrets));
  const attribute = (key: string, value: string | number | undefined): string =>
    value === undefined ? '' : ` ${key}="${escaped(clean(String(value)))}"`;
  const counts = (cases: readonly TestCase[]): string =>
    attribute('tests', cases.length) +
    attribute('failures', cases.filter(({ outcome }) => outcome === 'failed').length) +
    attribute('errors', 0) +
    attribute('skipped', cases.filter(({ outcome }) => outcome === 'unknown').length);
  const caseLines = (each: TestCase): readonly string[] => {
    const { group, outcome, message, kind, details = [] } = each;
    const head = `    <testcase${attribute('classname', group)}${attribute('name', each.name)}${attribute('file', each.file)}${attribute('line', each.line)}`;
    const text = escaped(details.map(clean).join('\n'));
    if (outcome === 'failed') {
      return [
        `${head}>`,
        `      <failure${attribute('message', message ?? '')}${attribute('type', kind ?? 'failure')}>${text}</failure>`,
        '    </testcase>',
      ];
    }
    if (outcome === 'unknown') {
      return [`${head}>`, `      <skipped${attribute('message', message ?? 'not known')}/>`, '    </testcase>'];
    }
    return text === '' ? [`${head}/>`] : [`${head}>`, `      <system-out>${text}</system-out>`, '    </testcase>'];
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attribute('name', name)}${counts(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap((suite) => [
      `  <testsuite${attribute('name', suite.name)}${counts(suite.cases)}>`,
      ...suite.cases.flatMap(caseLines),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ].join('\n');
}

/** XML 1.0: markup escaped; `printable` has already replaced the characters that XML does not allow, save two. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
