/**
 * From files to an estate: parse, join, compare with the schema, read, check. Every stage goes on as far as it can, and
 * everything found on the way comes back at once.
 *
 * Only what the document by itself can say is checked here. What needs tables, paths or failures belongs to the checks.
 */
import { compareFindings, type Finding } from '@bothways/diagnostics';
import { type AddressUse, checkAddresses, type OwnedPrefixes } from './check-addresses.ts';
import { type AppliedDefault, type EstateDocument, estateDocument, joinFiles, type NamedKind } from './document.ts';
import type { Estate, Path } from './model.ts';
import { type EstateFile, FILE_LIMITS, type FileLimits, parseFile } from './parse-file.ts';
import { type PlacedCircuit, readCircuit } from './read-circuits.ts';
import { defaultDemands, readDemand, readIntent } from './read-demands.ts';
import { firewallsOfEdges, readExpressRouteEdge, readFirewall, readInternetEdge } from './read-edges.ts';
import { readEnvironment, readOrganisation, readSite, readWanLink } from './read-places.ts';
import type { PlacedPrefix } from './read-prefixes.ts';
import { Reading } from './reading.ts';
import type { EstateShape } from './schema.ts';
import { readShape } from './structure.ts';
import { resolved } from './syntax-tree.ts';

export interface LoadOptions {
  /** Limits on single files; for tests and for callers with less memory. */
  readonly limits?: Partial<FileLimits>;
}

export interface EstateLoad {
  /** Present when, and only when, no finding is an error. */
  readonly estate?: Estate;
  /** In order of severity and place. */
  readonly findings: readonly Finding[];
  readonly document: EstateDocument;
}

/**
 * Reads the files of one estate. Never throws for what is in them. The order of the files decides the order of merged
 * kinds, so callers sort them by name.
 */
export function loadEstate(files: readonly EstateFile[], options: LoadOptions = {}): EstateLoad {
  const limits = { ...FILE_LIMITS, ...options.limits };
  const parsed = files.map((file) => parseFile(file, limits));
  const findings: Finding[] = parsed.flatMap((each) => each.findings);
  if (files.length === 0) findings.push(noFiles());
  const roots = parsed.flatMap(({ tree }) => {
    const root = resolved(tree?.root);
    return root?.kind === 'map' ? [root] : [];
  });
  const aliases = parsed.flatMap(({ tree }) => tree?.aliases ?? []);
  const tree = joinFiles(
    parsed.map((each) => each.file),
    roots,
    aliases,
    (finding) => findings.push(finding),
  );
  const defaults: AppliedDefault[] = [];
  const document = estateDocument(tree, defaults);
  const reading = new Reading(document, findings, defaults);
  const shape = readShape(reading);
  const estate = shape === undefined ? undefined : readEstate(reading, shape);
  const sorted = findings.toSorted(compareFindings);
  const sound = estate !== undefined && sorted.every((finding) => finding.severity !== 'error');
  return { ...(sound ? { estate } : {}), findings: sorted, document };
}

function noFiles(): Finding {
  return {
    rule: 'estate/no-files',
    ids: [],
    severity: 'error',
    message: 'there is no document to read',
    help: 'name a YAML or JSON file, or a folder that has some',
    related: [],
    evidence: [],
    fixes: [],
  };
}

