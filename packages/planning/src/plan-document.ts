/**
 * A design as a document: what is to be bought, as a file beside the document with the requirements. Both together are a
 * complete estate; what the requirements say stays where it is written.
 */

import { applyEdits, type Edit } from '@bothways/diagnostics';
import { type EstateDocument, editSet, flowText, formatBandwidth } from '@bothways/estate';
import { azureRegion } from '@bothways/facts';
import { formatPrefix, type Prefix, parsePrefix, prefixAround } from '@bothways/net';
import { joinedSites, lineFor, type PlanInput, regionsOf, requirementsOf } from './plan-candidates.ts';
import type { Design, PlannedCircuit } from './plan-design.ts';

export interface PlanFile {
  readonly name: string;
  readonly text: string;
}

/** Set aside for documentation (RFC 5737), in the order they are used: they stand in where nobody says what is owned. */
const STAND_INS = ['203.0.113.0/24', '198.51.100.0/24', '192.0.2.0/24'];
/** Tagged 802.1Q number of the first circuit; each circuit has a number of its own. */
const FIRST_VLAN = 100;
const PREFERRED = 200;

/** Name of the file with what is bought. */
export const PLAN_FILE = 'plan.yaml';

/** Texts of the plan: the files of the requirements, changed where a site breaks out, and one more. */
export function planFiles(
  input: PlanInput,
  design: Design,
  document: EstateDocument,
  heading: readonly string[],
): readonly PlanFile[] {
  const names = namesOf(input);
  const edits: Edit[] = [];
  for (const each of design.sites) {
    if (each.ways.length > 0 || each.site.breakout !== undefined) continue;
    const edit = editSet(document, [...each.site.path, 'breakout'], `internet-${each.site.name}`);
    // Without a line to anywhere else the edge is the only way out, and nothing has to be said at the site.
    if (edit.length === 0 && input.estate.wan.some((wan) => sitesOf(wan).includes(each.site.name))) {
      throw new UnwritablePlan(
        `the breakout of ${each.site.name} cannot be written: its table needs a column breakout`,
      );
    }
    edits.push(...edit);
  }
  const changed = [...document.sources].map(([name, text]): PlanFile => {
    const own = edits.filter(({ file }) => file === name);
    const result = applyEdits(text, own);
    if (!result.ok) throw new Error(`the edits of a plan do not fit ${name}: ${own.length} edits`);
    return { name, text: result.value };
  });
  const folder = /^(.*\/)?[^/]*$/.exec(changed[0]?.name ?? '')?.[1] ?? '';
  return [...changed, { name: `${folder}${PLAN_FILE}`, text: planText(input, design, names, heading) }];
}

/** Names that the document does not have yet. */
interface PlanNames {
  /** By candidate id. */
  readonly hub: (id: string) => string;
  readonly circuit: (id: string) => string;
  readonly edge: (id: string) => string;
  readonly internet: (id: string) => string;
  readonly line: (site: string, id: string) => string;
}

function namesOf({ estate, candidates }: PlanInput): PlanNames {
  const taken = new Set([
    ...estate.sites.map(({ name }) => name),
    ...estate.internetEdges.map(({ name }) => name),
    ...estate.expressRouteEdges.map(({ name }) => name),
    ...estate.circuits.map(({ name }) => name),
    ...estate.wan.map(({ name }) => name),
  ]);
  const free = (name: string): string => (taken.has(name) ? free(`${name}-new`) : name);
  const hubs = new Map(candidates.map(({ id, hub }) => [id, hub?.name ?? free(`hub-${id}`)]));
  const hub = (id: string): string => hubs.get(id) ?? id;
  return {
    hub,
    circuit: (id) => free(`er-${id}`),
    edge: (id) => free(`edge-${id}`),
    internet: (id) => free(`internet-${id}`),
    line: (site, id) => free(`${site}-to-${hub(id)}`),
  };
}

function sitesOf(wan: PlanInput['estate']['wan'][number]): readonly string[] {
  return wan.kind === 'link' ? wan.between : wan.members.map(({ site }) => site);
}

