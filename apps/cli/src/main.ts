/** Entry of the command line: runs the program, turns what went wrong into an exit code and one clear line. */
import { isMainThread } from 'node:worker_threads';
import { CommanderError } from 'commander';
import { exitCode } from './exit.ts';
import { acceptClosedPipe } from './output.ts';
import { program } from './program.ts';

if (isMainThread) await main();
// A sweep starts the program again for each of its workers.
else (await import('./sweep-workers.ts')).serveSweep();

async function main(): Promise<void> {
  acceptClosedPipe();
  process.on('uncaughtException', (error) => {
    reportFault(error);
    process.exit();
  });
  try {
    // Without it `--fix PATH` would take the path for the way to fix.
    await program().parseAsync(process.argv.map((word) => (word === '--fix' ? '--fix=apply' : word)));
  } catch (error) {
    // Commander has already said what is wrong with the arguments; help and version are no errors.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCode.holds : exitCode.unusable;
    else reportFault(error);
  }
}

function reportFault(error: unknown): void {
  process.exitCode = exitCode.fault;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bothways: internal error, our fault: ${message}\n`);
  if ((process.env['BOTHWAYS_DEBUG'] ?? '') !== '') {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
    return;
  }
  process.stderr.write(
    'Please report it with the command you ran; BOTHWAYS_DEBUG=1 in front of it adds the stack. Your files are unchanged.\n',
  );
}
