/**
 * Longest match for IPv4 in tables that no longer change: a few memory reads for each address.
 *
 * Large tables: the idea of DIR-24-8 (Gupta, Lin and McKeown, "Routing Lookups in Hardware at Memory Access Speeds",
 * INFOCOM 1998; also DPDK's rte_lpm and rte_fib), which is one entry for each of the 2^24 possible first three bytes and a
 * block of 256 entries where prefixes are longer than /24. Written out, that is 32 or 64 MiB, and at random addresses the
 * caches then set the speed. So runs of equal entries are stored once and found by counting bits, as in the Luleå scheme
 * (Degermark, Brodnik, Carlsson and Pink, SIGCOMM 1997) and Poptrie (Asai and Ohara, SIGCOMM 2015): 2 MiB
 * of offsets, at most 4 MiB of records, 4 bytes for each run and at most 96 bytes for each block.
 *
 * Small tables: sorted ranges and a binary search, narrowed by a direct table on the first bits as in DXR (Zec, Rizzo and
 * Mikuc, CCR 2012): 8 bytes for each range and about as much for the direct table.
 */
import type { Family } from './address.ts';
import type { Prefix } from './prefix.ts';

/** Methods rather than function values: the engine then compiles a look-up into the caller's loop for either layout. */
export interface FrozenTable4 {
  /** The value of the longest prefix that holds the address (an unsigned 32-bit number), or -1. */
  lookup(address: number): number;
  /** Looks up every address; results go to the same places of `results`. Saves the call for each. */
  lookupAll(addresses: Uint32Array, results: Int32Array): void;
  /** Bytes of the arrays behind the table. */
  readonly bytes: number;
}

/** Highest value a frozen table can hold. */
export const highestTableValue = 0x7fff_ffff;

/** Up to this many ranges a table is searched; above, the direct layout is worth its 4 MiB. */
const mostSearchedRanges = 1 << 16;

const addressCount = 2 ** 32;

/** Throws RangeError unless there is one value for each prefix, all of the family, all values in bounds. */
export function checkEntries(prefixes: readonly Prefix[], values: readonly number[], family: Family): void {
  if (prefixes.length !== values.length) {
    throw new RangeError(`${prefixes.length} prefixes but ${values.length} values`);
  }
  for (const value of values) {
    if (!Number.isInteger(value) || value < 0 || value > highestTableValue) {
      throw new RangeError(`${value} is not a table value; these are integers from 0 to ${highestTableValue}`);
    }
  }
  for (const prefix of prefixes) {
    if (prefix.family !== family) {
      throw new RangeError(`a prefix of family ${prefix.family} in a table of family ${family}`);
    }
  }
}

/** The table as consecutive ranges: `starts` ascending from 0, `values` with -1 for addresses without a prefix. */
interface Ranges {
  readonly starts: Uint32Array;
  readonly values: Int32Array;
  readonly count: number;
}

/** One pass of a radix sort: the order rearranged by a 16-bit (or smaller) key, equal keys left as they were. */
function sortedBy(
  order: Uint32Array<ArrayBuffer>,
  key: (index: number) => number,
  keyCount: number,
): Uint32Array<ArrayBuffer> {
  const ends = new Uint32Array(keyCount + 1);
  for (const index of order) {
    const slot = key(index) + 1;
    ends[slot] = (ends[slot] ?? 0) + 1;
  }
  for (let slot = 1; slot <= keyCount; slot += 1) {
    ends[slot] = (ends[slot] ?? 0) + (ends[slot - 1] ?? 0);
  }
  const sorted = new Uint32Array(order.length);
  for (const index of order) {
    const slot = key(index);
    const place = ends[slot] ?? 0;
    sorted[place] = index;
    ends[slot] = place + 1;
  }
  return sorted;
}

