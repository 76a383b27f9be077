/** A gateway throttles a circuit that is larger than it. */
import { type Circuit, formatBandwidth, type VirtualNetwork, type VnetGateway } from '@bothways/estate';
import { privatePeering } from '../example-parts.ts';
import { throughputOf } from '../gateway-throughput.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Throttled {
  readonly circuit: Circuit;
  readonly vnet: VirtualNetwork;
  readonly gateway: VnetGateway;
  /** Bits per second, best case. */
  readonly carries: number;
}

export const gatewayCarriesItsCircuit = defineRule<Throttled>({
  name: 'gateway-carries-its-circuit',
  title: 'A gateway is slower than the circuit linked to it',
  family: 'virtual networks',
  severity: 'note',
  ids: ['CHK-ALZ-10', 'CHK-WAF-R11', 'CHK-WAF-C03', 'CHK-WAF-P02', 'ER-165', 'ER-167'],
  what: 'Compares the best-case throughput of each gateway size with the bandwidth of the circuits linked to it.',
  why: 'The gateway has a hard ceiling without bursts; what the circuit could carry beyond it is paid for and dropped.',
  fix: 'choose a larger gateway, or check that private peering needs only part of the circuit',
  status: 'stable',
  since: '0.1.0',
  fires: example('ErGw1AZ behind 2 Gbps', ...privatePeering(), ['bandwidth: 500 Mbps', 'bandwidth: 2 Gbps']),
  silent: example('ErGw1AZ behind 500 Mbps', ...privatePeering()),
  find: (view) => {
    const vnets = new Map(view.estate.vnets.map((each) => [each.name, each]));
    return view.estate.circuits.flatMap((circuit) =>
      (circuit.privatePeering?.vnets ?? []).flatMap((name) => {
        const vnet = vnets.get(name);
        const gateway = vnet?.gateway;
        const carries = gateway === undefined ? undefined : throughputOf(gateway);
        return vnet === undefined || gateway === undefined || carries === undefined || carries >= circuit.bandwidth
          ? []
          : [{ circuit, vnet, gateway, carries }];
      }),
    );
  },
  word: ({ circuit, vnet, gateway, carries }, view) => ({
    message: `the gateway of ${vnet.name} (${gateway.sku}) carries ${formatBandwidth(carries)} at best, circuit ${circuit.name} ${formatBandwidth(circuit.bandwidth)}`,
    path: gateway.path,
    related: [{ message: 'the circuit', place: placeOf(view, [...circuit.path, 'bandwidth']) }],
  }),
});
