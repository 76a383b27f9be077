/**
 * The round trips of a demand under one state of the network after another. Following a demand is a function of what it
 * looks up on the way, in the order in which it does: so each result is kept at the end of a path of look-ups and their
 * answers, and a state that gives the same answers gets the same result without following anything.
 */
import type { CompiledNetwork, DeviceIx, LinkIx } from '@bothways/network';
import { type FailureState, type FibEntry, sameFibEntry } from '@bothways/routing';
import type { AddressSpace } from './address-space.ts';
import type { Conversation } from './conversation.ts';
import { type BranchesOf, branchesOver } from './load-branches.ts';
import type { NetworkState } from './network-state.ts';
import { type RoundTrip, roundTripsOf } from './round-trip.ts';
import type { WalkInput } from './walk-input.ts';

/** What was looked up: an entry of a table (device and class), or, below zero, whether a device or link is up. */
export type LookUp = number;

export const deviceLookUp = (device: DeviceIx): LookUp => -1 - 2 * device;
export const linkLookUp = (link: LinkIx): LookUp => -2 - 2 * link;

export interface TripsRead {
  readonly trips: readonly RoundTrip[];
  /** In the order of asking, each once. */
  readonly lookUps: readonly LookUp[];
}

/** A look-up and what follows it, by the number of its answer. Most have one answer only, and a map of one is large. */
interface Fork {
  readonly lookUp: LookUp;
  readonly answer: number;
  next: Fork | TripsRead;
  /** Other answers than `answer`. */
  others: Map<number, Fork | TripsRead> | undefined;
}

function after(fork: Fork, answer: number): Fork | TripsRead | undefined {
  return answer === fork.answer ? fork.next : fork.others?.get(answer);
}

function follow(fork: Fork, answer: number, next: Fork | TripsRead): void {
  if (answer === fork.answer) fork.next = next;
  else {
    fork.others ??= new Map();
    fork.others.set(answer, next);
  }
}

/** Results kept per demand, and of all demands together: some 100 MB for a large estate. */
const KEPT_RESULTS = 24;
const KEPT_IN_ALL = 120_000;

/** Follows the conversations of one network. */
export class TripReader {
  readonly #compiled: CompiledNetwork;
  readonly #cut: AddressSpace;
  readonly #deviceCount: number;
  readonly #known: (Fork | TripsRead | undefined)[] = [];
  readonly #kept: number[] = [];
  #keptInAll = 0;
  /** Distinct entries seen, by look-up: their positions are the numbers of the answers. */
  readonly #variants = new Map<LookUp, FibEntry[]>();
  #state: FailureState | undefined;
  #space: AddressSpace;
  #up: NetworkState | undefined;
  /** Of the present state, by look-up. */
  #entries = new Map<LookUp, FibEntry | undefined>();
  #asked = new Set<LookUp>();

  /** `cut`: the address space of the network without failures. */
  constructor(compiled: CompiledNetwork, cut: AddressSpace) {
    this.#compiled = compiled;
    this.#cut = cut;
    this.#space = cut;
    this.#deviceCount = compiled.network.devices.length;
  }

