/** The commands about what an estate costs, carries and promises. */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { formatOption, pathArgument } from './arguments.ts';
import type { ExitCode } from './exit.ts';

type Work = (command: Command) => ExitCode | Promise<ExitCode>;
type Add = (parent: Command, name: string, summary: string, work: Work) => Command;
type Examples = (rows: readonly (readonly [command: string, what: string])[]) => string;

export function addPriceCommands(bothways: Command, add: Add, examples: Examples): void {
  add(bothways, 'price', 'say what the estate costs, per month and over a term', async (command) =>
    (await import('./commands/price.ts')).price(command),
  )
    .description(
      'Adds up the whole bill: Microsoft, connectivity providers, cross-connects, lines, boxes, own work. Every figure ' +
        'has its source and date; what nobody knows is shown as missing, with what it leaves open. Says where another ' +
        'billing plan or SKU would be cheaper, and what moves the bill.',
    )
    .addArgument(pathArgument())
    .option('--term <months>', 'length of the term (default: 36)', months)
    .option(
      '--set-up <months>',
      'months from the service key of a circuit to its first packet: charged, not used',
      months,
    )
    .option('--as-of <day>', 'the day against which the age of the price list is measured (default: today)')
    .addOption(
      new Option('--format <format>', 'text for people, json for programs, csv for spreadsheets').choices([
        'text',
        'json',
        'csv',
      ]),
    )
    .option('-o, --output <file>', 'write the bill of materials to a file that ends with .csv or .xlsx')
    .addHelpText(
      'after',
      examples([
        ['bothways price examples/contoso', 'the bill of a month, and of three years'],
        ['bothways price network.yaml --term 12', 'of one year'],
        ['bothways price network.yaml -o bill.xlsx', 'as a spreadsheet'],
        ['bothways price network.yaml --format json | jq .monthly', 'for programs'],
      ]),
    );

  add(bothways, 'capacity', 'say how long lines, circuits and pools are wide enough', async (command) =>
    (await import('./commands/capacity.ts')).capacity(command),
  )
    .description(
      'Lays the busy hour on every line, circuit and pool of translation, without failures and under the single failure ' +
        'that loads each most; says what is left, in which year growth fills it, and which bandwidth to order. A ' +
        'bandwidth can be raised later and never lowered.',
    )
    .addArgument(pathArgument())
    .option('--growth <percent>', 'growth of the traffic, percent a year (default: 0)', percentage)
    .option('--years <number>', 'years to plan for (default: 3)', years)
    .option(
      '--sessions-per-user <count>',
      'sessions each user holds at a time, measured: decides how many a pool serves',
    )
    .addOption(formatOption())
    .addHelpText(
      'after',
      examples([
        ['bothways capacity examples/contoso', 'today, and under every single failure'],
        ['bothways capacity network.yaml --growth 20 --years 5', 'with growth'],
        ['bothways capacity network.yaml --format json | jq .circuits', 'for programs'],
      ]) + capacityCodes,
    );

  add(bothways, 'latency', 'compare the ways that each site could take, in milliseconds', async (command) =>
    (await import('./commands/latency.ts')).latency(command),
  )
    .description(
      'For each site and each Azure region of its environments: how long a round trip takes over every circuit and every ' +
        'internet edge, over a breakout of its own and with a better WAN, beside the guidance. Ways in use are followed ' +
        'hop by hop; the others are estimated from their parts.',
    )
    .addArgument(pathArgument())
    .addOption(formatOption())
    .addHelpText(
      'after',
      examples([
        ['bothways latency examples/contoso', 'every site, every way'],
        ['bothways latency network.yaml --format json | jq ".sites[].faster"', 'for programs'],
      ]),
    );

  add(bothways, 'availability', 'say how much of the time each intent holds', async (command) =>
    (await import('./commands/availability.ts')).availability(command),
  )
    .description(
      'Follows every set of failures that matters and adds up how probable it is: minutes a year in which an intent is ' +
        'broken, what makes them, and which component is worth improving. Figures come from the document (availability) ' +
        "and from Microsoft's commitment for circuits; components without a figure are named, and count as always up.",
    )
    .addArgument(pathArgument())
    .addOption(formatOption())
    .addHelpText(
      'after',
      examples([
        ['bothways availability examples/contoso', 'with what has a figure'],
        ['bothways availability network.yaml --format json | jq .intents', 'for programs'],
      ]),
    );

  add(
    bothways,
    'compare',
    'put two estates side by side: verdicts, price, capacity, latency, availability',
    async (command) => (await import('./commands/compare.ts')).compare(command),
  )
    .addArgument(new Argument('<a>', 'estate file or folder'))
    .addArgument(new Argument('<b>', 'the other one'))
    .option('--term <months>', 'length of the term (default: 36)', months)
    .option('--as-of <day>', 'the day against which price list and accepted risks are judged (default: today)')
    .addOption(
      new Option('--format <format>', 'text for people, markdown for pages, json for programs')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .addHelpText(
      'after',
      examples([
        ['bothways compare examples/contoso with-second-circuit.yaml', 'what the second circuit is worth'],
        ['bothways compare now.yaml plan.yaml --format markdown', 'for a pull request'],
      ]),
    );
}

function months(text: string): number {
  if (!/^(?:0|[1-9]\d{0,3})$/.test(text)) throw new InvalidArgumentError('It must be a whole number of months.');
  return Number(text);
}

function percentage(text: string): number {
  if (!/^\d{1,4}(?:\.\d{1,3})?$/.test(text))
    throw new InvalidArgumentError('It must be a percentage, as in 20 or 7.5.');
  return Number(text);
}

function years(text: string): number {
  if (!/^(?:[1-9]|[1-4]\d|50)$/.test(text)) throw new InvalidArgumentError('It must be 1 to 50.');
  return Number(text);
}

const capacityCodes = `
Exit codes: 0 everything fits in the normal state, 1 something does not, 2 unusable input, 3 our fault.
`;
