/**
 * What a plan can choose from: where circuits may land for an estate with requirements, what they cost there, and which
 * sites may use them.
 *
 * A candidate is a hub (a new one in the city of a peering location, or a site of the document) with a circuit to one
 * peering location. Of the locations of one metro a single one stands for all: two circuits into one metro would share
 * its fate, and they cost the same (which also takes the symmetry out of the model). Latencies are estimates from
 * coordinates, the ones the engine uses where nothing is stated. Prices that nobody states count as nothing and are
 * listed.
 */
import type { Estate, Requirements, Site } from '@bothways/estate';
import {
  azureRegion,
  bandwidthSteps,
  type Coordinates,
  estimatedLatency,
  type PeeringLocation,
  peeringLocations,
  reachOf,
} from '@bothways/facts';
import { HOURS_OF_A_MONTH } from './bill-item.ts';
import type { PlaceOffer, PlaceProblem } from './model.ts';
import { type PriceBook, priceBook, type UnitPrice, zoneOfLocation } from './price.ts';
import { approximate } from './price-money.ts';

/** A site that sends something, with what it needs. */
export interface PlanSite {
  readonly site: Site;
  /** Bits per second in the busy hour. */
  readonly demand: number;
  /** Must keep to circuits. */
  readonly private: boolean;
}

export interface CircuitOffer {
  /** Bits per second. */
  readonly bandwidth: number;
  readonly sku: 'local' | 'standard' | 'premium';
  readonly billing: 'metered' | 'unlimited';
}

export interface Candidate {
  /** Of the location, 'frankfurt'; or the name of the site that is the hub. */
  readonly id: string;
  /** Site of the document; undefined: a new hub in the city of the location. */
  readonly hub: Site | undefined;
  readonly coordinates: Coordinates;
  readonly location: PeeringLocation;
  /** That may be asked and are at the location, cheapest first. */
  readonly providers: readonly string[];
  /** By position in the offers of the problem. */
  readonly offers: readonly CircuitOffer[];
  readonly prices: readonly PlaceOffer[];
}

/** Requirements that can be left out to see whether they are what makes a plan impossible. */
export type RequirementKind =
  | 'countries'
  | 'providers'
  | 'locations'
  | 'hubs'
  | 'private'
  | 'latency'
  | 'survives'
  | 'budget';

export interface PlanInput {
  readonly estate: Estate;
  /** What it was made with. */
  readonly options: PlanOptions;
  readonly sites: readonly PlanSite[];
  readonly candidates: readonly Candidate[];
  readonly problem: PlaceProblem;
  /** Milliseconds there and back, by pair of the problem. */
  readonly roundTrips: Float64Array;
  /** The same for a site on its own. */
  readonly aloneRoundTrips: Float64Array;
  /** What a millisecond of one user counts in the costs of the problem. */
  readonly latencyWeight: number;
  /** Prices that nobody states; they count as nothing. */
  readonly missingPrices: readonly string[];
  /** Of the document. */
  readonly currency: string;
}

export interface PlanOptions {
  /** Bits per second that every site needs in the busy hour. */
  readonly demands: ReadonlyMap<string, number>;
  /** Milliseconds for the round trip instead of what the requirements say. */
  readonly latency?: number;
  readonly survives?: Requirements['survives'];
  /** What a millisecond for one user counts in money; by default so little that it only decides between equals. */
  readonly latencyWeight?: number;
  /** Requirements that do not count. */
  readonly without?: ReadonlySet<RequirementKind>;
  /** Candidates that do not count, by id. */
  readonly withoutCandidates?: ReadonlySet<string>;
}

/** Part of a line or circuit that the busy hour may fill (PP-C05). */
const HEADROOM = 0.8;
/** Megabits per second of the lines that are planned. */
const LINE_STEPS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
/** Nearest locations that count for a site; more make the model larger and hardly ever the plan cheaper. */
const NEAREST = 12;
/** Price of a millisecond for one user, in the currency of the list: far below any price, it only decides between equals. */
const LATENCY_WEIGHT = 1e-4;
/** Gigabytes (10^9 bytes) that one Mbps carries in an hour. */
const GIGABYTES_PER_HOUR = 3600 / 8 / 1000;

/** Megabits per second of the smallest line that carries a demand (bits per second) with headroom. */
export function lineFor(demand: number): number {
  const wanted = demand / HEADROOM / 1e6;
  return LINE_STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / 100_000) * 100_000;
}

