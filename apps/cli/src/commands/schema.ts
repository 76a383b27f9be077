import { estateSchema } from '@bothways/twin';
import type { Command } from 'commander';
import { type ExitCode, exitCode } from '../exit.ts';
import { complain, print, printJson, writeWhole } from '../output.ts';

export function schema(command: Command): ExitCode {
  const { output } = command.opts<{ output?: string }>();
  if (output === undefined) {
    printJson(estateSchema());
    return exitCode.holds;
  }
  try {
    writeWhole(output, `${JSON.stringify(estateSchema(), undefined, 2)}\n`);
  } catch (error) {
    complain(`'${output}' cannot be written`, error);
    return exitCode.unusable;
  }
  print(`Wrote ${output}. An estate that starts with this line is completed and checked in editors:`);
  print(`  # yaml-language-server: $schema=${output}`);
  return exitCode.holds;
}
