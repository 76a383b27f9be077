import { extname } from 'node:path';
import { renderFindings } from '@bothways/diagnostics';
import { billCsv, priceInEstate, priceJson } from '@bothways/twin';
import type { Command } from 'commander';
import { errorTerminal, outputTerminal, pathOf } from '../arguments.ts';
import { dayOf } from '../clock.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { complain, print, printJson, writeWhole } from '../output.ts';
import { renderPrice } from '../render/price.ts';

interface PriceOptions {
  readonly term?: number;
  readonly setUp?: number;
  readonly asOf?: string;
  readonly format?: 'text' | 'json' | 'csv';
  readonly output?: string;
}

/** The exit code says whether there is a bill, not whether every price in it is known: the bill says that. */
export async function price(command: Command): Promise<ExitCode> {
  const { term, setUp, asOf, format, output } = command.opts<PriceOptions>();
  const today = dayOf(asOf);
  if (today === undefined) {
    complain(`'${asOf}' is not a day: write --as-of 2026-01-31`);
    return exitCode.unusable;
  }
  const ending = output === undefined ? undefined : extname(output).toLowerCase();
  if (ending !== undefined && ending !== '.csv' && ending !== '.xlsx') {
    complain(`'${output}' does not end like a bill; end it with .csv or .xlsx`);
    return exitCode.unusable;
  }
  const input = await readInput(pathOf(command));
  const query = {
    ...openOptions,
    asOf: today,
    ...(term === undefined ? {} : { termMonths: term }),
    ...(setUp === undefined ? {} : { setUpMonths: setUp }),
  };
  const unread = { findings: input.findings, sources: new Map<string, string>(), price: undefined };
  const { findings, sources, price: view } = input.findings.length > 0 ? unread : priceInEstate(input.files, query);
  if (view === undefined) {
    const { style, width } = errorTerminal(command);
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    return exitCode.unusable;
  }
  if (output !== undefined) {
    try {
      writeWhole(output, ending === '.csv' ? billCsv(view) : await (await import('../bill-xlsx.ts')).billXlsx(view));
    } catch (error) {
      complain(`the bill '${output}' cannot be written`, error);
      return exitCode.unusable;
    }
    print(`Wrote ${output}.`);
    if (format === undefined) return exitCode.holds;
  }
  if (format === 'json') printJson(priceJson(view));
  else if (format === 'csv') print(billCsv(view));
  else print(renderPrice(view, outputTerminal(command)));
  return exitCode.holds;
}
