/** Reads demands and intents: which flows, from which sites and users, to which environments, networks and services. */
import { DEFAULTS } from './defaults.ts';
import type { NamedKind } from './document.ts';
import type { Demand, Environment, Intent, Path, Site, Survives } from './model.ts';
import type { UserGroup } from './model-services.ts';
import { parseFactor } from './names.ts';
import { readFlows } from './read-flows.ts';
import { readBandwidth, readDuration, readPercentage, readText, readYesNoOr } from './read-values.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import type { DemandShape, IntentShape } from './schema.ts';

export interface Endpoints {
  readonly sites: readonly Site[];
  readonly users: readonly UserGroup[];
  readonly environments: readonly Environment[];
  /** Sites with data gateways or desktop-flow machines, which open sessions by themselves. */
  readonly senders: ReadonlySet<string>;
}

const ALL = 'all';

export function readDemand(reading: Reading, name: string, shape: DemandShape, endpoints: Endpoints): Demand {
  const path = ['demands', name];
  const peakFactorPath = [...path, 'peakFactor'];
  return {
    name,
    path,
    ...readTraffic(reading, path, shape, endpoints),
    rate: readRate(reading, [...path, 'rate'], shape.rate),
    peakFactor:
      shape.peakFactor === undefined
        ? reading.applyDefault(peakFactorPath, DEFAULTS.peakFactor)
        : (reading.scalar(peakFactorPath, shape.peakFactor, 'estate/bad-number', parseFactor(1, 1000)) ?? 1),
    class: shape.class ?? reading.applyDefault([...path, 'class'], DEFAULTS.class),
  };
}

function readRate(reading: Reading, path: Path, shape: DemandShape['rate']): Demand['rate'] {
  if (shape === undefined) return undefined;
  if ((shape.perUser === undefined) === (shape.total === undefined)) {
    reading.report({
      rule: 'estate/one-of-two',
      path,
      message: `a rate is either for every user or for all together, here is ${shape.perUser === undefined ? 'neither' : 'both'}`,
      help: 'write perUser or total',
    });
    return undefined;
  }
  const perUser = readBandwidth(reading, [...path, 'perUser'], shape.perUser);
  const total = readBandwidth(reading, [...path, 'total'], shape.total);
  if (perUser !== undefined) return { perUser };
  return total === undefined ? undefined : { total };
}

export function readIntent(reading: Reading, name: string, shape: IntentShape, endpoints: Endpoints): Intent {
  const path = ['intents', name];
  const traffic = readTraffic(reading, path, shape, endpoints);
  const over = shape.over ?? reading.applyDefault([...path, 'over'], DEFAULTS.over);
  const latency = readDuration(reading, [...path, 'latency'], shape.latency);
  const survives = readSurvives(reading, [...path, 'survives'], shape.survives);
  const minimumBandwidthPerUser = readBandwidth(
    reading,
    [...path, 'minimumBandwidthPerUser'],
    shape.minimumBandwidthPerUser,
  );
  const because = readText(reading, [...path, 'because'], shape.because);
  const load = readPercentage(reading, [...path, 'load'], shape.load);
  return {
    name,
    path,
    ...traffic,
    over,
    latency,
    survives,
    minimumBandwidthPerUser,
    load,
    private: readYesNoOr(reading, [...path, 'private'], shape.private, DEFAULTS.private),
    because,
  };
}

const NUMBERS_OF_FAILURES = ['nothing', 'any-single-failure', 'any-two-failures'] as const;

function readSurvives(reading: Reading, path: Path, texts: readonly string[] | undefined): Survives {
  if (texts === undefined) return reading.applyDefault(path, DEFAULTS.survives);
  const [only] = texts;
  const number = NUMBERS_OF_FAILURES.find((each) => each === only);
  if (number !== undefined && texts.length === 1) return number;
  const groups = reading.names.get('failureGroups') ?? new Set();
  return reading.items(path, texts, (text, at) => {
    if (groups.has(text)) return text;
    const isNumber = NUMBERS_OF_FAILURES.some((each) => each === text);
    if (isNumber) {
      reading.report({
        rule: 'estate/one-of-two',
        path: at,
        message: `${text} stands alone, not beside names of failure groups`,
        help: 'write two intents',
      });
      return undefined;
    }
    reading.unknownName({
      rule: 'estate/unknown-failure-group',
      path: at,
      text,
      what: 'failure group',
      candidates: [...NUMBERS_OF_FAILURES, ...groups],
      otherwise: `write ${NUMBERS_OF_FAILURES.join(', ')}, or define the group under failureGroups`,
    });
    return undefined;
  });
}

/** What is carried when the document asks for nothing: the everyday flows between everybody and everything. */
export function defaultDemands(reading: Reading, { sites, users, environments }: Endpoints): readonly Demand[] {
  const from = sites.filter(hasClients).map((site) => site.name);
  const groups = users.map((group) => group.name);
  const to = environments.map((environment) => environment.name);
  if ((from.length === 0 && groups.length === 0) || to.length === 0) return [];
  const path = ['demands', 'everyday'];
  return [
    {
      name: 'everyday',
      path,
      flows: reading.applyDefault([...path, 'flows'], DEFAULTS.flows),
      from,
      users: groups,
      to,
      vnets: [],
      services: [],
      rate: undefined,
      peakFactor: reading.applyDefault([...path, 'peakFactor'], DEFAULTS.peakFactor),
      class: reading.applyDefault([...path, 'class'], DEFAULTS.class),
    },
  ];
}

