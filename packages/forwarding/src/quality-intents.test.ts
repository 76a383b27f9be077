import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { compiledFrom, shippedEstate, withText } from '../test/shipped-estates.ts';
import {
  branchesOver,
  decideBandwidth,
  decideLatency,
  loadSpace,
  type PlaceDecision,
  pathQuality,
  type QualityDecision,
  roundTrips,
} from './index.ts';

function latencyOf(text: string, id: string, limitMs: number): QualityDecision {
  const compiled = compiledFrom(text);
  const trip = roundTrips(compiled, converge(compiled.network)).roundTrips.find((each) => each.id === id);
  if (trip === undefined) throw new Error(`no ${id}`);
  return decideLatency(limitMs, pathQuality(compiled, trip));
}

function bandwidthOf(text: string, minimum: number, flows: readonly string[]): readonly PlaceDecision[] {
  const compiled = compiledFrom(text);
  const data = roundTrips(compiled, converge(compiled.network));
  const trips = data.roundTrips.filter(({ demand }) => flows.includes(demand.flow.id));
  return decideBandwidth(compiled, loadSpace(compiled), minimum, trips, branchesOver(compiled, data.input));
}

const contoso = shippedEstate('examples/contoso');
const APPS = ['PP-F01', 'PP-F02'];

describe('latency', () => {
  const id = 'PP-F01/hq/production/westeurope';

  it('holds, is open between light and the estimate, and breaks below light', () => {
    expect(latencyOf(contoso, id, 150)).toEqual({
      outcome: 'holds',
      reason: '17.4 ms of 150 ms, with parts estimated from distances',
    });
    expect(latencyOf(contoso, id, 16).outcome).toBe('unknown');
    expect(latencyOf(contoso, id, 15)).toEqual({
      outcome: 'broken',
      reason: 'the round trip takes at least 15.562 ms, more than 15 ms',
    });
  });

  it('is broken by stated lines alone, whatever is not known besides', () => {
    expect(latencyOf(contoso, 'PP-F16/branch/public-internet', 21).outcome).toBe('broken');
    expect(latencyOf(contoso, 'PP-F16/branch/public-internet', 150)).toEqual({
      outcome: 'unknown',
      reason: 'at least 22 ms, and the latency of a part is not known',
    });
  });

  it('breaks at the radio link of PP-S05 and holds elsewhere', () => {
    const text = shippedEstate('scenarios/PP-S05-poor-wan-link');
    expect(latencyOf(text, 'PP-F01/reykjavik/production/westeurope', 150).outcome).toBe('broken');
    expect(latencyOf(text, 'PP-F01/milan/production/westeurope', 150).outcome).toBe('holds');
  });
});

describe('bandwidth per user', () => {
  it('holds for both sites of PP-S20, and the WAN of the branch is what breaks first', () => {
    const text = shippedEstate('scenarios/PP-S20-wan-performance');
    expect(bandwidthOf(text, 50_000, APPS)).toEqual([
      { place: 'hq', outcome: 'holds', reason: '900 users fit everywhere on the way' },
      { place: 'branch', outcome: 'holds', reason: '120 users fit everywhere on the way' },
    ]);
    // The branch has 60 Mbps free for 120 users: 500 kbit/s each fit, a bit more does not; the circuit is then just
    // above its rate of 500 Mbps for 1,020 users.
    expect(bandwidthOf(text, 500_001, APPS).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['unknown', '510001020 bit/s on 500000000 free bit/s of circuit er-fra, more than its configured rate (ER-014)'],
      ['broken', '60000120 bit/s on 60000000 free bit/s of mpls-branch'],
    ]);
  });

  it('breaks at the radio link of PP-S05 with the published figure', () => {
    const text = shippedEstate('scenarios/PP-S05-poor-wan-link');
    expect(bandwidthOf(text, 400_000, APPS).map(({ place, outcome }) => [place, outcome])).toEqual([
      ['milan', 'holds'],
      ['vienna', 'holds'],
      ['reykjavik', 'broken'],
    ]);
  });

  it('is open where nobody said how wide a line is, or how many users there are', () => {
    const noWidth = withText(contoso, 'bandwidth: 100 Mbps, latency: 11 ms', 'latency: 11 ms');
    expect(bandwidthOf(noWidth, 1000, APPS)[1]).toEqual({
      place: 'branch',
      outcome: 'unknown',
      reason: 'nobody said how wide mpls-branch is',
    });
    const noUsers = withText(contoso, 'users: 120, ', '');
    expect(bandwidthOf(noUsers, 1000, APPS)[1]).toMatchObject({
      outcome: 'unknown',
      reason: 'branch has no number of users',
    });
  });

  it('counts the LAN of a site', () => {
    const text = withText(
      contoso,
      'users: 120, clients: 10.20.0.0/16 }',
      'users: 120, clients: 10.20.0.0/16, lan: { bandwidth: 10 Mbps } }',
    );
    expect(bandwidthOf(text, 400_000, APPS)[1]?.reason).toBe(
      '48000000 bit/s on 10000000 free bit/s of the LAN of branch',
    );
  });

  it('says nothing about a place whose packets get lost', () => {
    const text = shippedEstate('scenarios/A1-pool-not-announced-on-the-circuit');
    for (const each of bandwidthOf(text, 1, APPS)) expect(each.outcome).toBe('unknown');
  });
});
