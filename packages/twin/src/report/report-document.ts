/** The report as a document for people who decide: the answer first, in plain words, then what it rests on. */
import { listText } from '@bothways/checks';
import { plural, type Severity } from '@bothways/diagnostics';
import type { CheckReport, WayView } from '../check.ts';
import type { OverviewLine } from '../overview.ts';
import type { Block, ReportDocument, Span, Text } from './block.ts';
import type { PathPicture } from './path-picture.ts';
import { networkSvg, pathSvg } from './pictures.ts';
import { checklistBlocks, failureBlocks, intentBlocks } from './report-proofs.ts';
import { basisBlocks, flowBlocks } from './report-sources.ts';
import type { OwnedFinding, Owner, ReportView } from './report-view.ts';
import { cited, outcomeSpan, paragraph, scoreWords, section, viaWords } from './report-words.ts';

export function reportDocument(view: ReportView): ReportDocument {
  return {
    title: `${view.estate}: network report`,
    subtitle: `Round trips to Microsoft's cloud, computed there and back${view.date === undefined ? '' : `; as of ${view.date}`}`,
    blocks: [
      ...summaryBlocks(view),
      ...decisionBlocks(view),
      ...ridesBlocks(view.check),
      ...pictureBlocks(view),
      ...findingBlocks(view),
      ...acceptedBlocks(view),
      ...intentBlocks(view),
      ...checklistBlocks(view),
      ...failureBlocks(view),
      ...flowBlocks(view),
      ...basisBlocks(view),
    ],
  };
}

const verdictSpans: Readonly<Record<CheckReport['verdict'], Span>> = {
  holds: { text: 'holds', as: 'good' },
  broken: { text: 'is broken', as: 'bad' },
  unknown: { text: 'is not known to hold', as: 'unsure' },
};

function summaryBlocks(view: ReportView): readonly Block[] {
  const { check, findings, accepted, intents, estate } = view;
  const { summary, overview } = check;
  const flowsOver = (kind: string): readonly string[] => [
    ...new Set(overview.filter(({ via }) => via.startsWith(kind)).map(({ flow }) => flow)),
  ];
  const [circuit, internet] = [flowsOver('expressroute'), flowsOver('internet')];
  const both = circuit.filter((id) => internet.includes(id));
  const items: Text[] = [
    [
      `${plural(summary.roundTrips, 'round trip')} ${summary.roundTrips === 1 ? 'was' : 'were'} followed from the user to Microsoft and back; `,
      summary.broken === 0
        ? { text: 'every one of them arrives', as: 'good' }
        : { text: `${summary.broken} of them are lost`, as: 'bad' },
      '. Each speaks for every address of its destination, not for a sample.',
    ],
    [
      circuit.length === 0
        ? 'No request of this estate leaves over a circuit.'
        : `${plural(circuit.length, 'flow')} ${circuit.length === 1 ? 'uses' : 'use'} a circuit: ${listText(circuit, 12)}.`,
      internet.length === 0
        ? ' Nothing uses the internet.'
        : ` ${plural(internet.length, 'flow')} ${internet.length === 1 ? 'uses' : 'use'} the internet: ${listText(internet, 12)}.`,
      both.length === 0 ? '' : ` Some addresses of ${listText(both, 12)} go one way, some the other.`,
    ],
    ...returnItems(check),
    ...(view.failures === undefined
      ? [
          [
            'All of this is the normal state. What happens when something fails is ',
            { text: 'unknown', as: 'unsure' } as const,
            ' here.',
          ],
        ]
      : []),
    [
      `Findings: ${severityWords(findings)}${accepted.length === 0 ? '' : `; ${accepted.length} more accepted as a risk`}.`,
    ],
    [`Checklist: ${scoreWords(view)}.`],
    ...(intents.length === 0 ? [] : [[`Intents: ${intentWords(view)}.`]]),
    cited('PP-N06'),
    cited('ER-204'),
  ];
  return [
    section('summary', 'Summary'),
    paragraph(`The network of ${estate} `, verdictSpans[check.verdict], '.'),
    { kind: 'list', ordered: false, items },
  ];
}

