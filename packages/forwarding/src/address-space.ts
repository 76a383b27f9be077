/**
 * The address space cut into atoms: addresses that every table, filter and translation of the network treats alike.
 *
 * One concrete packet per atom therefore speaks for all of its addresses; that is what makes a verdict cover every
 * address instead of a sample.
 */
import {
  type Address,
  atomsOfPrefixes,
  type Family,
  hostPrefix,
  type Interval,
  intervalSet,
  type Prefix,
  type PrefixSet,
  setIntervals,
  unionOf,
} from '@bothways/net';
import type { Device, DeviceIx, Network } from '@bothways/network';
import type { ControlPlane, FibEntry } from '@bothways/routing';

/** Position in the atoms of one family. */
export type AtomIx = number;

interface FamilySpace {
  /** Per atom: prefix classes that cover it, longest match first. */
  readonly chains: readonly (readonly number[])[];
  /** Starts of the runs of addresses that share an atom, ascending; a run reaches to the next start. */
  readonly starts: readonly bigint[];
  /** The same as numbers, where they are small enough: IPv4. */
  readonly numbers: Float64Array | undefined;
  /** Atom of each run. */
  readonly atoms: readonly AtomIx[];
  /** Answers of `pieces`, by the set asked about. */
  readonly pieces: WeakMap<PrefixSet, readonly Piece[]>;
  /** Answers of `together`, by the set that the pieces are of and their atoms. */
  readonly unions: WeakMap<PrefixSet, Map<string, PrefixSet>>;
}

/** A part of an address set that lies in one atom. */
export interface Piece {
  readonly family: Family;
  readonly atom: AtomIx;
  readonly set: PrefixSet;
  /** The address that stands for the piece: its second, which can be a host, or its only one. */
  readonly representative: Address;
}

/** Tables by device and class; `asked` hears of every look-up. */
export interface Tables {
  entry(device: DeviceIx, classIx: number): FibEntry | undefined;
  readonly asked?: (device: DeviceIx, classIx: number) => void;
}

export class AddressSpace {
  readonly #plane: ControlPlane;
  readonly #network: Network;
  readonly #tables: Tables;
  readonly #families: ReadonlyMap<Family, FamilySpace>;
  /** Null: the device has no route. */
  readonly #entries = new Map<number, FibEntry | null>();
  readonly #deviceCount: number;

