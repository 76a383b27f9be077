/**
 * Large tables of IPv4 routes as peers announce them: BGP UPDATE messages (RFC 4271 section 4.3) read straight from their
 * bytes into packed arrays, with the best path kept as routes arrive. For tables of the internet, a million routes a peer,
 * where one object a route is too much; estates are computed in `control-plane.ts`.
 *
 * Layout, by slot of an open-addressed hash table (linear probing, at most 5/8 full): address (4 bytes), length + 1 (1 byte,
 * 0: empty), best peer + 1 (1 byte), and for each peer its attribute set + 1 (4 bytes, 0: no route): 6 + 4p bytes a slot for
 * p peers. Attribute sets are kept once, as the bytes that arrived, with what the decision compares beside them.
 *
 * Left out: other families (MP_REACH_NLRI), add-path, policies, internal peers; four-byte AS numbers are taken as agreed
 * (RFC 6793). A message that breaks the rules ends the stream of its peer, as a NOTIFICATION would.
 */
import type { Prefix } from '@bothways/net';
import { DEFAULT_LOCAL_PREFERENCE } from './attributes.ts';

/** An external neighbour. */
export interface TablePeer {
  readonly routerId: number;
}

/** A route of the table; `asPath` has the members of a set in the order they stand in. */
export interface TableRoute {
  readonly peer: number;
  readonly originCode: number;
  readonly asPath: readonly number[];
  /** AS_PATH as the decision counts it: a set is one. */
  readonly pathLength: number;
  readonly med: number;
  readonly localPreference: number;
}

export interface StreamProblem {
  /** Position in the bytes of this call, of the message that breaks the rules. */
  readonly at: number;
  readonly problem: string;
}

const HEADER = 19;
const LONGEST_MESSAGE = 4096;
const UPDATE = 2;
const ORIGIN = 1;
const AS_PATH = 2;
const MULTI_EXIT_DISC = 4;
const LOCAL_PREF = 5;
const EXTENDED_LENGTH = 0x10;
const AS_SET = 1;

/** Attribute sets, each once. Numbers are from 0 in the order they came. */
class AttributeSets {
  #bytes = new Uint8Array(1 << 20);
  #end = 0;
  #starts = new Uint32Array(1 << 14);
  #slots = new Uint32Array(1 << 15);
  size = 0;
  /** What the decision compares, by set. */
  localPreference = new Uint32Array(1 << 14);
  med = new Uint32Array(1 << 14);
  firstAs = new Uint32Array(1 << 14);
  /** Path length times 4 and the origin code: compared in that order, so together. */
  lengthAndOrigin = new Uint32Array(1 << 14);

