/** A rule as a page: what it finds, why it matters, how to mend it, an example, and the facts it rests on. */
import { formatTable, printable, type Severity } from '@bothways/diagnostics';
import type { ExplainedId, ExplainedRule } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { hanging } from './words.ts';

export function renderRuleList(pages: readonly ExplainedRule[], { style, invocation }: Terminal): string {
  const rows = pages.map(({ name, severity, title }) => [name, severity, title]);
  const table = formatTable(rows, { header: ['Rule', 'Severity', 'Finds'] });
  return [...table, '', `${style.bold('Next:')} ${invocation} explain ${pages[0]?.name ?? 'RULE'}`].join('\n');
}

export function renderRulePage(page: ExplainedRule, terminal: Terminal): string {
  const { style, width } = terminal;
  const paragraph = (title: string, text: string): readonly string[] => [
    '',
    style.bold(title),
    hanging('  ', text, width),
  ];
  const lifecycle = page.status === 'stable' ? `stable since ${page.since}` : `${page.status}, since ${page.since}`;
  return [
    `${style.bold(printable(page.name))}  ${severityStyle(terminal, page.severity)(page.severity)}  ${lifecycle}`,
    hanging('', page.title, width),
    ...paragraph('What it finds', page.what),
    ...paragraph('Why it matters', page.why),
    ...paragraph('How to mend it', page.fix),
    '',
    style.bold('It fires, for example'),
    hanging('  ', page.fires.title, width),
    ...page.fires.replace.flatMap(({ text, by }) => [
      ...text.split('\n').map((line) => style.red(`    - ${printable(line.trimEnd())}`)),
      ...by.split('\n').map((line) => style.green(`    + ${printable(line.trimEnd())}`)),
    ]),
    ...paragraph('It is silent, for example', page.silent.title),
    ...(page.facts.length === 0 ? [] : ['', style.bold('Facts')]),
    ...page.facts.map(({ id, statement, source, date }) =>
      hanging(`  ${id}  `, `${statement} (${source}, ${date})`, width),
    ),
    ...(page.unsure === undefined ? [] : paragraph('It cannot tell, for example', page.unsure.title)),
    ...(page.answers.length === 0
      ? []
      : ['', hanging('Answers: ', page.answers.map(({ id }) => id).join(', '), width)]),
  ].join('\n');
}

const OPEN: Readonly<Record<NonNullable<ExplainedId['open']>['kind'], string>> = {
  document: 'Found while the document is read',
  command: 'Answered by another command',
  construction: 'True by construction',
  live: 'Needs Azure',
  people: 'Needs people',
  outside: 'Outside of the document',
};

/** An id of a reviewers' list with the rules that answer it. */
export function renderReviewPage(
  { id, statement, source, date, reference, rules, open }: ExplainedId,
  terminal: Terminal,
): string {
  const { style, width, invocation } = terminal;
  const [first] = rules;
  return [
    hanging('', `${style.bold(id)}  ${statement}`, width),
    hanging('  ', `${reference}; ${source}, ${date}`, width),
    ...(rules.length === 0 ? [] : ['', style.bold('Rules that answer it')]),
    ...rules.map(({ name, title }) => hanging(`  ${name}  `, title, width)),
    ...(open === undefined ? [] : ['', style.bold(OPEN[open.kind]), hanging('  ', open.text, width)]),
    ...(first === undefined ? [] : ['', `${style.bold('Next:')} ${invocation} explain ${first.name}`]),
  ].join('\n');
}

function severityStyle({ style }: Terminal, severity: Severity): (text: string) => string {
  return { error: style.red, warning: style.yellow, note: style.blue }[severity];
}
