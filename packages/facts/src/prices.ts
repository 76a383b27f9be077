// List prices of ExpressRoute in USD, as of 2026-07-21 (ER-197 to ER-202). They are a third party's extract of the Azure
// retail price service, so indicative only; what was not found is listed and stays undefined. Nothing is computed here:
// bills and break-even points belong to planning.

import data from '../data/prices.json' with { type: 'json' };
import { type BillingPlan, billingPlans, circuitSkus, type Quantity } from './limits.ts';
import type { CircuitSku } from './reach.ts';
import { oneOf } from './rows.ts';
import { type SourceRef, sourceOf } from './source.ts';

/** Zone of the peering location (ER-190); US Government has prices of its own, China none that were found. */
export type BillingZone = 1 | 2 | 3 | 4 | 'usgov';

export const billingZones: readonly BillingZone[] = [1, 2, 3, 4, 'usgov'];

/** `value` is USD per month. */
export interface CircuitPrice extends Quantity {
  readonly sku: CircuitSku;
  readonly billing: BillingPlan;
  readonly bandwidthMbps: number;
  readonly zone: BillingZone;
  /** What the pattern of all other cells would give, where this cell breaks it (ER-197). */
  readonly expectedByPattern: number | undefined;
}

/** Premium minus Standard, USD per month (ER-198). */
export interface PremiumSurcharge extends Quantity {
  readonly bandwidthMbps: number;
  readonly zone: BillingZone;
}

/** Metered outbound data, USD per GB. */
export interface OutboundPrice extends Quantity {
  readonly zone: BillingZone;
}

/** USD per hour. */
export interface GatewayPrice extends Quantity {
  readonly sku: string;
  readonly per: 'gateway' | 'scale unit';
  /** Azure region id; undefined where the source names none. */
  readonly azureRegion: string | undefined;
  readonly source: SourceRef;
  readonly date: string;
}

export interface ChargeKind {
  readonly charge: string;
  readonly metered: string;
  readonly unlimited: string;
  readonly local: string;
  readonly fact: string;
}

export interface CircuitPriceQuestion {
  readonly sku: CircuitSku;
  readonly billing: BillingPlan;
  readonly bandwidthMbps: number;
  readonly zone: BillingZone;
}

interface ZoneColumns {
  readonly zone1: number | null;
  readonly zone2: number | null;
  readonly zone3: number | null;
  readonly zone4: number | null;
  readonly usgov: number | null;
}

interface GatewayPriceRow {
  readonly sku: string;
  readonly per: string;
  readonly azureRegion?: string | undefined;
  readonly value: number;
  readonly fact: string;
  readonly source: string;
  readonly date: string;
}

interface ZonePrice {
  readonly zone: BillingZone;
  readonly value: number;
}

function cellsOf(row: ZoneColumns): readonly ZonePrice[] {
  const columns: readonly (readonly [BillingZone, number | null])[] = [
    [1, row.zone1],
    [2, row.zone2],
    [3, row.zone3],
    [4, row.zone4],
    ['usgov', row.usgov],
  ];
  return columns.flatMap(([zone, value]) => (value === null ? [] : [{ zone, value }]));
}

function expectedByPattern(sku: string, billing: string, bandwidthMbps: number, zone: BillingZone): number | undefined {
  return data.doubtful.find(
    (cell) =>
      cell.sku === sku && cell.billing === billing && cell.bandwidthMbps === bandwidthMbps && cell.zone === zone,
  )?.expected;
}

const gatewayRows: readonly GatewayPriceRow[] = data.gatewaysPerHour;

export const prices = {
  currency: 'USD',
  /** Day of the extract; gateway prices may carry a date of their own. */
  date: data.date,
  /** An earlier extract with the same figures. */
  sameOn: data.sameOn,
  source: sourceOf(data.source, 'prices'),
  /** To be shown wherever a price is shown. */
  caveat: data.caveat,
  circuits: data.circuitsPerMonth.flatMap((row): readonly CircuitPrice[] =>
    cellsOf(row).map(({ zone, value }) => ({
      sku: oneOf(row.sku, circuitSkus, 'circuitsPerMonth'),
      billing: oneOf(row.billing, billingPlans, 'circuitsPerMonth'),
      bandwidthMbps: row.bandwidthMbps,
      zone,
      value,
      unit: 'USD per month',
      fact: row.fact,
      expectedByPattern: expectedByPattern(row.sku, row.billing, row.bandwidthMbps, zone),
    })),
  ),
  premiumSurcharges: data.premiumSurchargePerMonth.flatMap((row): readonly PremiumSurcharge[] =>
    cellsOf(row).map(({ zone, value }) => ({
      bandwidthMbps: row.bandwidthMbps,
      zone,
      value,
      unit: 'USD per month',
      fact: row.fact,
    })),
  ),
  outbound: data.outboundPerGigabyte.flatMap((row): readonly OutboundPrice[] =>
    cellsOf(row).map(({ zone, value }) => ({ zone, value, unit: 'USD per GB', fact: row.fact })),
  ),
  gateways: gatewayRows.map(
    (row): GatewayPrice => ({
      sku: row.sku,
      per: oneOf(row.per, ['gateway', 'scale unit'], 'gatewaysPerHour'),
      azureRegion: row.azureRegion,
      value: row.value,
      unit: 'USD per hour',
      fact: row.fact,
      source: sourceOf(row.source, 'gatewaysPerHour'),
      date: row.date,
    }),
  ),
  /** Range an exchange operator quotes for metered egress, per GB and in its own currency: a plausibility check only. */
  outboundQuotedByExchange: data.egressQuotedByExchange.map((row) => ({
    ...row,
    source: sourceOf(row.source, 'egressQuotedByExchange'),
  })),
  /** Which kinds of charge apply to which billing plan. */
  charges: data.charges satisfies readonly ChargeKind[],
  /** Looked for without result (ER-201). */
  notFound: data.notFound.map((row) => row.item),
} as const;

/** Undefined: no list price was found (Local below 1 Gbps, Local in zone 4, any circuit above 10 Gbps, China). */
export function circuitPrice(question: CircuitPriceQuestion): CircuitPrice | undefined {
  return prices.circuits.find(
    (price) =>
      price.sku === question.sku &&
      price.billing === question.billing &&
      price.bandwidthMbps === question.bandwidthMbps &&
      price.zone === question.zone,
  );
}

export function outboundPrice(zone: BillingZone): OutboundPrice | undefined {
  return prices.outbound.find((price) => price.zone === zone);
}