export function requirementsOf(estate: Estate): Requirements {
  const everybody = estate.sites.filter(({ clients }) => clients.length > 0).map(({ name }) => name);
  return (
    estate.requirements ?? {
      path: ['sites'],
      countries: [],
      providers: [],
      locations: [],
      hubs: [],
      private: [{ kind: 'all', name: 'all', path: ['sites'], sites: everybody }],
      latency: undefined,
      survives: 'any-single-failure',
      budget: undefined,
      pools: [],
    }
  );
}

export function planInput(estate: Estate, options: PlanOptions): PlanInput {
  const requirements = requirementsOf(estate);
  const counts = (kind: RequirementKind): boolean => options.without?.has(kind) !== true;
  const privateSites = new Set(counts('private') ? requirements.private.flatMap(({ sites }) => sites) : []);
  const sites = estate.sites.flatMap((site): readonly PlanSite[] => {
    const demand = options.demands.get(site.name) ?? 0;
    if (demand <= 0 || site.location === undefined) return [];
    return [{ site, demand, private: privateSites.has(site.name) }];
  });
  const money = new Converter(estate);
  const book = priceBook(estate.prices);
  const candidates = candidatesOf(estate, sites, { requirements, counts, book, money }).filter(
    ({ id }) => options.withoutCandidates?.has(id) !== true,
  );
  const copies = (options.survives ?? (counts('survives') ? requirements.survives : 'nothing')) === 'nothing' ? 1 : 2;
  const latency = options.latency ?? (counts('latency') ? requirements.latency : undefined);
  // Circuits that stand in for each other need two providers, because a provider can fail as a whole.
  const impossible = copies === 2 && new Set(candidates.flatMap(({ providers }) => providers)).size < 2;
  const latencyWeight = options.latencyWeight ?? LATENCY_WEIGHT;
  const regions = regionsOf(estate);
  const perMbps = {
    wan: money.amountOr(estate.prices.wanPerMbps, 'WAN lines per Mbps (prices.wanPerMbps)'),
    internet: money.amountOr(estate.prices.internetPerMbps, 'internet lines per Mbps (prices.internetPerMbps)'),
  };
  const joined = joinedSites(estate);

  const starts = [0];
  const places: number[] = [];
  const costs: number[] = [];
  const roundTrips: number[] = [];
  const alone: number[] = [];
  const aloneRoundTrips: number[] = [];
  for (const { site, demand, private: mustBePrivate } of sites) {
    const from = site.location;
    if (from === undefined) continue;
    const line = lineFor(demand);
    const own = 2 * farthest(from, regions);
    aloneRoundTrips.push(own);
    const ownFits = latency === undefined || own <= latency;
    alone.push(
      mustBePrivate || !ownFits ? Number.POSITIVE_INFINITY : perMbps.internet * line + latencyWeight * site.users * own,
    );
    for (const [place, candidate] of candidates.entries()) {
      const isHub = candidate.hub?.name === site.name;
      const exists = isHub || joined(site.name, candidate.hub?.name);
      const trip =
        2 *
        ((isHub ? 0 : estimatedLatency(from, candidate.coordinates).milliseconds) +
          estimatedLatency(candidate.coordinates, candidate.location).milliseconds +
          farthest(candidate.location, regions));
      if (impossible || (latency !== undefined && trip > latency)) continue;
      places.push(place);
      roundTrips.push(trip);
      // Every hub needs the internet as well: static content, sign-in and certificates never ride a circuit (ER-204).
      const lines = (exists ? 0 : perMbps.wan * line) + perMbps.internet * line;
      costs.push(lines + latencyWeight * site.users * trip);
    }
    starts.push(places.length);
  }
  return {
    estate,
    options,
    sites,
    candidates,
    problem: {
      demands: Float64Array.from(sites, ({ demand }) => demand / 1e6),
      copies: new Uint8Array(sites.length).fill(copies),
      alone: Float64Array.from(alone),
      starts: Int32Array.from(starts),
      places: Int32Array.from(places),
      costs: Float64Array.from(costs),
      offers: candidates.map(({ prices }) => prices),
    },
    roundTrips: Float64Array.from(roundTrips),
    aloneRoundTrips: Float64Array.from(aloneRoundTrips),
    latencyWeight,
    missingPrices: money.missing,
    currency: money.currency,
  };
}

/** Azure regions of all environments. */
export function regionsOf(estate: Estate): readonly string[] {
  return [...new Set(estate.environments.flatMap(({ azureRegions }) => azureRegions))];
}

