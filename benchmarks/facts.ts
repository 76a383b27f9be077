/**
 * The facts: how fast addresses find their owners, and what loading costs.
 *
 * Run with `npx node benchmarks/facts.ts [seed] [service-tag file]`. Addresses are random inside the published prefixes,
 * or random over all of IPv4 (most of them unowned). Each rate is the best of several rounds. The module itself is
 * loaded first, in a fresh process, so its time is not that of a warm cache. With a download (the file that
 * `bothways facts update` takes) also reading and comparing it is timed.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Address, nthAddress, Random } from '@bothways/net';

const seed = Number(process.argv[2] ?? '2026');
const file = process.argv[3];
const queryCount = 1 << 20;
const rounds = 5;

const lines: (readonly [what: string, figure: string])[] = [];

function timed<T>(what: string, work: () => T): T {
  const start = performance.now();
  const result = work();
  lines.push([what, `${(performance.now() - start).toFixed(1)} ms`]);
  return result;
}

const start = performance.now();
const facts = await import('@bothways/facts');
lines.push(['load the module', `${(performance.now() - start).toFixed(1)} ms`]);

const { addressSet, addressSets, compareTagFiles, readServiceTags, searchFacts, tagFile, whoOwns } = facts;
timed('first address set (names of the public cloud)', () => addressSet('public', 'AzureCloud.westeurope'));
timed('its prefixes', () => addressSet('public', 'AzureCloud.westeurope')?.prefixes.length);
const prefixes = timed('all prefixes of the public cloud', () =>
  [...addressSets('public')].flatMap((set) => set.prefixes),
);
const random = new Random(seed);
const everywhere: Address = { family: 4, bits: 0n };
timed('first look-up (builds the table)', () => whoOwns(everywhere, 'public'));
timed('first search', () => searchFacts('route filter community'));

const owned = Array.from({ length: queryCount }, (): Address => {
  const prefix = random.pick(prefixes);
  const free = (prefix.family === 4 ? 32 : 128) - prefix.length;
  return nthAddress(prefix, random.bigBelow(1n << BigInt(Math.min(free, 64))));
});
const owned4 = owned.filter(({ family }) => family === 4);
const anywhere = Array.from({ length: queryCount }, (): Address => ({ family: 4, bits: BigInt(random.nextUint32()) }));

for (const [what, queries] of [
  ['look-ups a second, published addresses', owned],
  ['look-ups a second, published IPv4 addresses', owned4],
  ['look-ups a second, any IPv4 address', anywhere],
] as const) {
  let best = Number.POSITIVE_INFINITY;
  let found = 0;
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now();
    found = 0;
    for (const address of queries) found += whoOwns(address, 'public').sets.length > 0 ? 1 : 0;
    best = Math.min(best, performance.now() - from);
  }
  const millions = queries.length / best / 1000;
  lines.push([what, `${millions.toFixed(2)} million (${((100 * found) / queries.length).toFixed(0)} % owned)`]);
}

if (file !== undefined) {
  const text = readFileSync(file, 'utf8');
  const read = timed(`read ${basename(file)}`, () => readServiceTags(text, basename(file), '2025-01-01'));
  if (read.ok) timed('compare it with the file in use', () => compareTagFiles(tagFile(read.value.cloud), read.value));
  else lines.push(['it cannot be read', read.problem]);
}

const width = Math.max(...lines.map(([what]) => what.length));
for (const [what, figure] of lines) console.log(`${what.padEnd(width)}  ${figure}`);
