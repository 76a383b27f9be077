import { loadEstate } from '@bothways/estate';
import { azureRegion, estimatedLatency, findCity, peeringLocation } from '@bothways/facts';
import { pathQuality, roundTrips } from '@bothways/forwarding';
import { compileNetwork } from '@bothways/network';
import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { contosoWith } from '../test/estates.ts';
import { type Latencies, type LatencyCandidate, latencyOf } from './latency.ts';

function latencies(text: string): Latencies {
  const { estate, document, findings } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));
  const compiled = compileNetwork(estate, document.placeOf);
  return latencyOf(compiled, roundTrips(compiled, converge(compiled.network)));
}

function candidateOf(
  { sites }: Latencies,
  site: string,
  kind: string,
  name: string,
  region = 'westeurope',
): LatencyCandidate {
  const found = sites
    .find((each) => each.site === site && each.region === region)
    ?.candidates.find((each) => each.kind === kind && each.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name} for ${site}`);
  return found;
}

describe('latency by way', () => {
  it('follows what is in use hop by hop, and puts the rest together from its parts', () => {
    const all = latencies(contosoWith());
    expect(all).toMatchObject({ guidanceMs: 150, fact: 'PP-Z02' });
    const used = candidateOf(all, 'branch', 'circuit', 'er-fra');
    expect(used).toMatchObject({ inUse: true, basis: 'engine', guidance: 'within', reaches: true });
    const breakout = candidateOf(all, 'branch', 'local breakout', 'branch');
    const [milan, west] = [findCity('Milan'), azureRegion('westeurope')];
    if (milan === undefined || west === undefined) throw new Error('places are missing');
    expect(breakout.milliseconds).toBeCloseTo(2 * estimatedLatency(milan, west).milliseconds, 6);
    expect(breakout).toMatchObject({ inUse: false, basis: 'estimated' });
    // 11 ms to Frankfurt each way are more than the distance.
    const better = all.sites.find(({ site, region }) => site === 'branch' && region === 'westeurope')?.faster;
    expect(better?.savedMs).toBeCloseTo((used.milliseconds ?? 0) - (breakout.milliseconds ?? 0), 6);
  });

  it('estimates a way not in use as the engine does once it is', () => {
    // The circuit's line is stated, so that both add up the same parts.
    const stated: readonly [string, string] = ['    edge: er\n', '    edge: er\n    latency: 3 ms\n'];
    const asUsed = candidateOf(latencies(contosoWith(stated)), 'hq', 'circuit', 'er-fra');
    const notUsed = candidateOf(
      latencies(contosoWith(stated, ['      routeFilter: [West Europe, North Europe]\n', '      routeFilter: []\n'])),
      'hq',
      'circuit',
      'er-fra',
    );
    expect(asUsed.inUse).toBe(true);
    expect(notUsed).toMatchObject({ inUse: false, reaches: false });
    expect(notUsed.milliseconds).toBeCloseTo(asUsed.milliseconds ?? 0, 0);
    const [location, west] = [peeringLocation('frankfurt'), azureRegion('westeurope')];
    if (location === undefined || west === undefined) throw new Error('places are missing');
    const parts = 6 + 3 + estimatedLatency(location, west).milliseconds;
    expect(notUsed.milliseconds).toBeCloseTo(2 * parts, 1);
  });

  it('is the round trip of the engine', () => {
    const { estate, document } = loadEstate([{ name: 'estate.yaml', text: contosoWith() }]);
    if (estate === undefined) throw new Error('unreadable');
    const compiled = compileNetwork(estate, document.placeOf);
    const data = roundTrips(compiled, converge(compiled.network));
    const trips = data.roundTrips.filter(
      ({ demand, forward }) =>
        demand.site.name === 'hq' && demand.target.azureRegion === 'westeurope' && forward.via.kind === 'expressroute',
    );
    expect(trips.length).toBeGreaterThan(0);
    const slowest = Math.max(...trips.map((trip) => pathQuality(compiled, trip).roundTrip?.likelyMs ?? 0));
    expect(candidateOf(latencyOf(compiled, data), 'hq', 'circuit', 'er-fra').milliseconds).toBe(slowest);
  });

  it('says what is above the guidance, and does not praise a circuit that does not reach the region', () => {
    const far = latencies(
      contosoWith(
        ['  production: { region: Europe }', '  production: { region: Australia }'],
        ['West Europe, North Europe', 'Australia East'],
      ).replace('routeFilter: [Australia East]', 'routeFilter: []'),
    );
    const circuit = candidateOf(far, 'hq', 'circuit', 'er-fra', 'australiaeast');
    expect(circuit).toMatchObject({ reaches: false, inUse: false });
    for (const { candidates, faster } of far.sites) {
      expect(candidates.some(({ guidance }) => guidance === 'above')).toBe(true);
      expect(faster?.candidate.reaches ?? true).toBe(true);
    }
  });

  it('leaves a site without coordinates unknown instead of near', () => {
    const nowhere = latencies(contosoWith(['city: Milan, users: 120', 'users: 120']));
    expect(candidateOf(nowhere, 'branch', 'local breakout', 'branch')).toMatchObject({
      milliseconds: undefined,
      guidance: 'unknown',
    });
  });
});
