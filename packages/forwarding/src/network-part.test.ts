/** A part of a network decides as the whole does without the rest. */
import { partOf } from '@bothways/network';
import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { randomEstate } from '../test/random-estate.ts';
import { compiledFrom, shippedEstates } from '../test/shipped-estates.ts';
import { roundTrips } from './round-trip.ts';
import { subsetFor } from './subset.ts';

/** Entries by device and prefix, with names instead of positions. */
function tablesOf(plane: ReturnType<typeof converge>, inside: ReadonlySet<number>): ReadonlyMap<string, string> {
  const { devices, links } = plane.network;
  const texts = new Map<string, string>();
  for (const { ix, name } of devices) {
    if (!inside.has(ix)) continue;
    for (const { ix: classIx, prefixes } of plane.classes) {
      const entry = plane.fibs[ix]?.get(classIx);
      if (entry === undefined) continue;
      const action =
        entry.action.kind === 'forward'
          ? entry.action.next.map((hop) => `${links[hop.link]?.name} ${devices[hop.device]?.name}`).sort()
          : entry.action.kind;
      for (const prefix of prefixes) {
        texts.set(`${name} ${prefix.family} ${prefix.bits}/${prefix.length}`, JSON.stringify([entry.protocol, action]));
      }
    }
  }
  return texts;
}

function all(count: number): ReadonlySet<number> {
  return new Set(Array.from({ length: count }, (_, ix) => ix));
}

describe('a part of a network', () => {
  it('with everything in it is the network', () => {
    for (const { text } of shippedEstates().slice(0, 12)) {
      const compiled = compiledFrom(text);
      if ((compiled.steering?.proxies.length ?? 0) > 0) continue;
      const part = partOf(compiled, all(compiled.network.devices.length));
      expect(part.network).toEqual(compiled.network);
      expect(part.risks).toEqual(compiled.risks);
    }
  });

  it('holds what the whole holds while the rest has failed, on every shipped estate and for its first site', {
    timeout: 120_000,
  }, () => {
    let compared = 0;
    for (const { name, text } of shippedEstates()) {
      const compiled = compiledFrom(text);
      if ((compiled.steering?.proxies.length ?? 0) > 0) continue;
      const plane = converge(compiled.network);
      const sites = compiled.demands.concrete.slice(0, 1).map(({ site }) => site.name);
      const subset = subsetFor(compiled, plane, { sites, circuits: [] });
      if (subset === undefined || subset.outside.length === 0) continue;
      const inside = new Set(subset.inside);
      const part = partOf(subset.compiled, inside);
      const own = converge(part.network);
      const rest = converge(compiled.network, { failed: { devices: subset.outside } });
      expect({ name, tables: tablesOf(own, all(part.network.devices.length)) }).toEqual({
        name,
        tables: tablesOf(rest, inside),
      });
      const outcomes = (trips: ReturnType<typeof roundTrips>): readonly string[] =>
        trips.roundTrips.map(({ id, outcome, forward }) => `${id} ${outcome} ${forward.path.disposition}`).sort();
      expect({ name, trips: outcomes(roundTrips(part, own)) }).toEqual({
        name,
        trips: outcomes(roundTrips(subset.compiled, plane)),
      });
      compared += 1;
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('holds what the whole holds while the rest has failed, on random networks', { timeout: 120_000 }, () => {
    let left = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const compiled = randomEstate(seed);
      const count = compiled.network.devices.length;
      const outside = compiled.network.devices.filter(({ ix }) => (ix * 7 + seed) % 3 === 0).map(({ ix }) => ix);
      const inside = new Set([...all(count)].filter((ix) => !outside.includes(ix)));
      const homeless = { ...compiled, demands: { concrete: [], skipped: [], inbound: [] } };
      if ((compiled.steering?.proxies.length ?? 0) > 0) continue;
      const part = partOf(homeless, inside);
      left += outside.length;
      expect({ seed, tables: tablesOf(converge(part.network), all(part.network.devices.length)) }).toEqual({
        seed,
        tables: tablesOf(converge(compiled.network, { failed: { devices: outside } }), inside),
      });
    }
    expect(left).toBeGreaterThan(30);
  });
});
