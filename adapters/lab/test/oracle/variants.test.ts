import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CaseResult,
  daemonNames,
  formatDifference,
  type LabCase,
  probeHost,
  runCases,
  type VariantName,
  variants,
} from '../../src/index.ts';
import { curated } from './curated.ts';
import { build, type NetworkText } from './literal.ts';
import { linesOf, notRun } from './suite.ts';

const host = await probeHost([...daemonNames, 'gobgp']);

interface Witness {
  readonly network: NetworkText;
  /** The difference that shows the variant. */
  readonly shows: string | RegExp;
  /** Not avoided by the lab's configuration, so nothing agrees. */
  readonly always?: true;
}

function ofCurated(name: string): NetworkText {
  const text = curated[name];
  if (text === undefined) throw new Error(`no case ${name}`);
  return { ...text, families: [4] };
}

/** D may install two of three equal paths; the best one, by router id, has the highest address. */
const bestHasHighestAddress: NetworkText = {
  devices: {
    A: { as: 65020, id: 30, originate: ['10.0.0.0/8'] },
    B: { as: 65020, id: 20, originate: ['10.0.0.0/8'] },
    C: { as: 65020, id: 10, originate: ['10.0.0.0/8'] },
    D: { as: 65040, paths: 2 },
  },
  edges: { 'A-D': {}, 'B-D': {}, 'C-D': {} },
  families: [4],
};

