import { ruleNames } from '@bothways/twin';
import type { Command } from 'commander';
import { completionScript, shells } from '../completion.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { print } from '../output.ts';

export function completion(command: Command): ExitCode {
  const shell = shells.find((name) => name === command.processedArgs[0]);
  if (shell === undefined || command.parent === null) throw new Error(`no completion for ${command.processedArgs[0]}`);
  print(completionScript(shell, command.parent, ruleNames()));
  return exitCode.holds;
}