/** One sweep with the enclosing prefixes on a stack; neighbours with the same value become one range. */
function rangesOf(prefixes: readonly Prefix[], values: readonly number[]): Ranges {
  const total = prefixes.length;
  const firsts = new Uint32Array(total);
  const lengths = new Uint8Array(total);
  for (const [index, prefix] of prefixes.entries()) {
    firsts[index] = Number(prefix.bits);
    lengths[index] = prefix.length;
  }
  let order = Uint32Array.from(firsts, (_, index) => index);
  order = sortedBy(order, (index) => lengths[index] ?? 0, 33);
  order = sortedBy(order, (index) => (firsts[index] ?? 0) & 0xffff, 0x1_0000);
  order = sortedBy(order, (index) => (firsts[index] ?? 0) >>> 16, 0x1_0000);

  const starts = new Uint32Array(2 * total + 1);
  const rangeValues = new Int32Array(2 * total + 1);
  let count = 0;
  const open = (start: number, value: number): void => {
    if (count > 0 && starts[count - 1] === start) {
      count -= 1;
    }
    if (count === 0 || rangeValues[count - 1] !== value) {
      starts[count] = start;
      rangeValues[count] = value;
      count += 1;
    }
  };
  open(0, -1);
  // Parallel stacks: the address after each enclosing prefix, and the value that applies again from there.
  const ends: number[] = [];
  const outer: number[] = [];
  let value = -1;
  const closeUntil = (limit: number): void => {
    for (let end = ends.at(-1); end !== undefined && end <= limit; end = ends.at(-1)) {
      ends.pop();
      value = outer.pop() ?? -1;
      if (end < addressCount) {
        open(end, value);
      }
    }
  };
  for (const index of order) {
    const start = firsts[index] ?? 0;
    closeUntil(start);
    ends.push(start + 2 ** (32 - (lengths[index] ?? 0)));
    outer.push(value);
    value = values[index] ?? -1;
    open(start, value);
  }
  closeUntil(addressCount);
  return { starts: starts.slice(0, count), values: rangeValues.slice(0, count), count };
}

/** Sorted ranges. `firstRange[b]` is the last range that starts at or before the lowest address with first bits b. */
class SearchedTable implements FrozenTable4 {
  private readonly starts: Uint32Array;
  private readonly values: Int32Array;
  private readonly firstRange: Uint32Array;
  private readonly shift: number;

  constructor({ starts, values, count }: Ranges) {
    const indexBits = Math.max(1, 32 - Math.clz32(count - 1));
    this.starts = starts;
    this.values = values;
    this.shift = 32 - indexBits;
    this.firstRange = new Uint32Array(2 ** indexBits + 1).fill(count - 1);
    let range = 0;
    for (let bits = 0; bits < 2 ** indexBits; bits += 1) {
      while (range + 1 < count && (starts[range + 1] ?? 0) <= bits * 2 ** this.shift) {
        range += 1;
      }
      this.firstRange[bits] = range;
    }
  }

  lookup(address: number): number {
    const slot = address >>> this.shift;
    let low = this.firstRange[slot] ?? 0;
    let size = (this.firstRange[slot + 1] ?? 0) - low + 1;
    while (size > 1) {
      const half = size >>> 1;
      if ((this.starts[low + half] ?? 0) <= address) {
        low += half;
      }
      size -= half;
    }
    return this.values[low] ?? -1;
  }

  lookupAll(addresses: Uint32Array, results: Int32Array): void {
    for (let index = 0; index < addresses.length; index += 1) {
      results[index] = this.lookup(addresses[index] ?? 0);
    }
  }

  get bytes(): number {
    return this.starts.byteLength + this.values.byteLength + this.firstRange.byteLength;
  }
}

/**
 * An array of entries in which runs of equal entries are stored once. 32 positions are a unit; `offsets` leads from the
 * unit to its record in `records`: one word with a bit for each position at which a run starts, the first always set, and
 * then the entries of these runs. Bitmap and entries lie together because each memory page touched costs time.
 */
class Runs {
  readonly offsets: Uint32Array;
  records: Int32Array;
  private used = 0;
  private unit = -1;
  private running = -1;
  /** The last record with a single entry: units in which no run starts share it. */
  private single = -1;

  constructor(positions: number, mostRuns: number) {
    this.offsets = new Uint32Array(Math.ceil(positions / 32));
    this.records = new Int32Array(2 * this.offsets.length + mostRuns);
  }

  /** Starts a run. Positions must ascend; the first must be 0. */
  start(position: number, entry: number): void {
    this.moveTo(position >>> 5);
    if (position % 32 === 0) {
      this.records[this.used - 1] = entry;
    } else {
      const bitmap = this.offsets[this.unit] ?? 0;
      this.records[bitmap] = (this.records[bitmap] ?? 0) | (1 << (position % 32));
      this.records[this.used] = entry;
      this.used += 1;
    }
    this.running = entry;
  }

  /** Ends the array: the last run goes on to the last position. */
  finish(): void {
    this.moveTo(this.offsets.length);
    this.records = this.records.slice(0, this.used);
  }