/** Answers that come back another way than the request went: said early, because it surprises. */
function returnItems({ roundTrips }: CheckReport): readonly Text[] {
  const other = roundTrips.filter((trip) => trip.return !== undefined && trip.return.via !== trip.forward.via);
  if (other.length === 0) return [];
  const ways = [
    ...new Set(
      other.map(
        ({ forward, return: back }) => `out over ${viaWords(forward.via)} and back over ${viaWords(back?.via ?? '')}`,
      ),
    ),
  ];
  const lost = other.filter(({ outcome }) => outcome === 'broken').length;
  return [
    [
      `${plural(other.length, 'round trip')} ${other.length === 1 ? 'goes' : 'go'} ${listText(ways)}; `,
      lost === 0 ? 'all of them arrive all the same.' : { text: `${lost} of them are lost that way.`, as: 'bad' },
    ],
  ];
}

function severityWords(findings: readonly { readonly severity: Severity }[]): string {
  const count = (severity: Severity): number => findings.filter((each) => each.severity === severity).length;
  const parts = (['error', 'warning', 'note'] as const).flatMap((each) =>
    count(each) === 0 ? [] : [plural(count(each), each)],
  );
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function intentWords({ intents }: ReportView): string {
  const count = (outcome: CheckReport['verdict']): number => intents.filter((each) => each.outcome === outcome).length;
  return `${count('holds')} held, ${count('broken')} broken, ${count('unknown')} unknown`;
}

/** What is to be decided and what else could be done; the decision itself is for those who sign. */
function decisionBlocks(view: ReportView): readonly Block[] {
  const { check, resilience } = view;
  const riding = check.overview.filter(({ via }) => via.startsWith('expressroute'));
  const flows = [...new Set(riding.map(({ flow }) => flow))];
  const circuits = [...new Set(riding.map(({ via }) => via.slice('expressroute:'.length)))];
  const errors = view.findings.filter(({ severity }) => severity === 'error').length;
  const single = resilience.filter(({ level, peering }) => level !== 'maximum' && peering === 'microsoft');
  const rows: Text[][] = [
    [
      [{ text: 'As designed', as: 'strong' }],
      [
        circuits.length === 0
          ? 'No request leaves over a circuit.'
          : `${listText(flows, 8)} ride ${listText(circuits)}; the rest uses the internet.`,
        errors === 0 ? '' : ` ${plural(errors, 'error')} to mend first.`,
      ],
      cited('PP-N07'),
    ],
    [
      [{ text: 'Internet only', as: 'strong' }],
      [
        flows.length === 0
          ? 'That is what the design does.'
          : `${listText(flows, 8)} would have to use the internet edges as well; whether these have room for it was not computed.`,
      ],
      cited('ER-164'),
    ],
    [
      [{ text: 'Local breakout for badly connected sites', as: 'strong' }],
      ['Sites whose line to the circuit is poor use the internet nearby; the others stay.'],
      cited('PP-R05'),
    ],
    ...(single.length === 0
      ? []
      : [
          [
            [{ text: 'A second circuit elsewhere', as: 'strong' } as const],
            [
              `${listText([...new Set(single.map(({ circuit }) => circuit))])} would no longer depend on one peering location.`,
            ],
            cited('ER-146'),
          ],
        ]),
  ];
  return [
    section('decision', 'Decision and alternatives'),
    paragraph('The board decides between these ways; the report supplies what each of them means for this network.'),
    {
      kind: 'table',
      caption: 'Alternatives',
      header: ['Way', 'What it means here', 'What the sources say'],
      rows,
      widths: [20, 40, 40],
    },
    {
      kind: 'table',
      caption: 'Decision, to be filled in by those who sign',
      header: ['Role', 'Name', 'Decision', 'Date', 'Signature'],
      rows: ['Architecture', 'Network operation', 'Security', 'Power Platform owner'].map((role) => [
        [role],
        [''],
        [''],
        [''],
        [''],
      ]),
      widths: [22, 22, 20, 14, 22],
    },
  ];
}

function ridesBlocks({ overview }: CheckReport): readonly Block[] {
  const parts = [
    {
      kind: 'expressroute',
      title: 'Over a circuit',
      caption: 'Flows whose requests leave over a circuit',
      empty: 'No request of this estate leaves over a circuit.',
    },
    {
      kind: 'internet',
      title: 'Over the internet',
      caption: 'Flows that still use the internet, and why',
      empty: 'Nothing of this estate goes over the internet.',
    },
    { kind: 'internal', title: 'Inside the own network', caption: 'Flows that stay inside', empty: '' },
  ];
  return [
    section('rides', 'What rides the circuit and what does not'),
    ...parts.flatMap(({ kind, title, caption, empty }): readonly Block[] => {
      const lines = overview.filter(({ via }) => via.startsWith(kind));
      if (lines.length === 0) return empty === '' ? [] : [{ kind: 'heading', level: 3, text: title }, paragraph(empty)];
      return [
        { kind: 'heading', level: 3, text: title },
        {
          kind: 'table',
          caption,
          header: ['Flow', 'From', 'To', 'Over', 'Outcome', 'Why this way'],
          rows: linesOf(lines).map(({ line, destinations }) => [
            [{ text: line.flow, as: 'code' }, ` ${line.flowName}`],
            [listText(line.sites, 8)],
            [listText(destinations, 8)],
            [viaWords(line.via)],
            [outcomeSpan(line.outcome)],
            [line.reason],
          ]),
          widths: [20, 13, 17, 11, 9, 30],
        },
      ];
    }),
  ];
}

/** Lines that differ in their destination only are told as one, as on the command line. */
function linesOf(
  lines: readonly OverviewLine[],
): readonly { readonly line: OverviewLine; readonly destinations: readonly string[] }[] {
  const rows = new Map<string, { readonly line: OverviewLine; readonly destinations: string[] }>();
  for (const line of lines) {
    const key = JSON.stringify([line.flow, line.sites, line.via, line.outcome, line.reason]);
    const row = rows.get(key) ?? { line, destinations: [] };
    if (!row.destinations.includes(line.destination)) row.destinations.push(line.destination);
    rows.set(key, row);
  }
  return [...rows.values()];
}

function pictureBlocks({ topology, paths, failedPaths, estate }: ReportView): readonly Block[] {
  const titles = new Map(topology.nodes.map(({ id, title }) => [id, title]));
  const words = topology.lines.map(
    ({ from, to, label }): Text => [`${titles.get(from) ?? from} to ${titles.get(to) ?? to}: ${label}`],
  );
  return [
    section('diagrams', 'Diagrams'),
    {
      kind: 'figure',
      caption:
        'The network. Customer on the left, Microsoft on the right. Thick lines are circuits, dashed lines the internet, dotted lines tunnels.',
      svg: networkSvg(topology, estate),
      width: topology.width,
      height: topology.height,
      words,
    },
    ...paths.flatMap((picture, at) => pathBlocks(picture, `path-${at + 1}`, '')),
    ...failedPaths.flatMap(({ elements, picture }, at) =>
      pathBlocks(picture, `failed-path-${at + 1}`, `Without ${listText(elements)}: `),
    ),
  ];
}

/** One round trip as a picture under a heading that starts with the failure, if there is one. */
function pathBlocks({ trip, stops, alike }: PathPicture, id: string, failed: string): readonly Block[] {
  const chain = (way: WayView): string => way.hops.map(({ device }) => device).join(' → ');
  const back = trip.return === undefined ? 'nothing comes back' : chain(trip.return);
  const end = trip.droppedAt === undefined ? '' : ` Dropped at ${trip.droppedAt.device}: ${trip.droppedAt.reason}.`;
  const more =
    alike === 1 ? '' : ` ${plural(alike - 1, 'more round trip')} ${alike === 2 ? 'takes' : 'take'} this way.`;
  const svg = pathSvg({ trip, stops, alike }, id);
  const size = /viewBox="0 0 (\d+) (\d+)"/.exec(svg);
  const title = `${trip.flow} ${trip.flowName}: ${trip.source} to ${trip.destination} (${trip.outcome})`;
  return [
    { kind: 'heading', level: 3, text: failed + title },
    {
      kind: 'figure',
      caption: `Packet ${trip.packet.sent}${trip.packet.sent === trip.packet.received ? '' : `, seen by Microsoft as ${trip.packet.received}`}. Solid line with filled arrows: there. Dashed line with open arrows: back.${end}${failed === '' ? more : ''}`,
      svg,
      width: Number(size?.[1] ?? 0),
      height: Number(size?.[2] ?? 0),
      words: [[`There: ${chain(trip.forward)}`], [`Back: ${back}`], ...(end === '' ? [] : [[end.trim()]])],
    },
  ];
}

const ownerWords: Readonly<Record<Owner, string>> = {
  wan: 'Circuits, routers and WAN',
  edges: 'Internet edges, firewalls and proxies',
  'power-platform': 'Power Platform',
  azure: 'Azure',
  servers: 'Servers and published services',
  architecture: 'Architecture: sites, demands, intents',
};

const ownersInOrder: readonly Owner[] = ['wan', 'edges', 'power-platform', 'azure', 'servers', 'architecture'];

const severitySpans: Readonly<Record<Severity, Span>> = {
  error: { text: 'error', as: 'bad' },
  warning: { text: 'warning', as: 'unsure' },
  note: { text: 'note', as: 'quiet' },
};

function findingBlocks({ findings }: ReportView): readonly Block[] {
  const owners = ownersInOrder.filter((owner) => findings.some((each) => each.owner === owner));
  if (owners.length === 0) return [section('findings', 'Findings'), paragraph('There are none.')];
  return [
    section('findings', 'Findings by owner'),
    ...owners.flatMap((owner): readonly Block[] => [
      { kind: 'heading', level: 3, text: ownerWords[owner] },
      ...findings.filter((each) => each.owner === owner).flatMap(oneFinding),
    ]),
  ];
}

function oneFinding({
  rule,
  severity,
  message,
  why,
  help,
  place,
  fixes,
  evidence,
  ids,
  subject,
}: OwnedFinding): readonly Block[] {
  const where = place === undefined ? [] : [`${place.file.slice(place.file.lastIndexOf('/') + 1)}:${place.line}`];
  return [
    { kind: 'heading', level: 4, text: message },
    paragraph(
      severitySpans[severity],
      ' ',
      { text: rule, as: 'code' },
      ...(where.length === 0 ? [] : [' at ', { text: where.join(''), as: 'code' } as const]),
      ...(subject === undefined ? [] : [` (${subject})`]),
      ...(ids.length === 0 ? [] : [`; ${ids.join(', ')}`]),
    ),
    ...(why === undefined ? [] : [paragraph({ text: 'Why it matters: ', as: 'strong' }, why)]),
    ...(help === undefined ? [] : [paragraph({ text: 'What to do: ', as: 'strong' }, help)]),
    ...fixes.map(({ title, safe }) =>
      paragraph(
        { text: 'Fix: ', as: 'strong' },
        `${title} (${safe ? 'safe to apply with bothways check --fix' : 'check before applying'})`,
      ),
    ),
    ...(evidence.length === 0
      ? []
      : [
          {
            kind: 'preformatted',
            lines: evidence.flatMap(({ title, lines }) => [`${title}:`, ...lines.map((line) => `  ${line}`)]),
          } as const,
        ]),
  ];
}

function acceptedBlocks({ accepted }: ReportView): readonly Block[] {
  if (accepted.length === 0) return [];
  return [
    section('accepted', 'Accepted risks'),
    paragraph('These findings stand. Somebody has taken them on, for the reason given and until the day given.'),
    {
      kind: 'table',
      caption: 'Accepted risks',
      header: ['Name', 'Finding', 'Reason', 'Until'],
      rows: accepted.map(({ name, because, until, finding }) => [
        [name],
        [severitySpans[finding.severity], ' ', { text: finding.rule, as: 'code' }, ` ${finding.message}`],
        [because],
        [until ?? 'no end'],
      ]),
      widths: [14, 46, 28, 12],
    },
  ];
}
