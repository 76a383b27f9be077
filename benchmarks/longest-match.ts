/**
 * Longest match: how many look-ups a second the frozen tables answer, and what they weigh.
 *
 * Run with `npx node benchmarks/longest-match.ts [seed]`. Prefix lengths follow the rough shape of today's global tables
 * (IPv4: over half are /24; IPv6: /48, /32, /40 and /44 lead), the places are random. Addresses are random over the whole
 * address space, or random inside the table's prefixes. Each figure is the best of several rounds; large tables
 * live in the shared cache, so anything else that runs on the machine shows. Where a C compiler and DPDK are installed
 * (Debian: gcc pkg-config libdpdk-dev) the same tables and addresses go through rte_fib in the same run, and both must
 * give the same answers.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freezeTable4, freezeTable6, type Prefix, prefixAround, Random } from '@bothways/net';

const seed = Number(process.argv[2] ?? '2026');
const random = new Random(seed);
const queryCount = 1 << 20;

/** Lengths with their share of a table in percent. */
const lengths4 = weighted([
  [24, 58],
  [23, 10],
  [22, 11],
  [21, 5],
  [20, 5],
  [19, 3],
  [18, 2],
  [17, 1],
  [16, 2],
  [28, 2],
  [32, 1],
]);
const lengths6 = weighted([
  [48, 46],
  [32, 12],
  [40, 12],
  [44, 12],
  [36, 6],
  [46, 4],
  [29, 4],
  [56, 2],
  [64, 2],
]);

function weighted(shares: readonly (readonly [length: number, share: number])[]): readonly number[] {
  return shares.flatMap(([length, share]) => new Array<number>(share).fill(length));
}

function prefixes4(count: number): readonly Prefix[] {
  return Array.from({ length: count }, () =>
    prefixAround({ family: 4, bits: BigInt(random.nextUint32()) }, random.pick(lengths4)),
  );
}

/** Random prefixes inside 2000::/3, where all global addresses lie. */
function prefixes6(count: number): readonly Prefix[] {
  return Array.from({ length: count }, () =>
    prefixAround({ family: 6, bits: (1n << 125n) + random.bigBelow(1n << 125n) }, random.pick(lengths6)),
  );
}

/** Millions of calls of `lookups` per second, each call making `queryCount` look-ups. The best of the rounds. */
function millionsPerSecond(lookups: () => number): number {
  let best = Number.POSITIVE_INFINITY;
  let checksum = 0;
  const end = performance.now() + 200;
  for (let round = 0; round < 5 || performance.now() < end; round += 1) {
    const start = performance.now();
    checksum += lookups();
    best = Math.min(best, performance.now() - start);
  }
  if (Number.isNaN(checksum)) {
    throw new RangeError('the look-ups gave something that is no number');
  }
  return queryCount / best / 1000;
}

