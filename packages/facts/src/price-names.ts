// The names that unit prices go by, in bills and in the `prices.overrides` of a document: one for every price that a bill
// may need, whether or not a source has a figure for it. Names only; the figures are in prices.ts.

import { bandwidthSteps, billingPlans, circuitSkus, gatewayFigures } from './limits.ts';
import { type BillingZone, billingZones } from './prices.ts';
import type { CircuitSku } from './reach.ts';

/** A billing zone, or Azure China, for which no price was found (ER-201). */
export type PriceZone = BillingZone | 'china';

export interface PriceName {
  readonly name: string;
  /** What it is the price of. */
  readonly what: string;
  readonly per: 'month' | 'hour' | 'GB' | 'once';
}

export const priceZones: readonly PriceZone[] = [...billingZones, 'china'];

/** 'zone 1', 'US Government', 'Azure China'. */
export function zoneText(zone: PriceZone): string {
  return zone === 'usgov' ? 'US Government' : zone === 'china' ? 'Azure China' : `zone ${zone}`;
}

function zonePart(zone: PriceZone): string {
  return typeof zone === 'number' ? `zone${zone}` : zone;
}

/** 'circuit-premium-unlimited-1000-zone1': fee of a circuit through a provider. */
export function circuitPriceName(sku: CircuitSku, billing: string, bandwidthMbps: number, zone: PriceZone): string {
  return `circuit-${sku}-${billing}-${bandwidthMbps}-${zonePart(zone)}`;
}

/** 'outbound-zone1': data out of Microsoft on a metered circuit. */
export function outboundPriceName(zone: PriceZone): string {
  return `outbound-${zonePart(zone)}`;
}

/** 'gateway-ErGw1AZ': virtual network gateway. */
export function gatewayPriceName(sku: string): string {
  return `gateway-${sku}`;
}

/** 'direct-10000': a pair of ports, by the speed of one port in Mbps. */
export function directPriceName(portMbps: number): string {
  return `direct-${portMbps}`;
}

function circuitNames(): readonly PriceName[] {
  const steps = bandwidthSteps.find(({ offer }) => offer === 'provider')?.stepsMbps ?? [];
  return circuitSkus.flatMap((sku) =>
    billingPlans.flatMap((billing) =>
      steps.flatMap((mbps) =>
        priceZones.map(
          (zone): PriceName => ({
            name: circuitPriceName(sku, billing, mbps, zone),
            what: `${sku} circuit, ${billing}, ${mbps} Mbps, ${zoneText(zone)}`,
            per: 'month',
          }),
        ),
      ),
    ),
  );
}

const gatewaySkus = [...new Set(gatewayFigures.flatMap(({ sku, zonalSku }) => [sku, zonalSku]))];
const portSpeeds = bandwidthSteps.flatMap(({ portMbps }) => portMbps ?? []);

const all: readonly PriceName[] = [
  ...circuitNames(),
  ...priceZones.map(
    (zone): PriceName => ({ name: outboundPriceName(zone), what: `data out, metered, ${zoneText(zone)}`, per: 'GB' }),
  ),
  ...portSpeeds.map(
    (mbps): PriceName => ({
      name: directPriceName(mbps),
      what: `pair of ExpressRoute Direct ports of ${mbps / 1000} Gbps`,
      per: 'month',
    }),
  ),
  { name: 'direct-premium', what: 'Premium for one circuit on ExpressRoute Direct', per: 'month' },
  { name: 'global-reach', what: 'Global Reach add-on of one circuit', per: 'month' },
  {
    name: 'global-reach-data',
    what: 'data over Global Reach, counted where it leaves and where it arrives',
    per: 'GB',
  },
  ...gatewaySkus.map(
    (sku): PriceName => ({ name: gatewayPriceName(sku), what: `virtual network gateway ${sku}`, per: 'hour' }),
  ),
  {
    name: gatewayPriceName('ErGwScale'),
    what: 'one scale unit of the virtual network gateway ErGwScale',
    per: 'hour',
  },
  { name: 'vpn-gateway', what: 'VPN gateway of a virtual network', per: 'hour' },
  { name: 'nat-gateway', what: 'NAT gateway of a virtual network, without its data', per: 'hour' },
  { name: 'circuit-provider', what: 'connectivity provider, one circuit', per: 'month' },
  { name: 'circuit-provider-once', what: 'connectivity provider, setting up one circuit', per: 'once' },
  { name: 'cross-connect', what: 'one cross-connect in the building of the peering location', per: 'month' },
  { name: 'cross-connect-once', what: 'setting up one cross-connect', per: 'once' },
  { name: 'line', what: 'one WAN or internet line', per: 'month' },
  { name: 'firewall', what: 'one firewall or translating box', per: 'month' },
  { name: 'router', what: 'one customer edge router', per: 'month' },
];

const byName = new Map(all.map((each) => [each.name, each]));

/** Every unit price that a bill may ask for. */
export function priceNames(): readonly PriceName[] {
  return all;
}

export function priceName(name: string): PriceName | undefined {
  return byName.get(name);
}
