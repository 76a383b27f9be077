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
      ['bothways lab fail er-ce1', 'in one that is up: let a router fail, and compare'],
      ['bothways lab sweep examples/contoso', 'let everything fail, one after the other'],
    ])}${exitCodes}`,
  );

  add(lab, 'plan', 'say what would be built, what it takes, and what cannot be built', async (command) =>
    (await import('./commands/lab.ts')).labPlan(command),
  )
    .addArgument(pathArgument())
    .addOption(daemonOption())
    .option(...sitesOption)
    .option(...circuitsOption)
    .addOption(formatOption())
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples([
        ['bothways lab plan examples/contoso', 'on BIRD'],
        ['bothways lab plan examples/contoso --daemon frr', 'on FRR'],
        ['bothways lab plan network.yaml --sites milan', 'of a large network what concerns one site'],
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
    .option(...sitesOption)
    .option(...circuitsOption)
    .addOption(packetsOption())
    .addOption(seedOption())
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
    .option(...sitesOption)
    .option(...circuitsOption)
    .addOption(nameOption().default('lab'))
    .addHelpText(
      'after',
      examples([
        ['bothways lab up examples/contoso', 'and in another terminal: bothways lab shell er-ce1'],
        ['bothways lab up network.yaml --name second', 'several side by side'],
      ]),
    );

  add(lab, 'status', 'name the labs that are up, and what has failed in them', async (command) =>
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

  add(lab, 'fail', 'let something of a lab that is up fail, and compare', async (command) =>
    (await import('./commands/lab-failures.ts')).labFail(command),
  )
    .description(
      'Takes down links and stops processes in a lab that is up, waits until the routers have agreed on what to do, and ' +
        'compares every table and round trip with what was computed for that failure. What failed earlier stays failed.',
    )
    .addArgument(new Argument('<element...>', 'as in bothways sweep: er-ce1, device er-ce1, circuit er-fra, site hq'))
    .addOption(nameOption())
    .addOption(packetsOption())
    .addOption(seedOption())
    .option('--no-verify', 'wait for the routers only')
    .addOption(formatOption())
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples([
        ['bothways lab fail er-ce1', 'one router'],
        ['bothways lab fail peering location frankfurt', 'a name that says what it is'],
      ]) + exitCodes,
    );

  add(lab, 'restore', 'repair what has failed in a lab that is up, and compare', async (command) =>
    (await import('./commands/lab-failures.ts')).labRestore(command),
  )
    .addArgument(new Argument('[element...]', 'everything unless named'))
    .addOption(nameOption())
    .addOption(packetsOption())
    .addOption(seedOption())
    .option('--no-verify', 'wait for the routers only')
    .addOption(formatOption())
    .option('--json', 'the same as --format json')
    .addHelpText('after', examples([['bothways lab restore', 'everything']]) + exitCodes);

  add(lab, 'sweep', 'let everything fail, one after the other, and compare each time', async (command) =>
    (await import('./commands/lab-failures.ts')).labSweep(command),
  )
    .description(
      'Builds the lab and lets each element of the network fail by itself: waits until the routers have agreed, compares ' +
        'every table and round trip with what was computed for that failure, and repairs it.',
    )
    .addArgument(pathArgument())
    .addOption(daemonOption())
    .option(...sitesOption)
    .option(...circuitsOption)
    .option('--elements <kinds...>', 'only these kinds, as in bothways sweep')
    .option('--group <names...>', 'only these elements, by name')
    .addOption(packetsOption())
    .addOption(seedOption())
    .addOption(formatOption())
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples([
        ['bothways lab sweep examples/contoso', 'everything that can fail, on BIRD'],
        ['bothways lab sweep examples/contoso --daemon frr --elements circuit port', 'some of it, on FRR'],
      ]) + exitCodes,
    );

  add(lab, 'capture', 'write what passes at a device of a lab that is up to a file', async (command) =>
    (await import('./commands/lab-failures.ts')).labCapture(command),
  )
    .description('Writes every frame that passes at a device, both ways, as pcapng, until Ctrl-C or the given end.')
    .addArgument(new Argument('<device>', 'as in the estate'))
    .option('--interface <names...>', 'only these: an interface, a link, or the device at its far end')
    .option('-o, --output <file>', 'standard output unless named')
    .option('--seconds <number>', 'end after so long', wholeNumber)
    .option('--packets <number>', 'end after so many', wholeNumber)
    .addOption(nameOption())
    .addHelpText(
      'after',
      examples([
        ['bothways lab capture fw-er -o fw-er.pcapng', 'everything, for Wireshark'],
        ['bothways lab capture fw-er --interface er-ce1 | tcpdump -r - -n', 'one link, as it passes'],
      ]),
    );

  add(lab, 'export', 'write the routers as files for containerlab or netlab', async (command) =>
    (await import('./commands/lab-export.ts')).labExport(command),
  )
    .description(
      'Writes the network, both halves, as a topology of FRR containers with their configurations, and what the routers ' +
        'must hold. Firewalls, translation, proxies and hosts are not in it. Works on every system.',
    )
    .addArgument(pathArgument())
    .addOption(new Option('--to <lab>', 'whose files').choices(['containerlab', 'netlab']).default('containerlab'))
    .requiredOption('-o, --output <folder>', 'folder to write to; made if it is not there, and must be empty')
    .option('--image <name>', 'container image of FRR (default: frrouting/frr:v8.4.1)')
    .option(...sitesOption)
    .option(...circuitsOption)
    .addHelpText(
      'after',
      examples([
        ['bothways lab export examples/contoso -o contoso-lab', 'for containerlab'],
        ['bothways lab export network.yaml --to netlab --sites milan -o milan-lab', 'a part, for netlab'],
      ]),
    );

  add(lab, 'down', 'end a lab that is up', async (command) => (await import('./commands/lab.ts')).labDown(command))
    .addOption(nameOption())
    .addHelpText('after', examples([['bothways lab down --name second', 'where several are up']]));
}

const sitesOption = [
  '--sites <names...>',
  'only the part of the network that decides the round trips of these sites',
] as const;
const circuitsOption = ['--circuits <names...>', 'keep the routers of these circuits, too'] as const;

function daemonOption(): Option {
  return new Option('--daemon <name>', 'what the routers run').choices(['bird', 'frr']).default('bird');
}

function packetsOption(): Option {
  return new Option('--packets <number>', 'round trips to send, at least; each one is sent once in any case')
    .argParser(wholeNumber)
    .default(60);
}

function seedOption(): Option {
  return new Option('--seed <number>', 'of the choice of addresses and ports').argParser(wholeNumber).default(1);
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