function report(columns: readonly string[]): void {
  console.log(columns.map((text, index) => (index < 2 ? text.padEnd(30) : text.padStart(14))).join(''));
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

const noRoute = 0x3fff_ffff;

/** The peer, compiled into a folder of its own; undefined where something it needs is missing. */
function compiledPeer(folder: string): string | undefined {
  const flags = spawnSync('pkg-config', ['--cflags', '--libs', 'libdpdk'], { encoding: 'utf8' });
  if (flags.error !== undefined || flags.status !== 0) return undefined;
  const program = join(folder, 'rte-fib');
  const words = flags.stdout.trim().split(/\s+/);
  const source = join(import.meta.dirname, 'rte-fib.c');
  const { error, status } = spawnSync('cc', ['-O3', '-march=native', source, '-o', program, ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 60_000,
  });
  return error === undefined && status === 0 ? program : undefined;
}

/** What the peer says of the table: milliseconds to build it and millions of look-ups a second, by bulk size. */
function peerFigures(program: string, prefixes: readonly Prefix[], values: readonly number[], queries: Uint32Array) {
  const input = new Uint32Array(2 + 3 * prefixes.length + queries.length);
  input.set([prefixes.length, queries.length]);
  for (const [index, prefix] of prefixes.entries()) {
    input.set([Number(prefix.bits), prefix.length, values[index] ?? 0], 2 + 3 * index);
  }
  input.set(queries, 2 + 3 * prefixes.length);
  const { status, stdout } = spawnSync(program, ['64', '4096'], {
    input: new Uint8Array(input.buffer),
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`rte-fib ended with ${status ?? 'a time-out'}`);
  return new Map(stdout.split('\n').map((line) => [line.split(' ')[0] ?? '', line.split(' ').slice(1)]));
}

const folder = mkdtempSync(join(tmpdir(), 'bothways-rte-fib-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const peer = compiledPeer(folder);
if (peer === undefined) console.log('rte_fib not measured: no C compiler or no DPDK (gcc pkg-config libdpdk-dev)');

console.log(`seed ${seed}, ${queryCount} addresses a round`);
report(['table', 'addresses', 'build ms', 'MiB', 'one by one M/s', ' batch M/s']);

for (const [count, distinct] of [
  [1000, 64],
  [100_000, 256],
  [1_000_000, 256],
  [1_000_000, 1_000_000],
] as const) {
  const prefixes = prefixes4(count);
  const values = prefixes.map((_, index) => index % distinct);
  const started = performance.now();
  const table = freezeTable4(prefixes, values);
  const built = performance.now() - started;
  const anywhere = Uint32Array.from({ length: queryCount }, () => random.nextUint32());
  const inside = Uint32Array.from({ length: queryCount }, () => {
    const chosen = random.pick(prefixes);
    return Number(chosen.bits) + random.below(2 ** (32 - chosen.length));
  });
  const results = new Int32Array(queryCount);
  for (const [name, addresses] of [
    ['anywhere', anywhere],
    ['inside prefixes', inside],
  ] as const) {
    const single = millionsPerSecond(() => {
      let sum = 0;
      for (let index = 0; index < addresses.length; index += 1) {
        sum += table.lookup(addresses[index] ?? 0);
      }
      return sum;
    });
    const batch = millionsPerSecond(() => {
      table.lookupAll(addresses, results);
      return results[0] ?? 0;
    });
    report([
      `IPv4 ${count}, ${distinct} values`,
      name,
      built.toFixed(0),
      megabytes(table.bytes),
      single.toFixed(0),
      batch.toFixed(0),
    ]);
    if (peer === undefined) continue;
    const figures = peerFigures(peer, prefixes, values, addresses);
    let sum = 0;
    for (const result of results) sum += result === -1 ? noRoute : result;
    for (const bulk of ['bulk-64', 'bulk-4096']) {
      const [speed = '', theirs = ''] = figures.get(bulk) ?? [];
      if (Number(theirs) !== sum) throw new Error(`rte_fib sums its answers to ${theirs}, ours to ${sum}`);
      report([`  DPDK rte_fib, ${bulk}`, name, figures.get('build-ms')?.[0] ?? '', '', '', speed]);
    }
  }
}

for (const count of [1000, 200_000]) {
  const prefixes = prefixes6(count);
  const started = performance.now();
  const table = freezeTable6(
    prefixes,
    prefixes.map((_, index) => index % 256),
  );
  const built = performance.now() - started;
  const words = new Uint32Array(4 * queryCount);
  for (let index = 0; index < queryCount; index += 1) {
    const chosen = random.pick(prefixes);
    const bits = chosen.bits + random.bigBelow(1n << BigInt(128 - chosen.length));
    for (let word = 0; word < 4; word += 1) {
      words[4 * index + word] = Number((bits >> BigInt(96 - 32 * word)) & 0xffff_ffffn);
    }
  }
  const single = millionsPerSecond(() => {
    let sum = 0;
    for (let at = 0; at < words.length; at += 4) {
      sum += table.lookupWords(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0);
    }
    return sum;
  });
  report([
    `IPv6 ${count}, 256 values`,
    'inside prefixes',
    built.toFixed(0),
    megabytes(table.bytes),
    single.toFixed(0),
    '',
  ]);
}
