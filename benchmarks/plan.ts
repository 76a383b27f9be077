/**
 * The planner: seeded problems of four sizes beside plain HiGHS and CBC on the naive model of the same problems, each with
 * the same time; then plans for 50 seeded estates beside the usual design of two circuits everywhere.
 *
 * `npx node benchmarks/plan.ts sizes reference --estates 50` runs what is named. CBC runs where it is installed (Debian:
 * coinor-cbc). Loading the engine is counted apart. Seconds of processor time say more than seconds where others work on
 * the machine; `--slack 4` gives everybody four times the time of the goals there.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  choosePlaces,
  comparedWithReference,
  type LinearModel,
  linearForm,
  type PlaceProblem,
  placeProblem,
  requirementDocument,
} from '@bothways/planning';
import { highsSolver } from '@bothways/solver';

const words = process.argv.slice(2);
const named: readonly string[] = words.filter((word) => word === 'sizes' || word === 'reference');
const wanted = (name: string): boolean => named.length === 0 || named.includes(name);
const slack = Number(words[words.indexOf('--slack') + 1] ?? 1) || 1;
const estates = Number(words[words.indexOf('--estates') + 1] ?? 50) || 50;

const solver = highsSolver();
const clock = (): number => performance.now() / 1000;
const processor = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const begin = clock();
await solver.ready();
console.log(`HiGHS loaded in ${((clock() - begin) * 1000).toFixed(0)} ms`);

interface Row {
  readonly cost: number | undefined;
  readonly bound: number;
  readonly seconds: number;
  readonly processor: number;
}

const sizes = [
  { sites: 20, places: 10, limit: 0.5, goal: 'proved in 0.5 s', gap: 0, seeds: [1, 2, 3] },
  { sites: 50, places: 20, limit: 2, goal: 'proved in 2 s', gap: 0, seeds: [1, 2, 3] },
  { sites: 100, places: 40, limit: 10, goal: 'within 0.5 % in 10 s', gap: 0, seeds: [1, 2] },
  { sites: 500, places: 60, limit: 60, goal: 'certified in 60 s', gap: 0, seeds: [1] },
] as const;

if (wanted('sizes')) {
  console.log(
    `\n${'problem'.padEnd(34)}${'goal'.padEnd(24)}${'ours: cost, gap, s (processor), first'.padEnd(48)}${'naive, HiGHS'.padEnd(30)}naive, CBC`,
  );
  for (const { sites, places, limit: wished, goal, gap, seeds } of sizes) {
    const limit = wished * (words.includes('--slack') ? slack : 1);
    for (const copies of [1, 2] as const) {
      for (const seed of seeds) {
        const problem = placeProblem(seed, { sites, places, copies, alone: true });
        let first: number | undefined;
        const started = clock();
        const used = processor();
        const chosen = await choosePlaces(problem, {
          solve: solver.solve,
          timeLimit: limit,
          relativeGap: gap,
          clock,
          onProgress: () => {
            first ??= clock() - started;
          },
        });
        const ours: Row = {
          cost: chosen.choice?.cost,
          bound: chosen.bound,
          seconds: clock() - started,
          processor: processor() - used,
        };
        const naive = linearForm(problem, 'naive').model;
        const plain = await plainHighs(naive, limit);
        const cbc = await cbcOn(naive, limit, problem);
        console.log(
          `${`${sites} x ${places}, ${copies} each, seed ${seed}`.padEnd(34)}${goal.padEnd(24)}${`${rowText(ours)}, ${(first ?? ours.seconds).toFixed(2)}`.padEnd(48)}${rowText(plain).padEnd(30)}${cbc === undefined ? 'not installed' : rowText(cbc)}`,
        );
      }
    }
  }
}

if (wanted('reference')) {
  console.log(`\nplans beside two circuits everywhere, ${estates} seeded estates`);
  const savings: number[] = [];
  let unproved = 0;
  let worse = 0;
  const started = clock();
  for (let seed = 1; seed <= estates; seed++) {
    const text = requirementDocument(seed);
    const found = await comparedWithReference([{ name: 'requirements.yaml', text }], { solve: solver.solve, clock });
    if (found === undefined) continue;
    const longest = (sites: readonly { readonly longestRoundTrip: number }[]): number =>
      Math.max(...sites.map(({ longestRoundTrip }) => longestRoundTrip));
    if (!found.plan.verification.holds) unproved++;
    if (longest(found.plan.design.sites) > longest(found.reference.design.sites) + 1e-9) worse++;
    savings.push(found.saving);
  }
  savings.sort((a, b) => a - b);
  const at = (part: number): string =>
    `${(100 * (savings[Math.floor((savings.length - 1) * part)] ?? 0)).toFixed(1)} %`;
  console.log(
    `${savings.length} compared in ${(clock() - started).toFixed(0)} s: saving median ${at(0.5)}, least ${at(0)}, most ${at(1)}; ` +
      `${unproved} plans not proved under every single failure, ${worse} with a longer longest round trip`,
  );
}
await solver.close();

function rowText({ cost, bound, seconds, processor: used }: Row): string {
  if (cost === undefined) return `no answer, ${seconds.toFixed(1)} s`;
  const gap = Math.max(0, (cost - bound) / cost);
  return `${cost.toFixed(0)}, ${gap < 1e-9 ? 'proved' : `${(gap * 100).toFixed(2)} %`}, ${seconds.toFixed(2)} s (${used.toFixed(2)})`;
}

async function plainHighs(model: LinearModel, timeLimit: number): Promise<Row> {
  const started = clock();
  const used = processor();
  const { values, cost, bound } = await solver.solve(model, { timeLimit, relativeGap: 0 });
  return {
    cost: values === undefined ? undefined : cost,
    bound,
    seconds: clock() - started,
    processor: processor() - used,
  };
}

/** Undefined: CBC is not installed. */
async function cbcOn(model: LinearModel, limit: number, problem: PlaceProblem): Promise<Row | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'bothways-plan-'));
  try {
    const file = join(folder, 'model.lp');
    const answer = join(folder, 'answer.txt');
    writeFileSync(file, lpText(model));
    const started = clock();
    const { error, stdout } = spawnSync(
      'cbc',
      [file, 'timeMode', 'elapsed', 'sec', String(limit), 'ratio', '0', 'solve', 'solu', answer],
      {
        encoding: 'utf8',
        timeout: (limit + 60) * 1000,
      },
    );
    if (error !== undefined && 'code' in error && error.code === 'ENOENT') return undefined;
    if (error !== undefined)
      return { cost: undefined, bound: Number.NEGATIVE_INFINITY, seconds: clock() - started, processor: 0 };
    const seconds = clock() - started;
    const values = new Float64Array(model.costs.length);
    const text = readFileSync(answer, 'utf8');
    for (const [, column, value] of text.matchAll(/^\s*\d+\s+x(\d+)\s+(\S+)/gm)) values[Number(column)] = Number(value);
    const choice = linearForm(problem, 'naive').choiceOf(values);
    const bound = /Lower bound:\s+(\S+)/.exec(stdout)?.[1];
    const optimal = text.startsWith('Optimal');
    return {
      cost: choice?.cost,
      bound: optimal ? (choice?.cost ?? Number.NaN) : Number(bound ?? Number.NEGATIVE_INFINITY),
      seconds,
      processor: seconds,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A model in the text form that CBC reads (CPLEX LP). */
function lpText({ costs, upper, whole, rowLower, rowUpper, starts, columns, values }: LinearModel): string {
  const term = (value: number, column: number): string => `${value < 0 ? '-' : '+'} ${Math.abs(value)} x${column}`;
  const lines = [
    'Minimize',
    `obj: ${Array.from(costs, (cost, column) => term(cost, column)).join('\n ')}`,
    'Subject To',
  ];
  for (let row = 0; row < rowLower.length; row++) {
    const terms: string[] = [];
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at++)
      terms.push(term(values[at] ?? 0, columns[at] ?? 0));
    const [low = 0, high = 0] = [rowLower[row], rowUpper[row]];
    lines.push(`r${row}: ${terms.join('\n ')} ${low === high ? '=' : '<='} ${high}`);
  }
  lines.push(
    'Bounds',
    ...Array.from(upper, (most, column) => (Number.isFinite(most) ? `0 <= x${column} <= ${most}` : `x${column} >= 0`)),
  );
  lines.push(
    'Generals',
    ...Array.from(whole, (each, column) => (each === 1 ? `x${column}` : '')).filter((each) => each !== ''),
    'End',
    '',
  );
  return lines.join('\n');
}
