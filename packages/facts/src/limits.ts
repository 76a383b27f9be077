// Figures about ExpressRoute and Power Platform as tables: limits, timers, bandwidths, SKUs, gateways. Every figure names
// the fact it belongs to, and through it document, date and confidence. Link limits above 100 Gbps are unpublished
// (ER-246). No figure here is computed.

import data from '../data/limits.json' with { type: 'json' };
import type { CircuitSku } from './reach.ts';
import { oneOf } from './rows.ts';

export interface Quantity {
  readonly value: number;
  /** 's', 'ms', 'percent', 'prefixes', 'Mbps', 'prefix length' ... */
  readonly unit: string;
  /** Fact id. */
  readonly fact: string;
}

function quantities<const T extends { readonly [name: string]: Quantity }>(
  table: T,
): { readonly [Name in keyof T]: Quantity } {
  return table;
}

/** Ceilings and defaults of circuits, peerings, gateways; also thresholds of the guidance texts. */
export const limits = quantities(data.limits);

/** Protocol timers, detection and convergence times on Microsoft's side. */
export const timers = quantities(data.timers);

/** Guidance and limits of Power Platform itself: clients, flows, gateways, delegated subnets. */
export const sizing = quantities(data.sizing);

export interface BandwidthSteps {
  readonly offer: 'provider' | 'direct';
  /** Speed of one port of the pair, Direct only. */
  readonly portMbps: number | undefined;
  /** Ascending. */
  readonly stepsMbps: readonly number[];
  readonly fact: string;
}

interface BandwidthRow {
  readonly offer: string;
  readonly portMbps?: number | undefined;
  readonly stepsMbps: readonly number[];
  readonly fact: string;
}

const bandwidthRows: readonly BandwidthRow[] = data.bandwidthSteps;

/** Circuit bandwidths on offer: through a provider, and per Direct port speed. */
export const bandwidthSteps: readonly BandwidthSteps[] = bandwidthRows.map((row) => ({
  offer: oneOf(row.offer, ['provider', 'direct'], 'bandwidthSteps'),
  portMbps: row.portMbps,
  stepsMbps: row.stepsMbps,
  fact: row.fact,
}));

export interface NetworkLinkLimit {
  readonly bandwidthMbps: number;
  /** Virtual networks that can be linked to a Local or Standard circuit. */
  readonly standard: number;
  readonly premium: number;
  readonly fact: string;
}

export const networkLinkLimits: readonly NetworkLinkLimit[] = data.networkLinks;

export interface SkuFigures {
  readonly sku: CircuitSku;
  readonly reach: string;
  readonly billing: readonly BillingPlan[];
  /** Microsoft 365 over Microsoft peering; for Local this is inferred. Authorisation is needed besides. */
  readonly microsoft365: boolean;
  readonly globalReach: string;
  /** IPv4 prefixes accepted on private peering. */
  readonly privatePrefixes4: number;
  /** Smallest bandwidth with a list price. */
  readonly smallestBandwidthMbps: number;
  readonly facts: readonly string[];
}

export type BillingPlan = 'metered' | 'unlimited';

export const billingPlans: readonly BillingPlan[] = ['metered', 'unlimited'];

export const circuitSkus: readonly CircuitSku[] = ['local', 'standard', 'premium'];

export const skuFigures: readonly SkuFigures[] = data.skus.map((row) => ({
  ...row,
  sku: oneOf(row.sku, circuitSkus, 'skus'),
  billing: row.billing.map((plan) => oneOf(plan, billingPlans, 'skus')),
}));

/** Best-case ceilings per gateway instance of a fixed SKU. */
export interface GatewayFigures {
  readonly sku: string;
  /** Name of the zone-redundant variant with the same figures. */
  readonly zonalSku: string;
  readonly throughputMbps: number;
  readonly packetsPerSecond: number;
  readonly virtualMachines: number;
  readonly flows: number;
  /** Routes the gateway can learn. */
  readonly routes: number;
  /** Circuits that can be linked. */
  readonly circuits: number;
  readonly fastPath: boolean;
  readonly fact: string;
}

export const gatewayFigures: readonly GatewayFigures[] = data.gateways;