type Traffic = Pick<Demand, 'flows' | 'from' | 'users' | 'to' | 'vnets' | 'services'>;

function readTraffic(
  reading: Reading,
  path: Path,
  shape: Pick<DemandShape, 'flows' | 'from' | 'to'>,
  endpoints: Endpoints,
): Traffic {
  return {
    flows: readFlows(reading, [...path, 'flows'], shape.flows),
    ...readFrom(reading, [...path, 'from'], shape.from, endpoints),
    ...readTo(reading, [...path, 'to'], shape.to, endpoints.environments),
  };
}

function readFrom(
  reading: Reading,
  path: Path,
  texts: readonly string[] | undefined,
  { sites, users, senders }: Endpoints,
): Pick<Traffic, 'from' | 'users'> {
  const everywhere = sites.filter(hasClients).map((site) => site.name);
  const everybody = users.map((group) => group.name);
  if (texts === undefined) {
    reading.applyDefault(path, DEFAULTS.from);
    return { from: everywhere, users: everybody };
  }
  if (texts.length === 0) reportNothing(reading, path, 'sites', 'name at least one site, or write all');
  const byName = new Map(sites.map((site) => [site.name, site]));
  const groupNames = reading.names.get('users') ?? new Set();
  const from: string[] = [];
  const groups: string[] = [];
  for (const [index, text] of texts.entries()) {
    if (text === UNREADABLE) continue;
    if (text === ALL) {
      from.push(...everywhere);
      groups.push(...everybody);
      continue;
    }
    // Item paths matter to findings only; the check for membership comes first because it nearly always holds.
    const site = byName.get(text);
    if (site !== undefined && hasClients(site) && !groupNames.has(text)) {
      from.push(text);
      continue;
    }
    const at = reading.itemPath(path, index);
    const kind = referenceAny(reading, at, text, ['sites', 'users'], 'site or user group');
    if (kind === 'users') groups.push(text);
    if (kind !== 'sites') continue;
    // A site whose subnets could not be read has been reported already.
    const silent = site !== undefined && !hasAddresses(site) && !senders.has(text);
    if (silent && !reading.has([...site.path, 'clients'])) {
      reading.report({
        rule: 'estate/no-clients',
        severity: 'warning',
        path: at,
        message: `site ${text} has no clients, servers or gateways, so nothing can come from it`,
        help: `add clients to site ${text}, or take it out here`,
        related: [{ message: 'the site', path: site.path }],
      });
    }
    from.push(text);
  }
  return { from: [...new Set(from)], users: [...new Set(groups)] };
}

function readTo(
  reading: Reading,
  path: Path,
  texts: readonly string[] | undefined,
  environments: readonly Environment[],
): Pick<Traffic, 'to' | 'vnets' | 'services'> {
  const everything = environments.map((environment) => environment.name);
  if (texts === undefined) {
    reading.applyDefault(path, DEFAULTS.to);
    return { to: everything, vnets: [], services: [] };
  }
  if (texts.length === 0)
    reportNothing(reading, path, 'environments', 'name at least one environment, or leave the key out');
  const found = new Map<NamedKind, Set<string>>();
  const add = (kind: NamedKind, name: string): void => {
    found.set(kind, (found.get(kind) ?? new Set()).add(name));
  };
  for (const [index, text] of texts.entries()) {
    if (text === UNREADABLE) continue;
    if (text === ALL) for (const name of everything) add('environments', name);
    else {
      const at = reading.itemPath(path, index);
      const kind = referenceAny(reading, at, text, ['environments', 'vnets', 'services'], 'environment');
      if (kind !== undefined) add(kind, text);
    }
  }
  const names = (kind: NamedKind): readonly string[] => [...(found.get(kind) ?? [])];
  return { to: names('environments'), vnets: names('vnets'), services: names('services') };
}

const A_KIND: Partial<Readonly<Record<NamedKind, string>>> = {
  sites: 'a site',
  users: 'a user group',
  environments: 'an environment',
  vnets: 'a virtual network',
  services: 'a service',
};

/** Which of several kinds has the name; `undefined` after reporting. */
function referenceAny(
  reading: Reading,
  path: Path,
  text: string,
  kinds: readonly NamedKind[],
  what: string,
): NamedKind | undefined {
  const holders = kinds.filter((kind) => reading.names.get(kind)?.has(text));
  const [kind, ...more] = holders;
  if (kind !== undefined && more.length === 0) return kind;
  if (kind !== undefined) {
    reading.ambiguous(
      path,
      text,
      holders.map((each) => [A_KIND[each] ?? each, reading.recordPath(each, text)]),
    );
    return undefined;
  }
  const used = kinds.filter((each, index) => index === 0 || (reading.names.get(each)?.size ?? 0) > 0);
  if (used.length === 1 && used[0] !== undefined) {
    reading.reference(used[0], path, text);
    return undefined;
  }
  reading.unknownName({
    rule: kinds[0] === 'sites' ? 'estate/unknown-site' : 'estate/unknown-environment',
    path,
    text,
    what,
    candidates: kinds.flatMap((each) => [...(reading.names.get(each) ?? [])]),
  });
  return undefined;
}

function hasAddresses(site: Site): boolean {
  return site.clients.length + site.servers.length > 0;
}

function hasClients(site: Site): boolean {
  return site.clients.length > 0;
}

function reportNothing(reading: Reading, path: Path, what: string, help: string): void {
  reading.report({ rule: 'estate/empty-list', path, message: `the list of ${what} is empty`, help });
}
