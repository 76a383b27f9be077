/** The long runs of packets through the kernel, with their results in words. Each returns the status to end with. */
import { basename } from 'node:path';
import { formatDifference } from './compare.ts';
import type { DaemonName } from './daemons.ts';
import { compiledEstate, estateFolders } from './estate-folder.ts';
import { probeHost, probePackets } from './host.ts';
import { type Kill, killLabs } from './kill-run.ts';
import { type Lab, startLab } from './lab.ts';
import { planLab } from './lab-design.ts';
import { comparePackets, compareRandomPackets, type PacketOptions, type PacketReport } from './packet-oracle.ts';
import { incomparable } from './packet-prediction.ts';
import { differencesOf, type LabVerdict, verifyLab } from './verify-lab.ts';

/** Random networks from a seed, until so many round trips are compared. */
export function runRandomPackets(seed: number, packets: number, perNetwork: number): Promise<number> {
  return run(`from seed ${seed}`, (progress) => compareRandomPackets(seed, packets, { perNetwork, progress }));
}

/** Every estate in a folder. */
export function runEstatePackets(folder: string, seed: number, perNetwork: number): Promise<number> {
  const cases = estateFolders(folder).map((path) => ({ name: basename(path), compiled: compiledEstate(path), seed }));
  // Tables of estates are long: few at a time.
  return run(folder, (progress) => comparePackets(cases, { perNetwork, progress, together: 3 }));
}

/** Every estate in a folder as a lab with each of the daemons, one after the other. */
export async function runLabs(
  folder: string,
  daemons: readonly DaemonName[],
  seed: number,
  packets: number,
): Promise<number> {
  const routers = await probeHost(daemons);
  const host = routers.ok ? await probePackets() : routers;
  if (!host.ok) {
    console.error(host.problem);
    return 2;
  }
  let [labs, different, trips, opened] = [0, 0, 0, 0];
  for (const path of estateFolders(folder)) {
    const compiled = compiledEstate(path);
    for (const daemon of daemons) {
      const name = `${basename(path)} on ${daemon}`;
      const started = performance.now();
      const design = planLab(compiled, { daemon });
      if ('cannot' in design) {
        console.log(`${name}: cannot be built: ${design.cannot.join('; ')}`);
        continue;
      }
      const lab = await startLab(design);
      const up = performance.now();
      const verdict = await verified(lab, packets, seed);
      const { tables, packets: report, connections } = verdict;
      const [building, all] = [up - started, performance.now() - started].map((time) => (time / 1000).toFixed(1));
      const wrong = differencesOf(verdict);
      labs += 1;
      different += wrong === 0 ? 0 : 1;
      trips += report.compared;
      opened += connections.length;
      console.log(
        `${name}: ${design.routers.nodes.length} nodes up in ${building} s, ${report.compared} round trips, ${connections.length} connections, ${wrong} differ, ${all} s`,
      );
      for (const each of tables.slice(0, 4)) console.log(`  ${formatDifference(each)}`);
      for (const { text } of report.differences.slice(0, 4)) console.log(`  ${text}`);
      for (const { connect, result, expected } of connections.filter(({ agrees }) => !agrees).slice(0, 4))
        console.log(`  connection ${JSON.stringify({ connect, result, expected })}`);
    }
  }
  console.log(`${labs} labs, ${trips} round trips, ${opened} connections, ${different} labs with a difference`);
  return different === 0 ? 0 : 1;
}

/** Labs of the example that are killed. */
export async function runKills(times: number, seed: number): Promise<number> {
  const daemons = await probeHost(['bird']);
  const host = daemons.ok ? await probePackets() : daemons;
  if (!host.ok) {
    console.error(host.problem);
    return 2;
  }
  const kills = await killLabs('examples/contoso', times, seed, (kill) => console.error(JSON.stringify(kill)));
  const left = kills.filter(
    ({ processesLeft, namespacesLeft, filesLeft }) => processesLeft + namespacesLeft + filesLeft.length > 0,
  );
  const most = (read: (kill: Kill) => number): number => Math.max(...kills.map(read));
  console.log(
    `${kills.length} labs killed from seed ${seed}, with up to ${most(({ processes }) => processes)} processes in ` +
      `${most(({ namespaces }) => namespaces)} network namespaces; ${left.length} left anything`,
  );
  return left.length === 0 ? 0 : 1;
}

/** Verifies and closes. */
async function verified(lab: Lab, packets: number, seed: number): Promise<LabVerdict> {
  try {
    return await verifyLab(lab, { packets, seed, connect: true });
  } finally {
    await lab.close();
  }
}

async function run(
  what: string,
  compare: (progress: NonNullable<PacketOptions['progress']>) => Promise<PacketReport>,
): Promise<number> {
  const host = await probePackets();
  if (!host.ok) {
    console.error(host.problem);
    return 2;
  }
  const started = performance.now();
  let shown = 0;
  let said = 0;
  const report = await compare((so) => {
    for (const { name, text } of so.differences.slice(shown)) console.log(`${name}: ${text}`);
    shown = so.differences.length;
    if (so.compared - said < 10_000) return;
    said = so.compared;
    console.error(`${so.networks} networks, ${so.compared} round trips, ${so.differences.length} differ`);
  });
  const seconds = (performance.now() - started) / 1000;
  console.log(reportLines(report).join('\n'));
  console.log(`${what}, ${seconds.toFixed(0)} s, ${(report.compared / seconds).toFixed(0)} round trips a second`);
  return report.differences.length === 0 ? 0 : 1;
}

function reportLines(report: PacketReport): readonly string[] {
  return [
    `${report.networks} networks, ${report.compared} round trips and ${report.entries} table entries compared, ${report.differences.length} differ`,
    `${report.repeated} packets sent again because a report was missing`,
    ...[...report.cannot].map(([why, count]) => `${count} networks not given to the kernel: ${why}`),
    ...[...report.incomparable].map(([why, count]) => `${count} round trips not compared: ${incomparable[why]}`),
    ...[...report.endings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([ending, count]) => `${count} ${ending}`),
  ];
}
