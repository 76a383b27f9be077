/**
 * The long runs of the oracles. Each prints what did not agree with its seed, and how many ran, and ends with status 1
 * when something differed.
 *
 * Routing, on daemons: `npm run oracle -- --count 2000 --seed 1 [--daemon bird] [--coupled]`.
 * Packets, in the kernel: `npm run oracle -- --packets 1000000 --seed 1 [--each 500]`, random networks with 500 round
 * trips each; `npm run oracle -- --estates scenarios [--each 500]`, every estate in a folder; with `--labs scenarios`
 * through the tables that daemons have filled.
 *
 * Kills, of labs that are built or stand: `npm run oracle -- --kills 100 --seed 1`.
 */
import { parseArgs } from 'node:util';
import { formatDifference } from './compare.ts';
import { daemonNames } from './daemons.ts';
import { probeHost } from './host.ts';
import { compareRandom } from './oracle.ts';
import { runEstatePackets, runKills, runLabs, runRandomPackets } from './packet-run.ts';
import { randomCoupledNetwork } from './random-coupled.ts';
import { randomNetwork } from './random-network.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    daemon: { type: 'string' },
    coupled: { type: 'boolean', default: false },
    packets: { type: 'string' },
    estates: { type: 'string' },
    labs: { type: 'string' },
    kills: { type: 'string' },
    each: { type: 'string', default: '500' },
  },
});
const perNetwork = Number(values.each);
if (values.packets !== undefined) {
  process.exit(await runRandomPackets(Number(values.seed), Number(values.packets), perNetwork));
}
if (values.estates !== undefined) process.exit(await runEstatePackets(values.estates, Number(values.seed), perNetwork));
const daemons = daemonNames.filter((name) => values.daemon === undefined || values.daemon === name);
if (values.labs !== undefined) process.exit(await runLabs(values.labs, daemons, Number(values.seed), perNetwork));
if (values.kills !== undefined) process.exit(await runKills(Number(values.kills), Number(values.seed)));
const host = await probeHost(daemons);
if (!host.ok) {
  console.error(host.problem);
  process.exit(2);
}
const started = performance.now();
const shown = new Set<object>();
const report = await compareRandom({
  firstSeed: Number(values.seed),
  count: Number(values.count),
  daemons,
  generate: values.coupled ? randomCoupledNetwork : randomNetwork,
  progress: (done, so) => {
    for (const item of so.results) {
      if (shown.has(item)) continue;
      shown.add(item);
      const { outcome, daemon } = item.result;
      console.log(`seed ${item.seed} on ${daemon}: ${outcome.kind}`);
      if (outcome.kind === 'differs')
        for (const one of outcome.differences.slice(0, 6)) console.log(`  ${formatDifference(one)}`);
      else if (outcome.kind !== 'agrees') for (const line of outcome.why.slice(0, 6)) console.log(`  ${line}`);
    }
    console.error(`${done} networks, ${so.compared} comparisons, ${so.results.length} did not agree`);
  },
});
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `${report.networks} networks from seed ${values.seed}, ${report.withoutOneAnswer} without one answer, ` +
    `${report.compared} comparisons on ${daemons.join(' and ')}, ${report.inexpressible} not expressible there, ${report.results.length} did not agree, ${seconds} s`,
);
process.exitCode = report.results.length === 0 ? 0 : 1;
