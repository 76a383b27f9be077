import { renderFindings } from '@bothways/diagnostics';
import { testEstate, testJson, testJunit } from '@bothways/twin';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { errorTerminal, outputTerminal, pathOf, type TestFormat } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { print, printJson } from '../output.ts';
import { renderTests } from '../render/test.ts';

interface TestOptions {
  readonly format: TestFormat;
  readonly strict?: true;
}

export async function test(command: Command): Promise<ExitCode> {
  const { format, strict } = command.opts<TestOptions>();
  const path = pathOf(command);
  const input = await readInput(path);
  const tested =
    input.findings.length > 0
      ? { usable: false, estate: '', findings: input.findings, sources: new Map<string, string>(), intents: [] }
      : testEstate(input.files, openOptions);
  if (!tested.usable) {
    const { style, width } = errorTerminal(command);
    const errors = tested.findings.filter(({ severity }) => severity === 'error');
    process.stderr.write(`${renderFindings(errors, tested.sources, style, { width })}\n`);
  }
  if (format === 'json') printJson(testJson(tested, manifest.version));
  else if (format === 'junit') print(testJunit(tested));
  else if (tested.usable) print(renderTests(tested, path, outputTerminal(command)));
  if (!tested.usable) return exitCode.unusable;
  const fails = tested.intents.some(
    ({ outcome }) => outcome === 'broken' || (strict === true && outcome === 'unknown'),
  );
  return fails ? exitCode.findings : exitCode.holds;
}