function planText(input: PlanInput, design: Design, names: PlanNames, heading: readonly string[]): string {
  const { estate } = input;
  const joined = joinedSites(estate);
  const text = (value: Parameters<typeof flowText>[0]): string => flowText(value, 'flow');
  const lines: string[] = [...heading.map((each) => (each === '' ? '#' : `# ${each}`)), 'bothways: 1', ''];
  const section = (name: string, records: readonly (readonly string[])[]): void => {
    if (records.length === 0) return;
    lines.push(`${name}:`, ...records.flat().map((each) => `  ${each}`), '');
  };
  const pools = new PoolCutter(estate.organisation.owns, requirementsOf(estate).pools);
  const byId = new Map(design.circuits.map((each) => [each.candidate.id, each]));

  section(
    'sites',
    design.circuits.flatMap(({ candidate }) =>
      candidate.hub !== undefined
        ? []
        : [
            [
              `${names.hub(candidate.id)}: ${text({
                country: candidate.location.country,
                location: [candidate.location.latitude, candidate.location.longitude],
              })} # a hub in ${candidate.location.city}: routers and firewalls, no users`,
            ],
          ],
    ),
  );
  section(
    'wan',
    design.sites.flatMap(({ site, demand, ways }) =>
      ways.flatMap((id, ix) => {
        const hub = names.hub(id);
        if (hub === site.name || joined(site.name, hub)) return [];
        const line = formatBandwidth(lineFor(demand) * 1e6);
        return [
          [
            `${names.line(site.name, id)}: ${text({ between: [site.name, hub], bandwidth: line })} # ${ix === 0 ? 'first way' : 'when the first way has failed'}; busy hour ${rate(demand)}`,
          ],
        ];
      }),
    ),
  );
  const breakouts = design.sites.filter(({ ways, site }) => ways.length === 0 && site.breakout === undefined);
  section('internetEdges', [
    ...design.circuits.map(({ candidate, first, instead }) => {
      const load = [...first, ...instead].reduce((sum, { demand }) => sum + demand, 0);
      return [
        `${names.internet(candidate.id)}: ${text({
          site: names.hub(candidate.id),
          bandwidth: formatBandwidth(lineFor(load) * 1e6),
          nat: pools.pool(),
        })} # what never rides a circuit: static content, sign-in pages, certificates`,
      ];
    }),
    ...breakouts.map(({ site, demand }) => [
      `internet-${site.name}: ${text({
        site: site.name,
        bandwidth: formatBandwidth(lineFor(demand) * 1e6),
        nat: pools.pool(),
      })} # the requirements let ${site.name} use the internet`,
    ]),
  ]);
  section(
    'expressRouteEdges',
    design.circuits.map(({ candidate }) => [
      `${names.edge(candidate.id)}: ${text({ site: names.hub(candidate.id), nat: pools.pool() })} # a pool of its own: answers come back to the circuit the request took`,
    ]),
  );
  const partner = partners(design);
  section(
    'circuits',
    design.circuits.map((circuit, ix) => {
      const { candidate, offer, provider } = circuit;
      const other = partner.get(candidate.id);
      return [
        `# ${whyHere(circuit)}`,
        `# ${whySize(circuit)}`,
        `${names.circuit(candidate.id)}:`,
        `  location: ${text(candidate.location.id)}`,
        `  provider: ${text(provider)}`,
        `  sku: ${offer.sku}`,
        `  billing: ${offer.billing}`,
        `  bandwidth: ${formatBandwidth(offer.bandwidth)}`,
        `  edge: ${names.edge(candidate.id)}`,
        ...(other === undefined ? [] : [`  pairedWith: ${names.circuit(other)}`]),
        '  microsoftPeering:',
        `    vlan: ${FIRST_VLAN + ix}`,
        `    links: ${text([pools.link(), pools.link()])}`,
        '    bfd: true # a dead link is noticed in under a second',
        `    routeFilter: ${text(regionsOf(estate).map((id) => azureRegion(id)?.name ?? id))}`,
      ];
    }),
  );
  section(
    'routing',
    design.sites.flatMap(({ site, ways }) => {
      const [first, second] = ways;
      if (first === undefined || second === undefined || names.hub(first) === site.name) return [];
      const hub = names.hub(first);
      if (!estate.wan.every((wan) => wan.kind === 'link') && joined(site.name, hub)) return [];
      const neighbour = { import: { set: { localPreference: PREFERRED } } };
      return [
        [
          `${site.name}: ${text({ neighbours: { [hub]: neighbour } })} # ${circuitName(names, byId, first)} before ${circuitName(names, byId, second)}`,
        ],
      ];
    }),
  );
  const kept = design.sites.filter(({ ways }) => ways.length > 0);
  const groups = survives(design) ? groupsOf(design, names) : [];
  section(
    'failureGroups',
    groups.map(([name, elements]) => [`${name}: ${text(elements)}`]),
  );
  const latency = requirementsOf(estate).latency;
  const limit = latency === undefined ? {} : { latency: `${latency} ms` };
  const rest = design.sites.filter(({ ways }) => ways.length === 0);
  const to = estate.environments.map(({ name }) => name);
  section('intents', [
    ...(kept.length === 0
      ? []
      : [
          [
            `plan-circuits: ${text({
              flows: ['PP-F01', 'PP-F02'],
              from: kept.map(({ site }) => site.name),
              to,
              over: 'expressroute',
              ...limit,
              ...(groups.length === 0 ? {} : { survives: groups.map(([name]) => name) }),
            })}`,
          ],
        ]),
    ...(rest.length === 0
      ? []
      : [
          [
            `plan-breakouts: ${text({ flows: ['PP-F01', 'PP-F02'], from: rest.map(({ site }) => site.name), to, ...limit })}`,
          ],
        ]),
  ]);
  return `${lines.join('\n').trimEnd()}\n`;
}

function circuitName(names: PlanNames, byId: ReadonlyMap<string, PlannedCircuit>, id: string): string {
  return byId.has(id) ? names.circuit(id) : id;
}

/** Whether every site on a circuit has a second one. */
export function survives({ sites }: Design): boolean {
  const kept = sites.filter(({ ways }) => ways.length > 0);
  return kept.length > 0 && kept.every(({ ways }) => ways.length > 1);
}

