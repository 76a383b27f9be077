/**
 * A full table of the internet's size: one million IPv4 routes from one peer as a stream of UPDATE messages, then the
 * same prefixes from a second peer with the best path of each. Run with `npx node benchmarks/routing-million.ts`.
 *
 * The stream is made up, with the proportions of a real table: three in five prefixes are /24, and about eight share one
 * set of attributes and one message. Making it is not timed. Times are the median of five loads into a new table.
 *
 * Then the same bytes over TCP into BIRD, FRR and GoBGP, where they are installed, once each: from the first UPDATE until
 * the daemon counts every route. Theirs holds what ours leaves out: the connection and the system calls, validity of
 * next hops, tables ready for other neighbours and for the kernel. They get no routes to install or to send on.
 */
import { measureTableLoad, probeHost } from '@bothways/lab';
import { Random } from '@bothways/net';
import { RouteTable } from '@bothways/routing';

const ROUTES = 1_000_000;
const SECONDS_PER_DAEMON = 75;

/** Distinct prefixes: address and length, in random order as after a reset of the session. */
function prefixTable(random: Random): { readonly addresses: Uint32Array; readonly lengths: Uint8Array } {
  const addresses = new Uint32Array(ROUTES);
  const lengths = new Uint8Array(ROUTES);
  const seen = new Set<number>();
  for (let n = 0; n < ROUTES; ) {
    const length = random.below(10) < 6 ? 24 : 16 + random.below(8);
    const address = ((0x0100_0000 + random.below(0xdf00_0000)) & (-1 << (32 - length))) >>> 0;
    const key = address * 64 + length;
    // Daemons refuse the loopback range and link-local addresses.
    const refused = address >>> 24 === 127 || address >>> 16 === 0xa9fe;
    if (refused || seen.has(key)) continue;
    seen.add(key);
    addresses[n] = address;
    lengths[n] = length;
    n++;
  }
  return { addresses, lengths };
}

/** UPDATE messages one after the other; AS paths begin with the peer's own AS. */
function updateStream(table: ReturnType<typeof prefixTable>, own: number, seed: number): Uint8Array {
  const random = new Random(seed);
  const bytes = new Uint8Array(ROUTES * 24);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (let n = 0; n < ROUTES; ) {
    const start = at;
    const hops = 1 + random.below(5);
    bytes.fill(255, at, at + 16);
    bytes[at + 18] = 2;
    at += 23;
    bytes.set([0x40, 1, 1, random.below(10) === 0 ? 2 : 0, 0x40, 2, 2 + 4 * (hops + 1), 2, hops + 1], at);
    view.setUint32(at + 9, own);
    for (let hop = 0; hop < hops; hop++) view.setUint32(at + 13 + 4 * hop, 1 + random.below(70_000));
    at += 13 + 4 * hops;
    bytes.set([0x40, 3, 4, 192, 0, 2, own & 255], at);
    at += 7;
    view.setUint16(start + 21, at - start - 23);
    for (let count = 1 + random.below(15); count > 0 && n < ROUTES; count--, n++) {
      const length = table.lengths[n] ?? 0;
      bytes[at] = length;
      view.setUint32(at + 1, table.addresses[n] ?? 0);
      at += 1 + ((length + 7) >> 3);
      bytes.fill(0, at, at + 4);
    }
    view.setUint16(start + 16, at - start);
  }
  return bytes.slice(0, at);
}

function load(streams: readonly Uint8Array[]): { readonly table: RouteTable; readonly milliseconds: number } {
  const start = performance.now();
  const table = new RouteTable(streams.map((_, peer) => ({ routerId: peer + 1 })));
  for (const [peer, stream] of streams.entries()) {
    const problem = table.load(peer, stream);
    if (problem !== undefined) throw new Error(`${problem.problem} at ${problem.at}`);
  }
  return { table, milliseconds: performance.now() - start };
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell, ix) => (ix === 0 ? String(cell).padEnd(32) : String(cell).padStart(14))).join('');
}

const prefixes = prefixTable(new Random(1));
const first = updateStream(prefixes, 65001, 2);
const second = updateStream(prefixes, 65002, 3);

console.log(row(['', 'routes', 'updates MB', 'first ms', 'median ms', 'table MB', 'bytes/route', 'attribute sets']));
for (const [name, streams] of [
  ['one peer', [first]],
  ['two peers, best path', [first, second]],
] as const) {
  const loads = Array.from({ length: 5 }, () => load(streams));
  const times = loads.map(({ milliseconds }) => milliseconds);
  const [{ table } = load(streams)] = loads;
  const megabytes = (size: number): string => (size / 1e6).toFixed(1);
  console.log(
    row([
      name,
      table.routeCount,
      megabytes(streams.reduce((sum, stream) => sum + stream.length, 0)),
      (times[0] ?? 0).toFixed(0),
      (times.toSorted((a, b) => a - b)[2] ?? 0).toFixed(0),
      megabytes(table.byteLength),
      (table.byteLength / table.routeCount).toFixed(1),
      table.attributeSets,
    ]),
  );
}

const peers = [first, second].map((stream, at) => {
  const asn = 65001 + at;
  return { asn, address: `192.0.2.${asn & 255}`, stream, routes: ROUTES };
});
console.log();
console.log(row(['the same over TCP', 'routes', '', 'ms', '', 'resident MB', 'bytes/route']));
for (const daemon of ['bird', 'frr', 'gobgp'] as const) {
  const host = await probeHost([daemon]);
  if (!host.ok) {
    console.log(`${daemon}: not run, ${host.problem}`);
    continue;
  }
  for (const [name, some] of [
    ['one peer', peers.slice(0, 1)],
    ['two peers', peers],
  ] as const) {
    const { milliseconds, memory, routes } = await measureTableLoad(daemon, some, SECONDS_PER_DAEMON);
    const time = milliseconds === undefined ? `over ${SECONDS_PER_DAEMON} s` : milliseconds.toFixed(0);
    const perRoute = routes === 0 ? '-' : (memory / routes).toFixed(0);
    console.log(row([`${daemon}, ${name}`, routes, '', time, '', (memory / 1e6).toFixed(0), perRoute]));
  }
}