function farthest(from: Coordinates, regions: readonly string[]): number {
  return Math.max(
    0,
    ...regions.flatMap((id) => {
      const region = azureRegion(id);
      return region === undefined ? [] : [estimatedLatency(from, region).milliseconds];
    }),
  );
}

/** Whether the document already joins two sites. */
export function joinedSites(estate: Estate): (a: string, b: string | undefined) => boolean {
  const groups = estate.wan.map(
    (wan) => new Set(wan.kind === 'link' ? wan.between : wan.members.map(({ site }) => site)),
  );
  return (a, b) => b !== undefined && groups.some((group) => group.has(a) && group.has(b));
}

interface Around {
  readonly requirements: Requirements;
  readonly counts: (kind: RequirementKind) => boolean;
  readonly book: PriceBook;
  readonly money: Converter;
}

function candidatesOf(estate: Estate, sites: readonly PlanSite[], around: Around): readonly Candidate[] {
  const { requirements, counts } = around;
  const named = (kind: 'countries' | 'providers' | 'locations'): ReadonlySet<string> =>
    new Set(counts(kind) ? requirements[kind].map(({ name }) => name) : []);
  const countries = named('countries');
  const allowed = named('locations');
  const wanted = named('providers');
  const { cloud } = estate.organisation;
  const eligible = peeringLocations().flatMap((location) => {
    if (location.cloud !== cloud) return [];
    if (countries.size > 0 && !countries.has(location.country)) return [];
    if (allowed.size > 0 && !allowed.has(location.id)) return [];
    const providers = location.providers.filter((each) => wanted.size === 0 || wanted.has(each));
    return providers.length === 0 ? [] : [{ location, providers: byPrice(providers, estate, around.money) }];
  });
  const standing = onePerMetro(eligible);
  const near = new Set(
    sites.flatMap(({ site }) =>
      standing
        .map(({ location }) => ({
          id: location.id,
          far: site.location === undefined ? 0 : estimatedLatency(site.location, location).kilometres,
        }))
        .sort((a, b) => a.far - b.far || (a.id < b.id ? -1 : 1))
        .slice(0, NEAREST)
        .map(({ id }) => id),
    ),
  );
  const hubs = counts('hubs')
    ? requirements.hubs.flatMap(({ name }) => estate.sites.find((each) => each.name === name) ?? [])
    : [];
  const regions = regionsOf(estate);
  const made = ({ location, providers }: Eligible, hub: Site | undefined): readonly Candidate[] => {
    const priced = offersAt(location, regions, providers, estate, around);
    const coordinates = hub === undefined ? location : hub.location;
    if (priced.offers.length === 0 || coordinates === undefined) return [];
    const id = hub === undefined ? location.id : hub.name;
    return [{ id, hub, coordinates, location, providers, ...priced }];
  };
  if (hubs.length === 0) {
    return standing.filter(({ location }) => near.has(location.id)).flatMap((each) => made(each, undefined));
  }
  // Every hub has the nearest location that no hub nearer to it has, so that two hubs never share the fate of one location.
  const pairs = hubs
    .flatMap((hub) =>
      standing.map((each) => ({
        hub,
        each,
        far: hub.location === undefined ? Infinity : estimatedLatency(hub.location, each.location).kilometres,
      })),
    )
    .sort((a, b) => a.far - b.far);
  const taken = new Map<string, Eligible>();
  for (const { hub, each } of pairs) {
    if (!taken.has(hub.name) && ![...taken.values()].includes(each)) taken.set(hub.name, each);
  }
  return hubs.flatMap((hub) => {
    const own = taken.get(hub.name);
    return own === undefined ? [] : made(own, hub);
  });
}

interface Eligible {
  readonly location: PeeringLocation;
  readonly providers: readonly string[];
}

/** The location of a metro with the most providers stands for it. */
function onePerMetro(eligible: readonly Eligible[]): readonly Eligible[] {
  const best = new Map<string, Eligible>();
  for (const each of eligible) {
    const key = each.location.metro ?? `${each.location.country}/${each.location.city}`;
    const held = best.get(key);
    if (held === undefined || held.providers.length < each.providers.length) best.set(key, each);
  }
  const kept = new Set(best.values());
  return eligible.filter((each) => kept.has(each));
}

function byPrice(providers: readonly string[], estate: Estate, money: Converter): readonly string[] {
  const price = (name: string): number => {
    const stated = estate.prices.providers.find(({ provider }) => provider === name)?.monthly;
    return stated === undefined ? Number.POSITIVE_INFINITY : money.amount(stated);
  };
  return providers.toSorted((a, b) => (price(a) === price(b) ? (a < b ? -1 : 1) : price(a) - price(b)));
}