  /** The set that these bytes are; -1 where they are none. */
  intern(bytes: Uint8Array, from: number, to: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashBytes(bytes, from, to) & mask;
    for (let held = this.#slots[slot] ?? 0; held !== 0; held = this.#slots[slot] ?? 0) {
      if (this.#isSame(held - 1, bytes, from, to)) return held - 1;
      slot = (slot + 1) & mask;
    }
    if (this.size === this.#starts.length - 1) this.#growSets();
    const set = this.size;
    if (!this.#decode(set, bytes, from, to)) return -1;
    while (this.#end + to - from > this.#bytes.length) this.#bytes = grown(this.#bytes);
    this.#starts[set] = this.#end;
    this.#bytes.set(bytes.subarray(from, to), this.#end);
    this.#end += to - from;
    this.#starts[set + 1] = this.#end;
    this.#slots[slot] = set + 1;
    this.size++;
    if (this.size * 2 > this.#slots.length) this.#growSlots();
    return set;
  }

  bytesOf(set: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[set], this.#starts[set + 1]);
  }

  get byteLength(): number {
    const decoded = this.localPreference.byteLength * 4;
    return this.#bytes.byteLength + this.#starts.byteLength + this.#slots.byteLength + decoded;
  }

  #isSame(set: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[set] ?? 0;
    if ((this.#starts[set + 1] ?? 0) - start !== to - from) return false;
    for (let ix = 0; ix < to - from; ix++) if (this.#bytes[start + ix] !== bytes[from + ix]) return false;
    return true;
  }

  #growSets(): void {
    const spare = new Uint32Array(this.#starts.length * 2);
    spare.set(this.#starts);
    this.#starts = spare;
    this.localPreference = grownWords(this.localPreference);
    this.med = grownWords(this.med);
    this.firstAs = grownWords(this.firstAs);
    this.lengthAndOrigin = grownWords(this.lengthAndOrigin);
  }

  #growSlots(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let set = 0; set < this.size; set++) {
      let slot = hashBytes(this.#bytes, this.#starts[set] ?? 0, this.#starts[set + 1] ?? 0) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = set + 1;
    }
  }

  #decode(set: number, bytes: Uint8Array, from: number, to: number): boolean {
    this.localPreference[set] = DEFAULT_LOCAL_PREFERENCE;
    this.med[set] = 0;
    this.firstAs[set] = 0;
    let origin = -1;
    let length = -1;
    for (let at = from; at < to; ) {
      const extended = ((bytes[at] ?? 0) & EXTENDED_LENGTH) !== 0;
      const start = at + (extended ? 4 : 3);
      const size = extended ? wordAt(bytes, at + 2, 2) : (bytes[at + 2] ?? 0);
      const end = start + size;
      if (end > to) return false;
      const type = bytes[at + 1];
      if (type === ORIGIN) origin = size === 1 && (bytes[start] ?? 3) < 3 ? (bytes[start] ?? 0) : -1;
      if (type === MULTI_EXIT_DISC) this.med[set] = wordAt(bytes, start, 4);
      if (type === LOCAL_PREF) this.localPreference[set] = wordAt(bytes, start, 4);
      if (type === AS_PATH) {
        length = pathLength(bytes, start, end);
        if (size > 0) this.firstAs[set] = wordAt(bytes, start + 2, 4);
      }
      if ((type === MULTI_EXIT_DISC || type === LOCAL_PREF) && size !== 4) return false;
      at = end;
    }
    if (origin < 0 || length < 0) return false;
    this.lengthAndOrigin[set] = length * 4 + origin;
    return true;
  }
}

/** -1 where segments do not fill the attribute. */
function pathLength(bytes: Uint8Array, from: number, to: number): number {
  let length = 0;
  let at = from;
  while (at < to) {
    const count = bytes[at + 1] ?? 0;
    length += bytes[at] === AS_SET ? 1 : count;
    at += 2 + 4 * count;
  }
  return at === to ? length : -1;
}

export class RouteTable {
  readonly #peers: readonly TablePeer[];
  #addresses = new Uint32Array(1 << 16);
  #lengths = new Uint8Array(1 << 16);
  #best = new Uint8Array(1 << 16);
  #routes: Uint32Array[];
  readonly #sets = new AttributeSets();
  /** Slots in use: a withdrawn prefix keeps its slot until the table grows. */
  #used = 0;
  #routeCount = 0;

  /** At most 255 peers. */
  constructor(peers: readonly TablePeer[]) {
    if (peers.length === 0 || peers.length > 255) throw new RangeError(`${peers.length} peers of 1 to 255`);
    this.#peers = peers;
    this.#routes = peers.map(() => new Uint32Array(1 << 16));
  }

  /** Routes of all peers. */
  get routeCount(): number {
    return this.#routeCount;
  }

  get attributeSets(): number {
    return this.#sets.size;
  }

  /** Of the arrays that hold the table. */
  get byteLength(): number {
    const routes = this.#routes.reduce((sum, array) => sum + array.byteLength, 0);
    const slots = this.#addresses.byteLength + this.#lengths.byteLength + this.#best.byteLength;
    return slots + routes + this.#sets.byteLength;
  }

  /** Reads whole messages of one peer; those that are no UPDATE are passed over. */
  load(peer: number, bytes: Uint8Array): StreamProblem | undefined {
    if (this.#peers[peer] === undefined) throw new RangeError(`peer ${peer} of ${this.#peers.length}`);
    for (let at = 0; at < bytes.length; ) {
      const size = wordAt(bytes, at + 16, 2);
      if (at + HEADER > bytes.length || size < HEADER || size > LONGEST_MESSAGE || at + size > bytes.length) {
        return { at, problem: `a message of ${size} bytes, ${bytes.length - at} are left` };
      }
      if (bytes[at + 18] === UPDATE) {
        const problem = this.#update(peer, bytes, at + HEADER, at + size);
        if (problem !== undefined) return { at, problem };
      }
      at += size;
    }
    return undefined;
  }

  /** The best route for exactly this prefix. */
  best({ family, bits, length }: Prefix): TableRoute | undefined {
    if (family !== 4) return undefined;
    const slot = this.#find(Number(bits), length);
    const peer = (this.#best[slot] ?? 0) - 1;
    const set = (this.#routes[peer]?.[slot] ?? 0) - 1;
    return this.#lengths[slot] === 0 || peer < 0 || set < 0 ? undefined : this.#route(peer, set);
  }

  #route(peer: number, set: number): TableRoute {
    const { lengthAndOrigin, med, localPreference } = this.#sets;
    const packed = lengthAndOrigin[set] ?? 0;
    return {
      peer,
      originCode: packed & 3,
      asPath: asPathOf(this.#sets.bytesOf(set)),
      pathLength: packed >>> 2,
      med: med[set] ?? 0,
      localPreference: localPreference[set] ?? 0,
    };
  }

  #update(peer: number, bytes: Uint8Array, from: number, to: number): string | undefined {
    const withdrawn = from + 2 + wordAt(bytes, from, 2);
    if (withdrawn + 2 > to) return 'the withdrawn routes reach beyond the message';
    const attributes = withdrawn + 2;
    const announced = attributes + wordAt(bytes, withdrawn, 2);
    if (announced > to) return 'the attributes reach beyond the message';
    if (!this.#each(bytes, from + 2, withdrawn, peer, 0)) return 'a withdrawn prefix is too long';
    if (announced === to) return undefined;
    const set = this.#sets.intern(bytes, attributes, announced);
    if (set < 0) return 'the attributes are malformed, or ORIGIN or AS_PATH is missing';
    return this.#each(bytes, announced, to, peer, set + 1) ? undefined : 'an announced prefix is too long';
  }

  /** Puts `value` in place for every prefix; false where one is malformed. */
  #each(bytes: Uint8Array, from: number, to: number, peer: number, value: number): boolean {
    const lone = this.#peers.length === 1;
    for (let at = from; at < to; ) {
      const length = bytes[at] ?? 0;
      const size = (length + 7) >> 3;
      if (length > 32 || at + 1 + size > to) return false;
      let address = 0;
      for (let ix = 0; ix < size; ix++) address |= (bytes[at + 1 + ix] ?? 0) << (24 - 8 * ix);
      // Bits behind the length are of no meaning (RFC 4271 section 4.3).
      address = length === 0 ? 0 : (address & (-1 << (32 - length))) >>> 0;
      at += 1 + size;
      if (this.#used * 8 >= this.#lengths.length * 5) this.#grow();
      const slot = this.#find(address, length);
      if (this.#lengths[slot] === 0) {
        if (value === 0) continue;
        this.#addresses[slot] = address;
        this.#lengths[slot] = length + 1;
        this.#used++;
      }
      const routes = this.#routes[peer];
      if (routes === undefined) return false;
      const before = routes[slot] ?? 0;
      routes[slot] = value;
      this.#routeCount += (value === 0 ? 0 : 1) - (before === 0 ? 0 : 1);
      this.#best[slot] = lone ? (value === 0 ? 0 : 1) : this.#choose(slot);
    }
    return true;
  }

  /** The slot of a prefix, or the one it would get. */
  #find(address: number, length: number): number {
    const mask = this.#lengths.length - 1;
    let slot = hashPrefix(address, length) & mask;
    for (let held = this.#lengths[slot] ?? 0; held !== 0; held = this.#lengths[slot] ?? 0) {
      if (held === length + 1 && this.#addresses[slot] === address) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Best peer + 1 by the steps of RFC 4271 section 9.1.2.2 that tell external routes of these peers apart. */
  #choose(slot: number): number {
    const { localPreference, lengthAndOrigin, firstAs, med } = this.#sets;
    let preferred = -1;
    let shortest = 0;
    for (const routes of this.#routes) {
      const set = (routes[slot] ?? 0) - 1;
      if (set < 0) continue;
      const preference = localPreference[set] ?? 0;
      const length = lengthAndOrigin[set] ?? 0;
      if (preference > preferred || (preference === preferred && length < shortest)) {
        preferred = preference;
        shortest = length;
      }
    }
    let best = 0;
    for (let peer = 0; peer < this.#routes.length; peer++) {
      const set = (this.#routes[peer]?.[slot] ?? 0) - 1;
      if (set < 0 || localPreference[set] !== preferred || lengthAndOrigin[set] !== shortest) continue;
      let beaten = false;
      for (const routes of this.#routes) {
        const other = (routes[slot] ?? 0) - 1;
        if (other < 0 || localPreference[other] !== preferred || lengthAndOrigin[other] !== shortest) continue;
        if (firstAs[other] === firstAs[set] && (med[other] ?? 0) < (med[set] ?? 0)) beaten = true;
      }
      if (beaten) continue;
      if (best === 0 || (this.#peers[peer]?.routerId ?? 0) < (this.#peers[best - 1]?.routerId ?? 0)) best = peer + 1;
    }
    return best;
  }

  /** Doubles the table and leaves prefixes without a route behind. */
  #grow(): void {
    const { length: size } = this.#lengths;
    const before = { addresses: this.#addresses, lengths: this.#lengths, best: this.#best, routes: this.#routes };
    this.#addresses = new Uint32Array(size * 2);
    this.#lengths = new Uint8Array(size * 2);
    this.#best = new Uint8Array(size * 2);
    this.#routes = before.routes.map(() => new Uint32Array(size * 2));
    this.#used = 0;
    for (let old = 0; old < size; old++) {
      const best = before.best[old] ?? 0;
      if (best === 0) continue;
      const address = before.addresses[old] ?? 0;
      const length = before.lengths[old] ?? 0;
      const slot = this.#find(address, length - 1);
      this.#addresses[slot] = address;
      this.#lengths[slot] = length;
      this.#best[slot] = best;
      this.#used++;
      for (const [peer, routes] of this.#routes.entries()) routes[slot] = before.routes[peer]?.[old] ?? 0;
    }
  }
}

function asPathOf(bytes: Uint8Array): readonly number[] {
  const path: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const extended = ((bytes[at] ?? 0) & EXTENDED_LENGTH) !== 0;
    const start = at + (extended ? 4 : 3);
    const end = start + (extended ? wordAt(bytes, at + 2, 2) : (bytes[at + 2] ?? 0));
    if (bytes[at + 1] === AS_PATH) {
      for (let segment = start; segment < end; segment += 2 + 4 * (bytes[segment + 1] ?? 0)) {
        for (let ix = 0; ix < (bytes[segment + 1] ?? 0); ix++) path.push(wordAt(bytes, segment + 2 + 4 * ix, 4));
      }
    }
    at = end;
  }
  return path;
}

/** Big-endian; 0 beyond the end. */
function wordAt(bytes: Uint8Array, at: number, size: 2 | 4): number {
  let word = 0;
  for (let ix = 0; ix < size; ix++) word = (word << 8) | (bytes[at + ix] ?? 0);
  return word >>> 0;
}

/** FNV-1a (Fowler, Noll, Vo) over the bytes, mixed at the end, because the low bits choose the slot. */
function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c_9dc5;
  for (let ix = from; ix < to; ix++) hash = Math.imul(hash ^ (bytes[ix] ?? 0), 0x0100_0193);
  return mixed(hash);
}

function hashPrefix(address: number, length: number): number {
  return mixed(address ^ Math.imul(length + 1, 0x9e37_79b9));
}

/** The finaliser of MurmurHash3 (Appleby). */
function mixed(word: number): number {
  let bits = Math.imul(word ^ (word >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(bytes.length * 2);
  more.set(bytes);
  return more;
}

function grownWords(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(words.length * 2);
  more.set(words);
  return more;
}
