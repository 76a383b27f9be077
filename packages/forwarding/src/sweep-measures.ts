/**
 * What intents ask of lines, under one set of failures after another: the share of every link on the way that may be in
 * use (`load`), and the bandwidth that every user gets (`minimumBandwidthPerUser`).
 *
 * Neither can be read off single round trips: traffic that moves fills lines of demands that stay where they are. So
 * each measure keeps what holds without failures and looks at the keys whose sums a set changes. Both say what
 * `decideLoad` and `decideBandwidth` say of the whole network; the tests compare them.
 */
import type { Intent } from '@bothways/estate';
import type { CompiledNetwork, LinkIx } from '@bothways/network';
import type { Conversation } from './conversation.ts';
import type { LoadInterval } from './load.ts';
import type { BranchesOf } from './load-branches.ts';
import { type LoadModel, loadModel } from './load-model.ts';
import { type LoadKey, loadSpace } from './load-space.ts';
import { carrierText, levelOfLink, mustBeKnown, needOf, type QualityDecision, shareText } from './quality-intents.ts';
import type { RoundTrip } from './round-trip.ts';
import { SetLoads } from './sweep-load.ts';
import { usersByPlace } from './traffic.ts';

/** What a set of failures is asked by. */
interface MeasuredSet {
  /** Positions of conversations whose round trips are others than before. */
  readonly changed: readonly number[];
  readonly tripsOf: (demand: number) => readonly RoundTrip[];
  readonly branchesOf: BranchesOf;
  /** True where nobody is left who could miss the demand. */
  readonly isGone: (demand: number) => boolean;
  /** The sums of all traffic, with what changed in place of what was. */
  readonly loads: SetLoads;
}

export interface Measure {
  readonly before: QualityDecision;
  /** Asked while `loads` stand as they are under the set. */
  under(set: MeasuredSet): QualityDecision;
}

/** One list for all who are gone, so that it is known again. */
const NOBODYS: readonly RoundTrip[] = [];

const HOLDS = (reason: string): QualityDecision => ({ outcome: 'holds', reason });

/** Links that the round trips of some demands leave devices on, in either direction. */
function* linksOn(trips: readonly RoundTrip[]): Generator<LinkIx, void> {
  for (const { forward, back } of trips) {
    for (const way of back === undefined ? [forward] : [forward, back]) {
      for (const { leftOn } of way.path.hops) if (leftOn !== undefined) yield leftOn;
    }
  }
}

/** No link on a way of the intent is used above its share. */
class LoadMeasure implements Measure {
  readonly before: QualityDecision;
  readonly #most: number;
  readonly #model: LoadModel;
  readonly #demands: ReadonlySet<number>;
  readonly #tripsBefore: (demand: number) => readonly RoundTrip[];
  /** By link: how often a way of the intent uses it without failures. */
  readonly #uses: Int32Array;
  readonly #narrow: readonly LinkIx[];

