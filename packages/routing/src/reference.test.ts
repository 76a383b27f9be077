import { formatPrefix, type Prefix } from '@bothways/net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RandomNetworkOptions, randomFailures, randomNetwork, randomPrefixes } from '../test/random-network.ts';
import { fibEntryText, referenceFibText, referenceTable } from '../test/reference-view.ts';
import { type ControlPlane, converge } from './index.ts';
import { Reference, routeText } from './reference.ts';

interface Compared {
  classes: number;
  oscillating: number;
  /** Where rounds in step swing, or end in another stable state. */
  otherwise: number;
  /** Networks left out because rounds in step swing and a limit depends on it. */
  uncertain: number;
  /** Networks whose conditions go round in a circle. */
  circling: number;
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
  const table = referenceTable(plane, classIx);
  expect(reference.isStable(prefix, table), `${formatPrefix(prefix)} is in a stable state`).toBe(true);
  if (expected?.map(routeText).join() !== table.map(routeText).join()) compared.otherwise++;
  for (const device of plane.network.devices) {
    const text = referenceFibText(reference.fib(prefix, table, device));
    expect(fibEntryText(plane.fibs[device.ix]?.get(classIx)), `${device.name} ${formatPrefix(prefix)}`).toBe(text);
  }
}

function compareNetwork(options: RandomNetworkOptions, networkSeed: number, compared: Compared): void {
  const network = randomNetwork(networkSeed, options);
  const failed = randomFailures(networkSeed, network);
  const plane = converge(network, { failed });
  const reference = new Reference(network, failed);
  const agreed = network.sessions.every(({ ix }) => (plane.sessions[ix]?.kind === 'up') === reference.isSessionUp(ix));
  if (reference.areConditionsUncertain() || (!agreed && reference.areLimitsUncertain())) {
    compared.uncertain++;
    return;
  }
  const circles = plane.outcome.kind === 'oscillates' && plane.outcome.conditions !== undefined;
  expect(circles, 'conditions go round in a circle').toBe(reference.areConditionsUnsettled());
  if (circles) {
    compared.circling++;
    return;
  }
  for (const { ix } of network.sessions) {
    expect(plane.sessions[ix]?.kind === 'up', `session ${ix} is up`).toBe(reference.isSessionUp(ix));
  }
  for (const prefix of randomPrefixes) comparePrefix(plane, reference, prefix, compared);
}

/** Both engines on `runs` random networks under random failures; fast-check names the seed of a failure. */
function compareOn(options: RandomNetworkOptions, seed: number, runs: number): Compared {
  const compared: Compared = { classes: 0, oscillating: 0, otherwise: 0, uncertain: 0, circling: 0 };
  const property = fc.property(fc.nat(), (networkSeed) => compareNetwork(options, networkSeed, compared));
  fc.assert(property, { seed, numRuns: runs });
  return compared;
}

describe('the fast engine and the reference', { timeout: 60_000 }, () => {
  it('agree on 800 networks whose policies leave preferences alone, seed 41', () => {
    const compared = compareOn({ policies: 'plain' }, 41, 800);
    expect(compared.classes).toBeGreaterThan(4000);
    expect(compared.otherwise).toBeLessThan(compared.classes / 1000);
    expect(compared.uncertain).toBe(0);
  });

  it('agree on 1,500 networks with wild policies, seed 42', () => {
    const compared = compareOn({ policies: 'wild' }, 42, 1500);
    expect(compared.classes).toBeGreaterThan(7000);
    expect(compared.otherwise + compared.oscillating).toBeLessThan(compared.classes / 500);
    expect(compared.uncertain).toBeLessThan(20);
  });

  it('agree on 600 networks whose policies contradict each other, seed 49', () => {
    const compared = compareOn({ policies: 'contrary' }, 49, 600);
    expect(compared.classes).toBeGreaterThan(3000);
    expect(compared.otherwise).toBeGreaterThan(1);
    expect(compared.oscillating).toBeGreaterThan(0);
  });

  it('agree on 900 networks that aggregate, redistribute and announce on conditions, seed 62', () => {
    const compared = compareOn({ policies: 'plain', coupled: true }, 62, 900);
    expect(compared.classes).toBeGreaterThan(4500);
    expect(compared.otherwise + compared.oscillating).toBeLessThan(compared.classes / 200);
    expect(compared.uncertain).toBeLessThan(10);
    expect(compared.circling).toBeGreaterThan(10);
    expect(compared.circling).toBeLessThan(200);
  });

  it('agree on 600 such networks with wild policies, seed 63', () => {
    const compared = compareOn({ policies: 'wild', coupled: true }, 63, 600);
    expect(compared.classes).toBeGreaterThan(3000);
    expect(compared.otherwise + compared.oscillating).toBeLessThan(compared.classes / 100);
    expect(compared.uncertain).toBeLessThan(10);
    expect(compared.circling).toBeLessThan(100);
  });

  it('agree where sessions with too many prefixes go down among conditions, network 5448', () => {
    const compared: Compared = { classes: 0, oscillating: 0, otherwise: 0, uncertain: 0, circling: 0 };
    compareNetwork({ policies: 'plain', coupled: true }, 5448, compared);
    expect(compared).toMatchObject({ uncertain: 0, circling: 0, oscillating: 0 });
    expect(compared.classes).toBeGreaterThan(3);
  });
});
