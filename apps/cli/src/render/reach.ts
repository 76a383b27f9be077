/** The answer of `reach`: can it ride, why, on which condition; then what it belongs to, what the sources say, the ways. */
import { plural, printable } from '@bothways/diagnostics';
import type { EstateReach, Reach, ReachAnswer, ReachFlow, ReachSet, ReachStatement, ReachWay } from '@bothways/twin';
import { addressUpdateLines, roundTripJson } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { addresses, deviceChain, grouped, hanging, verdictStyle, viaWords } from './words.ts';

type Ways = Pick<EstateReach, 'estate' | 'ways' | 'notes'>;

const headlines: Readonly<Record<ReachAnswer, string>> = {
  yes: 'yes, Microsoft peering can carry it',
  conditional: 'that depends',
  no: 'no, Microsoft peering does not carry it',
  unknown: 'unknown',
  'inside-microsoft': 'it stays inside Microsoft and never meets a circuit',
  'not-applicable': 'it does not cross the edge where a circuit could be',
};

export function renderReach(reach: Reach, ways: Ways, terminal: Terminal): string {
  const { style, width } = terminal;
  const colour = {
    yes: style.green,
    conditional: style.yellow,
    no: style.red,
    unknown: style.yellow,
    'inside-microsoft': style.blue,
    'not-applicable': style.blue,
  }[reach.answer];
  const updates = addressUpdateLines(reach.files);
  return [
    [
      hanging('', reach.subject, width),
      `${style.bold('ExpressRoute:')} ${colour(headlines[reach.answer])}`,
      hanging('  because    ', reach.because, width),
      ...reach.conditions.map((text) => hanging('  condition  ', text, width)),
    ],
    flowLines(reach.flows, terminal),
    setLines(reach.sets, terminal),
    communityLines(reach, terminal),
    partLines(reach, terminal),
    statementLines(reach.statements, terminal),
    wayLines(ways, terminal),
    [...reach.notes, ...ways.notes].map((text) => style.dim(hanging('Note: ', text, width))),
    updates.map((line) => style.yellow(hanging('Rests on your update: ', line, width))),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function flowLines(flows: readonly ReachFlow[], { style, width }: Terminal): readonly string[] {
  const specific = flows.filter((flow) => flow.specific);
  const broad = flows.filter((flow) => !flow.specific);
  if (flows.length === 0) return [];
  return [
    style.bold('Flows'),
    ...specific.map(({ id, name, expressRoute, by, openedBy }) =>
      hanging(
        `  ${id}  `,
        `${name}: ${expressRoute}, opened by ${openedBy === 'customer' ? 'the customer' : 'Microsoft'} (${by})`,
        width,
      ),
    ),
    ...(broad.length === 0
      ? []
      : [
          hanging(
            '  perhaps  ',
            `${broad.map(({ id }) => id).join(', ')} (by ${[...new Set(broad.map(({ by }) => by))].join(', ')} only)`,
            width,
          ),
        ]),
  ];
}

const mostShown = 12;

function setLines(sets: readonly ReachSet[], { style, width }: Terminal): readonly string[] {
  if (sets.length === 0) return [];
  const rest = sets.length - mostShown;
  return [
    style.bold('Address sets'),
    ...sets.slice(0, mostShown).map((set) => {
      const file = set.changeNumber === undefined ? set.date : `change ${set.changeNumber}, file of ${set.date}`;
      const match = set.match === undefined ? '' : `by ${set.match}, `;
      return hanging(
        `  ${set.name}  `,
        `${match}${plural(set.prefixes, 'prefix', 'prefixes')}, ${grouped(set.addresses4)} IPv4 addresses, ${file}`,
        width,
      );
    }),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

function communityLines({ communities, endpoints }: Reach, { style, width }: Terminal): readonly string[] {
  const lists = endpoints.map(({ id, instance, serviceArea, expressRoute, category, pattern }) =>
    hanging(
      `  Microsoft 365 set ${id}  `,
      `${serviceArea}, ${category}, ${expressRoute ? 'routed over ExpressRoute' : 'not routed over ExpressRoute'}${pattern === undefined ? '' : ` (${pattern})`}${instance === 'worldwide' ? '' : `, ${instance}`}`,
      width,
    ),
  );
  return [
    ...(communities.length === 0 ? [] : [style.bold('Communities')]),
    ...communities.map(({ community, name, authorisationRequired, sets, because }) =>
      community === undefined
        ? hanging('  none published  ', `for ${sets.join(', ')}: ${because}`, width)
        : hanging(
            `  ${community}  `,
            `${name ?? ''}${authorisationRequired === true ? ', needs authorisation' : ''}: ${because} (${sets.join(', ')})`,
            width,
          ),
    ),
    ...(lists.length === 0 ? [] : [style.bold('Endpoint list')]),
    ...lists.slice(0, mostShown),
    ...(lists.length > mostShown ? [`  and ${lists.length - mostShown} more`] : []),
  ];
}

function partLines({ parts }: Reach, { style, width }: Terminal): readonly string[] {
  if (parts.length === 0) return [];
  const size = (text: string): bigint => BigInt(text);
  const ranked = [...parts].sort((a, b) =>
    size(a.addresses) === size(b.addresses) ? 0 : size(a.addresses) > size(b.addresses) ? -1 : 1,
  );
  const rest = parts.length - mostShown;
  return [
    style.bold('Parts with different owners'),
    ...ranked.slice(0, mostShown).map((part) => {
      const shown = part.prefixes.slice(0, 3).join(', ');
      const more = part.prefixes.length > 3 ? ` and ${part.prefixes.length - 3} more` : '';
      const owners =
        part.sets.length === 0 ? 'no published owner' : part.sets.filter((name) => name !== 'AzureCloud').join(', ');
      return hanging(`  ${part.answer}  `, `${shown}${more} (${addresses(part.addresses)}): ${owners}`, width);
    }),
    ...(rest > 0 ? [`  and ${rest} more with --json`] : []),
  ];
}

function statementLines(statements: readonly ReachStatement[], { style, width }: Terminal): readonly string[] {
  if (statements.length === 0) return [];
  return [
    style.bold('What the sources say'),
    ...statements.flatMap(({ id, statement, source, date, confidence, claims }) => [
      hanging(
        `  ${id}  `,
        `${statement} (${source}, ${date}${confidence === 'stated' ? '' : `, ${confidence}`})`,
        width,
      ),
      ...claims.map((claim) => hanging('      ', `${claim.source}, ${claim.date}: ${claim.says}`, width)),
    ]),
  ];
}

function wayLines({ estate, ways }: Ways, terminal: Terminal): readonly string[] {
  const { style, width } = terminal;
  if (estate === undefined || ways.length === 0) return [];
  const lines = [style.bold(`In ${printable(estate)}`)];
  for (const target of new Set(ways.map((way) => way.target))) {
    lines.push(`  to ${printable(target)}`);
    for (const { sites, trip } of ways.filter((way) => way.target === target)) {
      const back = trip.return === undefined ? 'nothing comes back' : deviceChain(trip.return);
      const outcome = trip.outcome === 'holds' ? '' : ` ${verdictStyle(terminal, trip.outcome)(trip.outcome)}`;
      lines.push(
        hanging(
          '    ',
          `${siteWords(sites)}: ${addresses(trip.covers.addresses)}${trip.family === 6 ? ' (IPv6)' : ''} ${wayWords(trip.forward.via)}${backWords(trip)}`,
          width,
        ) + outcome,
        style.dim(hanging('      there  ', deviceChain(trip.forward), width)),
        style.dim(hanging('      back   ', back, width)),
        ...(trip.droppedAt === undefined
          ? []
          : [style.red(hanging('      dropped at ', `${trip.droppedAt.device}: ${trip.droppedAt.reason}`, width))]),
      );
    }
  }
  return lines;
}

function siteWords(sites: readonly string[]): string {
  const shown = sites.slice(0, 6).map(printable).join(', ');
  return sites.length > 6 ? `${shown} and ${sites.length - 6} more` : shown;
}

function backWords({ forward, return: back }: ReachWay['trip']): string {
  return back === undefined || back.via === forward.via ? '' : `, back ${wayWords(back.via)}`;
}

function wayWords(via: string): string {
  return via === 'internal' ? 'inside the own network' : `over the ${viaWords(via)}`;
}

export function reachJson(reach: Reach, { estate, ways, notes }: Ways): object {
  return {
    query: reach.query,
    kind: reach.kind,
    subject: reach.subject,
    answer: reach.answer,
    because: reach.because,
    conditions: reach.conditions,
    flows: reach.flows,
    addressSets: reach.sets.map((set) => ({
      ...set,
      region: set.region ?? null,
      match: set.match ?? null,
      changeNumber: set.changeNumber ?? null,
    })),
    endpoints: reach.endpoints.map((each) => ({ ...each, pattern: each.pattern ?? null })),
    communities: reach.communities.map((each) => ({
      ...each,
      community: each.community ?? null,
      name: each.name ?? null,
      authorisationRequired: each.authorisationRequired ?? null,
    })),
    parts: reach.parts,
    statements: reach.statements,
    estate: estate ?? null,
    ways: ways.map(({ target, sites, trip }) => ({ target, sites, roundTrip: roundTripJson(trip) })),
    notes: [...reach.notes, ...notes],
    addressFiles: reach.files,
  };
}