  /** `position`: of the conversation. The same object where everything looked up is the same. */
  read(state: FailureState, conversation: Conversation, position: number): TripsRead {
    if (state !== this.#state) this.#enter(state);
    const known = this.#lookFor(state, position);
    if (known !== undefined) return known;
    this.#asked = new Set();
    const trips = roundTripsOf(this.#compiled, this.#input(state), conversation);
    const read: TripsRead = { trips, lookUps: [...this.#asked] };
    this.#keep(state, position, read);
    return read;
  }

  /**
   * All branches of round trips that were read under this state. They look up nothing but what the round trips did, so
   * those of a state that gave the same answers are the same.
   */
  branchesOf(state: FailureState): BranchesOf {
    let branches: BranchesOf | undefined;
    return (trip) => {
      if (state !== this.#state) this.#enter(state);
      branches ??= branchesOver(this.#compiled, this.#input(state));
      return branches(trip);
    };
  }

  #input(state: FailureState): WalkInput {
    return { network: this.#compiled.network, space: this.#space, state: this.#up ?? this.#watched(state) };
  }

  /** The device whose failure changes the answer. */
  deviceOf(lookUp: LookUp): DeviceIx {
    return lookUp % this.#deviceCount;
  }

  classOf(lookUp: LookUp): number {
    return Math.floor(lookUp / this.#deviceCount);
  }

  entryLookUp(device: DeviceIx, classIx: number): LookUp {
    return classIx * this.#deviceCount + device;
  }

  #enter(state: FailureState): void {
    this.#state = state;
    this.#entries = new Map();
    this.#up = this.#watched(state);
    this.#space = this.#cut.over({
      entry: (device, classIx) => this.#entry(state, this.entryLookUp(device, classIx)),
      asked: (device, classIx) => {
        this.#asked.add(this.entryLookUp(device, classIx));
      },
    });
  }

  /** As `stateOf`, with every question noted. */
  #watched(state: FailureState): NetworkState {
    const { links } = this.#compiled.network;
    const isUp = (link: LinkIx): boolean => {
      this.#asked.add(linkLookUp(link));
      return state.isLinkUp(link) && (links[link]?.carriedBy?.every(isUp) ?? true);
    };
    return {
      isUp,
      isDeviceUp: (device) => {
        this.#asked.add(deviceLookUp(device));
        return state.isDeviceUp(device);
      },
    };
  }

  #entry(state: FailureState, lookUp: LookUp): FibEntry | undefined {
    const known = this.#entries.get(lookUp);
    if (known !== undefined || this.#entries.has(lookUp)) return known;
    const entry = state.entry(this.deviceOf(lookUp), this.classOf(lookUp));
    this.#entries.set(lookUp, entry);
    return entry;
  }

  #lookFor(state: FailureState, position: number): TripsRead | undefined {
    let at = this.#known[position];
    while (at !== undefined && 'next' in at) at = after(at, this.#answer(state, at.lookUp));
    return at;
  }

  #keep(state: FailureState, position: number, read: TripsRead): void {
    const kept = this.#kept[position] ?? 0;
    // The first of each demand is the one without failures, which most sets leave as it is.
    if (kept >= KEPT_RESULTS || (kept > 0 && this.#keptInAll >= KEPT_IN_ALL)) return;
    this.#kept[position] = kept + 1;
    this.#keptInAll++;
    /** What is left of the path, from this step on. */
    const rest = (from: number): Fork | TripsRead => {
      let end: Fork | TripsRead = read;
      for (let step = read.lookUps.length - 1; step >= from; step--) {
        const lookUp = read.lookUps[step] ?? 0;
        end = { lookUp, answer: this.#answer(state, lookUp), next: end, others: undefined };
      }
      return end;
    };
    let at = this.#known[position];
    if (at === undefined || !('next' in at)) {
      this.#known[position] = rest(0);
      return;
    }
    for (const [step, lookUp] of read.lookUps.entries()) {
      if (at.lookUp !== lookUp) throw new Error('two walks that saw the same asked for different things');
      const answer = this.#answer(state, lookUp);
      const next: Fork | TripsRead | undefined = after(at, answer);
      if (next === undefined || !('next' in next)) {
        follow(at, answer, rest(step + 1));
        return;
      }
      at = next;
    }
  }

  /** A number that two entries share where they are alike; -1 without an entry. */
  #answer(state: FailureState, lookUp: LookUp): number {
    if (lookUp < 0) return isUpIn(state, lookUp) ? 1 : 0;
    const entry = this.#entry(state, lookUp);
    if (entry === undefined) return -1;
    let variants = this.#variants.get(lookUp);
    if (variants === undefined) {
      variants = [];
      this.#variants.set(lookUp, variants);
    }
    const known = variants.findIndex((other) => sameFibEntry(other, entry));
    return known >= 0 ? known : variants.push(entry) - 1;
  }
}

/** The answer to a look-up below zero. */
export function isUpIn(state: FailureState, lookUp: LookUp): boolean {
  const isDevice = (-1 - lookUp) % 2 === 0;
  return isDevice ? state.isDeviceUp((-1 - lookUp) / 2) : state.isLinkUp((-2 - lookUp) / 2);
}
