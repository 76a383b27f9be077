/** The long runs of packets through the kernel, with their results in words. Each returns the status to end with. */
import { basename } from 'node:path';
import { compiledEstate, estateFolders } from './estate-folder.ts';
import { probePackets } from './host.ts';
import { comparePackets, compareRandomPackets, type PacketOptions, type PacketReport } from './packet-oracle.ts';
import { incomparable } from './packet-prediction.ts';

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