/** Best-case ceilings of ErGwScale, per scale unit within a range of units. */
export interface ScalableGatewayFigures {
  readonly unitsFrom: number;
  readonly unitsTo: number;
  readonly throughputMbpsPerUnit: number;
  readonly packetsPerSecondPerUnit: number;
  readonly virtualMachinesPerUnit: number;
  readonly flowsPerUnit: number;
  /** For the whole gateway, whatever the number of units. */
  readonly routesInTotal: number;
  readonly fact: string;
}

export const scalableGatewayFigures: readonly ScalableGatewayFigures[] = data.scalableGateway;

/** Circuits and FastPath of ErGwScale from a number of scale units on; the last row that applies counts. */
export interface ScalableGatewayStep {
  readonly unitsFrom: number;
  readonly circuits: number;
  readonly fastPath: boolean;
  readonly fact: string;
}

export const scalableGatewaySteps: readonly ScalableGatewayStep[] = data.scalableGatewayCircuits;

/** Azure region ids without ErGwScale in November 2025 (ER-172). */
export const regionsWithoutScalableGateway: readonly string[] = data.withoutScalableGateway.azureRegions;

/** ISO 3166-1 alpha-2 codes of countries and territories with Global Reach, about 2023 (ER-180). */
export const globalReachCountries: readonly string[] = data.globalReach.countries;

/** AS numbers with a meaning on ExpressRoute; ranges may lie inside one another (65515 inside the private ones). */
export interface AsnRange {
  readonly from: number;
  readonly to: number;
  readonly use: string;
  readonly fact: string;
}

export const asnRanges: readonly AsnRange[] = data.asnRanges;

export const trafficClasses = ['voice', 'interactive', 'default'] as const;

/** What traffic is marked as on its way; 'default' is best effort. */
export type TrafficClass = (typeof trafficClasses)[number];

export interface DscpClass {
  readonly class: TrafficClass;
  /** Per-hop behaviour: 'EF', 'AF41'. */
  readonly name: string;
  /** Six-bit value. */
  readonly dscp: number;
  readonly workload: string;
  readonly fact: string;
}

/** The only markings honoured on Microsoft peering. */
export const dscpClasses: readonly DscpClass[] = data.dscpClasses.map((row) => ({
  ...row,
  class: oneOf(row.class, trafficClasses, row.name),
}));

export type ResilienceLevelName = 'standard' | 'high' | 'maximum';

export interface ResilienceLevel {
  readonly level: ResilienceLevelName;
  readonly circuits: number;
  /** Peering locations. */
  readonly locations: number;
  /** Buildings in which the links end. */
  readonly sites: number;
  readonly survives: string;
  readonly advice: string;
  readonly fact: string;
}

export const resilienceLevels: readonly ResilienceLevel[] = data.resilienceLevels.map((row) => ({
  ...row,
  level: oneOf(row.level, ['standard', 'high', 'maximum'], 'resilienceLevels'),
}));

/** Ways by which the routes of a gateway arrive, the best first. */
const resiliencyRouteWays = ['two-locations', 'metro', 'one-location', 'lost-link'] as const;

export type ResiliencyRouteWay = (typeof resiliencyRouteWays)[number];

/** The published table behind the resiliency index of a gateway; points of 100. */
export interface ResiliencyIndexTable {
  readonly routes: readonly { readonly through: ResiliencyRouteWay; readonly points: number; readonly fact: string }[];
  /** `lowest`: in one zone; `highest`: over several. */
  readonly gateways: readonly {
    readonly sku: string;
    readonly lowest: number;
    readonly highest: number;
    readonly fact: string;
  }[];
  /** ErGwScale, ascending by the scale units a row starts at. */
  readonly scalableGateway: readonly { readonly unitsFrom: number; readonly points: number; readonly fact: string }[];
  /** What a test of both locations multiplies the routes' part by, for so many days; then by 1. */
  readonly tests: readonly { readonly daysTo: number; readonly times: number; readonly fact: string }[];
  /** Where Azure gives no further advice. */
  readonly withoutAdvice: { readonly points: number; readonly fact: string };
}

export const resiliencyIndexTable: ResiliencyIndexTable = {
  ...data.resiliencyIndex,
  routes: data.resiliencyIndex.routes.map((row) => ({
    ...row,
    through: oneOf(row.through, resiliencyRouteWays, 'resiliencyIndex'),
  })),
};
