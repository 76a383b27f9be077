/**
 * The routing benchmark's network on this engine, on BIRD and on FRR in the same run, and whether all three hold the
 * same tables. Run with `npx node benchmarks/routing-oracle.ts`; it needs what the lab needs (Linux, bird2, frr,
 * iproute2). The daemons exchange real messages over twelve namespaces; their time is dominated by timers and start-up,
 * ours by arithmetic, so read the rows as what an answer costs, not as a race.
 */
import { formatDifference, measureLab, probeHost } from '@bothways/lab';
import { converge } from '@bothways/routing';
import { expressRouteEstate } from './routing-estate.ts';

const network = expressRouteEstate({ sites: 2, prefixes: 4000 });
const row = (cells: readonly string[]): string =>
  cells.map((cell, ix) => (ix === 0 ? cell.padEnd(12) : cell.padStart(18))).join('');

function coldRun(): number {
  const started = performance.now();
  const plane = converge(network);
  let entries = 0;
  for (const fib of plane.fibs) for (const entry of fib.entries()) entries += entry.distance >= 0 ? 1 : 0;
  if (entries === 0) throw new Error('no forwarding entries');
  return performance.now() - started;
}

console.log(
  `${network.devices.length} routers, ${network.links.length} links, ${network.sessions.length} sessions, 4,000 prefixes a side`,
);
console.log(row(['', 'stable after ms', 'of that start ms', 'memory MB', 'differences']));
const heapBefore = process.memoryUsage().heapUsed;
const first = coldRun();
const times = Array.from({ length: 15 }, coldRun).toSorted((a, b) => a - b);
const heap = Math.max(0, process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
console.log(row(['Bothways', `${(times[7] ?? 0).toFixed(1)} (${first.toFixed(0)})`, '-', heap.toFixed(0), '-']));
for (const daemon of ['bird', 'frr'] as const) {
  const host = await probeHost([daemon]);
  if (!host.ok) {
    console.log(`${daemon.padEnd(12)}not run: ${host.problem}`);
    continue;
  }
  const { converged, raised, memory, differences } = await measureLab(network, daemon);
  const stable = converged === undefined ? 'never' : converged.toFixed(0);
  console.log(row([daemon, stable, raised.toFixed(0), (memory / 2 ** 20).toFixed(0), String(differences.length)]));
  for (const difference of differences.slice(0, 5)) console.log(`  ${formatDifference(difference)}`);
}
console.log('Bothways: median of 15 runs, the first one in brackets.');
