import { asn, prefix } from '@bothways/net';
import type { Network } from '@bothways/network';
import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { build, inList, preference, term } from '../test/oracle/literal.ts';
import { buildScript } from './build-script.ts';
import { compareTables, formatDifference } from './compare.ts';
import { missingLine, sandboxLine } from './host.ts';
import { type LabPlan, plan } from './plan.ts';
import { randomNetwork } from './random-network.ts';
import { readBirdRoutes, readBirdSessions } from './read-bird.ts';
import { readKernel } from './read-kernel.ts';
import { renderBird } from './render-bird.ts';
import { renderFrr } from './render-frr.ts';
import { NextHops, predictedTables, type Tables } from './tables.ts';

const network = build({
  devices: {
    A: { as: 65001, originate: ['10.0.0.0/8 med 5 12076:5010'] },
    B: { as: 65002, statics: ['10.1.0.0/16 discard'] },
  },
  edges: { 'A-B': { b: { in: [term([inList('10.0.0.0/8 le 24')], [preference(200)])], inOtherwise: 'reject' } } },
  families: [4],
});

function planned(of: Network): LabPlan {
  const made = plan(of, { prefix: 't' });
  if ('problem' in made) throw new Error(made.problem);
  return made;
}

describe('the plan', () => {
  it('is the same every time', () => {
    expect(planned(network)).toEqual(planned(network));
    const [first, second] = [randomNetwork(7), randomNetwork(7)];
    expect(renderFrr(planned(first))).toEqual(renderFrr(planned(second)));
    expect(renderBird(planned(first))).toEqual(renderBird(planned(second)));
  });

  it('derives addresses, hardware addresses and short names', () => {
    const { nodes, sessions } = planned(network);
    expect(nodes[1]?.interfaces).toEqual([
      {
        link: 0,
        name: 'e0',
        mac: '02:b7:00:00:00:01',
        peerMac: '02:b7:00:00:00:00',
        linkLocal: 'fe80::1:2',
        peerLinkLocal: 'fe80::1:1',
        up: true,
        addresses: ['100.96.0.2/30', '100.64.0.2/30'],
        peerAddresses: ['100.96.0.1', '100.64.0.1'],
      },
    ]);
    expect(sessions[0]?.pairs).toEqual([{ family: 4, addresses: ['100.64.0.1', '100.64.0.2'] }]);
  });

  it('keeps clear of the prefixes of the network', () => {
    const { devices } = network;
    const shifted = devices.map((device, ix) =>
      ix > 0 ? device : { ...device, connected: [{ name: 'hosts', prefixes: [prefix('100.64.3.0/24')], origins: [] }] },
    );
    expect(planned({ ...network, devices: shifted }).sessions[0]?.pairs[0]?.addresses[0]).toBe('198.18.0.1');
  });

  it('holds the distance of a route in the highest byte of its metric', () => {
    const script = buildScript([planned(network)]);
    expect(script.nodes[1]?.shell).toContain('route add blackhole 10.1.0.0/16 metric 16777216\n');
  });

  it('refuses a prefix that could be read as something else', () => {
    expect(plan(network, { prefix: 'x; reboot' })).toEqual({ problem: "'x; reboot' cannot start namespace names" });
  });
});

describe('what a daemon cannot do', () => {
  it('is said', () => {
    const [first] = network.devices;
    if (first === undefined) throw new Error('no device');
    const policies = network.policies.map((policy) => ({
      ...policy,
      name: 'in',
      terms: [{ ...term([]), when: [{ kind: 'as-path-matches' as const, pattern: '^(65001 65002)+$' }] }],
    }));
    expect(renderBird(planned({ ...network, policies })).cannot).toEqual([
      'in: bird has no pattern like ^(65001 65002)+$',
    ]);
    expect(renderFrr(planned(network)).cannot).toEqual([]);
    expect(asn(first.asn)).toBe(65001);
  });
});

const birdText = [
  '1007-Table bgp4:',
  ' 10.0.0.0/8           unicast [s0_4_e 10:53:14.526] * (0) [AS65001i]',
  ' \tvia 100.64.0.1 on e0',
  '1008-\tType: BGP univ',
  '1012-\tBGP.origin: IGP',
  ' \tBGP.as_path: 65001',
  ' \tBGP.next_hop: 100.64.0.1',
  ' \tBGP.med: 5',
  ' \tBGP.local_pref: 200',
  ' \tBGP.community: (12076,5010)',
  '0000 ',
].join('\n');

