/**
 * How long the control plane takes: from a network to all forwarding tables, and from there through failures. Run with
 * `npx node benchmarks/routing-convergence.ts`. Each figure is the median of several runs; `first ms` is one cold run,
 * the network's construction included.
 */
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
  row(['network to forwarding tables', 'routers', 'links', 'sessions', 'classes', 'entries', 'first ms', 'median ms']),
);
for (const size of sizes) {
  const network = expressRouteEstate(size);
  let plane = converge(network);
  const first = timed(() => {
    plane = converge(expressRouteEstate(size));
    entriesOf(plane);
  });
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
      network.links.length,
      network.sessions.length,
      plane.classes.length,
      entriesOf(plane),
      first.toFixed(2),
      median(times).toFixed(2),
    ]),
  );
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
