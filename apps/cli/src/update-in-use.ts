/**
 * Puts the user's newer address files to use before a command runs, and says so in its output: who reads a verdict must
 * know what it rests on. Without such files this costs one look at the disk.
 */
import { existsSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { exitCode } from './exit.ts';
import { complain } from './output.ts';

/** These say nothing that rests on addresses. */
const withoutAddresses: ReadonlySet<string> = new Set(['completion', 'schema', 'explain', 'init', 'diff']);

/** Their renderers name the files themselves, or there is nothing to name. */
const speaksForItself: ReadonlySet<string> = new Set(['facts', 'update', 'reach']);

export function useUpdates(bothways: Command): void {
  bothways.hook('preAction', async (_, command) => {
    if (withoutAddresses.has(command.name()) || command.opts<{ readonly reset?: true }>().reset === true) return;
    const { dataFolder, storedFile } = await import('./data-folder.ts');
    const folder = dataFolder(process.env);
    if (!existsSync(storedFile(folder))) return;
    const { useStored } = await import('./stored-addresses.ts');
    const { problem, overtaken } = useStored(folder);
    for (const name of overtaken) {
      complain(`${name} of your update is not newer than what is built in now, and is not used`);
    }
    if (problem === undefined) return;
    complain(`the newer address files cannot be used: ${problem}; mend it with: bothways facts update --reset`);
    if (command.name() !== 'update') throw new CommanderError(exitCode.unusable, 'bothways.addresses', problem);
  });
  bothways.hook('postAction', async (_, command) => {
    if (withoutAddresses.has(command.name()) || speaksForItself.has(command.name())) return;
    const { dataFolder, storedFile } = await import('./data-folder.ts');
    if (!existsSync(storedFile(dataFolder(process.env)))) return;
    const { addressUpdateLines } = await import('@bothways/twin');
    const { format, json } = command.optsWithGlobals<{ readonly format?: string; readonly json?: true }>();
    // JSON on standard output stays JSON.
    const stream = format === 'json' || json === true ? process.stderr : process.stdout;
    for (const line of addressUpdateLines()) stream.write(`Rests on your update: ${line}\n`);
  });
}
