import { describe, expect, it } from 'vitest';
import { compiledFrom, shippedEstate, shippedEstates, withText } from '../test/shipped-estates.ts';
import { type TrafficBundle, trafficOf } from './index.ts';

const contoso = shippedEstate('examples/contoso');
const EVERYDAY = `  everyday:
    flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]
    from: [hq, branch]
    to: production
`;

function bundlesOf(text: string): readonly TrafficBundle[] {
  return trafficOf(compiledFrom(text)).bundles;
}

/** 'id: bit/s there and back', or what is missing. */
function summary(bundles: readonly TrafficBundle[]): readonly string[] {
  return bundles.map(({ id, rate }) =>
    rate.kind === 'known' ? `${id}: ${rate.there} ${rate.back} ${rate.basis}` : `${id}: ${rate.missing}`,
  );
}

const withDemands = (...lines: readonly string[]): string =>
  withText(contoso, EVERYDAY, lines.map((line) => `  ${line}\n`).join(''));

describe('rates of the document', () => {
  it('per user: users times rate times peak, one bundle for all flows and targets of a place', () => {
    const [hq, branch, ...others] = bundlesOf(shippedEstate('scenarios/PP-S20-wan-performance'));
    // 900 and 120 users, 50 kbps, twice the average: the figures of the README.
    expect(summary([hq, branch].flatMap((each) => each ?? []))).toEqual([
      'everyday/hq: 90000000 90000000 document',
      'everyday/branch: 12000000 12000000 document',
    ]);
    expect(others).toEqual([]);
    expect(hq?.demands).toEqual([
      'PP-F01/hq/production/westeurope',
      'PP-F01/hq/production/northeurope',
      'PP-F02/hq/production/westeurope',
      'PP-F02/hq/production/northeurope',
      'PP-F16/hq/public-internet',
    ]);
  });

  it('a total divides by users, whole bits and nothing lost', () => {
    const found = bundlesOf(
      withDemands('all: { flows: PP-F02, from: [hq, branch], to: production, rate: { total: 100001 bps } }'),
    );
    // 100,001 x 900 / 1020 = 88,236.2 and 11,764.8: rounded down, the bit that is left goes to the first.
    expect(summary(found)).toEqual(['all/hq: 88237 88237 document', 'all/branch: 11764 11764 document']);
    expect(found[0]?.rate).toMatchObject({
      assumptions: [
        'the total divides over the places as their users do',
        'the rate counts whole in each direction, because no source divides it',
      ],
    });
  });

  it('a total stays whole where a place has no users', () => {
    const text = withDemands('all: { flows: PP-F02, from: [hq, dc], to: production, rate: { total: 20 Mbps } }');
    const found = bundlesOf(
      withText(text, 'dc: { city: Frankfurt }', 'dc: { city: Frankfurt, servers: 10.30.0.0/24 }'),
    );
    expect(summary(found)).toEqual(['all: 20000000 20000000 document']);
    expect(found[0]?.places).toEqual(['hq', 'dc']);
    expect(found[0]?.demands).toHaveLength(4);
  });

  it('a rate per user of a place without users is unknown', () => {
    const text = withDemands('all: { flows: PP-F02, from: dc, to: production, rate: { perUser: 20 kbps } }');
    const found = bundlesOf(
      withText(text, 'dc: { city: Frankfurt }', 'dc: { city: Frankfurt, servers: 10.30.0.0/24 }'),
    );
    expect(summary(found)).toEqual(['all/dc: dc has no number of users, and the rate is one per user']);
  });

  it('two demands on one flow both count, though the compiled network holds it once', () => {
    const text = withDemands(
      'first: { flows: PP-F02, from: hq, to: production, rate: { perUser: 10 kbps } }',
      'second: { flows: [PP-F01, PP-F02], from: hq, to: production, rate: { perUser: 20 kbps } }',
    );
    const traffic = trafficOf(compiledFrom(text));
    expect(summary(traffic.bundles)).toEqual([
      'first/hq: 9000000 9000000 document',
      'second/hq: 18000000 18000000 document',
    ]);
    expect(traffic.bundles[1]?.demands).toHaveLength(4);
    expect(traffic.byDemand.get('PP-F02/hq/production/westeurope')).toEqual([0, 1]);
    expect(traffic.byDemand.get('PP-F01/hq/production/westeurope')).toEqual([1]);
  });

  it('takes shares of the directions from whoever knows them', () => {
    const compiled = compiledFrom(
      withDemands('all: { flows: PP-F02, from: hq, to: production, rate: { total: 10 Mbps }, peakFactor: 1.5 }'),
    );
    const { bundles } = trafficOf(compiled, { shares: () => ({ there: 0.1, back: 0.9 }) });
    expect(summary(bundles)).toEqual(['all/hq: 1500000 13500000 document']);
    expect(bundles[0]?.rate).toMatchObject({ assumptions: [] });
  });
});

describe('without a rate', () => {
  it('the published figure counts once for each client, however many demands speak of it', () => {
    const text = withDemands(
      'apps: { flows: [PP-F01, PP-F16], from: [hq, branch], to: production }',
      'data: { flows: PP-F02, from: hq, to: production, peakFactor: 2 }',
    );
    const found = bundlesOf(text);
    // 400 kbit/s (PP-Z01): 900 users twice for the peak, 120 users once.
    expect(summary(found)).toEqual([
      'guidance/hq: 720000000 720000000 guidance',
      'guidance/branch: 48000000 48000000 guidance',
    ]);
    expect(found[0]?.names).toEqual(['apps', 'data']);
    expect(found[0]?.rate).toMatchObject({ origins: [{ kind: 'fact', fact: 'PP-Z01' }] });
  });

  it('nothing is published for flows of other products', () => {
    expect(summary(bundlesOf(withDemands('reports: { flows: PP-F27, from: hq, to: production }')))).toEqual([
      'reports/hq: demand reports has no rate, and none is published for PP-F27 (PP-U10)',
    ]);
  });

  it('what opens sessions by itself is unknown', () => {
    const found = bundlesOf(shippedEstate('scenarios/PP-S31-hairpin-through-the-datacentre'));
    expect(summary(found)).toEqual([
      'guidance/hq: 360000000 360000000 guidance',
      'west/app1/west/app1: no demand of the document gives a rate for PP-F68',
    ]);
  });

  it('every concrete demand of every shipped estate is in a bundle, and ids are unique', () => {
    for (const { name, text } of shippedEstates()) {
      const compiled = compiledFrom(text);
      const { bundles, byDemand } = trafficOf(compiled);
      expect(new Set(bundles.map(({ id }) => id)).size, name).toBe(bundles.length);
      for (const { id } of [...compiled.demands.concrete, ...(compiled.demands.inbound ?? [])]) {
        expect(byDemand.get(id)?.length ?? 0, `${name}: ${id}`).toBeGreaterThan(0);
      }
    }
  });
});