/** Reads every record; those that cannot be completed are missing from the result, and then there is an error finding. */
function readEstate(reading: Reading, shape: EstateShape): Estate | undefined {
  reading.scalar(['bothways'], shape.bothways, 'estate/unknown-version', (text) =>
    text === '1'
      ? { ok: true, value: 1 }
      : {
          ok: false,
          problem: `this program does not know version ${text.slice(0, 20)} of the document format`,
          hint: 'write bothways: 1, or use a newer release',
        },
  );
  const organisation = readOrganisation(reading, shape.organisation);
  const cloud = shape.organisation.cloud ?? 'public';
  const environments = readKind(reading, 'environments', shape.environments, (name, each) =>
    readEnvironment(reading, name, each, cloud),
  );
  const placedSites = readKind(reading, 'sites', shape.sites, (name, each) => readSite(reading, name, each));
  const sites = placedSites.map((each) => each.site);
  const wan = readKind(reading, 'wan', shape.wan, (name, each) => readWanLink(reading, name, each));
  const internet = readKind(reading, 'internetEdges', shape.internetEdges, (name, each) => ({
    name,
    ...readInternetEdge(reading, name, each),
  }));
  const expressRoute = readKind(reading, 'expressRouteEdges', shape.expressRouteEdges, (name, each) => ({
    name,
    ...readExpressRouteEdge(reading, name, each),
  }));
  const internetEdges = internet.flatMap(({ edge }) => (edge === undefined ? [] : [edge]));
  const expressRouteEdges = expressRoute.flatMap(({ edge }) => (edge === undefined ? [] : [edge]));
  const edges = [...internetEdges, ...expressRouteEdges];
  const known = new Set([...(reading.names.get('firewalls') ?? []), ...edges.map((edge) => edge.firewall)]);
  const declared = readKind(reading, 'firewalls', shape.firewalls, (name, each) =>
    readFirewall(reading, name, each, known),
  );
  const firewalls = [...declared, ...firewallsOfEdges(declared, edges)];
  const pools = new Map(expressRoute.map(({ name, nat }) => [name, nat.map((each) => each.prefix)]));
  const circuits = readKind(reading, 'circuits', shape.circuits, (name, each) => ({
    name,
    ...readCircuit(reading, name, each, { organisation, cloud, pools }),
  }));
  const endpoints = { sites, environments };
  const demands =
    shape.demands === undefined || Object.keys(shape.demands).length === 0
      ? defaultDemands(reading, endpoints)
      : readKind(reading, 'demands', shape.demands, (name, each) => readDemand(reading, name, each, endpoints));
  const intents = readKind(reading, 'intents', shape.intents, (name, each) =>
    readIntent(reading, name, each, endpoints),
  );
  checkAddresses(reading, {
    clients: placedSites.map(({ site, clients }) => owned(`site ${site.name}`, clients)),
    internetPools: internet.flatMap(({ name, nat, advertises }) => [
      owned(`internet edge ${name}`, [...nat, ...advertises]),
    ]),
    expressRoutePools: expressRoute.map(({ name, nat }) => owned(`ExpressRoute edge ${name}`, nat)),
    advertisedToMicrosoft: circuits.map(({ name, advertises }) => owned(`circuit ${name}`, advertises)),
    links: circuits.map(({ name, links }) => owned(`circuit ${name}`, links)),
    asns: ownAsns(organisation, circuits),
  });
  if (organisation === undefined) return undefined;
  return {
    version: 1,
    organisation,
    environments,
    sites,
    wan,
    firewalls,
    internetEdges,
    expressRouteEdges,
    circuits: circuits.flatMap(({ circuit }) => (circuit === undefined ? [] : [circuit])),
    demands,
    intents,
  };
}

/**
 * Reads the records of one kind in document order. The order comes from the names in the document, because JavaScript
 * objects put keys that look like numbers first.
 */
function readKind<Shape, Value>(
  reading: Reading,
  kind: NamedKind,
  shapes: Readonly<Record<string, Shape>> | undefined,
  one: (name: string, shape: Shape) => Value | undefined,
): readonly Value[] {
  if (shapes === undefined) return [];
  const values: Value[] = [];
  for (const name of reading.names.get(kind) ?? []) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    const value = shape === undefined ? undefined : one(name, shape);
    if (value !== undefined) values.push(value);
  }
  return values;
}

function owned(owner: string, prefixes: readonly PlacedPrefix[]): OwnedPrefixes {
  return { owner, prefixes };
}

function ownAsns(
  organisation: Estate['organisation'] | undefined,
  circuits: readonly PlacedCircuit[],
): AddressUse['asns'] {
  const own = organisation?.asn === undefined ? [] : [{ asn: organisation.asn, path: [...organisation.path, 'asn'] }];
  const onPeerings = circuits.flatMap(({ circuit }) => {
    const peering = circuit?.microsoftPeering;
    if (peering === undefined || peering.asn === organisation?.asn) return [];
    const path: Path = [...peering.path, 'asn'];
    return [{ asn: peering.asn, path }];
  });
  return [...own, ...onPeerings];
}
