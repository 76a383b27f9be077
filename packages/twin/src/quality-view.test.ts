import { describe, expect, it } from 'vitest';
import { checkedText, fileOf, shippedFolders } from '../test/shipped-estates.ts';
import { checkJson, type QualityView } from './index.ts';

const folder = (id: string): string => {
  const found = shippedFolders().find((each) => each.startsWith(`scenarios/${id}`));
  if (found === undefined) throw new Error(`no scenario ${id}`);
  return found;
};

function qualityOf(id: string, trip: string): QualityView {
  const found = checkedText(fileOf(folder(id), 'estate.yaml')).report?.roundTrips.find((each) => each.id === trip);
  if (found === undefined) throw new Error(`no ${trip}`);
  return found.quality;
}

describe('the quality of a round trip', () => {
  it('in milliseconds, megabits and kilometres, with the line behind each figure', () => {
    const { forward, roundTripLossPercent, roundTrip } = qualityOf('PP-S05', 'PP-F01/reykjavik/production/westeurope');
    expect(forward.narrowest).toEqual({ name: 'radio', bandwidthMbps: 2, freeMbps: 0.3 });
    expect(forward.lossPercent).toBe(2);
    expect(roundTripLossPercent).toBe(3.96);
    expect(roundTrip).toEqual({ atLeastMs: 283.562, likelyMs: 285.4, basis: 'estimated' });
    expect(forward.parts.map(({ from, to, basis, likelyMs, because }) => [from, to, basis, likelyMs, because])).toEqual(
      [
        ['reykjavik', 'dc', 'declared', 140, 'line 18'],
        [
          'er-fra-msee1',
          'azure-westeurope',
          'estimated',
          2.7,
          '364 km from er-fra-msee1 to azure-westeurope as the crow flies',
        ],
      ],
    );
  });

  it('names turn and hairpin', () => {
    const detour = qualityOf('PP-S32', 'PP-F01/boston/production/eastus').forward.detour;
    expect(detour).toMatchObject({ extraKm: 7044, turnsAt: 'seattle', extraMs: 60.4 });
    const hairpin = qualityOf('PP-S31', 'PP-F68/west/app1/production/westeurope').forward;
    expect(hairpin.hairpins).toEqual([{ name: 'er-fra', crossings: 2 }]);
  });
});

describe('the load in the JSON', () => {
  const load = (id: string): Readonly<Record<string, unknown>> => {
    const read: Readonly<Record<string, Readonly<Record<string, unknown>>>> = JSON.parse(
      JSON.stringify(checkJson(checkedText(fileOf(folder(id), 'estate.yaml')), '0.1.0')),
    );
    return read['load'] ?? {};
  };

  it('is what PP-S20 works out', () => {
    const { lines, bundles, circuits } = load('PP-S20');
    expect(bundles).toMatchObject([
      { id: 'everyday/hq', users: 900, thereMbps: 90, backMbps: 90, basis: 'document' },
      { id: 'everyday/branch', users: 120, thereMbps: 12, backMbps: 12, basis: 'document' },
    ]);
    expect(lines).toContainEqual({
      kind: 'link',
      name: 'mpls-branch',
      from: 'branch',
      to: 'dc',
      bandwidthMbps: 100,
      inUseMbps: 40,
      lowMbps: 12,
      highMbps: 12,
      verdict: 'fits',
      unstated: 0,
    });
    expect(circuits).toMatchObject([{ direction: 'to Microsoft', configuredRate: 'fits' }, {}]);
  });

  it('says null where nothing is known', () => {
    const { bundles, pools } = load('PP-S31');
    expect(bundles).toContainEqual({
      id: 'west/app1/west/app1',
      users: 0,
      thereMbps: null,
      backMbps: null,
      basis: 'unknown',
      remarks: ['no demand of the document gives a rate for PP-F68'],
    });
    expect(pools).toContainEqual(expect.objectContaining({ sessionsEach: null, usersHigh: 0 }));
  });
});
