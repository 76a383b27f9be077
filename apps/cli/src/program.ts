/**
 * The commands, their options and their help. What a command does is in commands/, loaded when it runs: help and version
 * answer in 45 ms instead of 75 that way.
 */
import { styleText } from 'node:util';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import {
  checkFormatOption,
  colourOption,
  formatOption,
  pathArgument,
  severities,
  testFormatOption,
} from './arguments.ts';
import { shells } from './completion.ts';
import type { ExitCode } from './exit.ts';
import { addFactCommands } from './facts-program.ts';
import { addLabCommands } from './lab-program.ts';
import { addPlanCommands } from './plan-program.ts';
import { addPriceCommands } from './price-program.ts';
import type { OutputStream } from './terminal.ts';

export function program(): Command {
  const bothways = new Command('bothways')
    .description('Proves the way there and the way back: networks that reach Microsoft over ExpressRoute, computed.')
    .version(manifest.version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .addOption(colourOption())
    .configureOutput({
      getOutHelpWidth: () => helpWidth(process.stdout),
      getErrHelpWidth: () => helpWidth(process.stderr),
    })
    .showHelpAfterError('Options and examples: add --help.')
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => styleText('bold', title, { validateStream: false }),
    })
    .exitOverride();

  add(bothways, 'check', 'say whether every round trip holds, and show what breaks', async (command) =>
    (await import('./commands/check.ts')).check(command),
  )
    .description(
      'Computes every demand of the estate there and back, and says which way each direction takes, which packet is ' +
        'dropped where, which line is the cause and what mends it.',
    )
    .addArgument(pathArgument())
    .addOption(checkFormatOption())
    .addOption(
      new Option('--fail-on <severity>', 'least severity of a finding that makes the exit code 1')
        .choices(severities)
        .default('error'),
    )
    .addOption(
      new Option('--fix [how]', 'apply the safe fixes until nothing changes; --fix=show prints them as a diff')
        .choices(['apply', 'show'])
        .preset('apply')
        .conflicts(['since', 'writeBaseline']),
    )
    .option('--since <baseline>', 'show only what came since the baseline, and count what is gone')
    .option('--as-of <day>', 'the day against which accepted risks run out (default: today)')
    .option(
      '--sessions-per-user <count>',
      'sessions each user holds at a time, measured: decides whether pools run out',
    )
    .addOption(
      new Option('--write-baseline <file>', 'keep the findings of today in a file, for --since').conflicts('since'),
    )
    .addHelpText(
      'after',
      examples([
        ['bothways check', 'the estate of this folder'],
        ['bothways check examples/contoso', 'an example that holds'],
        ['bothways check network.yaml --fail-on warning', 'stricter, for a pipeline'],
        ['bothways check network.yaml --format json | jq .verdict', 'for programs'],
        ['bothways check network.yaml --format sarif > bothways.sarif', 'for code scanning'],
        ['bothways check network.yaml --fix=show', 'what the safe fixes would change'],
        ['bothways check network.yaml --write-baseline known.json', 'start from what is there'],
        ['bothways check network.yaml --since known.json', 'and see only what is new'],
        ['generate-estate | bothways check -', 'from another program'],
      ]) + exitCodes,
    );

  add(bothways, 'test', 'run the intents of the document as tests', async (command) =>
    (await import('./commands/test.ts')).test(command),
  )
    .description(
      'Judges every intent of the document: held, broken or unknown, part by part, each with the packet that shows it.',
    )
    .addArgument(pathArgument())
    .addOption(testFormatOption())
    .option('--strict', 'an intent that is not known to hold counts as broken')
    .addHelpText(
      'after',
      examples([
        ['bothways test examples/contoso', 'which intents hold'],
        ['bothways test network.yaml --format junit > intents.xml', 'for a build server'],
      ]) + exitCodes,
    );

  add(bothways, 'report', 'write the report that goes to those who decide', async (command) =>
    (await import('./commands/report.ts')).report(command),
  )
    .description(
      'Writes what the check found as a document: summary, decision and alternatives, what rides the circuit, diagrams, ' +
        'findings by owner, checklist, flows, assumptions and facts with their sources. One file; nothing is loaded from anywhere.',
    )
    .addArgument(pathArgument())
    .option('-o, --output <file>', 'write to a file; its ending says the format')
    .addOption(
      new Option('--format <format>', 'where the ending does not say it (default: html)').choices([
        'html',
        'md',
        'pdf',
        'docx',
        'json',
      ]),
    )
    .option('--date <day>', 'date that the report carries, and against which accepted risks run out')
    .addHelpText(
      'after',
      examples([
        ['bothways report examples/contoso -o report.html', 'one page, printable'],
        ['bothways report network.yaml -o report.pdf --date 2026-01-31', 'needs Chromium, Chrome or Edge'],
        ['bothways report network.yaml -o report.docx', 'to go on writing in'],
        ['bothways report network.yaml --format json | jq .readiness.score', 'for programs'],
      ]),
    );

  add(bothways, 'trace', 'follow one packet there and back, hop by hop', async (command) =>
    (await import('./commands/trace.ts')).trace(command),
  )
    .description('Follows one packet there and its answer back, with the translation, route and state at every hop.')
    .addArgument(pathArgument())
    .option('--from <site>', 'site the packet starts at')
    .option('--to <environment>', 'environment it goes to')
    .option('--flow <id>', 'flow of the catalogue, as in PP-F01')
    .option('--address <address>', 'exact destination address')
    .addOption(formatOption())
    .addHelpText(
      'after',
      examples([
        ['bothways trace examples/contoso --from hq --to production', 'the flows between the two'],
        ['bothways trace examples/contoso --from hq --flow PP-F01', 'one flow'],
        ['bothways trace examples/contoso --from branch --address 20.50.1.1', 'one address'],
      ]),
    );

  add(bothways, 'load', 'show what lines, circuits and pools carry', async (command) =>
    (await import('./commands/load.ts')).load(command),
  )
    .description(
      'Lays the traffic of every demand on the ways it takes, there and back: what each line carries in the busy hour, ' +
        'what is too much for it, and how many users each pool of translation serves.',
    )
    .addArgument(pathArgument())
    .option(
      '--sessions-per-user <count>',
      'sessions each user holds at a time, measured: decides whether pools run out',
    )
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      examples([
        ['bothways load examples/contoso', 'every line with a stated bandwidth'],
        ['bothways load network.yaml --sessions-per-user 40', 'and whether the pools are large enough'],
        ['bothways load network.yaml --json | jq .lines', 'for programs'],
      ]),
    );

  add(bothways, 'routes', 'show what a router knows and why it chose it', async (command) =>
    (await import('./commands/routes.ts')).routes(command),
  )
    .description('Shows the routes of a device: the best one, those that lost, and the step at which they lost.')
    .addArgument(pathArgument())
    .addArgument(new Argument('[device]', 'one device, as --device'))
    .addArgument(new Argument('[prefix]', 'a prefix or an address, as --prefix'))
    .option('--device <name>', 'one device')
    .option('--prefix <prefix>', 'a prefix, or an address: its longest match on each device')
    .option('--why', 'what every neighbour sent as well, and the policy terms that touched it')
    .option('--replay', 'how the prefix came to rest, step by step, and whether it could have come to rest elsewhere')
    .addOption(formatOption())
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples([
        ['bothways routes examples/contoso', 'which devices there are'],
        ['bothways routes examples/contoso er-ce1', 'the table of one router'],
        ['bothways routes examples/contoso --prefix 20.50.1.1', 'one address, on every device'],
        ['bothways routes examples/contoso --device er-ce1 --prefix 20.50.1.1 --replay', 'and how it got there'],
      ]),
    );

  add(bothways, 'sweep', 'say what every failure breaks, and which failures break an intent', async (command) =>
    (await import('./commands/sweep.ts')).sweep(command),
  )
    .description(
      'Takes down every element of the estate, or every few at once, and says for each intent, demand and place whether ' +
        'it survives, the smallest sets of failures that break it, and which packet is lost where; for each set what ' +
        'becomes too narrow. Ctrl-C ends it early with what is done, and says that it is a part. Without intents, every ' +
        'demand has to survive.',
    )
    .addArgument(pathArgument())
    .option('-k <number>', 'elements that fail at once, at most (1 to 4)', wholeNumber, 1)
    .option('--group <name...>', 'only these elements or declared groups')
    .option('--elements <kinds>', 'only elements of these kinds, with commas between, as in link,circuit', commaList)
    .option('--worst <number>', 'how many sets, examples and changes are shown', wholeNumber, 5)
    .option(
      '--jobs <number>',
      'threads that work on it (default: one for each processor where it is worth it)',
      wholeNumber,
    )
    .option('--limit <seconds>', 'stop after that long with what is done', wholeNumber)
    .option(
      '--sessions-per-user <number>',
      'sessions each user holds at a time, so that translation pools and connection tables are counted',
      wholeNumber,
    )
    .addOption(formatOption())
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples([
        ['bothways sweep examples/contoso', 'every single failure'],
        ['bothways sweep examples/contoso -k 2 --elements link,circuit', 'every pair of links and circuits'],
        ['bothways sweep network.yaml --group west --worst 10', 'one declared group'],
        ['bothways sweep network.yaml -k 3 --limit 60', 'as much as a minute allows'],
        ['bothways sweep network.yaml -k 2 --json | jq .questions', 'for programs'],
      ]) + exitCodes,
    );

  add(bothways, 'explain', 'explain a rule: what it finds, why it matters, how to mend it', async (command) =>
    (await import('./commands/explain.ts')).explain(command),
  )
    .addArgument(
      new Argument(
        '[rule]',
        "name of the rule, as findings show it, or an id of a reviewers' list; left out: all rules",
      ),
    )
    .addOption(formatOption())
    .addHelpText(
      'after',
      examples([
        ['bothways explain', 'all rules, one line each'],
        ['bothways explain CHK-GAP-17', 'which rules answer a question of a reviewer'],
      ]),
    );

  addFactCommands(bothways, add, examples);
  addPriceCommands(bothways, add, examples);
  addPlanCommands(bothways, add, examples);
  addLabCommands(bothways, add, examples);

  add(bothways, 'serve', 'open the workbench: the estate in a page, to look at and to edit', async (command) =>
    (await import('./commands/serve.ts')).serve(command),
  )
    .description(
      'Starts the workbench on this machine: a page with the network, its paths both ways, what fails when a cable is ' +
        'pulled, and an editor whose changes go into the files on disk. Without a path it opens on the example. ' +
        'Nobody else can reach it unless --host says so; then it asks for a token.',
    )
    .addArgument(new Argument('[path]', 'estate file or folder; left out: a copy of the example'))
    .option('--port <number>', 'port to listen on; 0 for any free one', portNumber, 7700)
    .option('--host <address>', 'address to listen on; any but this machine requires signing in', '127.0.0.1')
    .option('--database <url>', 'PostgreSQL to keep history in, or BOTHWAYS_DATABASE (default: a database in --data)')
    .option('--data <folder>', 'folder for history and audit log (default: in the data folder of the user)')
    .option('--url <url>', 'address under which a proxy in front of it makes it known')
    .option('--oidc-issuer <url>', 'sign in through this OpenID Connect issuer, or BOTHWAYS_OIDC_ISSUER')
    .option('--oidc-client-id <id>', 'name of this server there, or BOTHWAYS_OIDC_CLIENT_ID')
    .option('--oidc-client-secret-file <file>', 'file with its secret (or the secret in BOTHWAYS_OIDC_CLIENT_SECRET)')
    .option('--oidc-editors <list>', 'who may edit: subjects, verified addresses, roles, groups, or *', commaList)
    .option('--open', 'open the page in the browser')
    .addHelpText(
      'after',
      examples([
        ['bothways serve', 'the example, to play with'],
        ['bothways serve my-network --open', 'an estate on disk; edits go into its files'],
        ['bothways serve my-network --port 0 --data /tmp/try', 'beside another one'],
        ['bothways serve my-network --host 0.0.0.0 --url https://bothways.example', 'for others, behind a proxy'],
      ]),
    );

  add(bothways, 'schema', 'print the JSON Schema of the estate document, for editors', async (command) =>
    (await import('./commands/schema.ts')).schema(command),
  )
    .option('-o, --output <file>', 'write to a file')
    .addHelpText(
      'after',
      `${examples([['bothways schema -o bothways.schema.json', 'write it beside the estate']])}
Editors with the YAML language server then complete and check an estate that starts with
  # yaml-language-server: $schema=bothways.schema.json
`,
    );

  add(bothways, 'init', 'write a first estate document to start from', async (command) =>
    (await import('./commands/init.ts')).init(command),
  )
    .description(
      'Writes estate.yaml: sites joined to a datacentre that has an internet edge and one circuit. At a terminal it asks; ' +
        'every answer is also an option. The document is checked before it is written.',
    )
    .addArgument(new Argument('[folder]', 'folder to write to, made if it is not there').default('.', 'this folder'))
    .option('--name <text>', 'name of the organisation')
    .option('--region <name>', 'Power Platform region of the environment (default: Europe)')
    .option('--sites <list>', 'name:city:users, with commas between')
    .option('--location <name>', 'peering location of the circuit (default: the nearest to the region)')
    .option('--provider <name>', 'connectivity provider')
    .option('--bandwidth <rate>', 'bandwidth of the circuit (default: 500 Mbps)')
    .option('--asn <number>', 'AS number (default: 64500, which is for documentation)')
    .option(
      '--from <scenario>',
      'a whole estate of the gallery instead of answers, such as PP-S08 or two-hubs; see --list',
    )
    .option('--list', 'name what --from can start with and stop')
    .option('-y, --yes', 'ask nothing, take the defaults')
    .option('--force', 'replace an estate.yaml that is already there')
    .addHelpText(
      'after',
      examples([
        ['bothways init', 'asks, and writes into this folder'],
        ['bothways init my-network --yes', 'takes the defaults'],
        ['bothways init my-network --from two-hubs', 'starts from a known shape'],
        ['bothways init lesson --from PP-S10', 'starts from a figure of the documents, this one broken'],
        [
          'bothways init eu --name Contoso --region Europe --sites hq:Munich:900,branch:Milan:120 --location Frankfurt',
          '',
        ],
      ]),
    );

  add(bothways, 'completion', 'print a completion script for the shell', async (command) =>
    (await import('./commands/completion.ts')).completion(command),
  )
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .addHelpText(
      'after',
      examples([
        ['source <(bothways completion bash)', 'in ~/.bashrc'],
        ['bothways completion zsh > ~/.zfunc/_bothways', 'a folder of $fpath'],
        ['bothways completion fish | source', 'in config.fish'],
      ]),
    );

  bothways.addHelpText(
    'after',
    `${examples([
      ['bothways check examples/contoso', 'a network that holds, explained'],
      ['bothways init my-network', 'start your own'],
    ])}${exitCodes}`,
  );
  // Without a command: the help, as an answer and not as an error.
  bothways.action(() => {
    bothways.outputHelp();
  });
  return bothways;
}

function helpWidth({ isTTY, columns }: OutputStream): number {
  return isTTY === true && columns !== undefined ? Math.min(columns, 110) : 100;
}

/** What every command's work looks like: it prints, and says how it ended. */
type Work = (command: Command) => ExitCode | Promise<ExitCode>;

function add(parent: Command, name: string, summary: string, work: Work): Command {
  return parent
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .helpOption('-h, --help', 'show help')
    .action(async (...args: unknown[]) => {
      // Commander passes the command itself last.
      const command = args.at(-1);
      if (!(command instanceof Command)) throw new Error(`no command among ${args.length} arguments`);
      process.exitCode = await work(command);
    });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be a port, 0 to 65535.');
  return Number(text);
}

function commaList(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function examples(rows: readonly (readonly [command: string, what: string])[]): string {
  const width = Math.max(...rows.map(([command]) => command.length).filter((length) => length < 64));
  const lines = rows.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`.trimEnd());
  return `\nExamples:\n${lines.join('\n')}\n`;
}

const exitCodes = `
Exit codes: 0 it holds, 1 findings at or above --fail-on, 2 unusable input, 3 our fault.
`;
