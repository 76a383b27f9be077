import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type ExportFormat, exportNetwork } from '@bothways/lab';
import type { Command } from 'commander';
import { outputTerminal } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { compiledFor, partFor } from '../lab-session.ts';
import { complain, print, writeWhole } from '../output.ts';

interface ExportOptions {
  readonly to: ExportFormat;
  readonly output: string;
  readonly image?: string;
}

export async function labExport(command: Command): Promise<ExitCode> {
  const { to, output, image } = command.opts<ExportOptions>();
  if (existsSync(output) && readdirSync(output).length > 0) {
    complain(`'${output}' is not empty; another folder leaves it alone`);
    return exitCode.unusable;
  }
  const whole = await compiledFor(command);
  const compiled = whole === undefined ? undefined : partFor(command, whole);
  if (compiled === undefined) return exitCode.unusable;
  const name = basename(resolve(output));
  const files = exportNetwork(compiled.network, to, { name, ...(image === undefined ? {} : { image }) });
  if ('cannot' in files) {
    for (const why of files.cannot) complain(`FRR cannot be told this network: ${why}`);
    return exitCode.unusable;
  }
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(output, path)), { recursive: true });
      writeWhole(join(output, path), text);
    }
  } catch (error) {
    complain(`'${output}' cannot be written`, error);
    return exitCode.unusable;
  }
  const { invocation } = outputTerminal(command);
  print(
    `Wrote ${files.size} files to ${output}; README.md there says how to start. Compare with: ${invocation} lab verify`,
  );
  return exitCode.holds;
}
