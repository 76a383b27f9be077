import { formatPrefix, prefix, prefixSet, setPrefixes } from '@bothways/net';
import type { CompiledNetwork, Device, Link } from '@bothways/network';
import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { randomEstate } from '../test/random-estate.ts';
import { compiledFrom, shippedEstate, withText } from '../test/shipped-estates.ts';
import { DISPOSITION_CONDITIONS, outcomeOf, type RoundTrip, roundTrips, viaText } from './index.ts';

function tripsOf(compiled: CompiledNetwork): readonly RoundTrip[] {
  return roundTrips(compiled, converge(compiled.network)).roundTrips;
}

function tripsIn(text: string): readonly RoundTrip[] {
  return tripsOf(compiledFrom(text));
}

const contoso = shippedEstate('examples/contoso');
const byId = (trips: readonly RoundTrip[], id: string): RoundTrip => {
  const found = trips.find((trip) => trip.id === id);
  if (found === undefined) throw new Error(`no ${id} among ${trips.map((trip) => trip.id).join(', ')}`);
  return found;
};

describe('dispositions', () => {
  it('each has a condition in words', () => {
    for (const text of Object.values(DISPOSITION_CONDITIONS)) expect(text.length).toBeGreaterThan(20);
  });

  it('delivered holds, too many branches is unknown, everything else is broken', () => {
    expect(outcomeOf('delivered')).toBe('holds');
    expect(outcomeOf('too-many-branches')).toBe('unknown');
    for (const each of ['no-state', 'denied', 'no-route', 'discarded', 'refused-at-microsoft-edge', 'loop'] as const) {
      expect(outcomeOf(each)).toBe('broken');
    }
  });
});

describe('round trips of the example', () => {
  const trips = tripsIn(contoso);

  it('follow both links of the circuit there and back: four branches', () => {
    const trip = byId(trips, 'PP-F01/hq/production/westeurope');
    expect([trip.outcome, trip.branches, trip.otherVias]).toEqual(['holds', 4, []]);
    expect(trip.symmetry).toEqual({ edge: true, statefulDevices: true, hops: true });
  });

  it('translate at the firewall, match there on the way back, and end at the client', () => {
    const { forward, back } = byId(trips, 'PP-F01/hq/production/westeurope');
    const kinds = (way: typeof forward | undefined) =>
      way?.path.hops.flatMap((hop) => hop.steps.map((step) => step.kind));
    expect(kinds(forward)).toEqual(['session-opened', 'translated', 'source-accepted']);
    expect(kinds(back)).toEqual(['session-matched', 'translated']);
    expect(back?.path.last.destination).toEqual(forward.path.hops[0]?.packet.source);
  });

  it('number the parts of a target that behave differently', () => {
    const ids = trips.map(({ id }) => id).filter((id) => id.startsWith('PP-F05/hq'));
    expect(ids).toEqual(['PP-F05/hq/azure-front-door', 'PP-F05/hq/azure-front-door#2']);
  });
});

it('clients that use addresses of Azure inside do not count as Azure', () => {
  // 4.175.0.0/16 is West Europe; the branch uses a piece of it as if it were private.
  const trips = tripsIn(withText(contoso, 'clients: 10.20.0.0/16', 'clients: 4.175.16.0/24'));
  const lost = trips.filter(
    (trip) => trip.demand.id === 'PP-F01/hq/production/westeurope' && trip.outcome === 'broken',
  );
  expect(lost.map((trip) => setPrefixes(trip.covers).map(formatPrefix))).toEqual([['4.175.16.0/24']]);
  expect(lost.map((trip) => viaText(trip.forward.via))).toEqual(['internal']);
});

