/** What fails or is taken down together, what it costs where the facts are not enough, and which findings are accepted. */
import type { Money, Path } from './model-values.ts';

/** Things that fail together: a shared conduit, a building, a provider. */
export interface FailureGroup {
  readonly name: string;
  readonly path: Path;
  /** Names of links, devices, circuits, sites, edges, providers, peering locations. */
  readonly elements: readonly string[];
}

export interface MaintenanceWindow {
  readonly name: string;
  readonly path: Path;
  readonly elements: readonly string[];
  /** `drain`: traffic is led away by longer AS paths first (ER-149). `down`: it is switched off. */
  readonly kind: 'drain' | 'down';
}

/** Prices of the customer, beside the list prices of the facts. */
export interface PriceOverrides {
  readonly path: Path;
  /** ISO 4217 code of the currency that sums are shown in. */
  readonly currency: string;
  /** How much of a currency one US dollar buys; list prices are in US dollars. */
  readonly exchangeRates: readonly { readonly currency: string; readonly perUsDollar: number; readonly path: Path }[];
  /** Fraction off the list prices of Microsoft, 0 to 1. */
  readonly microsoftDiscount: number;
  /** Charges of connectivity and WAN providers, where circuits and links do not say their own. */
  readonly providers: readonly ProviderPrice[];
  /** Per Mbps and month of WAN links without a price of their own. */
  readonly wanPerMbps: Money | undefined;
  /** Per Mbps and month of internet edges without a price of their own. */
  readonly internetPerMbps: Money | undefined;
  /** Own work on routing and operation. */
  readonly internal: ChargedAmounts;
  /** Unit prices that go before the list prices, by the names of the facts package. */
  readonly overrides: readonly { readonly name: string; readonly money: Money; readonly path: Path }[];
  /** Gigabytes (10^9 bytes) that leave Microsoft over a circuit in a month, measured. */
  readonly volumes: readonly { readonly circuit: string; readonly gigabytes: number; readonly path: Path }[];
  /** Hours of a month in which demands have their average rate; undefined: nobody said. */
  readonly trafficHours: number | undefined;
}

/** Kinds of things that fail, as the availability of a document names them. */
export type AvailabilityKind = (typeof AVAILABILITY_KINDS)[number];

export const AVAILABILITY_KINDS = [
  'site',
  'device',
  'firewall-member',
  'proxy',
  'link',
  'edge',
  'port',
  'msee',
  'circuit',
  'facility',
  'peering-location',
  'metro',
  'provider',
  'declared',
] as const;

/** How much of the time things of a kind, or one of them, are up. */
export interface StatedAvailability {
  readonly kind: AvailabilityKind;
  /** undefined: of every thing of the kind that has no availability of its own. */
  readonly name: string | undefined;
  /** 0 to 1. */
  readonly fraction: number;
  readonly path: Path;
}

export interface ChargedAmounts {
  readonly once: Money | undefined;
  readonly monthly: Money | undefined;
}

export interface ProviderPrice extends ChargedAmounts {
  readonly provider: string;
  readonly path: Path;
}

/** A finding that is known and taken on. */
export interface AcceptedRisk {
  readonly name: string;
  readonly path: Path;
  /** Rule id, e.g. `nat/shared-pool`. */
  readonly rule: string;
  /** Path text of what it is accepted for, e.g. `circuits.er-fra`; `undefined`: everywhere. */
  readonly where: string | undefined;
  readonly because: string;
  /** ISO date of the last day. */
  readonly until: string | undefined;
}
