/** The commands about what an estate costs, carries and promises. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { pathArgument } from './arguments.ts';
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
}

function months(text: string): number {
  if (!/^(?:0|[1-9]\d{0,3})$/.test(text)) throw new InvalidArgumentError('It must be a whole number of months.');
  return Number(text);
}
