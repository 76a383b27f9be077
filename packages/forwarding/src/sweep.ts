/**
 * Every set of failures, every demand, both ways: which questions still hold. A pure function of a network and a list of
 * sets; it stops after any number of sets, and parts made anywhere merge to the same result (`sweep-result.ts`).
 *
 * Only what a failure touches is followed again. The tables of a set come from those of the set without its last element
 * (`FailureStudy`); a demand is followed again where one of the table entries changed that it read there. Where the
 * entries it read under the last element alone are as they were, what was found there is taken over: most pairs are two
 * failures that have nothing to do with each other. Following a demand again is a function of what it reads, so taking
 * over is exact; the slow twin, which converges and follows everything from nothing, is in the tests.
 */
import type { CompiledNetwork } from '@bothways/network';
import { type ControlPlane, converge, type FailureState, FailureStudy, type Failures } from '@bothways/routing';
import { AddressSpace } from './address-space.ts';
import { type Conversation, conversationsOf } from './conversation.ts';
import { drainedBy, type ElementIx, type FailureSet, type FailureSets, failuresOf, setOf } from './elements.ts';
import type { LoadModel } from './load-model.ts';
import type { SessionAssumptions } from './nat-ports.ts';
import type { QualityDecision } from './quality-intents.ts';
import type { RoundTrip } from './round-trip.ts';
import { Counts } from './sweep-counts.ts';
import { SetLoads } from './sweep-load.ts';
import { type Measure, measuresOf } from './sweep-measures.ts';
import { type KeptState, SetPools } from './sweep-pools.ts';
import { type Answer, type Question, questionsOf, worst } from './sweep-questions.ts';
import type { SetResult, SweepShard } from './sweep-result.ts';
import { rangesOf } from './sweep-result.ts';
import { deviceLookUp, isUpIn, linkLookUp, TripReader, type TripsRead } from './trips-under.ts';

export interface SweepInput {
  readonly compiled: CompiledNetwork;
  /** Of the network without failures; converged where absent. */
  readonly plane?: ControlPlane;
  readonly sets: FailureSets;
  /** Intents, demands and places of the document unless stated. */
  readonly questions?: readonly Question[];
  /** What demands load; absent: no loads are computed, and what intents ask of bandwidth and load is not judged. */
  readonly loads?: LoadModel;
  /** Sessions per user: whether pools and connection tables overflow; absent: not computed. */
  readonly sessions?: SessionAssumptions;
}

/** A demand under one set: what was found, and the answers to the questions it matters for, in their order. */
interface Found extends TripsRead {
  readonly answers: readonly Answer[];
}

/** What is known about a set. */
interface Situation {
  readonly elements: readonly ElementIx[];
  readonly failures: Failures;
  readonly state: FailureState;
  /** What followed the demands; another one on a drained network. */
  readonly reader: TripReader;
  readonly parent: Situation | undefined;
  /** Demands that were found otherwise than in `parent`. */
  readonly found: ReadonlyMap<number, Found>;
  /** Who of `found` read an entry, by key of the entry; made when it is first asked for. */
  readers: ReadonlyMap<number, readonly number[]> | undefined;
}

export interface SweepProgress {
  readonly done: number;
  readonly of: number;
}

/** One demand whose round trips differ from those without failures. */
export interface ChangedDemand {
  readonly demand: number;
  readonly before: readonly RoundTrip[];
  readonly after: readonly RoundTrip[];
}

/** Owns what has been found so far; sets may be asked for in any order, neighbours one after the other are cheapest. */
export class Sweep {
  readonly questions: readonly Question[];
  readonly sets: FailureSets;
  readonly #compiled: CompiledNetwork;
  readonly #conversations: readonly Conversation[];
  readonly #study: FailureStudy;
  readonly #reader: TripReader;
  readonly #judged = new WeakMap<TripsRead, Found>();
  /** By demand: positions in `questions`. */
  readonly #askedOf: readonly number[][];
  readonly #base: Situation;
  #latestParent: Situation;
  readonly #singles = new Map<ElementIx, Situation>();
  /** Situations of the beginnings of the latest set, the shortest first. */
  #chain: Situation[] = [];
  readonly #baseCounts: Counts;
  readonly #loads: SetLoads | undefined;
  readonly #pools: SetPools | undefined;
  /** By question, of intents that ask for them. */
  readonly #measures = new Map<number, readonly Measure[]>();

