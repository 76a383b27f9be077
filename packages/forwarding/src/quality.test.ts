import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { randomEstate } from '../test/random-estate.ts';
import { compiledFrom, shippedEstate, shippedEstates, withText } from '../test/shipped-estates.ts';
import { type PathQuality, pathQuality, type RoundTrip, roundTrips } from './index.ts';

/** Kilometres a millisecond of light in fibre of group index 1.468, worked out apart from the code. */
const KILOMETRES_PER_MS = 204.2183;

interface Judged {
  readonly quality: (id: string) => PathQuality;
  readonly nameOf: (device: number | undefined) => string | undefined;
  readonly linkName: (link: number) => string | undefined;
  readonly trips: readonly RoundTrip[];
}

function judged(text: string): Judged {
  const compiled = compiledFrom(text);
  const trips = roundTrips(compiled, converge(compiled.network)).roundTrips;
  return {
    trips,
    nameOf: (device) => (device === undefined ? undefined : compiled.network.devices[device]?.name),
    linkName: (link) => compiled.network.links[link]?.name,
    quality: (id) => {
      const trip = trips.find((each) => each.id === id);
      if (trip === undefined) throw new Error(`no ${id} among ${trips.map((each) => each.id).join(', ')}`);
      return pathQuality(compiled, trip);
    },
  };
}

const scenario = (name: string): string => {
  const found = shippedEstates().find((each) => each.name.startsWith(`scenarios/${name}`));
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found.text;
};

const contoso = shippedEstate('examples/contoso');

describe('latency', () => {
  it('adds what the document states and what distances give, and tells them apart', () => {
    const { quality, linkName } = judged(contoso);
    const { there, roundTrip } = quality('PP-F01/hq/production/westeurope');
    const parts = there.parts.filter(({ kilometres }) => kilometres !== 0);
    expect(
      parts.map(({ links, basis, likelyMs, kilometres }) => [links.map(linkName), basis, likelyMs, kilometres]),
    ).toEqual([
      [['mpls-hq'], 'declared', 6, 304],
      [['er-fra-msee1-microsoft', 'azure-westeurope-microsoft'], 'estimated', 2.7, 364],
    ]);
    // 6 + 364 km once as light and once with half as much again for cables, both ways.
    expect(roundTrip?.basis).toBe('estimated');
    expect(roundTrip?.likelyMs).toBe(17.4);
    expect(roundTrip?.atLeastMs).toBeCloseTo(2 * (6 + 364 / KILOMETRES_PER_MS), 1);
  });

  it('is exact where everything is stated, and says so of a line alone', () => {
    const { quality } = judged(contoso);
    const [first] = quality('PP-F01/branch/production/westeurope').there.parts;
    expect(first).toMatchObject({ basis: 'declared', atLeastMs: 11, likelyMs: 11 });
    expect(first?.origins).toEqual([{ kind: 'document', path: ['wan', 'mpls-branch'] }]);
  });

  it('names a part that nobody can know, and does not take it for nothing', () => {
    const { quality, nameOf } = judged(contoso);
    const { there, roundTrip, perConnection } = quality('PP-F16/hq/public-internet');
    const unknown = there.parts.filter(({ basis }) => basis === 'unknown');
    expect(unknown.map(({ from, to }) => [nameOf(from), nameOf(to)])).toEqual([['fw-inet', 'internet']]);
    expect(unknown[0]?.origins).toEqual([
      { kind: 'derived', because: 'nobody said where internet stands, or how long the line takes' },
    ]);
    expect([roundTrip?.atLeastMs, roundTrip?.likelyMs, roundTrip?.basis]).toEqual([12, undefined, 'unknown']);
    expect(perConnection).toBeUndefined();
  });

  it('takes a promise where there is no measurement, and nothing less than light', () => {
    const text = withText(
      contoso,
      '    bandwidth: 500 Mbps\n',
      '    bandwidth: 500 Mbps\n    promised: { latency: 3 ms }\n',
    );
    const part = judged(text)
      .quality('PP-F01/hq/production/westeurope')
      .there.parts.find(({ basis }) => basis === 'promised');
    expect(part).toMatchObject({ likelyMs: 3, atLeastMs: 0, portions: ['expressroute'] });
    expect(part?.origins).toEqual([{ kind: 'document', path: ['circuits', 'er-fra', 'promised', 'latency'] }]);
  });

  it('takes what is stated of a line off the estimate that reaches over it', () => {
    const text = withText(
      contoso,
      'isp: Northwind Telecom, bandwidth',
      'isp: Northwind Telecom, latency: 2 ms, bandwidth',
    );
    const withoutFilter = withText(text, '      routeFilter: [West Europe, North Europe]\n', '');
    const { quality, linkName } = judged(withoutFilter);
    const { there } = quality('PP-F01/hq/production/westeurope');
    const line = there.parts.find(({ links }) => links.map(linkName).includes('inet'));
    const rest = there.parts.at(-1);
    expect(line).toMatchObject({ basis: 'declared', likelyMs: 2 });
    // Frankfurt to Amsterdam is 2.7 ms with cables; 2 of them are the line to the provider.
    expect(rest).toMatchObject({ basis: 'estimated', likelyMs: 0.7, portions: ['internet', 'microsoft'] });
  });

  it('is undefined for a trip that does not come back', () => {
    const { quality, trips } = judged(scenario('A1-'));
    const lost = trips.find(({ outcome }) => outcome === 'broken');
    expect(quality(lost?.id ?? '').roundTrip).toBeUndefined();
  });
});

