/** The commands about what to buy, and in which order. */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { formatOption, pathArgument } from './arguments.ts';
import type { ExitCode } from './exit.ts';

type Work = (command: Command) => ExitCode | Promise<ExitCode>;
type Add = (parent: Command, name: string, summary: string, work: Work) => Command;
type Examples = (rows: readonly (readonly [command: string, what: string])[]) => string;

export function addPlanCommands(bothways: Command, add: Add, examples: Examples): void {
  add(bothways, 'plan', 'say what to buy, where and how large, for what is required', async (command) =>
    (await import('./commands/plan.ts')).plan(command),
  )
    .description(
      'Chooses peering locations, circuits, bandwidths, billing and which site uses which of them, from the sites, ' +
        'users, environments and requirements of a document. Gives several plans of which none is better in ' +
        'everything, each a complete estate that was proved under every single failure; or the smallest set of ' +
        'requirements that clash. Ctrl-C ends it with what is found.',
    )
    .addArgument(pathArgument())
    .option('-o, --output <folder>', 'write each plan to a folder of its own below this one')
    .addOption(new Option('--time <seconds>', 'time for each plan').default(30).argParser((text) => seconds(text)))
    .addOption(formatOption())
    .addHelpText(
      'after',
      examples([
        ['bothways plan REQUIREMENTS.yaml', 'what would do, and what it costs'],
        ['bothways plan REQUIREMENTS.yaml -o plans/', 'as documents: bothways check plans/cheapest'],
        ['bothways plan examples/contoso', 'afresh, for what an estate needs'],
        ['bothways plan REQUIREMENTS.yaml --format json | jq .clash', 'for programs'],
      ]),
    );
  add(bothways, 'roadmap', 'say which steps lead from one estate to another', async (command) =>
    (await import('./commands/roadmap.ts')).roadmap(command),
  )
    .description(
      'Orders the steps from one estate to another: what is ordered, waited for, built, changed and withdrawn, with ' +
        'lead times and skills. Every state of the network on the way is computed; what worked before must go on ' +
        'working. Lead times are yours to say: what nobody said is asked for.',
    )
    .addArgument(new Argument('<from>', 'the estate as it is: file or folder'))
    .addArgument(new Argument('<to>', 'the estate as it shall be: file or folder'))
    .option('--start <day>', 'day on which the first steps begin (default: today)')
    .option('--lead <name=days...>', 'lead times in calendar days, as in provider=45')
    .option('-o, --output <folder>', 'write roadmap.ics (calendar) and roadmap.svg (chart)')
    .addOption(formatOption())
    .addHelpText(
      'after',
      examples([
        ['bothways roadmap today.yaml plans/cheapest --start 2027-01-04', 'the steps'],
        [
          'bothways roadmap today.yaml plans/cheapest --lead provider=45 hardware=60 -o roadmap/',
          'as calendar and chart',
        ],
      ]),
    );
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 3600) throw new InvalidArgumentError('It must be a number of seconds up to 3600.');
  return value;
}
