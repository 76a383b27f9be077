/** The commands that rest on facts alone, or show what an estate became: facts, reach, show. */
import { Argument, type Command, Option } from 'commander';
import { pathArgument } from './arguments.ts';
import type { ExitCode } from './exit.ts';
import { useUpdates } from './update-in-use.ts';

type Add = (
  parent: Command,
  name: string,
  summary: string,
  work: (command: Command) => ExitCode | Promise<ExitCode>,
) => Command;
type Examples = (rows: readonly (readonly [command: string, what: string])[]) => string;

/** Repeated options gather their values. */
function gathered(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function jsonOption(): Option {
  return new Option('--json', 'for programs');
}

function allOption(): Option {
  return new Option('--all', 'everything, not only the largest part');
}

export function addFactCommands(bothways: Command, add: Add, examples: Examples): void {
  useUpdates(bothways);
  const facts = add(
    bothways,
    'facts',
    "look up what is known about Microsoft's side, with source and date",
    async (command) => (await import('./commands/facts.ts')).facts(command),
  );
  facts
    .description(
      'Searches the numbered facts; an id shows one with its source and everything that cites it; without a query, an ' +
        'overview.',
    )
    .addArgument(new Argument('[query...]', 'words, or an id as in ER-028, X17, PP-C07, PP-F01'))
    .option('--stale', 'list facts and address files that have grown old')
    .option('--as-of <day>', 'the day against which age is measured (default: today)')
    .option('--older-than <age>', 'age as in "24 months", "2 years", "90 days"', '24 months')
    .addOption(allOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples([
        ['bothways facts prefix limit', 'search'],
        ['bothways facts ER-028', 'one fact: statement, value, source, what cites it'],
        ['bothways facts --stale --older-than "3 years"', 'what to look up again'],
        ['bothways facts update --service-tags FILE', 'compare newer address files, and use them'],
      ]),
    );
  addUpdate(facts, add, examples);
  addDiff(facts, add, examples);

  add(bothways, 'reach', 'say whether ExpressRoute can carry a name, address, service or flow', async (command) =>
    (await import('./commands/reach.ts')).reach(command),
  )
    .description(
      'Says which flow and address set something belongs to, which community selects it, whether ExpressRoute can carry ' +
        'it and on which condition, and what the sources say. With an estate also which way it goes from each site.',
    )
    .addArgument(new Argument('<what...>', 'host name, address, prefix, service, address set, Azure region or flow'))
    .option('--estate <path>', 'estate file or folder: the way from each of its sites')
    .addOption(new Option('--cloud <cloud>', 'cloud to look in').choices(['public', 'usgov', 'china']))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples([
        ['bothways reach contoso.crm4.dynamics.com', 'a host name'],
        ['bothways reach 20.50.1.1 --estate examples/contoso', 'an address, and the way there and back'],
        ['bothways reach Power BI', 'a service'],
        ['bothways reach PP-F05', 'a flow of the catalogue'],
        ['bothways reach PowerPlatformInfra.WestEurope', 'an address set'],
      ]),
    );

  add(bothways, 'show', 'show the estate with every default, or the network it becomes', async (command) =>
    (await import('./commands/show.ts')).show(command),
  )
    .description(
      'Prints the complete document with every default and its reason; with --network the devices, links, sessions, ' +
        'policies, static routes and translations it becomes, each with the line or fact it comes from.',
    )
    .addArgument(pathArgument())
    .option('--network', 'the compiled network instead of the document')
    .option('--device <name>', 'with --network: one device and what it takes part in')
    .addOption(allOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples([
        ['bothways show examples/contoso', 'the document, complete'],
        ['bothways show examples/contoso --network', 'devices, sessions, policies'],
        ['bothways show examples/contoso --network --device er-ce1', 'one device'],
      ]),
    );
}

function addUpdate(facts: Command, add: Add, examples: Examples): void {
  add(facts, 'update', 'compare newer address files with those in use, and use them', async (command) =>
    (await import('./commands/facts.ts')).factsUpdate(command),
  )
    .description(
      'Checks downloaded address files, compares them with those in use and says what that means for an estate. ' +
        'Nothing is written without --apply; then a compact form goes into a folder of the user (BOTHWAYS_DATA, else ' +
        'XDG_DATA_HOME/bothways), and every later answer that rests on it says so.',
    )
    .addOption(
      new Option('--service-tags <file>', 'a weekly file "Azure IP Ranges and Service Tags" of any cloud')
        .argParser(gathered)
        .default([], 'none'),
    )
    .addOption(
      new Option('--m365 <file>', 'an answer of the Microsoft 365 endpoint web service')
        .argParser(gathered)
        .default([], 'none'),
    )
    .option('--date <day>', 'day of the download, for files whose names have none')
    .option('--estate <path>', 'estate file or folder: what has to change there')
    .option('--apply', 'use the files from now on')
    .option('--reset', 'go back to the files that are built in')
    .option('--data <folder>', 'folder to write to')
    .addOption(allOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `${examples([
        ['bothways facts update --service-tags ServiceTags_Public_20251117.json', 'what changed'],
        ['bothways facts update --service-tags FILE --estate network.yaml', 'and what that means'],
        ['bothways facts update --service-tags FILE --m365 FILE --apply', 'use them from now on'],
      ])}
Exit codes: 0 compared, 1 the estate has to change, 2 a file cannot be used and nothing was touched, 3 our fault.
`,
    );
}

function addDiff(facts: Command, add: Add, examples: Examples): void {
  add(facts, 'diff', 'compare two address files on disk', async (command) =>
    (await import('./commands/facts.ts')).factsDiff(command),
  )
    .addArgument(new Argument('<old>', 'service-tag file or Microsoft 365 endpoint list'))
    .addArgument(new Argument('<new>', 'a file of the same kind and cloud'))
    .addOption(allOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples([['bothways facts diff ServiceTags_Public_20251028.json ServiceTags_Public_20251110.json', '']]),
    );
}