describe('the slowest link', () => {
  it('is the WAN of each branch (PP-S04)', () => {
    const { quality } = judged(scenario('PP-S04'));
    const narrowest = ['milan', 'vienna', 'zurich'].map((site) => {
      const { there, back } = quality(`PP-F01/${site}/production/westeurope`);
      expect(back?.narrowest).toEqual(there.narrowest);
      return [there.narrowest?.name, there.narrowest?.free, there.widest?.bandwidth];
    });
    expect(narrowest).toEqual([
      ['mpls-milan', 100_000_000, 500_000_000],
      ['mpls-vienna', 50_000_000, 500_000_000],
      ['mpls-zurich', 50_000_000, 500_000_000],
    ]);
  });

  it('counts what is in use, and loss (PP-S05)', () => {
    const { quality } = judged(scenario('PP-S05'));
    const { there, roundTrip, roundTripLoss, perConnection } = quality('PP-F01/reykjavik/production/westeurope');
    expect(there.narrowest).toMatchObject({ name: 'radio', bandwidth: 2_000_000, free: 300_000 });
    expect(roundTrip?.atLeastMs).toBeGreaterThan(280);
    // 2 % each way: 1 - 0.98 squared.
    expect(roundTripLoss).toBe(0.0396);
    expect(perConnection?.byLoss).toBeLessThan(300_000);
    expect(there.loss.unknown.length).toBeGreaterThan(0);
  });

  it('is the LAN of the site where that is narrower', () => {
    const text = withText(
      contoso,
      'users: 120, clients: 10.20.0.0/16 }',
      'users: 120, clients: 10.20.0.0/16, lan: { bandwidth: 100 Mbps, utilisation: 50 % } }',
    );
    const { there } = judged(text).quality('PP-F01/branch/production/westeurope');
    expect(there.narrowest).toEqual({
      link: undefined,
      name: 'LAN of branch',
      bandwidth: 100_000_000,
      free: 50_000_000,
    });
  });

  it('a tunnel is as wide as the line below it', () => {
    const text = withText(
      scenario('PP-S45'),
      'isp: Northwind Telecom, bandwidth: 1 Gbps',
      'isp: Northwind Telecom, bandwidth: 50 Mbps, loss: 1 %',
    );
    const { there } = judged(text).quality('PP-F01/remote/production/westeurope');
    expect(there.narrowest).toMatchObject({ name: 'inet', free: 50_000_000 });
    expect(there.loss.stated).toBe(0.01);
    expect(there.bandwidthUnknown).toEqual([]);
  });
});

describe('portions', () => {
  it('say what is private, shared and public, and add up to the whole', () => {
    const { quality } = judged(contoso);
    const { there } = quality('PP-F01/hq/production/westeurope');
    expect(
      there.portions.map(({ portions, reach, likelyMs, kilometres }) => [portions, reach, likelyMs, kilometres]),
    ).toEqual([
      [['customer'], 'private', 6, 304],
      [['expressroute'], 'private', 0, 0],
      [['microsoft'], 'shared', 2.7, 364],
    ]);
    expect(there.portions.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 2);
  });

  it('give the kilometres of a provider between the two places around its cloud', () => {
    const { quality } = judged(scenario('PP-S32'));
    const [wan] = quality('PP-F01/boston/production/eastus').there.portions;
    expect(wan).toMatchObject({ portions: ['provider'], reach: 'private', likelyMs: 38 });
    expect(wan?.kilometres).toBeGreaterThan(3900);
    expect(wan?.kilometres).toBeLessThan(4100);
  });

  it('call a tunnel over the internet public, and encrypted', () => {
    const { quality, linkName } = judged(scenario('PP-S45'));
    const { there } = quality('PP-F01/remote/production/westeurope');
    expect(there.portions[0]).toMatchObject({ portions: ['internet'], reach: 'public' });
    expect(there.encrypted.map(linkName)).toEqual(['dc-remote']);
    expect(there.unencrypted.map(linkName)).toContain('er-fra-primary');
  });
});

