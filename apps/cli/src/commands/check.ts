import { readFileSync } from 'node:fs';
import { type Baseline, baselineJson, plural, readBaseline, type Severity, unifiedDiff } from '@bothways/diagnostics';
import {
  type Checked,
  checkEstate,
  checkedSince,
  checkFails,
  checkGithub,
  checkJson,
  checkJunit,
  checkMarkdown,
  checkSarif,
  type Fixed,
  fixEstate,
} from '@bothways/twin';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { type CheckFormat, errorTerminal, outputTerminal, pathOf } from '../arguments.ts';
import { dayOf } from '../clock.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { type Input, readInput } from '../input.ts';
import { withSessions } from '../open-options.ts';
import { complain, print, printJson, writeWhole } from '../output.ts';
import { renderCheck, renderFixed } from '../render/check.ts';
import { rewriteTogether } from '../rewrite.ts';

interface CheckOptions {
  readonly format: CheckFormat;
  readonly failOn: Severity;
  readonly fix?: 'apply' | 'show';
  readonly since?: string;
  readonly writeBaseline?: string;
  readonly asOf?: string;
  readonly sessionsPerUser?: string;
}

export async function check(command: Command): Promise<ExitCode> {
  const options = command.opts<CheckOptions>();
  const path = pathOf(command);
  if (options.fix === 'apply' && path === '-') {
    complain('standard input cannot be written back; --fix=show prints what would change');
    return exitCode.unusable;
  }
  const baseline = options.since === undefined ? undefined : readBaselineFile(options.since);
  if (baseline?.ok === false) {
    complain(baseline.problem);
    return exitCode.unusable;
  }
  const today = dayOf(options.asOf);
  if (today === undefined) {
    complain(`'${options.asOf}' is not a day: write --as-of 2026-01-31`);
    return exitCode.unusable;
  }
  const opening = withSessions(options.sessionsPerUser);
  if (opening === undefined) {
    complain(`'${options.sessionsPerUser}' is not a number of sessions: write --sessions-per-user 40`);
    return exitCode.unusable;
  }
  const day = { ...opening, today };
  const input = await readInput(path);
  if (input.findings.length > 0) return answer(unread(input), command, path, options);
  if (options.fix !== undefined) {
    const fixed = fixEstate(input.files, day);
    if (options.fix === 'show') return showFixes(fixed, command);
    const problem = rewriteTogether(rewritesOf(input, fixed));
    if (problem !== undefined) {
      complain(problem);
      return exitCode.unusable;
    }
    // What programs read stays on standard output alone.
    if (options.format === 'text') print(renderFixed(fixed, outputTerminal(command), 'applied'));
    else process.stderr.write(`${renderFixed(fixed, errorTerminal(command), 'applied')}\n`);
    return answer(compared(fixed.after, baseline), command, path, options);
  }
  const checked = checkEstate(input.files, day);
  if (options.writeBaseline !== undefined)
    return writeBaselineFile(checked, options.writeBaseline, command, path, options);
  return answer(compared(checked, baseline), command, path, options);
}

function unread({ findings }: Input): Checked {
  return { usable: false, findings, unknown: [], sources: new Map(), report: undefined, accepted: [] };
}

function compared(checked: Checked, baseline: { readonly ok: true; readonly value: Baseline } | undefined): Checked {
  return baseline === undefined ? checked : checkedSince(checked, baseline.value);
}

function answer(checked: Checked, command: Command, path: string, { format, failOn }: CheckOptions): ExitCode {
  switch (format) {
    case 'text':
      print(renderCheck(checked, path, outputTerminal(command)));
      break;
    case 'json':
      printJson(checkJson(checked, manifest.version));
      break;
    case 'sarif':
      printJson(checkSarif(checked, manifest.version));
      break;
    case 'junit':
      print(checkJunit(checked, failOn));
      break;
    case 'markdown':
      print(checkMarkdown(checked));
      break;
    case 'github':
      print(checkGithub(checked));
      break;
  }
  if (!checked.usable) return exitCode.unusable;
  return checkFails(checked, failOn) ? exitCode.findings : exitCode.holds;
}

function rewritesOf({ files }: Input, fixed: Fixed): Parameters<typeof rewriteTogether>[0] {
  const texts = new Map(fixed.files.map(({ name, text }) => [name, text]));
  return files
    .filter(({ name }) => fixed.changed.includes(name))
    .map(({ name, text }) => ({ path: name, before: text, after: texts.get(name) ?? text }));
}

/** The exit code speaks of the document as it is: nothing was written. */
function showFixes(fixed: Fixed, command: Command): ExitCode {
  const terminal = outputTerminal(command);
  for (const name of fixed.changed) {
    const [before = '', after = ''] = [fixed.before, fixed.after].map(({ sources }) => sources.get(name));
    print(unifiedDiff(before, after, { before: name, after: name }, terminal.style));
  }
  process.stderr.write(`${renderFixed(fixed, terminal, 'would be applied')}\n`);
  if (!fixed.before.usable) return exitCode.unusable;
  return checkFails(fixed.before, 'error') ? exitCode.findings : exitCode.holds;
}

type ReadBaseline = { readonly ok: true; readonly value: Baseline } | { readonly ok: false; readonly problem: string };

function readBaselineFile(path: string): ReadBaseline {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { ok: false, problem: `the baseline '${path}' cannot be read (${code}); write one with --write-baseline` };
  }
  const baseline = readBaseline(text);
  return baseline.ok ? baseline : { ok: false, problem: `'${path}' cannot be used as a baseline: ${baseline.problem}` };
}

function writeBaselineFile(
  checked: Checked,
  target: string,
  command: Command,
  path: string,
  options: CheckOptions,
): ExitCode {
  if (!checked.usable) return answer(checked, command, path, options);
  try {
    writeWhole(target, `${JSON.stringify(baselineJson(checked.findings, manifest.version), undefined, 2)}\n`);
  } catch (error) {
    complain(`the baseline '${target}' cannot be written`, error);
    return exitCode.unusable;
  }
  const count = plural(checked.findings.length, 'finding');
  print(
    `Wrote ${target} with ${count}. From now on: bothways check${path === '.' ? '' : ` ${path}`} --since ${target}`,
  );
  return exitCode.holds;
}
