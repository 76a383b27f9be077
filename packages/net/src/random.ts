/**
 * Seeded random numbers for tests, generated networks and benchmarks: the same seed gives the same sequence everywhere.
 * Not for secrets.
 *
 * The generator is xoshiro128** 1.1 (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS
 * 2021). Its state is filled from the seed by a Weyl sequence through the 32-bit finaliser of MurmurHash3 (Appleby), in
 * the role that SplitMix has in the authors' own advice: nearby seeds must not give similar states.
 */

/** The finaliser of MurmurHash3: every bit of the word changes about half of the result. */
function mixed(word: number): number {
  let bits = Math.imul(word ^ (word >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return bits ^ (bits >>> 16);
}

/** A generator and its place in the sequence: each draw moves it on. */
export class Random {
  private readonly state = new Uint32Array(4);

  /** `seed` is any integer that a number holds exactly. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) {
      throw new RangeError(`${seed} is not an integer seed`);
    }
    const low = seed >>> 0;
    const high = Math.floor(seed / 0x1_0000_0000) >>> 0;
    for (let index = 0; index < 4; index += 1) {
      const step = Math.imul(index + 1, 0x9e37_79b9);
      this.state[index] = mixed(low + step) ^ mixed(high ^ step);
    }
    if (this.state.every((word) => word === 0)) {
      // The one state that the generator never leaves.
      this.state[0] = 1;
    }
  }

  /** An integer from 0 to 2^32 - 1. */
  nextUint32(): number {
    const state = this.state;
    const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = [state[0], state[1], state[2], state[3]];
    const scaled = Math.imul(s1, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const t2 = s2 ^ s0;
    const t3 = s3 ^ s1;
    state[1] = s1 ^ t2;
    state[0] = s0 ^ t3;
    state[2] = t2 ^ (s1 << 9);
    state[3] = (t3 << 11) | (t3 >>> 21);
    return result;
  }

  /** An integer from 0 to n - 1, each equally likely (rejection). `n` from 1 to 2^32. */
  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x1_0000_0000) {
      throw new RangeError(`below(${n}): the bound must be an integer from 1 to 2^32`);
    }
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % n);
    let draw = this.nextUint32();
    while (draw >= limit) {
      draw = this.nextUint32();
    }
    return draw % n;
  }

  /** An integer from 0 to n - 1, each equally likely. `n` at least 1, of any size. */
  bigBelow(n: bigint): bigint {
    if (n < 1n) {
      throw new RangeError(`bigBelow(${n}): the bound must be at least 1`);
    }
    const width = (n - 1n).toString(2).length;
    const words = Math.ceil(width / 32);
    const surplus = BigInt(words * 32 - width);
    for (;;) {
      let draw = 0n;
      for (let word = 0; word < words; word += 1) {
        draw = (draw << 32n) | BigInt(this.nextUint32());
      }
      draw >>= surplus;
      if (draw < n) {
        return draw;
      }
    }
  }

  /** One of the items. Throws RangeError when there are none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) {
      throw new RangeError('pick: there are no items');
    }
    const index = this.below(items.length);
    for (const item of items.slice(index, index + 1)) {
      return item;
    }
    throw new RangeError(`pick: no item at ${index} of ${items.length}`);
  }

  /** The items in random order, as a new array (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const order = Uint32Array.from(items, (_, index) => index);
    for (let last = order.length - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      const kept = order[last] ?? 0;
      order[last] = order[other] ?? 0;
      order[other] = kept;
    }
    return Array.from(order).flatMap((index) => items.slice(index, index + 1));
  }
}
