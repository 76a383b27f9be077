/** Intents, checklist and failures: what was asked of the network, and how it answers. */
import { plural } from '@bothways/diagnostics';
import type { Block, Text } from './block.ts';
import type { ReportView } from './report-view.ts';
import { outcomeSpan, paragraph, readinessSpans, scoreWords, section } from './report-words.ts';

export function intentBlocks({ intents }: ReportView): readonly Block[] {
  if (intents.length === 0) return [];
  return [
    section('intents', 'Intents'),
    {
      kind: 'table',
      caption: 'What the document says must hold, and whether it does',
      header: ['Intent', 'Asks for', 'Outcome', 'Part by part'],
      rows: intents.map(({ name, asks, outcome, parts, because }) => [
        [name],
        [asks, ...(because === undefined ? [] : [` (${because})`])],
        [outcomeSpan(outcome)],
        [parts.map((part) => `${part.kind} ${part.outcome}: ${part.because}`).join('; ')],
      ]),
      widths: [16, 30, 10, 44],
    },
  ];
}

export function checklistBlocks(view: ReportView): readonly Block[] {
  const { readiness, resilience } = view;
  const table = (caption: string, original: boolean): Block => ({
    kind: 'table',
    caption,
    header: ['Item', 'Answer', 'Evidence', 'What to do'],
    rows: readiness.items
      .filter((item) => item.original === original)
      .map(({ id, statement, state, evidence, todo }): readonly Text[] => [
        [{ text: id, as: 'code' }, ` ${statement}`],
        [readinessSpans[state]],
        [evidence.join('; ')],
        [todo ?? ''],
      ]),
    widths: [25, 11, 32, 32],
  });
  return [
    section('checklist', 'Readiness checklist'),
    paragraph(
      `${plural(readiness.items.length, 'item')}: ${scoreWords(view)}. There is no single score: what is unknown is neither good nor bad, and would disappear in one.`,
    ),
    table("Microsoft's own readiness checklist, ten items", true),
    table('Further items, from other documents on Power Platform and ExpressRoute', false),
    ...(resilience.length === 0
      ? []
      : [
          {
            kind: 'table',
            caption:
              "Resilience level of every circuit by Microsoft's table (ER-138). The table speaks of private peering; taking it for Microsoft peering is our reading",
            header: ['Circuit and peering', 'Level', 'Survives the loss of', 'Rests on', 'Reading'],
            rows: resilience.map(({ circuit, peering, level, survives, parts, reading, advice }): readonly Text[] => [
              [`${circuit}, ${peering === 'microsoft' ? 'Microsoft' : 'private'} peering`],
              [`${level} (for: ${advice})`],
              [survives],
              [parts.join('; ')],
              [reading === 'ours' ? 'ours' : 'published'],
            ]),
            widths: [20, 22, 18, 30, 10],
          } as const,
        ]),
    ...resiliencyBlocks(view),
  ];
}

/** The index with its parts; never a number alone. */
function resiliencyBlocks({ check: { resiliency } }: ReportView): readonly Block[] {
  if (resiliency.length === 0) return [];
  const points = (lowest: number, highest: number): string =>
    lowest === highest ? String(lowest) : `${lowest} to ${highest}`;
  return [
    {
      kind: 'table',
      caption:
        "Microsoft's resiliency index by its published table (ER-253). Microsoft computes it for gateways and private peering alone (ER-257); the same table over Microsoft peering is our reading. What the document cannot say makes it a range",
      header: ['Of', 'Points', 'Parts', 'Reading'],
      rows: resiliency.map(({ of, reading, lowest, highest, most, parts }): readonly Text[] => [
        [of],
        [`${points(lowest, highest)} of ${most}`],
        [
          parts
            .map(
              (each) =>
                `${each.part}${each.part === 'tests' ? ', times' : ''} ${points(each.lowest, each.highest)}: ${each.because} (${each.fact})`,
            )
            .join('; '),
        ],
        [reading],
      ]),
      widths: [18, 14, 58, 10],
    },
  ];
}

export function failureBlocks({ failures, failureBound: bound }: ReportView): readonly Block[] {
  const head = section('failures', 'Failures');
  if (failures === undefined) {
    return [
      head,
      paragraph(
        { text: 'unknown', as: 'unsure' },
        `: this report was made from the normal state alone, because the estate has ${bound}. What happens when a link, a device, a provider or a peering location fails is not in it, and nothing above speaks of it.`,
      ),
    ];
  }
  return [
    head,
    failures.length === 0
      ? paragraph('No failure that was computed changes a round trip.')
      : {
          kind: 'table',
          caption: 'What breaks and what moves when something fails',
          header: ['Fails', 'Broken', 'Other way', 'What happens'],
          rows: failures.map(({ elements, broken, changed, says }) => [
            [elements.join(' and ')],
            [String(broken)],
            [String(changed)],
            [says],
          ]),
          widths: [30, 10, 10, 50],
        },
  ];
}