  /** Closes the open unit and opens the next, each with the run under way, until `unit` is open. */
  private moveTo(unit: number): void {
    while (this.unit < unit) {
      const record = this.offsets[this.unit] ?? 0;
      if (this.used - record === 2) {
        if (this.single >= 0 && this.records[this.single + 1] === this.running) {
          this.offsets[this.unit] = this.single;
          this.used = record;
        } else {
          this.single = record;
        }
      }
      this.unit += 1;
      if (this.unit < this.offsets.length) {
        this.offsets[this.unit] = this.used;
        this.records[this.used] = 1;
        this.records[this.used + 1] = this.running;
        this.used += 2;
      }
    }
  }
}

/** The entry at one of the 32 positions of a record. Counts the bits up to the position in the usual halving steps. */
function entryAt(records: Int32Array, record: number, position: number): number {
  let bits = (records[record] ?? 0) & (0xffff_ffff >>> (31 - position));
  bits -= (bits >>> 1) & 0x5555_5555;
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  const runs = Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  return records[record + runs] ?? -1;
}

/** Slots that several ranges share; each needs a block. */
function countBlocks({ starts }: Ranges): number {
  let blocks = 0;
  let previous = -1;
  for (const start of starts) {
    if (start % 256 !== 0 && start >>> 8 !== previous) {
      previous = start >>> 8;
      blocks += 1;
    }
  }
  return blocks;
}

/** An entry below -1 stands for a block: -2 for block 0, -3 for block 1, and so on. */
const firstBlockEntry = -2;

class DirectTable implements FrozenTable4 {
  private readonly slotOffsets: Uint32Array;
  private readonly slotRecords: Int32Array;
  private readonly blockOffsets: Uint32Array;
  private readonly blockRecords: Int32Array;

  constructor({ starts, values, count }: Ranges) {
    const blockCount = countBlocks({ starts, values, count });
    const slots = new Runs(1 << 24, count + 2 * blockCount);
    const blocks = new Runs(blockCount * 256, count + blockCount);
    let block = -1;
    for (let index = 0; index < count; index += 1) {
      const start = starts[index] ?? 0;
      const end = index + 1 < count ? (starts[index + 1] ?? 0) : addressCount;
      const value = values[index] ?? -1;
      let slot = start >>> 8;
      const lastSlot = Math.floor(end / 256);
      if (start % 256 !== 0) {
        // The range before this one ended inside the slot and opened its block.
        blocks.start(block * 256 + (start % 256), value);
        slot += 1;
      }
      if (slot < lastSlot) {
        slots.start(slot, value);
      }
      if (slot <= lastSlot && end % 256 !== 0) {
        block += 1;
        slots.start(lastSlot, firstBlockEntry - block);
        blocks.start(block * 256, value);
      }
    }
    slots.finish();
    blocks.finish();
    this.slotOffsets = slots.offsets;
    this.slotRecords = slots.records;
    this.blockOffsets = blocks.offsets;
    this.blockRecords = blocks.records;
  }

  lookup(address: number): number {
    const entry = entryAt(this.slotRecords, this.slotOffsets[address >>> 13] ?? 0, (address >>> 8) & 31);
    if (entry > firstBlockEntry) {
      return entry;
    }
    const unit = (firstBlockEntry - entry) * 8 + ((address >>> 5) & 7);
    return entryAt(this.blockRecords, this.blockOffsets[unit] ?? 0, address & 31);
  }

  lookupAll(addresses: Uint32Array, results: Int32Array): void {
    for (let index = 0; index < addresses.length; index += 1) {
      results[index] = this.lookup(addresses[index] ?? 0);
    }
  }

  get bytes(): number {
    return (
      this.slotOffsets.byteLength +
      this.slotRecords.byteLength +
      this.blockOffsets.byteLength +
      this.blockRecords.byteLength
    );
  }
}

export type TableLayout = 'ranges' | 'direct';

/**
 * Freezes a table: `values[i]` belongs to `prefixes[i]`; of repeated prefixes the last given wins. Values are integers
 * from 0 to `highestTableValue`. The layout is chosen by size unless it is given. Throws RangeError on other families,
 * other values, or lists of different length.
 */
export function freezeTable4(
  prefixes: readonly Prefix[],
  values: readonly number[],
  layout?: TableLayout,
): FrozenTable4 {
  checkEntries(prefixes, values, 4);
  const ranges = rangesOf(prefixes, values);
  const chosen = layout ?? (ranges.count <= mostSearchedRanges ? 'ranges' : 'direct');
  return chosen === 'ranges' ? new SearchedTable(ranges) : new DirectTable(ranges);
}
