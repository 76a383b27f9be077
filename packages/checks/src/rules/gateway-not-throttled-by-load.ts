/** The gateway is the narrowest part of private peering more often than the circuit. */
import { formatBandwidth, type VirtualNetwork, type VnetGateway } from '@bothways/estate';
import { privatePeering } from '../example-parts.ts';
import { throughputOf } from '../gateway-throughput.ts';
import { loadedNetwork } from '../measures.ts';
import { defineRule, example } from '../rule.ts';

interface Throttled {
  readonly vnet: VirtualNetwork;
  readonly gateway: VnetGateway;
  /** Bits per second. */
  readonly asked: number;
  readonly carries: number;
}

const copies = (rate: string) =>
  ['demands:\n', `demands:\n  copies: { flows: [PP-F62], from: [hq], to: west, rate: { total: ${rate} } }\n`] as const;

export const gatewayNotThrottledByLoad = defineRule<Throttled>({
  name: 'gateway-not-throttled-by-load',
  title: 'The demands ask more of a gateway than its size carries',
  family: 'load and latency',
  severity: 'warning',
  ids: ['CHK-ALZ-10', 'CHK-WAF-P02', 'CHK-WAF-C03', 'ER-165', 'ER-167'],
  what: 'Adds up what the demands put on the connections between circuits and each gateway, in the fuller direction, and compares the least of it with the best-case throughput of the size of the gateway.',
  why: 'A gateway has a hard ceiling without bursts: what comes on top is dropped for every network behind it.',
  fix: 'choose a larger size, add scale units, or let heavy transfers take another way',
  status: 'preview',
  since: '0.1.0',
  fires: example('a copy of 2 Gbps through ErGw1AZ', ...privatePeering(), copies('2 Gbps')),
  silent: example('a copy of 200 Mbps', ...privatePeering(), copies('200 Mbps')),
  find: (view) => {
    const { network } = view.compiled;
    return view.estate.vnets.flatMap((vnet) => {
      const { gateway } = vnet;
      const device = network.devices.find(
        ({ role, name }) => role === 'vnet-gateway' && name === `${vnet.name}-gateway`,
      );
      const carries = gateway === undefined ? undefined : throughputOf(gateway);
      if (device === undefined || gateway === undefined || carries === undefined) return [];
      const sums = [0, 0];
      for (const link of network.links) {
        const far = link.a === device.ix ? link.b : link.b === device.ix ? link.a : undefined;
        if (far === undefined || network.devices[far]?.role !== 'msee') continue;
        for (const [at, { load }] of (loadedNetwork(view).byLink.get(link.ix) ?? []).entries()) {
          sums[at] = (sums[at] ?? 0) + load.low;
        }
      }
      const asked = Math.max(...sums);
      return asked > carries ? [{ vnet, gateway, asked, carries }] : [];
    });
  },
  word: ({ vnet, gateway, asked, carries }) => ({
    message: `the demands ask ${formatBandwidth(asked)} of the gateway of ${vnet.name}, and ${gateway.sku} carries ${formatBandwidth(carries)} at best`,
    path: gateway.path,
  }),
});
