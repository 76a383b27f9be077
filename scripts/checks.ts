/**
 * Every check of the workspace, one after the other, all of them even when one fails: format, types, lint, unused code,
 * unit tests, the bundle, the command line as a process. The last line is `N passed, N failed`: tests, plus one for each
 * step that is not a test run.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { styleText } from 'node:util';
import { needs, satisfy, thisMachine } from './system-packages.ts';

const root = resolve(import.meta.dirname, '..');

// Tools write into a pipe here; they should colour as if they wrote to where this run writes.
const env = {
  ...process.env,
  ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: undefined }),
};

interface Result {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

interface Step {
  readonly title: string;
  readonly run: () => Promise<Result>;
}

const steps: readonly Step[] = [
  { title: 'format and import order', run: () => tool('@biomejs/biome', 'biome', ['check']) },
  { title: 'types', run: () => tool('typescript', 'tsc', ['-b', '--pretty', 'false']) },
  { title: 'lint', run: () => tool('oxlint', 'oxlint', ['--type-aware', '--deny-warnings']) },
  { title: 'unused code', run: () => tool('knip', 'knip', ['--no-progress']) },
  { title: 'unit and layer tests', run: () => vitest('unit') },
  { title: 'against real routers', run: () => vitest('oracle') },
  { title: 'bundle', run: () => run([join(root, 'scripts/bundle.ts')]).then(asOne) },
  { title: 'page of the workbench', run: () => run([join(root, 'scripts/bundle-web.ts')]).then(asOne) },
  { title: 'command line', run: () => vitest('cli') },
  { title: 'workbench in a browser', run: () => vitest('browser') },
];

const notRun = satisfy(needs, thisMachine);
let passed = 0;
let failed = 0;
for (const { title, run: runStep } of steps) {
  const started = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`     ${title} ...`);
  const result = await runStep();
  passed += result.passed;
  failed += result.failed;
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  const count = result.passed + result.failed > 1 ? `  ${result.passed} passed` : '';
  const mark = result.failed === 0 ? styleText('green', 'ok  ') : styleText('red', 'FAIL');
  process.stdout.write(`${process.stdout.isTTY ? '\r' : ''}${mark} ${title.padEnd(26)}${seconds} s${count}\n`);
  if (result.failed > 0) process.stdout.write(`\n${result.output.trimEnd()}\n\n`);
}
for (const line of notRun) console.log(`note ${line}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** The script behind a command of an installed package, so that it runs on this Node on every platform. */
function script(packageName: string, command: string): string {
  const folder = join(root, 'node_modules', packageName);
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const bin = property(manifest, 'bin');
  const path = typeof bin === 'string' ? bin : property(bin, command);
  if (typeof path !== 'string') throw new Error(`${packageName} has no command ${command}`);
  return join(folder, path);
}

async function tool(packageName: string, command: string, args: readonly string[]): Promise<Result> {
  return asOne(await run([script(packageName, command), ...args]));
}

async function vitest(project: string): Promise<Result> {
  const report = join(root, '.cache/tests', `${project}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status, output } = await run([script('vitest', 'vitest'), ...args]);
  let counted: unknown;
  try {
    counted = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, output };
  }
  const files = property(counted, 'testResults');
  // A file that cannot even be loaded has no tests to fail.
  const unloaded = Array.isArray(files) ? files.filter(failedWithoutTests).length : 0;
  const failures = count(counted, 'numFailedTests') + unloaded;
  return { passed: count(counted, 'numPassedTests'), failed: status === 0 ? failures : Math.max(1, failures), output };
}

function failedWithoutTests(file: unknown): boolean {
  const assertions = property(file, 'assertionResults');
  return property(file, 'status') === 'failed' && Array.isArray(assertions) && assertions.length === 0;
}

function count(report: unknown, key: string): number {
  const value = property(report, key);
  if (typeof value !== 'number') throw new Error(`the test report has no ${key}`);
  return value;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}

function asOne({ status, output }: { status: number; output: string }): Result {
  return status === 0 ? { passed: 1, failed: 0, output } : { passed: 0, failed: 1, output };
}

function run(args: readonly string[]): Promise<{ status: number; output: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (data: Buffer): void => {
      output += data.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('close', (code) => done({ status: code ?? 1, output }));
  });
}
