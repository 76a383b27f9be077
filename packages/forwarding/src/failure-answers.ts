/**
 * The answer to one question under any set of failures, of whatever size and in any order. Where a sweep goes through all
 * sets up to a size and profits from their neighbours, this answers single sets: what an algorithm asks that looks for
 * the smallest sets that break something.
 *
 * Unlike in a sweep a place that fails is not excused: its own users are cut off as well.
 */
import type { CompiledNetwork, Link } from '@bothways/network';
import { type ControlPlane, converge, type FailureState, FailureStudy } from '@bothways/routing';
import { AddressSpace } from './address-space.ts';
import { type Conversation, conversationsOf } from './conversation.ts';
import { type ElementIx, type FailureElement, failuresOf, setOf } from './elements.ts';
import type { BranchesOf } from './load-branches.ts';
import type { RoundTrip } from './round-trip.ts';
import type { Answer, Question } from './sweep-questions.ts';
import { deviceLookUp, isUpIn, type LookUp, linkLookUp, TripReader, type TripsRead } from './trips-under.ts';
import { linkAt } from './walk.ts';

/** An answer with what it rests on. */
export interface GroundedAnswer {
  readonly answer: Answer;
  /**
   * Elements, ascending, that stand behind something that was looked up: while all of them are up, the answer is this one
   * whatever else fails. Undefined: any element may matter, because the tables are not proven to have one stable state.
   */
  readonly restsOn: readonly ElementIx[] | undefined;
}

/** States kept at a time: one holds the tables that differ from those without failures. */
const KEPT_STATES = 512;

/** Demands that decide a question by themselves: after so many of them no other is looked at. */
const DECIDING_DEMANDS = 8;

/** Owns the states it has computed. Elements that drain sessions change nothing here: they are planned, not failures. */
export class FailureAnswers {
  readonly elements: readonly FailureElement[];
  readonly questions: readonly Question[];
  readonly #compiled: CompiledNetwork;
  readonly #conversations: readonly Conversation[];
  readonly #study: FailureStudy;
  readonly #reader: TripReader;
  readonly #states = new Map<string, FailureState>();
  readonly #answers = new Map<string, GroundedAnswer>();
  /** Elements behind a look-up of a device or a link. */
  readonly #behind = new Map<LookUp, readonly ElementIx[]>();
  /** What round trips say does not change while they are the same object. */
  readonly #judged = new WeakMap<TripsRead, Map<Question, Answer>>();

  constructor(
    compiled: CompiledNetwork,
    elements: readonly FailureElement[],
    questions: readonly Question[],
    plane: ControlPlane = converge(compiled.network),
  ) {
    this.elements = elements;
    this.questions = questions;
    this.#compiled = compiled;
    this.#conversations = conversationsOf(compiled);
    this.#study = new FailureStudy(plane);
    this.#reader = new TripReader(compiled, new AddressSpace(plane, compiled.network));
    const behind = new Map<LookUp, Set<ElementIx>>();
    const add = (lookUp: LookUp, ix: ElementIx): void => {
      const held = behind.get(lookUp);
      if (held === undefined) behind.set(lookUp, new Set([ix]));
      else held.add(ix);
    };
    for (const [ix, element] of elements.entries()) {
      const devices = new Set([...element.devices, ...(element.pair === undefined ? [] : [element.pair])]);
      const links = new Set(element.links);
      for (const device of devices) add(deviceLookUp(device), ix);
      const isHit = (link: Link): boolean =>
        // A link is down with either of its ends, a tunnel with the links it runs over.
        links.has(link.ix) ||
        devices.has(link.a) ||
        devices.has(link.b) ||
        (link.carriedBy ?? []).some((under) => isHit(linkAt(compiled.network, under)));
      for (const link of compiled.network.links) if (isHit(link)) add(linkLookUp(link.ix), ix);
    }
    for (const [lookUp, set] of behind) this.#behind.set(lookUp, [...set]);
  }

