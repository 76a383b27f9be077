/**
 * The round trips of one demand under one state of the network, with everything that was looked up on the way: what a
 * failure does not touch of it, it does not touch of the round trips.
 */
import type { CompiledNetwork, ConcreteDemand, DeviceIx, LinkIx } from '@bothways/network';
import type { FailureState } from '@bothways/routing';
import type { AddressSpace } from './address-space.ts';
import { type RoundTrip, roundTripsOf } from './round-trip.ts';

export interface TripsRead {
  readonly trips: readonly RoundTrip[];
  /** Table entries looked up, as `entryKey`, ascending. */
  readonly entries: Int32Array;
  /** Links and devices whose state was asked for. */
  readonly links: readonly LinkIx[];
  readonly devices: readonly DeviceIx[];
}

/** Follows demands under one state after the other, over one cut of the address space. */
export class TripReader {
  readonly #compiled: CompiledNetwork;
  readonly #cut: AddressSpace;
  readonly #deviceCount: number;
  #state: FailureState | undefined;
  #space: AddressSpace;
  #asked = new Set<number>();

  /** `cut`: the address space of the network without failures. */
  constructor(compiled: CompiledNetwork, cut: AddressSpace) {
    this.#compiled = compiled;
    this.#cut = cut;
    this.#space = cut;
    this.#deviceCount = compiled.network.devices.length;
  }

  read(state: FailureState, demand: ConcreteDemand): TripsRead {
    if (state !== this.#state) {
      this.#state = state;
      const tables = {
        entry: (device: DeviceIx, classIx: number) => state.entry(device, classIx),
        asked: (device: DeviceIx, classIx: number): void => {
          this.#asked.add(classIx * this.#deviceCount + device);
        },
      };
      this.#space = this.#cut.over(tables);
    }
    this.#asked = new Set();
    const trips = roundTripsOf(this.#compiled, this.#space, demand);
    return { trips, entries: Int32Array.from(this.#asked).sort(), links: [], devices: [] };
  }

  deviceOf(key: number): DeviceIx {
    return key % this.#deviceCount;
  }

  classOf(key: number): number {
    return Math.floor(key / this.#deviceCount);
  }

  keyOf(device: DeviceIx, classIx: number): number {
    return classIx * this.#deviceCount + device;
  }
}
