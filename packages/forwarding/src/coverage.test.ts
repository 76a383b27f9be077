import { regionalTag } from '@bothways/facts';
import { formatPrefix, setCovers, setIsEmpty, setPrefixes, unionOf } from '@bothways/net';
import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { compiledFrom, shippedEstate, withText } from '../test/shipped-estates.ts';
import { type RoundTrip, roundTrips, viaText } from './index.ts';

/** Clients with public IPv6 addresses, announced on the circuit only: the document has no IPv6 translation. */
function dualStack(contoso: string): string {
  const edits: readonly (readonly [string, string])[] = [
    ['clients: 10.10.0.0/16 }', 'clients: [10.10.0.0/16, 2001:db8:10::/48] }'],
    ['vlan: 100', 'vlan: 100\n      links6: [2001:db8:ffff::/126, 2001:db8:ffff::4/126]'],
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 2001:db8:10::/48]'],
  ];
  return edits.reduce((text, [passage, by]) => withText(text, passage, by), contoso);
}

function tripsIn(text: string): readonly RoundTrip[] {
  const compiled = compiledFrom(text);
  return roundTrips(compiled, converge(compiled.network)).roundTrips;
}

/** Prefixes of a region's tag that no round trip of the flow covers, for one family and one site. */
function uncovered(trips: readonly RoundTrip[], region: string, family: 4 | 6, site: string): readonly string[] {
  const tag = regionalTag('public', 'AzureCloud', region);
  const prefixes = tag?.prefixes.filter((each) => each.family === family) ?? [];
  expect(prefixes.length, `${region} has prefixes`).toBeGreaterThan(20);
  const covered = unionOf(
    ...trips
      .filter(({ demand, family: its }) => demand.flow.id === 'PP-F01' && demand.site.name === site && its === family)
      .map((trip) => trip.covers),
  );
  return prefixes.filter((each) => !setCovers(covered, each)).map(formatPrefix);
}

describe.each(['westeurope', 'northeurope'])('every prefix of AzureCloud.%s in the address data', (region) => {
  it.each(['hq', 'branch'])('is covered by the verdict on PP-F01 from %s', (site) => {
    expect(uncovered(tripsIn(shippedEstate('examples/contoso')), region, 4, site)).toEqual([]);
  });

  it('is covered for IPv6 too where the clients have it', () => {
    const trips = tripsIn(dualStack(shippedEstate('examples/contoso')));
    expect(uncovered(trips, region, 6, 'hq')).toEqual([]);
    expect(uncovered(trips, region, 4, 'hq')).toEqual([]);
  });
});

describe('the dual-stack variant of the example', () => {
  const trips = tripsIn(dualStack(shippedEstate('examples/contoso')));
  const ipv6 = trips.filter((trip) => trip.family === 6);

  it('has IPv6 round trips from headquarters only', () => {
    expect(ipv6.length).toBeGreaterThan(0);
    expect(new Set(ipv6.map((trip) => trip.demand.site.name))).toEqual(new Set(['hq']));
  });

  it('takes the circuit both ways to both regions, without translation', () => {
    const regional = ipv6.filter((trip) => trip.demand.flow.id === 'PP-F01');
    expect(
      regional.map((trip) => [trip.outcome, viaText(trip.forward.via), trip.back && viaText(trip.back.via)]),
    ).toEqual([
      ['holds', 'expressroute:er-fra', 'expressroute:er-fra'],
      ['holds', 'expressroute:er-fra', 'expressroute:er-fra'],
    ]);
    for (const trip of regional) {
      expect(trip.forward.path.hops.flatMap((hop) => hop.steps).some((step) => step.kind === 'translated')).toBe(false);
    }
  });

  it('needs IPv6 link subnets: without them nothing of IPv6 uses the circuit', () => {
    const text = withText(
      dualStack(shippedEstate('examples/contoso')),
      '\n      links6: [2001:db8:ffff::/126, 2001:db8:ffff::4/126]',
      '',
    );
    const vias = tripsIn(text).flatMap((trip) => (trip.family === 6 ? [viaText(trip.forward.via)] : []));
    expect(new Set(vias)).toEqual(new Set(['internet:inet']));
  });

  it('leaves the IPv4 round trips as they were', () => {
    const plain = tripsIn(shippedEstate('examples/contoso'));
    const ipv4 = trips.filter((trip) => trip.family === 4);
    const story = (trip: RoundTrip) => [trip.id, trip.outcome, setPrefixes(trip.covers).length];
    expect(ipv4.map(story)).toEqual(plain.map(story));
  });

  it('says that untranslated answers for internet destinations come back over the circuit', () => {
    const broken = ipv6.filter((trip) => trip.outcome === 'broken');
    expect(broken.every((trip) => viaText(trip.forward.via) === 'internet:inet')).toBe(true);
    expect(broken.length).toBeGreaterThan(0);
  });
});

it('no round trip of the shipped example covers nothing', () => {
  for (const trip of tripsIn(shippedEstate('examples/contoso'))) {
    expect(setIsEmpty(trip.covers), trip.id).toBe(false);
    expect(setIsEmpty(trip.sources), trip.id).toBe(false);
  }
});