/** What a plan is meant to survive, one at a time: each hub with all that stands there, circuit, location and provider. */
function groupsOf(design: Design, names: PlanNames): readonly (readonly [string, readonly string[]])[] {
  const sites = new Set(design.sites.map(({ site }) => site.name));
  const providers = [...new Set(design.circuits.map(({ provider }) => provider))].filter((name) => !sites.has(name));
  return [
    ...design.circuits.flatMap(
      ({ candidate: { id, hub, location } }): readonly (readonly [string, readonly string[]])[] => [
        ...(hub !== undefined && design.sites.some(({ site }) => site.name === hub.name)
          ? []
          : [[`losing-${names.hub(id)}`, [names.hub(id)]] as const]),
        [`losing-${names.circuit(id)}`, [names.circuit(id)]],
        // A site with the name of the location would be meant as well.
        ...(sites.has(location.id) ? [] : [[`losing-location-${location.id}`, [location.id]] as const]),
      ],
    ),
    ...providers.map((name, ix) => [`losing-provider-${ix + 1}`, [name]] as const),
  ];
}

/** Pairs of circuits for the document: each circuit with the one that most of its demand falls back to. */
function partners({ circuits, sites }: Design): ReadonlyMap<string, string> {
  const shared = new Map<string, number>();
  for (const { ways, demand } of sites) {
    const [a, b] = ways.toSorted();
    if (a !== undefined && b !== undefined) shared.set(`${a}\n${b}`, (shared.get(`${a}\n${b}`) ?? 0) + demand);
  }
  const paired = new Map<string, string>();
  for (const [key] of [...shared].sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1))) {
    const [a = '', b = ''] = key.split('\n');
    if (paired.has(a) || paired.has(b) || [...paired.values()].includes(a) || [...paired.values()].includes(b))
      continue;
    paired.set(a, b);
  }
  const known = new Set(circuits.map(({ candidate }) => candidate.id));
  return new Map([...paired].filter(([a, b]) => known.has(a) && known.has(b)));
}

export function whyHere({ candidate, first, instead }: PlannedCircuit): string {
  const names = (sites: PlannedCircuit['first']): string =>
    sites.length > 4
      ? `${sites
          .slice(0, 3)
          .map(({ site }) => site.name)
          .join(', ')} and ${sites.length - 3} more`
      : sites.map(({ site }) => site.name).join(', ');
  return [
    `here, in ${candidate.location.name},`,
    first.length === 0 ? 'as a stand-in only' : `for ${names(first)}`,
    ...(instead.length === 0
      ? []
      : [`${first.length === 0 ? '' : 'and '}for ${names(instead)} when their first way has failed`]),
  ].join(' ');
}

export function whySize({ candidate, offer, first, instead }: PlannedCircuit): string {
  const load = [...first, ...instead].reduce((sum, { demand }) => sum + demand, 0);
  const smaller = candidate.offers.map(({ bandwidth }) => bandwidth).filter((each) => each < offer.bandwidth);
  const next = smaller.length === 0 ? undefined : Math.max(...smaller);
  const full = (bandwidth: number): string => `${Math.round((load / bandwidth) * 100)} % full`;
  return [
    `this size, because all its sites together need ${rate(load)} in the busy hour: ${full(offer.bandwidth)}`,
    next === undefined ? 'nothing smaller is on offer' : `${formatBandwidth(next)} would be ${full(next)}`,
  ].join('; ');
}

function rate(bitsPerSecond: number): string {
  return formatBandwidth(Math.round(bitsPerSecond));
}

/** Cuts pools (/28) and link subnets (/30) out of public prefixes, one after the other. */
class PoolCutter {
  readonly #blocks: readonly Prefix[];
  #block = 0;
  #offset = 0n;

  constructor(owned: readonly Prefix[], stated: readonly Prefix[]) {
    const usable = (stated.length > 0 ? stated : owned).filter(({ family, length }) => family === 4 && length <= 28);
    this.#blocks =
      usable.length > 0
        ? usable
        : STAND_INS.flatMap((text) => {
            const parsed = parsePrefix(text);
            return parsed.ok ? [parsed.value] : [];
          });
  }

  pool(): string {
    return this.#cut(28);
  }

  link(): string {
    return this.#cut(30);
  }

  #cut(length: number): string {
    const size = 1n << BigInt(32 - length);
    const block = this.#blocks[this.#block];
    if (block === undefined) {
      throw new UnwritablePlan(
        'there are not enough public addresses for its pools and link subnets: state more under requirements.pools',
      );
    }
    const start = ((this.#offset + size - 1n) / size) * size;
    if (start + size > 1n << BigInt(32 - block.length)) {
      this.#block += 1;
      this.#offset = 0n;
      return this.#cut(length);
    }
    this.#offset = start + size;
    return formatPrefix(prefixAround({ family: 4, bits: block.bits + start }, length));
  }
}

/** Why a plan cannot be written as a document, in words for people. */
export class UnwritablePlan extends Error {
  override readonly name = 'UnwritablePlan';
}
