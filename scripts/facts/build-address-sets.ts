// Builds the checked-in address sets from the official downloads.
//
//   npx node scripts/facts/build-address-sets.ts --public ServiceTags_Public_20251110.json --usgov … --china …
//     --m365-worldwide worldwide.json --m365-high … --m365-dod … --m365-china … --date m365-worldwide=2025-12-01
//
// Every input is optional: only the data files of the inputs given are replaced, and only after all of them have been
// read without a problem. The date of a download is taken from its file name, or from --date where the name has none.
// The same inputs give the same bytes. Say in packages/facts/data/sources.json (FILE-TAGS-…, FILE-M365-…) where the
// downloads came from; a test compares the dates.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Cloud, dateInFileName, type Microsoft365Instance, readEndpoints, readServiceTags } from '@bothways/facts';
import { type Parsed, parsed, problem } from '@bothways/net';

interface Input {
  readonly option: string;
  readonly target: string;
  /** The data file as text, or why the download cannot be used. */
  readonly convert: (text: string, fileName: string, date: string) => Parsed<string>;
}

/** Sets that every genuine service-tag file has; a file without one of them is of another kind or cut. */
const indispensableTags = ['AzureCloud', 'PowerPlatformInfra', 'AzureActiveDirectory', 'Storage', 'Sql'];

function serviceTags(cloud: Cloud): Input {
  return {
    option: cloud,
    target: `address-sets-${cloud}.json`,
    convert: (text, fileName, date) => {
      const read = readServiceTags(text, fileName, date);
      if (!read.ok) return read;
      const { sets, ...head } = read.value;
      if (head.cloud !== cloud) return problem(`the file is of the cloud ${head.cloud}, not ${cloud}`);
      const names = new Set(sets.map((line) => line.slice(0, line.indexOf('|'))));
      const missing = indispensableTags.filter((name) => !names.has(name));
      if (missing.length > 0) return problem(`the file has no set ${missing.join(', ')}; it is incomplete`);
      return parsed(dataFile(head, sets));
    },
  };
}

function endpoints(option: string, instance: Microsoft365Instance): Input {
  return {
    option,
    target: `microsoft365-${instance}.json`,
    convert: (text, fileName, date) => {
      const read = readEndpoints(text, fileName, date);
      if (!read.ok) return read;
      const { sets, ...head } = read.value;
      if (head.instance !== instance) return problem(`the list is of the instance ${head.instance}, not ${instance}`);
      return parsed(dataFile(head, sets));
    },
  };
}

const inputs: readonly Input[] = [
  serviceTags('public'),
  serviceTags('usgov'),
  serviceTags('china'),
  endpoints('m365-worldwide', 'worldwide'),
  endpoints('m365-high', 'usgov-high'),
  endpoints('m365-dod', 'usgov-dod'),
  endpoints('m365-china', 'china'),
];

/** One record per line, so that a change of one set is a change of one line. */
function dataFile(head: object, sets: readonly (object | string)[]): string {
  const lines = sets.map((set) => JSON.stringify(set)).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},"sets":[\n${lines}\n]}\n`;
}

function givenDates(entries: readonly string[]): Parsed<ReadonlyMap<string, string>> {
  const dates = new Map<string, string>();
  for (const entry of entries) {
    const match = /^([\w-]+)=(\d{4}-\d\d-\d\d)$/.exec(entry);
    const [, option, date] = match ?? [];
    if (option === undefined || date === undefined || !inputs.some((input) => input.option === option)) {
      return problem(`--date ${entry}: write --date m365-worldwide=2025-12-01`);
    }
    dates.set(option, date);
  }
  return parsed(dates);
}

function readFile(path: string): Parsed<string> {
  try {
    return parsed(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)));
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error));
  }
}

/** Reads the inputs, then writes all data files or none. Returns the lines to print and the exit code. */
export function build(args: readonly string[]): { readonly code: number; readonly lines: readonly string[] } {
  const defaultOutput = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'packages', 'facts', 'data');
  const options: Record<string, { type: 'string' }> = {};
  for (const input of inputs) options[input.option] = { type: 'string' };
  let values: { readonly [option: string]: string | boolean | readonly (string | boolean)[] | undefined };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: { ...options, date: { type: 'string', multiple: true }, output: { type: 'string' } },
    }));
  } catch (error) {
    return { code: 2, lines: [error instanceof Error ? error.message : String(error)] };
  }
  const dateValues = Array.isArray(values['date']) ? values['date'].map(String) : [];
  const dates = givenDates(dateValues);
  if (!dates.ok) return { code: 2, lines: [dates.problem] };
  const output = typeof values['output'] === 'string' ? values['output'] : defaultOutput;

  const results: { readonly target: string; readonly text: string }[] = [];
  const problems: string[] = [];
  for (const input of inputs) {
    const path = values[input.option];
    if (typeof path !== 'string') continue;
    const fileName = basename(path);
    const date = dates.value.get(input.option) ?? dateInFileName(fileName);
    if (date === undefined) {
      problems.push(`--${input.option} ${path}: the file name has no date; add --date ${input.option}=YYYY-MM-DD`);
      continue;
    }
    const text = readFile(path);
    const converted = text.ok ? input.convert(text.value, fileName, date) : text;
    if (converted.ok) results.push({ target: input.target, text: converted.value });
    else problems.push(`--${input.option} ${path}: ${converted.problem}`);
  }
  if (problems.length > 0) return { code: 1, lines: [...problems, 'Nothing was written.'] };
  if (results.length === 0) {
    return { code: 2, lines: [`Name at least one download: ${inputs.map((input) => `--${input.option}`).join(' ')}`] };
  }
  return { code: 0, lines: writeAll(output, results) };
}

/** All files are complete beside their targets before the first of them is renamed over its target. */
function writeAll(output: string, results: readonly { readonly target: string; readonly text: string }[]): string[] {
  mkdirSync(output, { recursive: true });
  const temporary = results.map(({ target }) => join(output, `.${target}.partial`));
  try {
    for (const [index, { text }] of results.entries()) writeFileSync(temporary[index] ?? '', text);
    return results.map(({ target, text }, index) => {
      renameSync(temporary[index] ?? '', join(output, target));
      return `${target}: ${text.length} bytes`;
    });
  } finally {
    for (const path of temporary) rmSync(path, { force: true });
  }
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  const { code, lines } = build(process.argv.slice(2));
  for (const line of lines) (code === 0 ? process.stdout : process.stderr).write(`${line}\n`);
  process.exitCode = code;
}
