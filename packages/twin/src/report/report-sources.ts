/** The flow catalogue of the estate, and everything the report rests on: assumptions, facts, contradictions, files. */
import type { Block, Span, Text } from './block.ts';
import type { ReportFlow, ReportView } from './report-view.ts';
import { outcomeSpan, paragraph, section } from './report-words.ts';

const eligibilityWords: Readonly<Record<ReportFlow['eligibility'], string>> = {
  yes: 'yes',
  conditional: 'on conditions',
  'internet-only': 'never: internet only',
  internal: 'stays inside Microsoft',
  'not-applicable': 'does not cross the edge',
};

export function flowBlocks({ flows }: ReportView): readonly Block[] {
  if (flows.length === 0) return [];
  const outcome = (each: ReportFlow): Span =>
    each.outcome === 'not-followed' ? { text: 'not followed', as: 'unsure' } : outcomeSpan(each.outcome);
  return [
    section('flows', 'Flow catalogue of this estate'),
    {
      kind: 'table',
      caption: 'Every flow that a demand of the document carries',
      header: ['Flow', 'Opened by', 'Protocol', 'ExpressRoute can carry it', 'Uses here', 'Outcome'],
      rows: flows.map((each): readonly Text[] => [
        [{ text: each.id, as: 'code' }, ` ${each.name}`],
        [each.openedBy === 'customer' ? 'customer' : 'Microsoft'],
        [each.protocol],
        [`${eligibilityWords[each.eligibility]}. ${each.reason}`],
        [each.ways.length === 0 ? 'nothing was followed' : each.ways.join(', ')],
        [outcome(each)],
      ]),
      widths: [20, 10, 13, 31, 15, 11],
    },
  ];
}

export function basisBlocks({
  assumptions,
  facts,
  contradictions,
  addressFiles,
  bothways,
}: ReportView): readonly Block[] {
  return [
    section('assumptions', 'Assumptions'),
    assumptions.length === 0
      ? paragraph('The document says everything itself.')
      : {
          kind: 'table',
          caption: 'What the document leaves out, what was taken for it, and why',
          header: ['Where', 'Taken as', 'Because'],
          rows: grouped(assumptions).map(({ path, value, because }) => [
            [{ text: path, as: 'code' }],
            [value],
            [because],
          ]),
          widths: [42, 20, 38],
        },
    section('facts', "Facts about Microsoft's side"),
    paragraph(
      'Each of them was used above. "stated": the document says so; "older": from before 2022; "inferred": our conclusion; "conflict": documents disagree.',
    ),
    {
      kind: 'table',
      caption: 'Facts with source and date',
      header: ['Id', 'Statement', 'Source', 'Date', 'How sure'],
      rows: facts.map(({ id, statement, source, date, confidence }) => [
        [{ text: id, as: 'code' }],
        [statement],
        [source],
        [date],
        [confidence],
      ]),
      widths: [10, 42, 25, 13, 10],
    },
    section('contradictions', 'Contradictions met'),
    contradictions.length === 0
      ? paragraph("No statement above rests on a point where Microsoft's documents disagree.")
      : {
          kind: 'table',
          caption: 'Where the sources disagree, and which reading is used',
          header: ['Id', 'About', 'What the sources say', 'Used here'],
          rows: contradictions.map(({ id, about, used, claims }) => [
            [{ text: id, as: 'code' }],
            [about],
            [claims.map(({ source, date, says }) => `${source} (${date}): ${says}`).join('; ')],
            [used],
          ]),
          widths: [7, 17, 46, 30],
        },
    section('basis', 'What this report rests on'),
    {
      kind: 'list',
      ordered: false,
      items: [
        [`Bothways ${bothways}; the same document gives the same report.`],
        ...addressFiles.tags.map(
          ({ cloud, changeNumber, date, fileName }): Text => [
            `Service tags ${cloud}: change ${changeNumber} of ${date} (${fileName})`,
          ],
        ),
        ...addressFiles.endpoints.map(
          ({ instance, date, fileName }): Text => [`Microsoft 365 endpoints ${instance}: ${date} (${fileName})`],
        ),
      ],
    },
  ];
}

/** More than this many equal assumptions about things of one kind are told as one line. */
const mostAlike = 4;

function grouped(assumptions: ReportView['assumptions']): ReportView['assumptions'] {
  const groups = new Map<string, { readonly pattern: string; readonly members: ReportView['assumptions'][number][] }>();
  for (const each of assumptions) {
    const [kind = '', , ...rest] = each.path.split('.');
    const pattern = rest.length === 0 ? each.path : [kind, '*', ...rest].join('.');
    const key = JSON.stringify([pattern, each.value, each.because]);
    const group = groups.get(key) ?? { pattern, members: [] };
    group.members.push(each);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ pattern, members }) => {
    const [first] = members;
    if (first === undefined || members.length <= mostAlike) return members;
    return [{ ...first, path: `${pattern} (${members.length} times)` }];
  });
}
