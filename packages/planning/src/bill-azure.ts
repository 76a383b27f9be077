/**
 * What Microsoft charges: circuits by SKU, billing, bandwidth and zone, data out of metered ones, ports of ExpressRoute
 * Direct, Global Reach, gateways of virtual networks (ER-156, ER-178, ER-190 to ER-195).
 */
import type { Circuit, Estate, VirtualNetwork } from '@bothways/estate';
import { findPeeringLocation, type PriceZone, zoneText } from '@bothways/facts';
import { type BillItem, counted, HOURS_OF_A_MONTH, type MonthlyVolume, type Quantity } from './bill-item.ts';
import { missingPrice, type PriceBook, zoneOfLocation } from './price.ts';
import { exact, product, quotient, ZERO } from './price-money.ts';

const FROM_THE_KEY = 'from the day the service key is issued until the circuit is deleted (ER-182, ER-183)';
const FROM_THE_PORTS =
  'from 45 days after creation, or from the first link enabled, until the ports are deleted (ER-156)';

export function azureLines(
  estate: Estate,
  book: PriceBook,
  volumes: ReadonlyMap<string, MonthlyVolume>,
  everyZone: PriceZone | undefined,
  setUpMonths: number,
): readonly BillItem[] {
  return [
    ...estate.circuits.flatMap((circuit) => {
      const zone = everyZone ?? zoneOfLocation(circuit.location);
      const lines = circuitLines(circuit, zone, book, volumes.get(circuit.name));
      return [...lines, ...lines.flatMap((line) => beforeUse(line, setUpMonths))];
    }),
    ...globalReachLines(estate, book),
    ...estate.vnets.flatMap((vnet) => vnetLines(vnet, book)),
  ];
}

function circuitLines(
  circuit: Circuit,
  zone: PriceZone | undefined,
  book: PriceBook,
  volume: MonthlyVolume | undefined,
): readonly BillItem[] {
  const { name, sku, billing, bandwidth, location, direct } = circuit;
  const common = { party: 'microsoft', subject: `circuit ${name}`, period: 'month' } as const;
  const noZone = missingPrice('circuit', 'circuit', 'month', 'the zone of the location is not known', 'ER-190');
  const items: BillItem[] = [];
  const where = `${findPeeringLocation(location)?.name ?? location}, ${zone === undefined ? 'no zone known' : zoneText(zone)}`;
  if (direct !== undefined) {
    const ports = book.directPorts(direct.portSpeed);
    items.push({
      ...common,
      id: `circuits.${name}/ports`,
      what: ports.what,
      quantity: counted(1, '1 pair of ports, taken to be this circuit’s own'),
      price: ports,
      billed: FROM_THE_PORTS,
      facts: ['ER-152', 'ER-156'],
    });
    // Standard and Local circuits on the ports cost nothing extra.
    if (sku === 'premium') {
      const premium = book.other('direct-premium');
      items.push({
        ...common,
        id: `circuits.${name}/fee`,
        what: premium.what,
        quantity: counted(1, '1 circuit'),
        price: premium,
        billed: FROM_THE_KEY,
        facts: ['ER-156'],
      });
    }
  } else {
    items.push({
      ...common,
      id: `circuits.${name}/fee`,
      what: `${capital(sku)} circuit, ${billing}, ${bandwidth / 1e6} Mbps, ${where}`,
      quantity: counted(1, '1 circuit, both links included'),
      price: zone === undefined ? noZone : book.circuit({ sku, billing, bandwidth, zone }),
      billed: FROM_THE_KEY,
      facts: ['ER-182', 'ER-190', 'ER-197'],
    });
  }
  if (billing === 'metered' && sku !== 'local') {
    items.push({
      ...common,
      id: `circuits.${name}/data-out`,
      what: `data out of Microsoft, ${where}`,
      quantity: volumeQuantity(volume ?? volumeUpTo(bandwidth)),
      price: zone === undefined ? noZone : book.outbound(zone),
      billed: undefined,
      facts: ['ER-192', 'ER-193', 'ER-199'],
    });
  }
  return items;
}