const witnesses: Readonly<Record<VariantName, Witness>> = {
  'bird-passes-on-unresolved': {
    network: ofCurated('a reflector keeps the next hop'),
    shows: "device 3 10.0.0.0/8 session 2: presence predicted 'absent', observed 'path '65011''",
  },
  'bird-drops-originated-med': {
    network: ofCurated('an origin MED crosses one AS border only'),
    shows: "device 1 10.0.0.0/8 session 0: med predicted '7', observed '0'",
  },
  'bird-cluster-loop': {
    network: {
      devices: { A: { as: 65001, originate: ['10.0.0.0/8'] }, R: { as: 65001 }, B: { as: 65001 } },
      edges: {
        'A-R': { b: { client: true } },
        'R-B': { a: { client: true }, b: { client: true } },
        'R-B/2': { a: { client: true }, b: { client: true } },
        'B-R/3': { a: { client: true } },
      },
      families: [4],
    },
    shows: "device 1 10.0.0.0/8 session 3: presence predicted 'absent', observed 'path '''",
  },
  'bird-multipath-without-best': {
    network: bestHasHighestAddress,
    shows:
      "device 3 10.0.0.0/8 kernel: next hops predicted 'link 0 to 0, link 2 to 2', observed 'link 0 to 0, link 1 to 1'",
    always: true,
  },
  'bird-gateways-hidden': {
    network: ofCurated('next hops of redistributed static routes'),
    shows: "device 2 10.33.0.0/16 session 1: nextHop predicted 'device 5 on link 4', observed 'device 1 on link 1'",
  },
  'bird-own-next-hop': {
    network: ofCurated('next hops of redistributed static routes'),
    shows: "device 2 10.32.0.0/16 session 1: presence predicted 'absent', observed 'path '''",
  },
  'frr-own-link-local': {
    network: { ...ofCurated('next hops of redistributed static routes'), families: [6] },
    shows: "device 2 2001:db8:a1e::/48 session 1: usable predicted 'false', observed 'true'",
  },
  'frr-limit-one-late': {
    // B has no import policy: a route-map makes bgpd ask for everything again where the session came up before it.
    network: {
      devices: { A: { as: 65001, originate: ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'] }, B: { as: 65002 } },
      edges: { 'A-B': { b: { maximum: 2 } } },
      families: [4],
    },
    shows: "device 0  session 0 IPv4: state predicted 'down', observed 'up'",
    always: true,
  },
  'frr-aggregate-origin': {
    network: {
      devices: {
        A: { as: 65001, originate: ['10.1.0.0/16'] },
        E: { as: 65005, originate: ['10.1.0.0/16 egp'] },
        B: { as: 65002, aggregate: ['10.0.0.0/8'] },
      },
      edges: { 'A-B': {}, 'E-B': {} },
      families: [4],
    },
    shows: "device 2 10.0.0.0/8 originated here: origin predicted 'igp', observed 'egp'",
    always: true,
  },
  'frr-aggregate-heard-first': {
    network: {
      devices: {
        A: { as: 65001, originate: ['10.1.0.0/16'], aggregate: ['10.0.0.0/8'] },
        B: { as: 65001, aggregate: ['10.0.0.0/8'] },
      },
      edges: { 'A-B': {} },
      families: [4],
    },
    shows: "device 1 10.0.0.0/8 originated here: presence predicted 'path ''', observed 'absent'",
  },
  'frr-multipath-med': {
    network: {
      devices: {
        A: { as: 65001, id: 1, originate: ['10.0.0.0/8'] },
        B: { as: 65002, originate: ['10.0.0.0/8'] },
        C: { as: 65002, originate: ['10.0.0.0/8 med 9'] },
        D: { as: 65004, paths: 4 },
      },
      edges: { 'A-D': {}, 'B-D': {}, 'C-D': {} },
      families: [4],
    },
    shows:
      "device 3 10.0.0.0/8 kernel: next hops predicted 'link 0 to 0, link 1 to 1', observed 'link 0 to 0, link 1 to 1, link 2 to 2'",
  },
  'gobgp-no-loops-sent': {
    network: ofCurated('allowas-in'),
    shows: "device 2 10.0.0.0/8 session 1: presence predicted 'path '65002 65001'', observed 'absent'",
    always: true,
  },
  'gobgp-export-after-own-as': {
    network: ofCurated('prepend another AS'),
    shows: "device 2 10.0.0.0/8 session 1: asPath predicted '65002 65077 65001', observed '65077 65002 65001'",
    always: true,
  },
  'frr-echo': {
    network: {
      devices: { A: { as: 65001, originate: ['10.0.0.0/8'] }, B: { as: 65002 } },
      edges: { 'A-B': { a: { allowAsIn: 1 } } },
      families: [4],
    },
    shows: "device 0 10.0.0.0/8 session 0: presence predicted 'absent', observed 'path '65002 65001''",
  },
  'frr-private-as-per-group': {
    network: {
      devices: {
        C: { as: 65010, originate: ['10.0.0.0/8'] },
        B: { as: 12076 },
        D: { as: 65010 },
        E: { as: 65020 },
        O: { as: 65020 },
      },
      edges: { 'C-O': {}, 'O-B': {}, 'B-D': { a: { removePrivate: 'all' } }, 'B-E': { a: { removePrivate: 'all' } } },
      families: [4],
    },
    // Which of the two is spared depends on who came up first.
    shows: /^device [23] 10\.0\.0\.0\/8 session [23]: presence predicted 'absent', observed 'path '12076/,
  },
  'frr-ecmp': {
    network: ofCurated('router id'),
    shows: "device 3 10.0.0.0/8 kernel: next hops predicted 'link 3 to 2', observed 'link 2 to 1, link 3 to 2'",
  },
  'frr-reflected-policy': {
    network: ofCurated('a policy on reflected routes'),
    shows: "device 3 10.0.0.0/8 session 2: localPreference predicted '140', observed '100'",
  },
};

describe.skipIf(!host.ok)(`what BIRD, FRR and GoBGP do otherwise${notRun(host)}`, () => {
  const shipped = new Map<string, CaseResult>();
  const configured = new Map<string, CaseResult>();
  beforeAll(async () => {
    const cases = variants.map(
      ({ name, daemon }): LabCase => ({ name, daemon, network: build(witnesses[name].network), asShipped: [name] }),
    );
    const without = cases.map(({ name, daemon, network }): LabCase => ({ name, daemon, network }));
    const results = await runCases([...cases, ...without]);
    for (const [at, result] of results.entries()) (at < cases.length ? shipped : configured).set(result.name, result);
  }, 120_000);

  it.each(variants)('$name: $what', ({ name }) => {
    const outcome = shipped.get(name)?.outcome;
    const lines = outcome?.kind === 'differs' ? outcome.differences.map((item) => formatDifference(item)) : [];
    const { shows } = witnesses[name];
    expect(
      lines.some((line) => (typeof shows === 'string' ? line === shows : shows.test(line))),
      outcome?.kind === 'differs' ? lines.join('\n') : JSON.stringify(outcome),
    ).toBe(true);
  });

  it.each(variants.filter(({ name }) => witnesses[name].always !== true))('$name is taken away', ({ name }) => {
    const result = configured.get(name);
    expect(result === undefined ? ['not run'] : linesOf(result)).toEqual([]);
  });
});
