/**
 * Labs: how long until the example is up and every demand verified on BIRD and on FRR, as this user and, where this is
 * root, as one without rights; how long until thirty and a hundred routers hold all they should. Run with
 * `npx node benchmarks/lab.ts`; it needs what the lab needs (Linux, bird2, frr, iproute2, nftables).
 *
 * "Verified": every table, a packet and a real TCP connection for every round trip. Most of the time is the daemons'
 * own: a session waits a second before it opens (BIRD's connect delay, which cannot be shorter).
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  compiledEstate,
  differencesOf,
  measureLab,
  planLab,
  probeHost,
  probePackets,
  startLab,
  verifyLab,
} from '@bothways/lab';
import { expressRouteEstate } from './routing-estate.ts';

/** Linux's user without any rights. */
const NOBODY = 65_534;
const daemons = ['bird', 'frr'] as const;
const targets = { bird: '4 s', frr: '6 s' } as const;

const row = (cells: readonly string[]): void =>
  console.log(cells.map((cell, ix) => (ix === 0 ? cell.padEnd(34) : cell.padStart(14))).join(''));
const seconds = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? 'never' : `${(milliseconds / 1000).toFixed(2)} s`;
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;

async function verified(daemon: (typeof daemons)[number], who: string): Promise<void> {
  const compiled = compiledEstate('examples/contoso');
  const times: number[] = [];
  let [up, memory, wrong] = [0, 0, 0];
  for (let run = 0; run < 3; run++) {
    const started = performance.now();
    const design = planLab(compiled, { daemon });
    if ('cannot' in design) throw new Error(design.cannot.join('; '));
    const lab = await startLab(design);
    up = performance.now() - started;
    try {
      const verdict = await verifyLab(lab, { each: true, connect: true });
      ({ memory } = verdict);
      wrong += differencesOf(verdict);
    } finally {
      await lab.close();
    }
    times.push(performance.now() - started);
  }
  const middle = times.toSorted((a, b) => a - b)[1];
  row([
    `example, verified, ${daemon}${who}`,
    seconds(middle),
    targets[daemon],
    seconds(up),
    megabytes(memory),
    String(wrong),
  ]);
}

if (process.argv.includes('--verify')) {
  for (const daemon of daemons) await verified(daemon, ', no rights');
  process.exit();
}
const routers = await probeHost(daemons);
const host = routers.ok ? await probePackets() : routers;
if (!host.ok) {
  console.log(`not run: ${host.problem}`);
  process.exit();
}
row(['', 'all', 'target', 'daemons up', 'memory', 'differences']);
for (const daemon of daemons) await verified(daemon, '');
if (process.getuid?.() === 0) {
  spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--verify'], {
    uid: NOBODY,
    gid: NOBODY,
    stdio: 'inherit',
    env: { ...process.env, HOME: '/tmp', NODE_DISABLE_COMPILE_CACHE: '1' },
  });
}
for (const [sites, daemon, target] of [
  [20, 'bird', '3 s'],
  [20, 'frr', '8 s'],
  [90, 'bird', '5 s'],
] as const) {
  const network = expressRouteEstate({ sites, prefixes: 100 });
  const { converged, raised, memory, differences } = await measureLab(network, daemon);
  const what = `${network.devices.length} routers, ${daemon}`;
  row([what, seconds(converged), target, seconds(raised), megabytes(memory), String(differences.length)]);
}
