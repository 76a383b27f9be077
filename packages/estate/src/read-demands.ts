/** Reads demands and intents: which flows, from which sites, to which environments. */
import { type Flow, flow, flows } from '@bothways/facts';
import { DEFAULTS } from './defaults.ts';
import type { Demand, Environment, Intent, Path, Site } from './model.ts';
import { parseText } from './names.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import type { DemandShape, IntentShape } from './schema.ts';

export interface Endpoints {
  readonly sites: readonly Site[];
  readonly environments: readonly Environment[];
}

const ALL = 'all';

export function readDemand(reading: Reading, name: string, shape: DemandShape, endpoints: Endpoints): Demand {
  const path = ['demands', name];
  return { name, path, ...readTraffic(reading, path, shape, endpoints) };
}

export function readIntent(reading: Reading, name: string, shape: IntentShape, endpoints: Endpoints): Intent {
  const path = ['intents', name];
  const traffic = readTraffic(reading, path, shape, endpoints);
  const over = shape.over ?? reading.applyDefault([...path, 'over'], DEFAULTS.over);
  const because = reading.scalar([...path, 'because'], shape.because, 'estate/empty-text', parseText);
  return { name, path, ...traffic, over, because };
}

/** What is carried when the document asks for nothing: the everyday flows between everybody and everything. */
export function defaultDemands(reading: Reading, { sites, environments }: Endpoints): readonly Demand[] {
  const from = sites.filter(hasClients).map((site) => site.name);
  const to = environments.map((environment) => environment.name);
  if (from.length === 0 || to.length === 0) return [];
  const path = ['demands', 'everyday'];
  return [{ name: 'everyday', path, flows: reading.applyDefault([...path, 'flows'], DEFAULTS.flows), from, to }];
}

type Traffic = Pick<Demand, 'flows' | 'from' | 'to'>;

function readTraffic(reading: Reading, path: Path, shape: DemandShape, endpoints: Endpoints): Traffic {
  return {
    flows: readFlows(reading, [...path, 'flows'], shape.flows),
    from: readFrom(reading, [...path, 'from'], shape.from, endpoints.sites),
    to: readTo(reading, [...path, 'to'], shape.to, endpoints.environments),
  };
}

function readFlows(reading: Reading, path: Path, texts: readonly string[]): readonly string[] {
  const ids: string[] = [];
  if (texts.length === 0) reportNothing(reading, path, 'flows', 'name at least one flow, or write all');
  for (const [index, text] of texts.entries()) {
    if (text === UNREADABLE) continue;
    if (text === ALL)
      ids.push(
        ...flows()
          .filter(isCustomerFlow)
          .map((each) => each.id),
      );
    else if (flow(text) !== undefined) ids.push(text);
    else {
      const at = reading.itemPath(path, index);
      const upper = text.toUpperCase();
      if (flow(upper) === undefined) {
        reading.unknownName({
          rule: 'estate/unknown-flow',
          path: at,
          text,
          what: 'flow',
          // The numbers of the catalogue have no meaning of their own: a near one is not a likely one.
          candidates: [],
          otherwise: 'the flows are PP-F01 and on; all stands for every one that the customer opens',
        });
      } else {
        reading.report({
          rule: 'estate/unknown-flow',
          path: at,
          message: `flow ids are written in capitals: ${upper}`,
          help: `write ${upper}`,
          fixes: reading.replacement(at, upper, true),
        });
      }
    }
  }
  return [...new Set(ids)];
}

function isCustomerFlow(each: Flow): boolean {
  return each.tcpOpenedBy === 'customer' && each.destinations.length > 0;
}

function readFrom(
  reading: Reading,
  path: Path,
  texts: readonly string[] | undefined,
  sites: readonly Site[],
): readonly string[] {
  const everywhere = sites.filter(hasClients).map((site) => site.name);
  if (texts === undefined)
    return reading.applyDefault(path, { value: everywhere, because: DEFAULTS.from.because }, DEFAULTS.from.value);
  if (texts.length === 0) reportNothing(reading, path, 'sites', 'name at least one site, or write all');
  const byName = new Map(sites.map((site) => [site.name, site]));
  const names: string[] = [];
  for (const [index, text] of texts.entries()) {
    if (text === ALL) {
      names.push(...everywhere);
      continue;
    }
    // Item paths matter to findings only; the check for membership comes first because it nearly always holds.
    const site = byName.get(text);
    const at = site !== undefined && hasClients(site) ? path : reading.itemPath(path, index);
    const name = site === undefined ? reading.reference('sites', at, text) : text;
    if (name === undefined) continue;
    // A site whose subnets could not be read has been reported already.
    if (site !== undefined && !hasClients(site) && !reading.has([...site.path, 'clients'])) {
      reading.report({
        rule: 'estate/no-clients',
        severity: 'warning',
        path: at,
        message: `site ${name} has no client subnets, so nothing can come from it`,
        help: `add clients to site ${name}, or take it out here`,
        related: [{ message: 'the site', path: site.path }],
      });
    }
    names.push(name);
  }
  return [...new Set(names)];
}

function readTo(
  reading: Reading,
  path: Path,
  texts: readonly string[] | undefined,
  environments: readonly Environment[],
): readonly string[] {
  const everything = environments.map((environment) => environment.name);
  if (texts === undefined)
    return reading.applyDefault(path, { value: everything, because: DEFAULTS.to.because }, DEFAULTS.to.value);
  if (texts.length === 0)
    reportNothing(reading, path, 'environments', 'name at least one environment, or leave the key out');
  const names = texts.flatMap((text, index) => {
    if (text === ALL) return everything;
    const name = reading.reference('environments', reading.itemPath(path, index), text);
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)];
}

function hasClients(site: Site): boolean {
  return site.clients.length > 0;
}

function reportNothing(reading: Reading, path: Path, what: string, help: string): void {
  reading.report({ rule: 'estate/empty-list', path, message: `the list of ${what} is empty`, help });
}