  constructor(input: SweepInput) {
    const { compiled, sets } = input;
    const plane = input.plane ?? converge(compiled.network);
    this.#compiled = compiled;
    this.#conversations = conversationsOf(compiled);
    this.sets = sets;
    this.questions = input.questions ?? questionsOf(compiled);
    this.#study = new FailureStudy(plane);
    this.#reader = new TripReader(compiled, new AddressSpace(plane, compiled.network));
    const demands = this.#conversations;
    this.#askedOf = demands.map(() => []);
    for (const [ix, question] of this.questions.entries()) {
      for (const demand of question.demands) this.#askedOf[demand]?.push(ix);
    }
    const state = this.#study.base;
    const found = new Map(demands.map((_, ix) => [ix, this.#follow(state, ix)]));
    this.#base = {
      elements: [],
      failures: {},
      state,
      reader: this.#reader,
      parent: undefined,
      found,
      readers: undefined,
    };
    this.#latestParent = this.#base;
    this.#baseCounts = new Counts(this.questions);
    for (const [demand, each] of found) {
      for (const [at, question] of (this.#askedOf[demand] ?? []).entries()) {
        this.#baseCounts.add(question, each.answers[at] ?? 'unknown', 1);
      }
    }
    const tripsBefore = (demand: number): readonly RoundTrip[] => this.#found(this.#base, demand).trips;
    const branchesOf = this.#reader.branchesOf(state);
    if (input.sessions !== undefined) {
      this.#pools = new SetPools(compiled, input.sessions, demands, tripsBefore, branchesOf);
    }
    const { loads: model } = input;
    if (model === undefined) return;
    const loads = new SetLoads(model, tripsBefore, branchesOf);
    this.#loads = loads;
    for (const [ix, { intent, demands: asked }] of this.questions.entries()) {
      if (intent === undefined) continue;
      const known = { compiled, model, conversations: demands, tripsBefore, branchesOf, loads };
      const measures = measuresOf(intent, asked, known);
      if (measures.length > 0) this.#measures.set(ix, measures);
    }
  }

  /** True where little is settled again after a failure; otherwise a sweep takes its time. */
  get proven(): boolean {
    return this.#study.proven;
  }

  /** The answers without failures, by question. */
  get before(): readonly Answer[] {
    return this.questions.map((_, ix) => this.#answerBefore(ix));
  }

  /** The round trips without failures, by demand. */
  get tripsBefore(): readonly (readonly RoundTrip[])[] {
    return this.#conversations.map((_, ix) => this.#found(this.#base, ix).trips);
  }

  /** The round trips of one demand without failures. */
  tripsBeforeOf(demand: number): readonly RoundTrip[] {
    return this.#found(this.#base, demand).trips;
  }

  /** Sweeps the sets of these numbers; yields after every `every` of them, returns what there is when it is stopped. */
  *run(numbers: Iterable<number>, every = 100): Generator<SweepProgress, SweepShard> {
    const done: number[] = [];
    const results: SetResult[] = [];
    for (const ix of numbers) {
      const result = this.resultOf(ix);
      if (result !== undefined) results.push(result);
      done.push(ix);
      if (done.length % every === 0) {
        const goOn: unknown = yield { done: done.length, of: this.sets.count };
        if (goOn === 'stop') break;
      }
    }
    return this.shardOf(done, results);
  }

  shardOf(done: readonly number[], results: readonly SetResult[]): SweepShard {
    return {
      format: 2,
      elements: this.sets.elements.map(({ id }) => id),
      most: this.sets.most,
      count: this.sets.count,
      questions: this.questions.map(({ id }) => id),
      before: this.before,
      ranges: rangesOf(done),
      sets: [...results].sort((a, b) => a.set - b.set),
    };
  }

  /** Pools and tables, as results number them; none where nobody stated sessions. */
  get keptStates(): readonly KeptState[] {
    return this.#pools?.kept ?? [];
  }

  /** What a set does; undefined where it changes nothing that is asked. */
  resultOf(ix: number): SetResult | undefined {
    const result = this.resultUnder(this.sets.at(ix));
    return result === undefined ? undefined : { set: ix, ...result };
  }

  /** The same for a set of any size; it needs no number. */
  resultUnder(set: FailureSet): Omit<SetResult, 'set'> | undefined {
    const situation = this.#situationOf(set.elements);
    const gone = this.#placesGone(set);
    const changed = this.#changedDemands(situation);
    let present = 0;
    const counts = this.#baseCounts.changes();
    for (const [demand, now] of changed) {
      const before = this.#found(this.#base, demand);
      const { site, source } = this.#conversations[demand] ?? {};
      if (!gone.has(source?.name ?? '')) present++;
      for (const [at, question] of (this.#askedOf[demand] ?? []).entries()) {
        const was = before.answers[at] ?? 'unknown';
        // Nobody is left at a site that failed who could miss anything; others miss the services that stood there.
        const place = this.questions[question]?.kind === 'place' ? site : source;
        const is = gone.has(place?.name ?? '') ? 'holds' : (now.answers[at] ?? 'unknown');
        if (was !== is) counts.move(question, was, is);
      }
    }
    const lines = this.#linesUnder(situation, [...changed.keys()], gone);
    const touched = new Set([...counts.touched(), ...lines.measured.keys()]);
    const broken: number[] = [];
    const unknown: number[] = [];
    for (const question of [...touched].sort((a, b) => a - b)) {
      const answer = worst(counts.answer(question), lines.measured.get(question)?.outcome);
      if (answer === this.#answerBefore(question)) continue;
      if (answer === 'broken') broken.push(question);
      if (answer === 'unknown') unknown.push(question);
    }
    const { overloads, pools } = lines;
    if (present + broken.length + unknown.length + overloads.length + pools.length === 0) return undefined;
    return { broken, unknown, lost: counts.lost, changed: present, overloads, pools };
  }

  /** What a set does to the bandwidth and the load that an intent asks for; undefined where it asks for neither. */
  measuredUnder(set: FailureSet, question: number): QualityDecision | undefined {
    const situation = this.#situationOf(set.elements);
    const changed = [...this.#changedDemands(situation).keys()];
    return this.#linesUnder(situation, changed, this.#placesGone(set)).measured.get(question);
  }

  #answerBefore(question: number): Answer {
    const measures = this.#measures.get(question) ?? [];
    return worst(this.#baseCounts.answer(question), ...measures.map(({ before }) => before.outcome));
  }

  /** The demands that a set changes and somebody still has, with their round trips before and after; by demand. */
  changesUnder(set: FailureSet): readonly ChangedDemand[] {
    const situation = this.#situationOf(set.elements);
    const gone = this.#placesGone(set);
    return [...this.#changedDemands(situation)]
      .filter(([demand]) => !gone.has(this.#conversations[demand]?.source.name ?? ''))
      .sort(([a], [b]) => a - b)
      .map(([demand, { trips }]) => ({ demand, before: this.#found(this.#base, demand).trips, after: trips }));
  }

  /** The round trips of a demand under a set. */
  tripsUnder(set: FailureSet, demand: number): readonly RoundTrip[] {
    return this.#found(this.#situationOf(set.elements), demand).trips;
  }

  /** What becomes of links, pools and tables, and of what intents ask of them. */
  #linesUnder(situation: Situation, changed: readonly number[], gone: ReadonlySet<string>): Lines {
    if (changed.length === 0 && this.#measures.size === 0) return NO_LINES;
    const { reader, state } = situation;
    const branchesOf = reader.branchesOf(state);
    const tripsOf = (demand: number): readonly RoundTrip[] => this.#found(situation, demand).trips;
    const pools = this.#pools?.under(changed, tripsOf, branchesOf) ?? [];
    const loads = this.#loads;
    if (loads === undefined) return { ...NO_LINES, pools };
    const measured = new Map<number, QualityDecision>();
    loads.apply(changed, tripsOf, branchesOf);
    const overloads = loads.overloads();
    const isGone = (demand: number): boolean => gone.has(this.#conversations[demand]?.source.name ?? '');
    for (const [question, measures] of this.#measures) {
      const decisions = measures.map((measure) => measure.under({ changed, tripsOf, branchesOf, isGone, loads }));
      const shown =
        decisions.find(({ outcome }) => outcome === 'broken') ?? decisions.find(({ outcome }) => outcome === 'unknown');
      const [first] = decisions;
      // Tables that never come to rest leave it unknown whatever is measured.
      if (first !== undefined && state.stable) measured.set(question, shown ?? first);
    }
    loads.clear();
    return { overloads, pools, measured };
  }

  failuresOf(set: FailureSet): Failures {
    return failuresOf(this.#compiled.network, this.sets.elements, set);
  }

  setOf(members: readonly ElementIx[]): FailureSet {
    return setOf(this.sets.elements, members);
  }

  #placesGone({ elements }: FailureSet): ReadonlySet<string> {
    const gone = new Set<string>();
    for (const ix of elements) {
      const element = this.sets.elements[ix];
      if (element?.kinds[0] === 'site') gone.add(element.name);
    }
    return gone;
  }

  #found(situation: Situation, demand: number): Found {
    for (let at: Situation | undefined = situation; at !== undefined; at = at.parent) {
      const found = at.found.get(demand);
      if (found !== undefined) return found;
    }
    throw new RangeError(`demand ${demand} was never followed`);
  }

  #changedDemands(situation: Situation): ReadonlyMap<number, Found> {
    const changed = new Map<number, Found>();
    for (let at = situation; at.parent !== undefined; at = at.parent) {
      for (const [demand, found] of at.found) if (!changed.has(demand)) changed.set(demand, found);
    }
    for (const [demand, found] of changed) if (found === this.#base.found.get(demand)) changed.delete(demand);
    return changed;
  }

  #follow(state: FailureState, demand: number): Found {
    const concrete = this.#conversations[demand];
    if (concrete === undefined) throw new RangeError(`demand ${demand}`);
    const read = this.#reader.read(state, concrete, demand);
    const known = state.stable ? this.#judged.get(read) : undefined;
    if (known !== undefined) return known;
    const found: Found = { ...read, answers: this.#answers(state, demand, read.trips) };
    if (state.stable) this.#judged.set(read, found);
    return found;
  }

  /** Tables that never come to rest give no answers. */
  #answers({ stable }: FailureState, demand: number, trips: readonly RoundTrip[]): readonly Answer[] {
    return (this.#askedOf[demand] ?? []).map(
      (ix) => (stable ? this.questions[ix]?.judge(trips) : undefined) ?? 'unknown',
    );
  }

  #situationOf(elements: readonly ElementIx[]): Situation {
    const [only] = elements;
    if (only === undefined) return this.#base;
    if (elements.length === 1) {
      const known = this.#singles.get(only);
      if (known !== undefined) return known;
      const made = this.#make(this.#base, only);
      // Where nothing fails besides, nobody asks again: what they hold grows with the square of the network.
      if (this.sets.most < 2) this.#singles.clear();
      this.#singles.set(only, made);
      return made;
    }
    let parent = this.#situationOf([only]);
    for (let length = 2; length <= elements.length; length++) {
      const held = this.#chain[length - 2];
      const last = elements[length - 1] ?? 0;
      const same = held?.elements.length === length && held.elements.every((ix, at) => ix === elements[at]);
      if (same && held !== undefined) {
        parent = held;
        continue;
      }
      parent = this.#make(parent, last);
      this.#chain.length = length - 2;
      this.#chain.push(parent);
    }
    return parent;
  }

  /** The situation where one more element fails. */
  #make(parent: Situation, element: ElementIx): Situation {
    const elements = [...parent.elements, element];
    const set = this.setOf(elements);
    const drained = drainedBy(this.#compiled, this.sets.elements, set);
    const failures = this.failuresOf(set);
    if (drained !== undefined) return this.#drained(parent, elements, failures, set);
    if (sameFailures(failures, parent.failures)) {
      return { ...parent, elements, parent, found: new Map(), readers: undefined };
    }
    const alone = parent === this.#base ? undefined : this.#situationOf([element]);
    // Sets of the greatest size are nobody's parent.
    const lasting = elements.length < this.sets.most;
    const state = this.#study.under(failures, parent.state, lasting, alone?.state);
    const found = new Map<number, Found>();
    // One that comes to rest again, or does not any more, changes every answer.
    const all = !state.stable || !parent.state.stable;
    for (const demand of all ? this.#conversations.keys() : this.#touched(parent, state)) {
      const other = alone === undefined ? undefined : this.#found(alone, demand);
      const likeAlone = alone !== undefined && alone.state.stable === state.stable;
      if (other !== undefined && likeAlone && this.#sameReads(alone.state, state, other)) {
        if (other !== this.#found(parent, demand)) found.set(demand, other);
        continue;
      }
      const now = this.#follow(state, demand);
      if (now !== this.#found(parent, demand)) found.set(demand, now);
    }
    return { elements, failures, state, reader: this.#reader, parent, found, readers: undefined };
  }

  /** Drained sessions are another network; everything is followed on it. */
  #drained(parent: Situation, elements: readonly ElementIx[], failures: Failures, set: FailureSet): Situation {
    const network = drainedBy(this.#compiled, this.sets.elements, set) ?? this.#compiled.network;
    const compiled = { ...this.#compiled, network };
    const plane = converge(network, { failed: failures });
    const study = new FailureStudy(plane);
    const reader = new TripReader(compiled, new AddressSpace(plane, network));
    const found = new Map<number, Found>();
    for (const [demand, concrete] of conversationsOf(compiled).entries()) {
      const read = reader.read(study.base, concrete, demand);
      found.set(demand, { ...read, answers: this.#answers(study.base, demand, read.trips) });
    }
    return { elements, failures, state: study.base, reader, parent, found, readers: undefined };
  }

  /** Demands that read in `parent` what is different now. */
  #touched(parent: Situation, state: FailureState): readonly number[] {
    const changes = this.#study.changes(parent.state, state);
    if (changes === undefined) {
      return this.#conversations
        .map((_, ix) => ix)
        .filter((ix) => !this.#sameReads(parent.state, state, this.#found(parent, ix)));
    }
    // What a parent's demands read is needed while its children are made, one after the other.
    if (this.#latestParent !== parent) {
      if (this.#latestParent !== this.#base) this.#latestParent.readers = undefined;
      this.#latestParent = parent;
    }
    const keys: number[] = [];
    for (const [classIx, devices] of changes.entries) {
      for (const device of devices) keys.push(this.#reader.entryLookUp(device, classIx));
    }
    for (const device of changes.devices) keys.push(deviceLookUp(device));
    for (const link of changes.links) keys.push(linkLookUp(link));
    const touched = new Set<number>();
    for (let at: Situation | undefined = parent; at !== undefined; at = at.parent) {
      const readers = this.#readersOf(at);
      for (const key of keys) {
        for (const demand of readers.get(key) ?? []) {
          if (this.#found(parent, demand) === at.found.get(demand)) touched.add(demand);
        }
      }
    }
    return [...touched].sort((a, b) => a - b);
  }

  #readersOf(situation: Situation): ReadonlyMap<number, readonly number[]> {
    if (situation.readers !== undefined) return situation.readers;
    const readers = new Map<number, number[]>();
    const add = (key: number, demand: number): void => {
      const list = readers.get(key);
      if (list === undefined) readers.set(key, [demand]);
      else list.push(demand);
    };
    for (const [demand, { lookUps }] of situation.found) {
      const seen = new Set<number>();
      for (const lookUp of lookUps) {
        add(lookUp, demand);
        if (lookUp >= 0) seen.add(this.#reader.deviceOf(lookUp));
      }
      for (const device of seen) add(deviceLookUp(device), demand);
    }
    situation.readers = readers;
    return readers;
  }

  #sameReads(a: FailureState, b: FailureState, { lookUps }: TripsRead): boolean {
    for (const lookUp of lookUps) {
      if (lookUp < 0) {
        if (isUpIn(a, lookUp) !== isUpIn(b, lookUp)) return false;
        continue;
      }
      if (!this.#study.sameEntry(a, b, this.#reader.deviceOf(lookUp), this.#reader.classOf(lookUp))) return false;
    }
    return true;
  }
}

interface Lines {
  readonly overloads: SetResult['overloads'];
  readonly pools: SetResult['pools'];
  /** By question. */
  readonly measured: ReadonlyMap<number, QualityDecision>;
}

const NO_LINES: Lines = { overloads: [], pools: [], measured: new Map() };

function sameFailures(a: Failures, b: Failures): boolean {
  const same = (kind: keyof Failures): boolean => (a[kind] ?? []).join() === (b[kind] ?? []).join();
  return same('devices') && same('links') && same('sessions');
}
