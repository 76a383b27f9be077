/**
 * All benchmarks, one after the other, as one printed text: `npm run bench`. Each is a program of its own with seeded
 * work; peers are timed in the same run. Figures are of this machine and this moment, so compare rows, not runs.
 */
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const programs = [
  'availability',
  'command-start',
  'compile',
  'estate-load',
  'facts',
  'lab',
  'longest-match',
  'plan',
  'round-trips',
  'routing-convergence',
  'routing-million',
  'routing-oracle',
  'sweep',
  'workbench',
];

const [first] = cpus();
console.log(
  `${cpus().length} x ${first?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
);
let failed = false;
for (const program of programs) {
  console.log(`\n## ${program}\n`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${program}.ts`)], {
    stdio: 'inherit',
    timeout: 1_800_000,
  });
  if (status !== 0) {
    failed = true;
    console.log(`${program} ended with ${status ?? 'a time-out'}`);
  }
}
process.exitCode = failed ? 1 : 0;
