import { type Severity } from '@bothways/diagnostics';
import { type Checked, checkEstate, checkJson } from '@bothways/twin';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { type Format, outputTerminal, pathOf, severities } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { print, printJson } from '../output.ts';
import { renderCheck } from '../render/check.ts';

interface CheckOptions {
  readonly format: Format;
  readonly failOn: Severity;
}

export async function check(command: Command): Promise<ExitCode> {
  const { format, failOn } = command.opts<CheckOptions>();
  const path = pathOf(command);
  const input = await readInput(path);
  const checked: Checked =
    input.findings.length > 0
      ? { usable: false, findings: input.findings, unknown: [], sources: new Map(), report: undefined }
      : checkEstate(input.files);
  if (format === 'json') printJson(checkJson(checked, manifest.version));
  else print(renderCheck(checked, path, outputTerminal(command)));
  if (!checked.usable) return exitCode.unusable;
  const counts = severities.slice(0, severities.indexOf(failOn) + 1);
  const fails =
    checked.report?.verdict === 'broken' || checked.findings.some(({ severity }) => counts.includes(severity));
  return fails ? exitCode.findings : exitCode.holds;
}