  /** Throws RangeError where there is no such question or element. */
  answer(question: number, failed: readonly ElementIx[]): GroundedAnswer {
    const asked = this.questions[question];
    if (asked === undefined) throw new RangeError(`question ${question} of ${this.questions.length}`);
    const { elements } = setOf(this.elements, failed);
    const key = `${question}:${elements.join()}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = this.#answerOf(asked, this.#stateOf(elements), elements);
    this.#answers.set(key, answer);
    return answer;
  }

  /** Round trips of every conversation, by position, and all branches of them. Throws RangeError at an unknown element. */
  tripsUnder(failed: readonly ElementIx[]): {
    readonly trips: readonly (readonly RoundTrip[])[];
    readonly branchesOf: BranchesOf;
  } {
    const state = this.#stateOf(setOf(this.elements, failed).elements);
    return {
      trips: this.#conversations.map((conversation, ix) => this.#reader.read(state, conversation, ix).trips),
      branchesOf: this.#reader.branchesOf(state),
    };
  }

  #stateOf(elements: readonly ElementIx[]): FailureState {
    const key = elements.join();
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const failures = failuresOf(this.#compiled.network, this.elements, setOf(this.elements, elements));
    const state = elements.length === 0 ? this.#study.base : this.#study.under(failures, this.#study.base, false);
    if (this.#states.size >= KEPT_STATES) this.#states.clear();
    this.#states.set(key, state);
    return state;
  }

  /**
   * Tables that never come to rest give no answers. What one demand decides alone rests on what that demand looked up;
   * of several that do, on the one that looked up least.
   */
  #answerOf(question: Question, state: FailureState, failed: readonly ElementIx[]): GroundedAnswer {
    if (!state.stable) return { answer: 'unknown', restsOn: undefined };
    const decisive = question.needs === 'any' ? 'holds' : 'broken';
    const everything = new Set<ElementIx>();
    let least: readonly ElementIx[] | undefined;
    let deciding = 0;
    let unknown = false;
    for (const demand of question.demands) {
      const conversation = this.#conversations[demand];
      if (conversation === undefined) throw new RangeError(`demand ${demand} of ${this.#conversations.length}`);
      const read = this.#reader.read(state, conversation, demand);
      const answer = this.#judge(question, read);
      if (answer === 'unknown') unknown = true;
      if (answer === decisive) {
        const own = this.#restsOn(state, read, failed);
        if (least === undefined || own.length < least.length) least = own;
        deciding += 1;
        if (least.length === 0 || deciding >= DECIDING_DEMANDS) break;
      } else if (least === undefined) for (const ix of this.#restsOn(state, read, failed)) everything.add(ix);
    }
    const proven = this.#study.proven;
    if (least !== undefined) return { answer: decisive, restsOn: proven ? least : undefined };
    const answer = unknown ? 'unknown' : decisive === 'holds' && question.demands.length > 0 ? 'broken' : 'holds';
    return { answer, restsOn: proven ? [...everything].sort((x, y) => x - y) : undefined };
  }

  /**
   * Behind a table entry stand the device, the links it sends on, and all the same at the next device, up to where the
   * route came from: a packet may be dropped before it gets there, but the entry stands and falls with that way.
   */
  #restsOn(state: FailureState, { lookUps }: TripsRead, failed: readonly ElementIx[]): readonly ElementIx[] {
    const elements = new Set<ElementIx>();
    // What is down stays down, whatever else fails.
    const add = (lookUp: LookUp): void => {
      if (!isUpIn(state, lookUp)) return;
      for (const ix of this.#behind.get(lookUp) ?? []) elements.add(ix);
    };
    const followed = new Set<LookUp>();
    const open = lookUps.filter((lookUp) => lookUp >= 0);
    for (const lookUp of lookUps) if (lookUp < 0) add(lookUp);
    for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
      if (followed.has(entry)) continue;
      followed.add(entry);
      const [device, classIx] = [this.#reader.deviceOf(entry), this.#reader.classOf(entry)];
      add(deviceLookUp(device));
      const action = state.entry(device, classIx)?.action;
      if (action?.kind !== 'forward') continue;
      for (const next of action.next) {
        add(linkLookUp(next.link));
        open.push(this.#reader.entryLookUp(next.device, classIx));
      }
    }
    for (const ix of failed) elements.delete(ix);
    return [...elements].sort((a, b) => a - b);
  }

  #judge(question: Question, read: TripsRead): Answer {
    let known = this.#judged.get(read);
    if (known === undefined) {
      known = new Map();
      this.#judged.set(read, known);
    }
    const answer = known.get(question) ?? question.judge(read.trips);
    known.set(question, answer);
    return answer;
  }
}
