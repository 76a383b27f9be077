/**
 * How long the control plane takes: from a network to all forwarding tables, and from there through failures and edits.
 * Run with `npx node benchmarks/routing-convergence.ts`. Each figure is the median of several runs; `first ms` and
 * `first MB` are the first run of a process of its own, before anything is compiled to machine code, and the most memory
 * that process ever had, Node's own 45 MB or so included.
 */
import { execFileSync } from 'node:child_process';
import type { Network } from '@bothways/network';
import { type Change, type ControlPlane, converge, otherStableStates, reconverge } from '@bothways/routing';
import { type EstateSize, expressRouteEstate } from './routing-estate.ts';

/** Every forwarding entry of every device, so that nothing is left for later. */
function entriesOf(plane: ControlPlane): number {
  let entries = 0;
  for (const fib of plane.fibs) for (const entry of fib.entries()) entries += entry.distance >= 0 ? 1 : 0;
  return entries;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell, ix) => (ix === 0 ? String(cell).padEnd(34) : String(cell).padStart(12))).join('');
}

const [, , alone, ...numbers] = process.argv;
if (alone === '--first') {
  const [sites = 2, prefixes = 4000] = numbers.map(Number);
  const network = expressRouteEstate({ sites, prefixes });
  const first = timed(() => entriesOf(converge(network)));
  console.log(`${first} ${process.resourceUsage().maxRSS / 1024}`);
  process.exit(0);
}

/** In a process of its own. */
function firstRun({ sites, prefixes }: EstateSize): { readonly first: string; readonly megabytes: string } {
  const args = [...process.execArgv, import.meta.filename, '--first', String(sites), String(prefixes)];
  const [first = Number.NaN, megabytes = Number.NaN] = execFileSync(process.execPath, args, { encoding: 'utf8' })
    .split(' ')
    .map(Number);
  return { first: first.toFixed(2), megabytes: megabytes.toFixed(0) };
}

const sizes: readonly EstateSize[] = [
  { sites: 2, prefixes: 4000 },
  { sites: 2, prefixes: 1000 },
  { sites: 2, prefixes: 16000 },
  { sites: 8, prefixes: 4000 },
  { sites: 32, prefixes: 4000 },
  { sites: 128, prefixes: 4000 },
  { sites: 990, prefixes: 10000 },
];

console.log(
  row([
    'network to forwarding tables',
    'routers',
    'sessions',
    'classes',
    'entries',
    'first ms',
    'first MB',
    'median ms',
  ]),
);
for (const size of sizes) {
  const { first, megabytes } = firstRun(size);
  const network = expressRouteEstate(size);
  let plane = converge(network);
  const times = Array.from({ length: size.sites > 500 ? 3 : 25 }, () => {
    return timed(() => {
      plane = converge(network);
      entriesOf(plane);
    });
  });
  console.log(
    row([
      `${size.sites} sites, ${size.prefixes} prefixes a side`,
      network.devices.length,
      network.sessions.length,
      plane.classes.length,
      entriesOf(plane),
      first,
      megabytes,
      median(times).toFixed(2),
    ]),
  );
}

console.log();
console.log(row(['growth, 8 of the sites speak', 'sessions', 'classes', 'median ms', 'µs/session']));
for (const sites of [16, 32, 64, 128, 256, 512, 990]) {
  const network = expressRouteEstate({ sites, prefixes: 4000, speakers: 8 });
  const plane = converge(network);
  const time = median(Array.from({ length: 7 }, () => timed(() => entriesOf(converge(network)))));
  const each = ((time * 1000) / network.sessions.length).toFixed(1);
  console.log(row([`${sites} sites`, network.sessions.length, plane.classes.length, time.toFixed(2), each]));
}

const estate = expressRouteEstate({ sites: 2, prefixes: 4000 });
const normal = converge(estate);
entriesOf(normal);

const elements = [
  ...estate.devices.map(({ ix }): Change => ({ fail: { devices: [ix] } })),
  ...estate.links.map(({ ix }): Change => ({ fail: { links: [ix] } })),
  ...estate.sessions.map(({ ix }): Change => ({ fail: { sessions: [ix] } })),
];
function medianOf(changes: readonly Change[], runs: number): number {
  return median(
    changes.map((change) =>
      median(Array.from({ length: runs }, () => timed(() => entriesOf(reconverge(normal, change))))),
    ),
  );
}
const pairs = estate.links.flatMap(({ ix: a }) =>
  estate.links.filter(({ ix }) => ix >= a).map(({ ix: b }): Change => ({ fail: { links: [a, b] } })),
);

console.log();
console.log('2 sites, 4000 prefixes a side, incremental, all forwarding entries included');
medianOf(elements, 20);
console.log(
  row(['one failed device, link or session', `${elements.length} cases`, `${medianOf(elements, 20).toFixed(3)} ms`]),
);
const sweep = median(
  Array.from({ length: 15 }, () => timed(() => pairs.map((change) => entriesOf(reconverge(normal, change))))),
);
console.log(row(['all sets of one or two links', `${pairs.length} sets`, `${sweep.toFixed(1)} ms`]));
const search = median(Array.from({ length: 15 }, () => timed(() => otherStableStates(normal))));
console.log(row(['search for other stable states', '', `${search.toFixed(2)} ms`]));

/** The preference of the first circuit, a community of the route filter, one announcement, one session property. */
const edits: readonly (readonly [string, Network])[] = [
  [
    'one term of one policy',
    {
      ...estate,
      policies: estate.policies.map((policy) =>
        policy.name === 'to the internet' ? { ...policy, terms: [...policy.terms, ...policy.terms] } : policy,
      ),
    },
  ],
  [
    'one announcement',
    {
      ...estate,
      devices: estate.devices.map((device) =>
        device.name === 'site-1'
          ? { ...device, originations: device.originations.map((item) => ({ ...item, med: 7 })) }
          : device,
      ),
    },
  ],
  [
    'one session property',
    {
      ...estate,
      sessions: estate.sessions.map((session) => {
        const [first, second] = session.ends;
        return session.ix === 0 ? { ...session, ends: [{ ...first, allowAsIn: 1 }, second] as const } : session;
      }),
    },
  ],
];
console.log();
console.log(row(['after an edit', '', 'edit ms', 'cold ms']));
for (const [name, network] of edits) {
  const edited = median(Array.from({ length: 15 }, () => timed(() => entriesOf(reconverge(normal, { network })))));
  const cold = median(Array.from({ length: 15 }, () => timed(() => entriesOf(converge(network)))));
  console.log(row([name, '', edited.toFixed(2), cold.toFixed(2)]));
}