/** Microsoft charges from the service key on, and a provider takes its time: months that are paid and not used. */
function beforeUse(line: BillItem, months: number): readonly BillItem[] {
  if (months === 0 || !line.id.endsWith('/fee')) return [];
  return [
    {
      ...line,
      id: line.id.replace('/fee', '/before-use'),
      what: `${line.what}, before the first packet`,
      period: 'once',
      quantity: counted(
        months,
        `${months} ${months === 1 ? 'month' : 'months'} from the service key to the first packet`,
      ),
    },
  ];
}

function volumeQuantity({ low, high, basis, text }: MonthlyVolume): Quantity {
  return { low, high, text, basis: basis === 'measured' ? 'exact' : basis === 'demands' ? 'assumed' : 'unknown' };
}

/** GB in a month of one direction at full rate: 1 Gbps are 328,500 (ER-199). */
export function fullMonth(bandwidth: number): MonthlyVolume['high'] {
  return quotient(product(exact(bandwidth), exact(HOURS_OF_A_MONTH * 3600)), exact(8e9));
}

/** Nobody knows the volume: between nothing and one direction of the circuit at full rate all month. */
export function volumeUpTo(bandwidth: number): MonthlyVolume {
  return {
    low: ZERO,
    high: fullMonth(bandwidth),
    basis: 'unknown',
    text: `anything up to the full rate for ${HOURS_OF_A_MONTH} hours: no demand with a rate and no volume says how much`,
  };
}

/** One add-on for every circuit that takes part, and data that nobody has counted. */
function globalReachLines({ circuits }: Estate, book: PriceBook): readonly BillItem[] {
  const joined = circuits.filter(
    ({ name, globalReach }) => globalReach.length > 0 || circuits.some((other) => other.globalReach.includes(name)),
  );
  return joined.flatMap(({ name, bandwidth }): readonly BillItem[] => {
    const common = { party: 'microsoft', subject: `circuit ${name}`, period: 'month', billed: undefined } as const;
    const [addOn, data] = [book.other('global-reach'), book.other('global-reach-data')];
    return [
      {
        ...common,
        id: `circuits.${name}/global-reach`,
        what: addOn.what,
        quantity: counted(1, '1 circuit'),
        price: addOn,
        facts: ['ER-178', 'ER-201'],
      },
      {
        ...common,
        id: `circuits.${name}/global-reach-data`,
        what: data.what,
        quantity: {
          low: ZERO,
          high: product(fullMonth(bandwidth), exact(2)),
          text: 'anything up to the full rate in both directions: data between sites is not among the demands',
          basis: 'unknown',
        },
        price: data,
        facts: ['ER-178', 'ER-201'],
      },
    ];
  });
}

function vnetLines({ name, region, gateway, natGateway }: VirtualNetwork, book: PriceBook): readonly BillItem[] {
  const common = { party: 'microsoft', subject: `virtual network ${name}`, period: 'month' } as const;
  const items: BillItem[] = [];
  if (gateway !== undefined) {
    const { sku, scaleUnits } = gateway;
    const isVpn = /^Vpn/i.test(sku) || sku === 'Basic';
    const price = isVpn ? book.other('vpn-gateway') : book.gateway(sku, region);
    const units = sku === 'ErGwScale' ? (scaleUnits ?? 1) : 1;
    const unit = sku === 'ErGwScale' ? (units === 1 ? 'scale unit' : 'scale units') : 'gateway';
    items.push({
      ...common,
      id: `azure.vnets.${name}/gateway`,
      what: `gateway ${sku} in ${region}`,
      quantity: counted(units * HOURS_OF_A_MONTH, `${units} ${unit} for ${HOURS_OF_A_MONTH} hours`),
      price,
      billed: 'until the gateway is deleted, with or without a circuit (ER-194)',
      facts: ['ER-194', 'ER-200'],
    });
  }
  if (natGateway) {
    items.push({
      ...common,
      id: `azure.vnets.${name}/nat-gateway`,
      what: 'NAT gateway, without its data',
      quantity: counted(HOURS_OF_A_MONTH, `1 gateway for ${HOURS_OF_A_MONTH} hours`),
      price: book.other('nat-gateway'),
      billed: undefined,
      facts: [],
    });
  }
  return items;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