  constructor(
    compiled: CompiledNetwork,
    model: LoadModel,
    most: number,
    demands: readonly number[],
    tripsBefore: (demand: number) => readonly RoundTrip[],
    loads: SetLoads,
  ) {
    this.#most = most;
    this.#model = model;
    this.#demands = new Set(demands);
    this.#tripsBefore = tripsBefore;
    this.#uses = new Int32Array(compiled.network.links.length);
    for (const demand of demands) {
      for (const link of linksOn(tripsBefore(demand))) this.#uses[link] = (this.#uses[link] ?? 0) + 1;
    }
    this.#narrow = compiled.network.links.flatMap(({ ix }) =>
      this.#levelOf(ix, (key) => loads.before(key)) > 0 ? [ix] : [],
    );
    this.before = this.#decide(
      this.#narrow.filter((link) => (this.#uses[link] ?? 0) > 0),
      (key) => loads.before(key),
    );
  }

  under({ changed, tripsOf, isGone, loads }: MeasuredSet): QualityDecision {
    const moved = new Map<LinkIx, number>();
    for (const demand of changed) {
      if (!this.#demands.has(demand)) continue;
      for (const link of linksOn(this.#tripsBefore(demand))) moved.set(link, (moved.get(link) ?? 0) - 1);
      if (isGone(demand)) continue;
      for (const link of linksOn(tripsOf(demand))) moved.set(link, (moved.get(link) ?? 0) + 1);
    }
    const links = new Set(this.#narrow);
    for (const key of loads.touched) {
      const { link } = this.#model.carrierOf(key % this.#model.keys);
      if (link !== undefined) links.add(link);
    }
    const used = [...links].filter((link) => (this.#uses[link] ?? 0) + (moved.get(link) ?? 0) > 0);
    return this.#decide(
      used.sort((a, b) => a - b),
      (key) => loads.now(key),
    );
  }

  #decide(links: readonly LinkIx[], load: (key: LoadKey) => LoadInterval): QualityDecision {
    let open: QualityDecision | undefined;
    for (const link of links) {
      for (const key of [2 * link, 2 * link + 1]) {
        const carrier = this.#model.carrierOf(key);
        const level = levelOfLink(carrier, load(key), load(key + this.#model.keys).high, this.#most);
        if (level === 0) continue;
        const reason = shareText(carrier, load(key), level, this.#most);
        if (level === 2) return { outcome: 'broken', reason };
        open ??= { outcome: 'unknown', reason };
      }
    }
    return open ?? HOLDS(`no link on the way is used above ${Math.round(100 * this.#most)} %`);
  }

  #levelOf(link: LinkIx, load: (key: LoadKey) => LoadInterval): 0 | 1 | 2 {
    const levels = [2 * link, 2 * link + 1].map((key) =>
      levelOfLink(this.#model.carrierOf(key), load(key), load(key + this.#model.keys).high, this.#most),
    );
    return levels.includes(2) ? 2 : levels.includes(1) ? 1 : 0;
  }
}

/** The minimum of every user of the intent, laid on the ways of its places together, fits what is free. */
class BandwidthMeasure implements Measure {
  readonly before: QualityDecision;
  readonly #compiled: CompiledNetwork;
  readonly #model: LoadModel;
  readonly #loads: SetLoads;
  readonly #places: readonly { readonly name: string; readonly users: number; readonly demands: readonly number[] }[];
  readonly #placeOf = new Map<number, number>();
  /** By place: why nothing can be said of it without failures. */
  readonly #doubts: readonly (string | undefined)[];
  /** Keys that are too narrow without failures, or of a width that nobody said. */
  readonly #narrow: readonly LoadKey[];

  constructor(
    compiled: CompiledNetwork,
    minimum: number,
    demands: readonly number[],
    conversations: readonly Conversation[],
    tripsBefore: (demand: number) => readonly RoundTrip[],
    branchesOf: BranchesOf,
  ) {
    this.#compiled = compiled;
    const users = usersByPlace(compiled.estate);
    const byPlace = new Map<string, number[]>();
    for (const demand of demands) {
      const name = conversations[demand]?.site.name ?? '';
      const list = byPlace.get(name);
      if (list === undefined) byPlace.set(name, [demand]);
      else list.push(demand);
    }
    this.#places = [...byPlace].map(([name, list]) => ({ name, users: users.get(name) ?? 0, demands: list }));
    for (const [place, { demands: list }] of this.#places.entries()) {
      for (const demand of list) this.#placeOf.set(demand, place);
    }
    const bundles = this.#places.map(({ name, users: count, demands: list }) =>
      needOf(
        name,
        list.flatMap((demand) => conversations[demand]?.id ?? []),
        count,
        minimum,
      ),
    );
    this.#model = loadModel(compiled, { bundles, byDemand: new Map() }, loadSpace(compiled));
    this.#loads = new SetLoads(this.#model, tripsBefore, branchesOf);
    this.#doubts = this.#places.map((_, place) => this.#doubtOf(place, tripsBefore, branchesOf, () => false));
    const keys = Array.from({ length: this.#model.keys }, (_, key) => key);
    this.#narrow = keys.filter((key) => this.#levelOf(key, this.#loads.before(key)) > 0);
    this.before = this.#decide(this.#narrow, this.#doubts, (key) => this.#loads.before(key), tripsBefore, branchesOf);
  }

  under(set: MeasuredSet): QualityDecision {
    const { changed, tripsOf, branchesOf, isGone } = set;
    const own = changed.filter((demand) => this.#placeOf.has(demand));
    if (own.length === 0) return this.before;
    const places = new Set(own.map((demand) => this.#placeOf.get(demand) ?? -1));
    const doubts = this.#doubts.map((doubt, place) =>
      places.has(place) ? this.#doubtOf(place, tripsOf, branchesOf, isGone) : doubt,
    );
    const left = (demand: number): readonly RoundTrip[] => (isGone(demand) ? NOBODYS : tripsOf(demand));
    this.#loads.apply(own, left, branchesOf);
    const narrow = new Set(this.#narrow);
    for (const key of this.#loads.touched) narrow.add(key);
    const keys = [...narrow].filter((key) => this.#levelOf(key, this.#loads.now(key)) > 0).sort((a, b) => a - b);
    const decision = this.#decide(keys, doubts, (key) => this.#loads.now(key), left, branchesOf);
    this.#loads.clear();
    return decision;
  }

  #doubtOf(
    place: number,
    tripsOf: (demand: number) => readonly RoundTrip[],
    branchesOf: BranchesOf,
    isGone: (demand: number) => boolean,
  ): string | undefined {
    const { name, users, demands = [] } = this.#places[place] ?? {};
    const left = demands.filter((demand) => !isGone(demand));
    if (left.length === 0) return undefined;
    if (users === 0) return `${name} has no number of users`;
    const trips = left.flatMap(tripsOf);
    const lost = trips.find(({ outcome }) => outcome !== 'holds');
    if (lost !== undefined) return `${lost.id} does not arrive both ways for certain`;
    const split = trips.find((trip) => trip.branches > 1 && branchesOf(trip) === undefined);
    return split === undefined ? undefined : `${split.id} has more branches than are followed`;
  }

  /** `narrow`: keys that are, ascending. */
  #decide(
    narrow: readonly LoadKey[],
    doubts: readonly (string | undefined)[],
    load: (key: LoadKey) => LoadInterval,
    tripsOf: (demand: number) => readonly RoundTrip[],
    branchesOf: BranchesOf,
  ): QualityDecision {
    let open: QualityDecision | undefined;
    for (const [place, { name }] of this.#places.entries()) {
      const doubt = doubts[place];
      if (doubt !== undefined) {
        open ??= { outcome: 'unknown', reason: `${name}: ${doubt}` };
        continue;
      }
      if (narrow.length === 0) continue;
      const keys = this.#loads.keysOf(place, tripsOf, branchesOf);
      for (const key of narrow) {
        if (!keys.has(key)) continue;
        const reason = `${name}: ${this.#words(key, load(key))}`;
        if (this.#levelOf(key, load(key)) === 2) return { outcome: 'broken', reason };
        open ??= { outcome: 'unknown', reason };
      }
    }
    return open ?? HOLDS('every user fits everywhere on the way');
  }

  #words(key: LoadKey, { high }: LoadInterval): string {
    const carrier = this.#model.carrierOf(key);
    const free = this.#model.free(key);
    if (free === undefined) return `nobody said how wide ${carrierText(carrier)} is`;
    return `${high} bit/s on ${free} free bit/s of ${carrierText(carrier)}`;
  }

  /** 2: not enough for certain. 1: perhaps not, or nobody said how wide it is. */
  #levelOf(key: LoadKey, { low, high }: LoadInterval): 0 | 1 | 2 {
    const carrier = this.#model.carrierOf(key);
    const free = this.#model.free(key);
    if (free === undefined) return high > 0 && mustBeKnown(this.#compiled, carrier) ? 1 : 0;
    if (high <= free) return 0;
    return low > free && carrier.kind !== 'circuit' ? 2 : 1;
  }
}

/** The measures that an intent asks for. */
export function measuresOf(
  intent: Intent,
  demands: readonly number[],
  { compiled, model, conversations, tripsBefore, branchesOf, loads }: MeasureInput,
): readonly Measure[] {
  const { load, minimumBandwidthPerUser: minimum } = intent;
  const measures: Measure[] = [];
  if (demands.length === 0) return measures;
  if (minimum !== undefined) {
    measures.push(new BandwidthMeasure(compiled, minimum, demands, conversations, tripsBefore, branchesOf));
  }
  if (load !== undefined) measures.push(new LoadMeasure(compiled, model, load, demands, tripsBefore, loads));
  return measures;
}

interface MeasureInput {
  readonly compiled: CompiledNetwork;
  readonly model: LoadModel;
  readonly conversations: readonly Conversation[];
  readonly tripsBefore: (demand: number) => readonly RoundTrip[];
  readonly branchesOf: BranchesOf;
  readonly loads: SetLoads;
}