describe('detours', () => {
  it('boston to the east over the west (PP-S32)', () => {
    const { quality, nameOf } = judged(scenario('PP-S32'));
    const detour = quality('PP-F01/boston/production/eastus').there.detour;
    if (detour === undefined) throw new Error('no detour');
    expect([nameOf(detour.from), nameOf(detour.turnsAt), nameOf(detour.to)]).toEqual([
      'boston',
      'seattle',
      'azure-eastus',
    ]);
    // Boston to Seattle about 4,000 km, Seattle to Virginia about 3,700, Boston to Virginia about 660.
    expect(detour.kilometres).toBeGreaterThan(7500);
    expect(detour.straightKilometres).toBeLessThan(700);
    expect(detour.extraKilometres).toBe(detour.kilometres - detour.straightKilometres);
    // 4 + 34 ms stated, 27.2 estimated, against 659 km x 1.5 / 204.2.
    expect(detour.extraMs).toBeCloseTo(65.2 - 4.8, 1);
    expect(detour.extraMsOverShortest).toBe(0);
  });

  it('a nearer circuit that routing does not use shows as the shortest way', () => {
    const { quality, nameOf } = judged(scenario('PP-S31'));
    const detour = quality('PP-F68/west/app1/production/northeurope').there.detour;
    // A machine in Azure is sent through the datacentre: Microsoft's own network would have been enough.
    expect(detour?.shortest?.over.map(nameOf)).toEqual(['west', 'azure-northeurope']);
    expect(detour?.extraMsOverShortest).toBeGreaterThan(4);
  });

  it('a hairpin crosses its circuit twice (PP-S31)', () => {
    const { quality } = judged(scenario('PP-S31'));
    const { there, back } = quality('PP-F68/west/app1/production/westeurope');
    expect(there.hairpins.map(({ name, crossings }) => [name, crossings])).toEqual([['er-fra', 2]]);
    expect(back?.hairpins.map(({ name, crossings }) => [name, crossings])).toEqual([['er-fra', 2]]);
    expect(quality('PP-F01/hq/production/westeurope').there.hairpins).toEqual([]);
  });

  it('no way goes by nothing: a straight way has no turn', () => {
    const { quality } = judged(scenario('PP-S32'));
    const detour = quality('PP-F01/seattle/production/eastus').there.detour;
    expect([detour?.extraKilometres, detour?.turnsAt]).toEqual([0, undefined]);
  });
});

it('random networks stand nowhere: every part is unknown and none is lost, seeds 1 to 200', () => {
  let judgedTrips = 0;
  for (let seed = 1; seed <= 200; seed += 1) {
    const compiled = randomEstate(seed);
    for (const trip of roundTrips(compiled, converge(compiled.network)).roundTrips) {
      const { there, roundTrip } = pathQuality(compiled, trip);
      expect(there.parts.flatMap(({ links }) => links)).toEqual(
        trip.forward.path.hops.flatMap(({ leftOn }) => leftOn ?? []),
      );
      expect(there.parts.every(({ basis }) => basis === 'unknown')).toBe(true);
      expect([there.detour, there.narrowest]).toEqual([undefined, undefined]);
      if (roundTrip === undefined || there.parts.length === 0) continue;
      expect([roundTrip.atLeastMs, roundTrip.likelyMs]).toEqual([0, undefined]);
      judgedTrips += 1;
    }
  }
  expect(judgedTrips).toBeGreaterThan(50);
});

describe('on every shipped estate', () => {
  it.each(shippedEstates().map(({ name, text }) => [name, text] as const))('%s', (_, text) => {
    const compiled = compiledFrom(text);
    for (const trip of roundTrips(compiled, converge(compiled.network)).roundTrips) {
      const { there, back, roundTrip } = pathQuality(compiled, trip);
      for (const [way, path] of [
        [there, trip.forward.path],
        [back, trip.back?.path],
      ] as const) {
        if (way === undefined || path === undefined) continue;
        // The parts are the links of the way, each once and in their order.
        expect(way.parts.flatMap(({ links }) => links)).toEqual(path.hops.flatMap(({ leftOn }) => leftOn ?? []));
        for (const { atLeastMs, likelyMs, basis } of way.parts) {
          expect(basis === 'unknown').toBe(likelyMs === undefined);
          if (likelyMs !== undefined) expect(atLeastMs).toBeLessThanOrEqual(likelyMs + 0.05);
        }
        expect(way.portions.flatMap(({ links }) => links).length).toBe(path.hops.length - 1);
        const { detour } = way;
        if (detour === undefined) continue;
        expect(detour.extraKilometres).toBeGreaterThanOrEqual(-1);
        expect(detour.shortest?.milliseconds ?? 0).toBeLessThanOrEqual((way.latency.likelyMs ?? 1e9) + 0.2);
      }
      if (roundTrip !== undefined && back !== undefined) {
        expect(roundTrip.atLeastMs).toBeCloseTo(there.latency.atLeastMs + back.latency.atLeastMs, 2);
      }
    }
  });
});
