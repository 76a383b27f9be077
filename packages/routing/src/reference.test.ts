import { formatPrefix, type Prefix } from '@bothways/net';
import type { Network } from '@bothways/network';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFailures, randomNetwork, randomPrefixes } from '../test/random-network.ts';
import { type Candidate, type ControlPlane, converge, type FibEntry } from './index.ts';
import { Reference, type ReferenceRoute, type ReferenceTable, routeText } from './reference.ts';

interface Compared {
  classes: number;
  oscillating: number;
  /** Where rounds in step swing, or end in another stable state. */
  otherwise: number;
  /** Networks left out because rounds in step swing and a limit depends on it. */
  uncertain: number;
}

/** The fast engine's best routes in the reference's form. */
function tableOf(plane: ControlPlane, classIx: number): ReferenceTable {
  return plane.network.devices.map((device) => {
    const route = plane.decision(device.ix, classIx)?.best[0];
    return route === undefined ? undefined : referenceRoute(plane.network, route);
  });
}

function referenceRoute(network: Network, route: Candidate): ReferenceRoute {
  const ends = route.session === undefined ? [] : (network.sessions[route.session]?.ends ?? []);
  const end = ends.find((item) => item.device === route.device);
  return {
    session: route.session,
    learned: route.kind,
    neighbourRouterId: route.neighbourRouterId,
    fromClient: end?.routeReflectorClient ?? false,
    attributes: route.attributes,
    originator: route.originator,
  };
}

function fibText(entry: FibEntry | undefined): string {
  if (entry === undefined) return 'none';
  const { action, protocol, distance } = entry;
  const head = `${protocol} ${distance}`;
  if (action.kind === 'deliver') return `${head} deliver ${action.name}`;
  if (action.kind === 'discard') return `${head} discard`;
  return `${head} ${action.next.map((hop) => `${hop.link}>${hop.device}`).join(' ')}`;
}

function comparePrefix(plane: ControlPlane, reference: Reference, prefix: Prefix, compared: Compared): void {
  const classIx = plane.classOf(prefix);
  const expected = reference.settle(prefix);
  if (classIx === undefined) {
    expect(expected?.every((route) => route === undefined)).toBe(true);
    return;
  }
  compared.classes++;
  if (!plane.isStable(classIx)) {
    compared.oscillating++;
    expect(expected, `${formatPrefix(prefix)} has a stable state`).toBeUndefined();
    return;
  }
  const table = tableOf(plane, classIx);
  expect(reference.isStable(prefix, table), `${formatPrefix(prefix)} is in a stable state`).toBe(true);
  if (expected?.map(routeText).join() !== table.map(routeText).join()) compared.otherwise++;
  for (const device of plane.network.devices) {
    const entry = reference.fib(prefix, table, device);
    const text = entry === undefined ? 'none' : `${entry.protocol} ${entry.distance} ${entry.action}`;
    expect(fibText(plane.fibs[device.ix]?.get(classIx)), `${device.name} ${formatPrefix(prefix)}`).toBe(text);
  }
}

/** Both engines on `runs` random networks under random failures; fast-check names the seed of a failure. */
function compareOn(policies: 'plain' | 'wild' | 'contrary', seed: number, runs: number): Compared {
  const compared: Compared = { classes: 0, oscillating: 0, otherwise: 0, uncertain: 0 };
  const property = fc.property(fc.nat(), (networkSeed) => {
    const network = randomNetwork(networkSeed, { policies });
    const failed = randomFailures(networkSeed, network);
    const plane = converge(network, { failed });
    const reference = new Reference(network, failed);
    const agreed = network.sessions.every(
      ({ ix }) => (plane.sessions[ix]?.kind === 'up') === reference.isSessionUp(ix),
    );
    if (!agreed && reference.areLimitsUncertain()) {
      compared.uncertain++;
      return;
    }
    for (const { ix } of network.sessions) {
      expect(plane.sessions[ix]?.kind === 'up', `session ${ix} is up`).toBe(reference.isSessionUp(ix));
    }
    for (const prefix of randomPrefixes) comparePrefix(plane, reference, prefix, compared);
  });
  fc.assert(property, { seed, numRuns: runs });
  return compared;
}

describe('the fast engine and the reference', { timeout: 60_000 }, () => {
  it('agree on 1,500 networks whose policies leave preferences alone, seed 41', () => {
    const compared = compareOn('plain', 41, 1500);
    expect(compared.classes).toBeGreaterThan(8000);
    expect(compared.otherwise).toBeLessThan(compared.classes / 1000);
    expect(compared.uncertain).toBe(0);
  });

  it('agree on 4,000 networks with wild policies, seed 42', () => {
    const compared = compareOn('wild', 42, 4000);
    expect(compared.classes).toBeGreaterThan(20_000);
    expect(compared.otherwise + compared.oscillating).toBeLessThan(compared.classes / 500);
    expect(compared.uncertain).toBeLessThan(20);
  });

  it('agree on 1,000 networks whose policies contradict each other, seed 49', () => {
    const compared = compareOn('contrary', 49, 1000);
    expect(compared.classes).toBeGreaterThan(5000);
    expect(compared.otherwise).toBeGreaterThan(1);
    expect(compared.oscillating).toBeGreaterThan(0);
  });
});