/** Every bandwidth and billing on offer here, with the cheapest SKU that reaches all regions. */
function offersAt(
  location: PeeringLocation,
  regions: readonly string[],
  providers: readonly string[],
  estate: Estate,
  { book, money }: Around,
): { readonly offers: readonly CircuitOffer[]; readonly prices: readonly PlaceOffer[] } {
  const offers: CircuitOffer[] = [];
  const prices: PlaceOffer[] = [];
  const zone = zoneOfLocation(location.id);
  const steps = bandwidthSteps.find(({ offer }) => offer === 'provider')?.stepsMbps ?? [];
  if (zone === undefined) return { offers, prices };
  const stated = estate.prices.providers.find(({ provider }) => provider === providers[0])?.monthly;
  const provider =
    stated === undefined
      ? money.priceOr(
          book.other('circuit-provider'),
          `what a connectivity provider charges for a circuit (prices.providers)`,
        )
      : money.amount(stated);
  const crossConnects =
    2 * money.priceOr(book.other('cross-connect'), 'cross-connects (prices.overrides.cross-connect)');
  const hours = estate.prices.trafficHours ?? HOURS_OF_A_MONTH;
  const outbound = money.priceOr(book.outbound(zone), `data out of Microsoft in zone ${zone}`);
  for (const sku of ['local', 'standard', 'premium'] as const) {
    const reach = new Set(reachOf(sku, location).regions);
    if (!regions.every((region) => reach.has(region))) continue;
    for (const billing of ['metered', 'unlimited'] as const) {
      for (const step of steps) {
        const fee = money.price(book.circuit({ sku, billing, bandwidth: step * 1e6, zone }));
        if (fee === undefined) continue;
        const perUnit = billing === 'metered' ? outbound * GIGABYTES_PER_HOUR * hours : 0;
        offers.push({ bandwidth: step * 1e6, sku, billing });
        prices.push({ capacity: step * HEADROOM, fixed: fee + provider + crossConnects, perUnit });
      }
    }
  }
  return withoutDominated(offers, prices);
}

/** Leaves out what another offer does for no more money. */
function withoutDominated(
  offers: readonly CircuitOffer[],
  prices: readonly PlaceOffer[],
): { readonly offers: readonly CircuitOffer[]; readonly prices: readonly PlaceOffer[] } {
  const kept = prices.flatMap((price, ix) => {
    const dominated = prices.some(
      (other, at) =>
        at !== ix &&
        other.capacity >= price.capacity &&
        other.fixed <= price.fixed &&
        other.perUnit <= price.perUnit &&
        (other.capacity > price.capacity || other.fixed < price.fixed || other.perUnit < price.perUnit || at < ix),
    );
    return dominated ? [] : [ix];
  });
  return { offers: kept.flatMap((ix) => offers[ix] ?? []), prices: kept.flatMap((ix) => prices[ix] ?? []) };
}

/** Turns money into the currency of the document, and remembers what was not to be had. */
class Converter {
  readonly currency: string;
  readonly #perUsDollar: ReadonlyMap<string, number>;
  readonly #missing = new Set<string>();

  constructor({ prices }: Estate) {
    this.currency = prices.currency;
    this.#perUsDollar = new Map([
      ['USD', 1],
      ...prices.exchangeRates.map(({ currency, perUsDollar }) => [currency, perUsDollar] as const),
    ]);
  }

  get missing(): readonly string[] {
    return [...this.#missing];
  }

  amount({ amount, currency }: { readonly amount: number; readonly currency: string }): number {
    if (currency === this.currency) return amount;
    const from = this.#perUsDollar.get(currency);
    const into = this.#perUsDollar.get(this.currency);
    if (from === undefined || into === undefined) {
      this.#missing.add(`an exchange rate between ${currency} and ${this.currency}`);
      return 0;
    }
    return (amount / from) * into;
  }

  amountOr(money: { readonly amount: number; readonly currency: string } | undefined, what: string): number {
    if (money !== undefined) return this.amount(money);
    this.#missing.add(what);
    return 0;
  }

  price({ amount, currency }: UnitPrice): number | undefined {
    return amount === undefined ? undefined : this.amount({ amount: approximate(amount), currency });
  }

  priceOr(price: UnitPrice, what: string): number {
    const found = this.price(price);
    if (found === undefined) this.#missing.add(what);
    return found ?? 0;
  }
}