describe('the comparison', () => {
  const made = planned(network);
  const predicted = predictedTables(converge(network), made);
  const observed = (text: string): Tables => {
    const own = predicted.get(0);
    if (own === undefined) throw new Error('no table of device 0');
    const candidates = readBirdRoutes(text, new NextHops(made));
    const up = readBirdSessions('1002-s0_4_e     BGP        ---        up     10:53:14.506  Established\n');
    return new Map([
      [0, own],
      [
        1,
        {
          candidates,
          up,
          kernel: new Map([
            ['10.0.0.0/8', 'link 0 to 0'],
            ['10.1.0.0/16', 'discard'],
          ]),
        },
      ],
    ]);
  };

  it('finds nothing where the tables agree', () => {
    expect(compareTables(predicted, observed(birdText))).toEqual([]);
  });

  it.each([
    ['BGP.med: 5', 'BGP.med: 6', "med predicted '5', observed '6'"],
    ['local_pref: 200', 'local_pref: 100', "localPreference predicted '200', observed '100'"],
    ['as_path: 65001', 'as_path: 65001 1', "asPath predicted '65001', observed '65001 1'"],
    ['next_hop: 100.64.0.1', 'next_hop: 100.64.0.9', "nextHop predicted 'device 0 on link 0', observed '100.64.0.9'"],
    ['(12076,5010)', '(12076,5011)', "communities predicted '12076:5010', observed '12076:5011'"],
    ['origin: IGP', 'origin: Incomplete', "origin predicted 'igp', observed 'incomplete'"],
    [' * (0)', ' (0)', "best predicted 'true', observed 'false'"],
    ['unicast', 'unreachable', "best predicted 'true', observed 'false'"],
    ['10.0.0.0/8 ', '10.0.0.0/9 ', "presence predicted 'path '65001'', observed 'absent'"],
  ])('sees %s become %s', (before, after, line) => {
    const lines = compareTables(predicted, observed(birdText.replace(before, after))).map((item) =>
      formatDifference(item),
    );
    expect(lines.some((item) => item.endsWith(line))).toBe(true);
  });

  it('sees a session that is down and a device that is silent', () => {
    const tables = new Map(observed(birdText));
    const own = tables.get(1);
    if (own === undefined) throw new Error('no table of device 1');
    expect(compareTables(predicted, new Map([...tables, [1, { ...own, up: new Set<string>() }]]))).toHaveLength(1);
    tables.delete(1);
    expect(compareTables(predicted, tables)).toHaveLength(1);
  });

  it('reads the kernel by its lowest metric, without the wiring', () => {
    const node = made.nodes[1];
    if (node === undefined) throw new Error('no node 1');
    const routes = [
      { dst: '10.0.0.0/8', gateway: '100.64.0.1', dev: 'e0', protocol: 'bird', metric: 20 },
      { type: 'blackhole', dst: '10.0.0.0/8', metric: 4_000_000 },
      { dst: '100.64.0.0/30', dev: 'e0', protocol: 'kernel' },
      { dst: 'default', metric: 20, nexthops: [{ dev: 'e0' }, { dev: 'lo' }] },
    ];
    expect([...readKernel(JSON.stringify(routes), 4, made, node)]).toEqual([
      ['10.0.0.0/8', 'link 0 to 0'],
      ['0.0.0.0/0', 'deliver, link 0 to 0'],
    ]);
  });
});

describe('the probe of the host', () => {
  it('names all that is missing at once', () => {
    const programs = [
      { program: 'bird', debianPackage: 'bird2' },
      { program: 'zebra', debianPackage: 'frr' },
      { program: 'bgpd', debianPackage: 'frr' },
    ];
    expect(missingLine(programs, () => true)).toBeUndefined();
    expect(missingLine(programs, () => false)).toBe(
      'the lab needs bird, zebra, bgpd; on Debian: apt-get install bird2 frr',
    );
  });

  it('explains what the kernel means', () => {
    expect(sandboxLine('unshare failed: No space left on device')).toContain('user.max_user_namespaces');
    expect(sandboxLine('unshare failed: Operation not permitted')).toContain('as root');
  });
});
