/** How long real daemons take for a network, and how much memory: for the benchmarks. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Network } from '@bothways/network';
import { converge } from '@bothways/routing';
import { compareTables, type Difference } from './compare.ts';
import { adapters, folderOf, readKernels } from './daemons.ts';
import { plan } from './plan.ts';
import { raiseLabs } from './raise.ts';
import { Sandbox } from './sandbox.ts';
import { type DeviceTable, predictedTables, type Tables } from './tables.ts';

export interface Measurement {
  /** Milliseconds: the sandbox with all nodes, links and daemons. */
  readonly raised: number;
  /** Milliseconds from the first daemon's start until every device holds as many prefixes as predicted. */
  readonly converged: number | undefined;
  /** Private memory of all daemons together, bytes. */
  readonly memory: number;
  readonly differences: readonly Difference[];
}

/** Rejects when the network cannot be built with the daemon. */
export async function measureLab(network: Network, daemon: 'bird' | 'frr', seconds = 120): Promise<Measurement> {
  const made = plan(network, { prefix: 'm' });
  if ('problem' in made) throw new Error(made.problem);
  const { cannot } = adapters[daemon].render(made);
  if (cannot.length > 0) throw new Error(cannot.join('; '));
  const predicted = predictedTables(converge(network), made);
  const alive = made.nodes.filter((node) => node.alive);
  const sandbox = await Sandbox.open({ lifetime: seconds + 60 });
  try {
    const began = performance.now();
    const refused = await raiseLabs(sandbox, [{ plan: made, daemon, asShipped: new Set() }]);
    for (const why of refused.values()) throw new Error(why.join('; '));
    const raised = performance.now() - began;
    let converged: number | undefined;
    while (converged === undefined && performance.now() - began < seconds * 1000) {
      const counts = await countPrefixes(sandbox, made.families, alive.map(folderOf), daemon);
      const complete = alive.every((node, at) => counts[at] === predicted.get(node.device.ix)?.candidates.size);
      if (complete) converged = performance.now() - began;
      else await pause(20);
    }
    // Counts are reached a moment before the last better route.
    await pause(2000);
    const memory = await privateMemory(sandbox);
    const observed = await readAll();
    return { raised, converged, memory, differences: compareTables(predicted, observed) };
  } finally {
    await sandbox.close();
  }

  async function readAll(): Promise<Tables> {
    if ('problem' in made) return new Map();
    const kernels = await readKernels(
      sandbox,
      alive.map((node) => ({ plan: made, node })),
    );
    const tables = new Map<number, DeviceTable>();
    for (const [at, node] of alive.entries()) {
      const answers = await sandbox.ask(adapters[daemon].asks(made, node), 120);
      tables.set(node.device.ix, { ...adapters[daemon].read(made, node, answers), kernel: kernels[at] });
    }
    return tables;
  }
}

async function countPrefixes(
  sandbox: Sandbox,
  families: readonly (4 | 6)[],
  folders: readonly string[],
  daemon: 'bird' | 'frr',
): Promise<readonly number[]> {
  if (daemon === 'bird') {
    const asks = folders.flatMap((folder) =>
      families.map((family) => ({
        socket: `${folder}/bird.ctl`,
        dialect: 'bird' as const,
        command: `show route table bgp${family} count`,
      })),
    );
    // '5 of 5 routes for 3 networks in table bgp4'
    return totals(
      (await sandbox.ask(asks)).map((text) => Number(/for (\d+) networks/.exec(text)?.[1] ?? 0)),
      families.length,
    );
  }
  const asks = folders.flatMap((folder) =>
    families.map((family) => ({
      socket: `${folder}/bgpd.vty`,
      dialect: 'frr' as const,
      command: `show bgp ipv${family} unicast statistics json`,
    })),
  );
  // The count of the summary holds inner nodes of the tree as well.
  const counts = (await sandbox.ask(asks)).map((text) => Number(/"totalPrefixes":\s*(\d+)/.exec(text)?.[1] ?? 0));
  return totals(counts, families.length);
}

function totals(counts: readonly number[], group: number): readonly number[] {
  return Array.from({ length: counts.length / group }, (_, at) =>
    counts.slice(at * group, (at + 1) * group).reduce((sum, count) => sum + count, 0),
  );
}

/** Of every process in the sandbox but the supervisor: what would be free without it. */
export async function privateMemory(sandbox: Sandbox): Promise<number> {
  const shell = `set --
for p in /proc/[0-9]*; do
  read -r name < $p/comm
  case $name in bird|bgpd|zebra) set -- "$@" $p/smaps_rollup;; esac
done
cat "$@" < /dev/null`;
  const { output } = await sandbox.run({ argv: ['sh', '-c', shell] });
  const kibibytes = [...output.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].map((match) => Number(match[1]));
  return kibibytes.reduce((sum, size) => sum + size, 0) * 1024;
}