it('clients that are treated differently have round trips of their own', () => {
  // Half of the clients have public addresses that the circuit announces, the other half is not announced.
  const text = [
    ['clients: 10.10.0.0/16', 'clients: 203.0.113.128/25'],
    [', nat: 203.0.113.0/28', ''],
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.128/26]'],
  ].reduce((now, [passage = '', by = '']) => withText(now, passage, by), contoso);
  const trips = tripsIn(text).filter((trip) => trip.demand.id === 'PP-F01/hq/production/westeurope');
  expect(trips.map((trip) => [trip.outcome, setPrefixes(trip.sources).map(formatPrefix)])).toEqual([
    ['holds', ['203.0.113.128/26']],
    ['broken', ['203.0.113.192/26']],
  ]);
});

it('parallel lines of one firewall to one provider are told apart (found as random network 410)', () => {
  const second = '  inet2: { site: dc, isp: Northwind Telecom, firewall: fw-inet, nat: 198.51.100.16/28 }';
  const trips = tripsIn(withText(contoso, 'expressRouteEdges:\n', `${second}\n\nexpressRouteEdges:\n`));
  const trip = byId(trips, 'PP-F16/hq/public-internet');
  expect([viaText(trip.forward.via), trip.outcome, trip.otherVias.map(viaText)]).toEqual([
    'internet:inet',
    'holds',
    ['internet:inet2'],
  ]);
});

describe('more equal branches than are followed', () => {
  /** A ladder with two equal ways on each rung, and one way back. */
  function ladder(rungs: number): CompiledNetwork {
    // Its proxies and its resolver stand at devices of other numbers.
    const { steering: _, ...base } = randomEstate(1);
    const template = base.network.devices[0];
    const line = base.network.links[0];
    if (template === undefined || line === undefined) throw new Error('the base is empty');
    const destination = prefix('20.0.0.0/8');
    const links: Link[] = [];
    const clients = prefix('10.1.0.0/24');
    const devices = Array.from({ length: rungs + 1 }, (_, ix): Device => {
      const ways = ix < rungs ? [0, 1].map((n) => 2 * ix + n) : [];
      for (const link of ways) links.push({ ...line, ix: link, name: `link ${link}`, kind: 'wan', a: ix, b: ix + 1 });
      return {
        ...template,
        ix,
        name: `device ${ix}`,
        role: ix === rungs ? 'azure-region' : 'site-router',
        half: ix === rungs ? 'microsoft' : 'customer',
        connected: [
          ...(ix === 0 ? [{ name: 'clients', prefixes: [clients], origins: [] }] : []),
          ...(ix === rungs ? [{ name: 'services', prefixes: [destination], origins: [] }] : []),
        ],
        statics: [
          ...ways.map((link) => ({
            prefix: destination,
            next: { kind: 'forward' as const, link, device: ix + 1 },
            distance: 1,
            origins: [],
          })),
          ...(ix === 0
            ? []
            : [
                {
                  prefix: clients,
                  next: { kind: 'forward' as const, link: 2 * ix - 2, device: ix - 1 },
                  distance: 1,
                  origins: [],
                },
              ]),
        ],
        originations: [],
        sourceFilters: [],
        sourceNat: [],
        destinationNat: [],
        inboundSourceNat: [],
        steering: [],
        firewall: undefined,
      };
    });
    const demands = base.demands.concrete.map((each) => ({
      ...each,
      target: { ...each.target, set: prefixSet([destination]) },
    }));
    return {
      ...base,
      network: { devices, links, sessions: [], policies: base.network.policies },
      demands: { concrete: demands, skipped: [], inbound: [] },
    };
  }

  const outcomes = (rungs: number) =>
    tripsOf(ladder(rungs)).flatMap((trip) => (trip.family === 4 ? [[trip.outcome, trip.branches]] : []));

  it('are unknown, not well', () => {
    expect(outcomes(7)).toEqual([['holds', 128]]);
    expect(outcomes(9).map(([outcome]) => outcome)).toEqual(['unknown']);
  });

  it('stay bounded', () => {
    expect(Math.max(...outcomes(16).map(([, branches]) => Number(branches)))).toBeLessThanOrEqual(256);
  });
});
