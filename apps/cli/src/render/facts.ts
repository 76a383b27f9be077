/** Facts as text: an overview, search results, one fact with everything that cites it, and what has grown old. */
import { formatTable, plural, printable } from '@bothways/diagnostics';
import type { Citation, FactLine, FactPage, FactsOverview, SourceView, StaleFacts } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { hanging } from './words.ts';

export function renderFactsOverview(overview: FactsOverview): string {
  const rows = overview.groups.map(({ ids, what, count }) => [ids, String(count), what]);
  const files = [
    ...overview.files.tags.map((file) => [
      `service tags ${file.cloud}`,
      `change ${file.changeNumber}`,
      file.date,
      whose(file.builtIn),
    ]),
    ...overview.files.endpoints.map((file) => [`Microsoft 365 ${file.instance}`, '', file.date, whose(file.builtIn)]),
  ];
  const shares = overview.confidence.map(({ confidence, count }) => `${count} ${confidence}`).join(', ');
  return [
    `${overview.facts} facts, from ${overview.oldest} to ${overview.newest}: ${shares}.`,
    '',
    ...formatTable(rows, { header: ['Ids', 'Count', 'What'], align: ['left', 'right', 'left'] }),
    '',
    ...formatTable(files, { header: ['Address files', 'Change', 'Date', ''] }),
    '',
    'Next: bothways facts route filter\n      bothways facts --stale',
  ].join('\n');
}

function whose(builtIn: boolean): string {
  return builtIn ? 'built in' : 'your update';
}

const mostFound = 12;

export function renderFound(query: string, found: readonly FactLine[], all: boolean, terminal: Terminal): string {
  if (found.length === 0) {
    return `No fact mentions ${printable(query)}.\n\nNext: bothways facts\n      bothways reach ${printable(query)}`;
  }
  const shown = all ? found : found.slice(0, mostFound);
  const rest = found.length - shown.length;
  return [
    ...shown.map((line) => factText(line, terminal)),
    '',
    ...(rest === 0 ? [] : [`${rest} more with --all.`]),
    `Next: bothways facts ${shown[0]?.id ?? ''}`,
  ].join('\n');
}

function factText({ id, statement, source, date, confidence }: FactLine, { style, width }: Terminal): string {
  const remark = confidence === 'stated' || confidence === 'high' ? '' : `, ${confidence}`;
  const label = `${id.padEnd(6)}  `;
  return `${style.bold(label)}${hanging(label, statement, width).slice(label.length)}\n${style.dim(hanging('        ', `${source}, ${date}${remark}`, width))}`;
}

const citationTitles: Readonly<Record<Citation['kind'], string>> = {
  flow: 'Flows',
  rule: 'Rules',
  contradiction: 'Contradictions',
  checklist: 'Checklist items',
  scenario: 'Scenarios',
  fact: 'Facts',
  figure: 'Figures',
  service: 'Services',
};

export function renderFactPage(page: FactPage, { style, width }: Terminal): string {
  const value = page.value === undefined ? [] : [`Value       ${page.value} ${page.unit ?? ''}`.trimEnd()];
  const kinds = [...new Set(page.citedBy.map(({ kind }) => kind))];
  return [
    `${style.bold(page.id)}  ${page.topic}`,
    hanging('', page.statement, width),
    '',
    ...value,
    hanging('Source      ', sourceText(page.from), width),
    ...page.alsoIn.map((each) => hanging('Also in     ', sourceText(each), width)),
    `Confidence  ${page.confidence}`,
    ...(page.more.length === 0 ? [] : ['']),
    ...page.more.map(({ title, text }) => `${style.bold(printable(title))}\n${hanging('  ', text, width)}`),
    ...(kinds.length === 0 ? ['', 'Nothing else cites it.'] : ['', style.bold('Cited by')]),
    ...kinds.flatMap((kind) => {
      const own = page.citedBy.filter((each) => each.kind === kind);
      return [
        `  ${citationTitles[kind]}`,
        ...own.map(({ id, title }) => hanging(`    ${id}  `, shortened(title), width)),
      ];
    }),
  ].join('\n');
}

function shortened(text: string): string {
  return text.length > 140 ? `${text.slice(0, 139)}…` : text;
}

function sourceText({ document, repository, date, commit }: SourceView): string {
  const parts = [
    document,
    ...(repository === undefined ? [] : [repository]),
    date,
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 12)}`]),
  ];
  return parts.join(', ');
}

export function renderStale(stale: StaleFacts, age: string, terminal: Terminal): string {
  const { style } = terminal;
  const old = stale.facts;
  const nothing = old.length + stale.files.length === 0 && !stale.prices.stale;
  const files = stale.files.map(({ what, date, name }) => [what, date, name]);
  return [
    `${old.length} of ${plural(stale.checked, 'fact')} rest on a text from before ${stale.before} (${printable(age)} before ${stale.asOf}).`,
    ...(stale.files.length === 0
      ? ['No address file is that old.']
      : ['', style.bold('Address files'), ...formatTable(files)]),
    ...(stale.prices.stale ? [`The list prices are of ${stale.prices.date}.`] : []),
    ...(stale.undated.length === 0
      ? []
      : [hanging('No date: ', stale.undated.map(({ id }) => id).join(', '), terminal.width)]),
    ...(old.length === 0 ? [] : ['', ...old.map((line) => factText(line, terminal))]),
    ...(nothing ? [] : ['', 'Next: bothways facts update --service-tags FILE --m365 FILE']),
  ].join('\n');
}
