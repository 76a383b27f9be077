import { describe, expect, it } from 'vitest';
import { checkedText, fileOf } from '../test/shipped-estates.ts';
import { checkEstate, checkJson } from './index.ts';

const contoso = fileOf('examples/contoso', 'estate.yaml');
const asymmetric = fileOf('scenarios/PP-S10-asymmetric-routing', 'estate.yaml');

type Json = Readonly<Record<string, unknown>>;

/** As a reader of the output sees it: after a way through text. */
function json(text: string): Json {
  const read: Json = JSON.parse(JSON.stringify(checkJson(checkedText(text), '0.1.0')));
  return read;
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The keys that are promised, in the order in which they come; further keys are allowed. */
function promised(value: unknown, keys: readonly string[]): readonly string[] {
  return Object.keys(record(value)).filter((key) => keys.includes(key));
}

/** Paths of all values with their types: 'roundTrips[].forward.hops[].device string', sorted. */
function shape(value: unknown, path = ''): readonly string[] {
  const lines = new Set<string>();
  const visit = (each: unknown, at: string): void => {
    if (Array.isArray(each)) for (const item of each) visit(item, `${at}[]`);
    else if (typeof each === 'object' && each !== null) {
      for (const [key, inner] of Object.entries(each)) visit(inner, at === '' ? key : `${at}.${key}`);
    } else lines.add(`${at} ${each === null ? 'null' : typeof each}`);
  };
  visit(value, path);
  return [...lines].sort();
}

const TOP = [
  'bothways',
  'schema',
  'estate',
  'verdict',
  'summary',
  'roundTrips',
  'findings',
  'addressFiles',
  'accepted',
  'since',
  'unknown',
  'load',
  'resiliency',
];
const SUMMARY = ['errors', 'warnings', 'notes', 'roundTrips', 'broken'];
const TRIP = ['id', 'flow', 'source', 'destination', 'scenario', 'forward', 'return', 'symmetric', 'droppedAt'];
const WAY = ['disposition', 'via', 'hops'];
const HOP = ['device', 'action', 'detail'];
const DROPPED = ['device', 'reason', 'place'];
const FINDING = ['rule', 'ids', 'severity', 'message', 'place', 'evidence', 'fixes'];
const PLACE = ['file', 'line', 'column'];

describe.each([
  ['examples/contoso', contoso],
  ['scenarios/PP-S10-asymmetric-routing', asymmetric],
])('the JSON of %s', (_, text) => {
  const value = json(text);

  it('has exactly the promised keys at the top and in the summary, in order', () => {
    expect(Object.keys(value)).toEqual(TOP);
    expect(Object.keys(record(value['summary']))).toEqual(SUMMARY);
  });

  it('has the promised keys of every round trip first, in order', () => {
    for (const trip of list(value['roundTrips'])) {
      expect(Object.keys(trip).slice(0, TRIP.length)).toEqual(TRIP);
      expect(trip['flow']).toMatch(/^PP-F\d\d$/);
      expect(trip['scenario']).toEqual([]);
      for (const way of [trip['forward'], trip['return']]) {
        if (way === null) continue;
        expect(Object.keys(record(way))).toEqual(WAY);
        expect(record(way)['via']).toMatch(/^(expressroute:\S+|internet:\S+|internal)$/);
        const hops = list(record(way)['hops']);
        expect(hops.length).toBeGreaterThan(0);
        for (const hop of hops) expect(Object.keys(hop).slice(0, HOP.length)).toEqual(HOP);
      }
      expect(typeof trip['symmetric']).toBe('boolean');
      const dropped = trip['droppedAt'];
      if (dropped === null) continue;
      expect(Object.keys(record(dropped))).toEqual(DROPPED);
      expect(promised(record(dropped)['place'], PLACE)).toEqual(PLACE);
    }
  });

  it('has the promised keys of every finding, in order', () => {
    for (const each of list(value['findings'])) {
      expect(promised(each, FINDING)).toEqual(FINDING);
      expect(promised(each['place'], PLACE)).toEqual(PLACE);
    }
  });

  it('counts what it lists', () => {
    const trips = list(value['roundTrips']);
    const severities = list(value['findings']).map((each) => each['severity']);
    const count = (severity: string): number => severities.filter((each) => each === severity).length;
    expect(value['summary']).toEqual({
      errors: count('error'),
      warnings: count('warning'),
      notes: count('note'),
      roundTrips: trips.length,
      broken: trips.filter((trip) => trip['outcome'] === 'broken').length,
    });
  });

  it('is the same bytes for the same input', () => {
    const fresh = (): string => JSON.stringify(checkJson(checkEstate([{ name: 'estate.yaml', text }]), '0.1.0'));
    expect(fresh()).toBe(fresh());
  });
});

it('a broken round trip says where, why and on which line', () => {
  const [trip] = list(json(asymmetric)['roundTrips']);
  expect(trip?.['droppedAt']).toEqual({
    device: 'fw-er',
    reason: 'a stateful firewall got an answer to a request that it never saw',
    place: { file: 'estate.yaml', line: 24, column: 29 },
  });
  expect(trip?.['symmetric']).toBe(false);
});

it('a verdict of every kind of document has the same keys', () => {
  const unusable = json('bothways: 1\norganisation: { name: Broken, asn: 64500 }\nsite: {}\n');
  expect(Object.keys(unusable)).toEqual(TOP);
  expect(unusable).toMatchObject({ estate: '', verdict: 'unknown', roundTrips: [] });
  expect(Object.keys(record(unusable['summary']))).toEqual(SUMMARY);
  expect(record(unusable['summary'])['errors']).toBeGreaterThan(0);
});

it('never throws for what is in a document', () => {
  for (const text of ['', '\u0000', '[]', 'bothways: 2', '{{{', 'bothways: 1\norganisation: []']) {
    const checked = checkEstate([{ name: 'estate.yaml', text }]);
    expect(checked.usable, text).toBe(false);
    expect(checked.findings.some((each) => each.severity === 'error')).toBe(true);
  }
});

it('the shape of the JSON of the example stays what it is', () => {
  expect(shape(json(contoso))).toMatchInlineSnapshot(`
    [
      "addressFiles.endpoints[].builtIn boolean",
      "addressFiles.endpoints[].date string",
      "addressFiles.endpoints[].fileName string",
      "addressFiles.endpoints[].instance string",
      "addressFiles.tags[].builtIn boolean",
      "addressFiles.tags[].changeNumber number",
      "addressFiles.tags[].cloud string",
      "addressFiles.tags[].date string",
      "addressFiles.tags[].fileName string",
      "bothways string",
      "estate string",
      "findings[].fingerprint string",
      "findings[].help string",
      "findings[].ids[] string",
      "findings[].message string",
      "findings[].place.column number",
      "findings[].place.endColumn number",
      "findings[].place.endLine number",
      "findings[].place.file string",
      "findings[].place.line number",
      "findings[].rule string",
      "findings[].severity string",
      "findings[].subject string",
      "findings[].why string",
      "load.bundles[].backMbps number",
      "load.bundles[].basis string",
      "load.bundles[].id string",
      "load.bundles[].remarks[] string",
      "load.bundles[].thereMbps number",
      "load.bundles[].users number",
      "load.circuits[].bandwidthMbps number",
      "load.circuits[].circuit string",
      "load.circuits[].configuredRate string",
      "load.circuits[].direction string",
      "load.circuits[].facts[] string",
      "load.circuits[].highMbps number",
      "load.circuits[].lostWhenOneLinkFailsMbps.high number",
      "load.circuits[].lostWhenOneLinkFailsMbps.low number",
      "load.circuits[].lowMbps number",
      "load.lines[].bandwidthMbps number",
      "load.lines[].from string",
      "load.lines[].highMbps number",
      "load.lines[].inUseMbps number",
      "load.lines[].kind string",
      "load.lines[].lowMbps number",
      "load.lines[].name string",
      "load.lines[].to string",
      "load.lines[].unstated number",
      "load.lines[].verdict string",
      "load.pools[].capacity number",
      "load.pools[].guidance.assumption string",
      "load.pools[].guidance.facts[] string",
      "load.pools[].guidance.usersServed number",
      "load.pools[].guidance.verdict string",
      "load.pools[].pool string",
      "load.pools[].sessionsEach number",
      "load.pools[].usersHigh number",
      "load.pools[].usersLow number",
      "load.pools[].verdict string",
      "resiliency[].highest number",
      "resiliency[].lowest number",
      "resiliency[].most number",
      "resiliency[].of string",
      "resiliency[].parts[].because string",
      "resiliency[].parts[].fact string",
      "resiliency[].parts[].highest number",
      "resiliency[].parts[].lowest number",
      "resiliency[].parts[].part string",
      "resiliency[].reading string",
      "roundTrips[].asymmetry string",
      "roundTrips[].because null",
      "roundTrips[].branches number",
      "roundTrips[].covers.addresses string",
      "roundTrips[].covers.prefixes number",
      "roundTrips[].destination string",
      "roundTrips[].droppedAt null",
      "roundTrips[].environment null",
      "roundTrips[].environment string",
      "roundTrips[].family number",
      "roundTrips[].flow string",
      "roundTrips[].forward.disposition string",
      "roundTrips[].forward.hops[].action string",
      "roundTrips[].forward.hops[].detail string",
      "roundTrips[].forward.hops[].device string",
      "roundTrips[].forward.hops[].facts[] string",
      "roundTrips[].forward.hops[].place null",
      "roundTrips[].forward.hops[].place.column number",
      "roundTrips[].forward.hops[].place.file string",
      "roundTrips[].forward.hops[].place.line number",
      "roundTrips[].forward.via string",
      "roundTrips[].id string",
      "roundTrips[].openedBy string",
      "roundTrips[].outcome string",
      "roundTrips[].packet.received string",
      "roundTrips[].packet.sent string",
      "roundTrips[].ports[] string",
      "roundTrips[].quality.connectionByLossMbps null",
      "roundTrips[].quality.connectionUnscaledMbps null",
      "roundTrips[].quality.connectionUnscaledMbps number",
      "roundTrips[].quality.forward.detour.extraKm number",
      "roundTrips[].quality.forward.detour.extraMs null",
      "roundTrips[].quality.forward.detour.extraMs number",
      "roundTrips[].quality.forward.detour.extraMsOverShortest null",
      "roundTrips[].quality.forward.detour.extraMsOverShortest number",
      "roundTrips[].quality.forward.detour.km number",
      "roundTrips[].quality.forward.detour.shortestMs number",
      "roundTrips[].quality.forward.detour.shortestOver[] string",
      "roundTrips[].quality.forward.detour.straightKm number",
      "roundTrips[].quality.forward.detour.turnsAt null",
      "roundTrips[].quality.forward.detour.turnsAt string",
      "roundTrips[].quality.forward.latency.atLeastMs number",
      "roundTrips[].quality.forward.latency.basis string",
      "roundTrips[].quality.forward.latency.likelyMs null",
      "roundTrips[].quality.forward.latency.likelyMs number",
      "roundTrips[].quality.forward.lossPercent number",
      "roundTrips[].quality.forward.lossUnknown[] string",
      "roundTrips[].quality.forward.narrowest.bandwidthMbps number",
      "roundTrips[].quality.forward.narrowest.freeMbps number",
      "roundTrips[].quality.forward.narrowest.name string",
      "roundTrips[].quality.forward.parts[].atLeastMs null",
      "roundTrips[].quality.forward.parts[].atLeastMs number",
      "roundTrips[].quality.forward.parts[].basis string",
      "roundTrips[].quality.forward.parts[].because string",
      "roundTrips[].quality.forward.parts[].from string",
      "roundTrips[].quality.forward.parts[].km null",
      "roundTrips[].quality.forward.parts[].km number",
      "roundTrips[].quality.forward.parts[].likelyMs null",
      "roundTrips[].quality.forward.parts[].likelyMs number",
      "roundTrips[].quality.forward.parts[].to string",
      "roundTrips[].quality.forward.portions[].carriers[] string",
      "roundTrips[].quality.forward.portions[].km null",
      "roundTrips[].quality.forward.portions[].km number",
      "roundTrips[].quality.forward.portions[].likelyMs null",
      "roundTrips[].quality.forward.portions[].likelyMs number",
      "roundTrips[].quality.forward.portions[].reach string",
      "roundTrips[].quality.forward.portions[].sharePercent null",
      "roundTrips[].quality.forward.portions[].sharePercent number",
      "roundTrips[].quality.forward.unencrypted[] string",
      "roundTrips[].quality.forward.widest.bandwidthMbps number",
      "roundTrips[].quality.forward.widest.freeMbps number",
      "roundTrips[].quality.forward.widest.name string",
      "roundTrips[].quality.return.detour.extraKm number",
      "roundTrips[].quality.return.detour.extraMs null",
      "roundTrips[].quality.return.detour.extraMs number",
      "roundTrips[].quality.return.detour.extraMsOverShortest null",
      "roundTrips[].quality.return.detour.extraMsOverShortest number",
      "roundTrips[].quality.return.detour.km number",
      "roundTrips[].quality.return.detour.shortestMs number",
      "roundTrips[].quality.return.detour.shortestOver[] string",
      "roundTrips[].quality.return.detour.straightKm number",
      "roundTrips[].quality.return.detour.turnsAt null",
      "roundTrips[].quality.return.detour.turnsAt string",
      "roundTrips[].quality.return.latency.atLeastMs number",
      "roundTrips[].quality.return.latency.basis string",
      "roundTrips[].quality.return.latency.likelyMs null",
      "roundTrips[].quality.return.latency.likelyMs number",
      "roundTrips[].quality.return.lossPercent number",
      "roundTrips[].quality.return.lossUnknown[] string",
      "roundTrips[].quality.return.narrowest.bandwidthMbps number",
      "roundTrips[].quality.return.narrowest.freeMbps number",
      "roundTrips[].quality.return.narrowest.name string",
      "roundTrips[].quality.return.parts[].atLeastMs null",
      "roundTrips[].quality.return.parts[].atLeastMs number",
      "roundTrips[].quality.return.parts[].basis string",
      "roundTrips[].quality.return.parts[].because string",
      "roundTrips[].quality.return.parts[].from string",
      "roundTrips[].quality.return.parts[].km null",
      "roundTrips[].quality.return.parts[].km number",
      "roundTrips[].quality.return.parts[].likelyMs null",
      "roundTrips[].quality.return.parts[].likelyMs number",
      "roundTrips[].quality.return.parts[].to string",
      "roundTrips[].quality.return.portions[].carriers[] string",
      "roundTrips[].quality.return.portions[].km null",
      "roundTrips[].quality.return.portions[].km number",
      "roundTrips[].quality.return.portions[].likelyMs null",
      "roundTrips[].quality.return.portions[].likelyMs number",
      "roundTrips[].quality.return.portions[].reach string",
      "roundTrips[].quality.return.portions[].sharePercent null",
      "roundTrips[].quality.return.portions[].sharePercent number",
      "roundTrips[].quality.return.unencrypted[] string",
      "roundTrips[].quality.return.widest.bandwidthMbps number",
      "roundTrips[].quality.return.widest.freeMbps number",
      "roundTrips[].quality.return.widest.name string",
      "roundTrips[].quality.roundTrip.atLeastMs number",
      "roundTrips[].quality.roundTrip.basis string",
      "roundTrips[].quality.roundTrip.likelyMs null",
      "roundTrips[].quality.roundTrip.likelyMs number",
      "roundTrips[].quality.roundTripLossPercent number",
      "roundTrips[].return.disposition string",
      "roundTrips[].return.hops[].action string",
      "roundTrips[].return.hops[].detail string",
      "roundTrips[].return.hops[].device string",
      "roundTrips[].return.hops[].place.column number",
      "roundTrips[].return.hops[].place.file string",
      "roundTrips[].return.hops[].place.line number",
      "roundTrips[].return.via string",
      "roundTrips[].source string",
      "roundTrips[].symmetric boolean",
      "roundTrips[].symmetry.edge boolean",
      "roundTrips[].symmetry.hops boolean",
      "roundTrips[].symmetry.statefulDevices boolean",
      "schema string",
      "since null",
      "summary.broken number",
      "summary.errors number",
      "summary.notes number",
      "summary.roundTrips number",
      "summary.warnings number",
      "unknown[].ids[] string",
      "unknown[].input string",
      "unknown[].message string",
      "unknown[].place.column number",
      "unknown[].place.file string",
      "unknown[].place.line number",
      "unknown[].rule string",
      "verdict string",
    ]
  `);
});
