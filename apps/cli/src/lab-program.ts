/** The commands of the lab: the described network on real routing daemons. */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { formatOption, pathArgument } from './arguments.ts';
import type { ExitCode } from './exit.ts';

type Add = (
  parent: Command,
  name: string,
  summary: string,
  work: (command: Command) => ExitCode | Promise<ExitCode>,
) => Command;
type Examples = (rows: readonly (readonly [command: string, what: string])[]) => string;

export function addLabCommands(bothways: Command, add: Add, examples: Examples): void {
  const lab = bothways
    .command('lab')
    .summary('build the network out of real routers on this machine, and compare')
    .description(
      'Builds the described network, with the half that is Microsoft’s, out of real BGP daemons, firewalls with connection ' +
        'tracking and packets on this machine, and compares with what was computed. Linux only; everything happens in a ' +
        'private sandbox that leaves nothing behind.',
    )
    .helpOption('-h, --help', 'show help')
    .helpCommand(false);
  lab.addHelpText(
    'after',
    `${examples([
      ['bothways lab plan examples/contoso', 'what would be built, and what it takes'],
      ['bothways lab verify examples/contoso', 'build, compare, take down'],
      ['bothways lab up examples/contoso', 'keep it, until Ctrl-C'],
    ])}${exitCodes}`,
  );

  add(lab, 'plan', 'say what would be built, what it takes, and what cannot be built', async (command) =>
    (await import('./commands/lab.ts')).labPlan(command),
  )
    .addArgument(pathArgument())
    .addOption(daemonOption())
    .addOption(formatOption())
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples([
        ['bothways lab plan examples/contoso', 'on BIRD'],
        ['bothways lab plan examples/contoso --daemon frr', 'on FRR'],
      ]),
    );

  add(lab, 'verify', 'build it, compare every table and round trip, take it down', async (command) =>
    (await import('./commands/lab.ts')).labVerify(command),
  )
    .description(
      'Builds the lab, waits until the routers are done, compares every route of every table and a packet of every round ' +
        'trip with what was computed, shows what the firewalls counted as dropped, and takes the lab down.',
    )
    .addArgument(pathArgument())
    .addOption(daemonOption())
    .option('--packets <number>', 'round trips to send, at least; each one is sent once in any case', wholeNumber, 60)
    .option('--seed <number>', 'of the choice of addresses and ports', wholeNumber, 1)
    .addOption(formatOption())
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples([
        ['bothways lab verify examples/contoso', 'a network that holds'],
        ['bothways lab verify scenarios/PP-S10-asymmetric-routing', 'one that does not: what the firewall drops'],
        ['bothways lab verify network.yaml --daemon frr --packets 5000', 'on FRR, with more packets'],
        ['bothways lab verify network.yaml --json | jq .agrees', 'for programs'],
      ]) + exitCodes,
    );

  add(lab, 'up', 'build it and keep it until Ctrl-C', async (command) =>
    (await import('./commands/lab.ts')).labUp(command),
  )
    .addArgument(pathArgument())
    .addOption(daemonOption())
    .addOption(nameOption().default('lab'))
    .addHelpText(
      'after',
      examples([
        ['bothways lab up examples/contoso', 'and in another terminal: bothways lab shell er-ce1'],
        ['bothways lab up network.yaml --name second', 'several side by side'],
      ]),
    );

  add(lab, 'status', 'name the labs that are up', async (command) =>
    (await import('./commands/lab.ts')).labStatus(command),
  ).addOption(new Option('--json', 'for programs'));

  add(lab, 'shell', 'open a shell in a device of a lab that is up', async (command) =>
    (await import('./commands/lab.ts')).labShell(command),
  )
    .addArgument(new Argument('<device>', 'as in the estate; lab up and lab status name them'))
    .addArgument(new Argument('[program...]', 'run this instead of a shell, behind --'))
    .addOption(nameOption())
    .addHelpText(
      'after',
      examples([
        ['bothways lab shell er-ce1', 'a shell in its network namespace'],
        ['bothways lab shell fw-er -- nft list ruleset', 'one program'],
      ]),
    );

  add(lab, 'down', 'end a lab that is up', async (command) => (await import('./commands/lab.ts')).labDown(command))
    .addOption(nameOption())
    .addHelpText('after', examples([['bothways lab down --name second', 'where several are up']]));
}

function daemonOption(): Option {
  return new Option('--daemon <name>', 'what the routers run').choices(['bird', 'frr']).default('bird');
}

function nameOption(): Option {
  return new Option('--name <name>', 'name of the lab, where there are several').argParser((text) => {
    if (!/^[a-z][a-z0-9]{0,7}$/.test(text)) {
      throw new InvalidArgumentError('It must be 1 to 8 small letters and digits, a letter first.');
    }
    return text;
  });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 9999999.');
  return Number(text);
}

const exitCodes = `
Exit codes: 0 predicted and observed agree, 1 they differ, 2 it cannot be built here, 3 our fault.
`;