  constructor(plane: ControlPlane, network: Network, cut?: { readonly space: AddressSpace; readonly tables: Tables }) {
    this.#plane = plane;
    this.#network = network;
    this.#deviceCount = network.devices.length;
    if (cut !== undefined) {
      this.#tables = cut.tables;
      this.#families = cut.space.#families;
      return;
    }
    this.#tables = { entry: (device, classIx) => plane.fibs[device]?.get(classIx) };
    // Filters and pools never stand in a table; as further groups behind the classes they only refine the cut.
    const matchers = new Set(network.devices.flatMap(matchersOf));
    const groups = [...plane.classes.map((each) => each.prefixes), ...matchers];
    this.#families = new Map<Family, FamilySpace>([
      [4, cutFamily(groups, 4)],
      [6, cutFamily(groups, 6)],
    ]);
  }

  /** The same cut over other tables, which know the same classes. */
  over(tables: Tables): AddressSpace {
    return new AddressSpace(this.#plane, this.#network, { space: this, tables });
  }

  atomOf(address: Address): AtomIx {
    const space = this.#family(address.family);
    return space.atoms[this.#runOf(space, address.bits)] ?? 0;
  }

  /** The run of addresses that `bits` lies in. */
  #runOf(space: FamilySpace, bits: bigint): number {
    let low = 0;
    let high = space.starts.length - 1;
    const { numbers } = space;
    if (numbers !== undefined) {
      const wanted = Number(bits);
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if ((numbers[middle] ?? 0) <= wanted) low = middle;
        else high = middle - 1;
      }
      return low;
    }
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((space.starts[middle] ?? 0n) <= bits) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The pieces of a set, in the order of their atoms. Remembered per set: all sites ask about the same targets. */
  pieces(set: PrefixSet, family: Family): readonly Piece[] {
    const space = this.#family(family);
    const known = space.pieces.get(set);
    if (known !== undefined) return known;
    const parts = new Map<AtomIx, Interval[]>();
    for (const { first, last } of setIntervals(set, family)) {
      for (let run = this.#runOf(space, first); (space.starts[run] ?? last + 1n) <= last; run += 1) {
        const start = space.starts[run] ?? 0n;
        const next = space.starts[run + 1];
        const end = next === undefined ? last : next - 1n;
        const atom = space.atoms[run] ?? 0;
        const overlap = { first: start > first ? start : first, last: end < last ? end : last };
        const held = parts.get(atom);
        if (held === undefined) parts.set(atom, [overlap]);
        else held.push(overlap);
      }
    }
    const pieces = [...parts]
      .sort(([a], [b]) => a - b)
      .map(([atom, intervals]): Piece => {
        const part = intervalSet(family, intervals);
        const [first] = setIntervals(part, family);
        if (first === undefined) throw new Error('a piece without addresses');
        const bits = first.first === first.last ? first.first : first.first + 1n;
        return { family, atom, set: part, representative: { family, bits } };
      });
    space.pieces.set(set, pieces);
    return pieces;
  }

  /** The addresses of some pieces of a set. Remembered as well: for most sites the same pieces behave alike. */
  together(set: PrefixSet, family: Family, pieces: readonly Piece[]): PrefixSet {
    const { unions } = this.#family(family);
    let known = unions.get(set);
    if (known === undefined) {
      known = new Map();
      unions.set(set, known);
    }
    const key = pieces.map((each) => each.atom).join();
    let union = known.get(key);
    if (union === undefined) {
      union = unionOf(...pieces.map((each) => each.set));
      known.set(key, union);
    }
    return union;
  }

  /** What the table of a device says about an atom: its longest match, or undefined without a route. */
  entry(device: DeviceIx, family: Family, atom: AtomIx): FibEntry | undefined {
    const key = (atom * this.#deviceCount + device) * 2 + (family === 4 ? 0 : 1);
    const { asked } = this.#tables;
    const known = asked === undefined ? this.#entries.get(key) : undefined;
    if (known !== undefined) return known ?? undefined;
    let found: FibEntry | undefined;
    for (const classIx of this.#family(family).chains[atom] ?? []) {
      asked?.(device, classIx);
      found = this.#tables.entry(device, classIx);
      if (found !== undefined) break;
    }
    if (asked === undefined) this.#entries.set(key, found ?? null);
    return found;
  }

  #family(family: Family): FamilySpace {
    const space = this.#families.get(family);
    if (space === undefined) throw new RangeError(`address family ${family}`);
    return space;
  }
}

/** What a device compares addresses with besides its table. */
function matchersOf(device: Device): readonly (readonly Prefix[])[] {
  return [
    ...device.sourceFilters.map((filter) => filter.permit),
    ...device.sourceNat.flatMap((rule) => [rule.sources, rule.pool]),
    ...(device.firewall?.permitInbound.map((rule) => rule.destinations) ?? []),
    ...(device.firewall?.rules?.flatMap((rule) => [rule.from, rule.to]) ?? []),
    ...(device.steering?.map((rule) => rule.sources) ?? []),
    ...(device.destinationNat?.flatMap((rule) => [
      [hostPrefix(rule.publicAddress)],
      [hostPrefix(rule.insideAddress)],
    ]) ?? []),
    ...(device.inboundSourceNat?.flatMap((rule) => [rule.destinations, rule.pool]) ?? []),
  ];
}

function cutFamily(groups: readonly (readonly Prefix[])[], family: Family): FamilySpace {
  const atoms = atomsOfPrefixes(groups, family);
  const runs = atoms
    .flatMap((atom, ix) => atom.intervals.map((interval) => ({ start: interval.first, atom: ix })))
    .sort((a, b) => (a.start < b.start ? -1 : 1));
  return {
    chains: atoms.map((atom) => atom.chain),
    starts: runs.map((run) => run.start),
    numbers: family === 4 ? Float64Array.from(runs, (run) => Number(run.start)) : undefined,
    atoms: runs.map((run) => run.atom),
    pieces: new WeakMap(),
    unions: new WeakMap(),
  };
}
