import { existsSync, mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { nearestName, renderFindings } from '@bothways/diagnostics';
import { checkEstate } from '@bothways/twin';
import type { Command } from 'commander';
import { errorTerminal, outputTerminal } from '../arguments.ts';
import {
  type Answer,
  type Answers,
  estateDocument,
  nearestLocation,
  readLocation,
  readRegion,
  readSites,
} from '../estate-document.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { findStartingPoint, type StartingPoint, startingPoints, startingText } from '../gallery.ts';
import { complain, print, writeWhole } from '../output.ts';

interface InitOptions {
  readonly name?: string;
  readonly region?: string;
  readonly sites?: string;
  readonly location?: string;
  readonly provider?: string;
  readonly bandwidth?: string;
  readonly asn?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly from?: string;
  readonly list?: boolean;
}

/** Options that answer a question; a starting point leaves none open. */
const ANSWERS = ['name', 'region', 'sites', 'location', 'provider', 'bandwidth', 'asn'] as const;

export async function init(command: Command): Promise<ExitCode> {
  const options = command.opts<InitOptions>();
  if (options.list === true) {
    print(listed(startingPoints()));
    return exitCode.holds;
  }
  const folder = String(command.processedArgs[0]);
  const path = join(folder, 'estate.yaml');
  if (existsSync(path) && options.force !== true) {
    complain(`'${path}' is already there; --force replaces it, another folder leaves it alone`);
    return exitCode.unusable;
  }
  const start = options.from === undefined ? undefined : startFrom(options.from, options);
  if (start?.ok === false) {
    complain(start.problem);
    return exitCode.unusable;
  }
  const chosen = start === undefined ? await asked(options, folder) : start;
  if (!chosen.ok) {
    complain(chosen.problem);
    return exitCode.unusable;
  }
  const text = typeof chosen.value === 'string' ? chosen.value : startingText(chosen.value);
  const { usable, findings, sources } = checkEstate([{ name: path, text }]);
  if (!usable) {
    const { style, width } = errorTerminal(command);
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    complain('nothing was written: the answers above do not make a usable estate');
    return exitCode.unusable;
  }
  try {
    mkdirSync(folder, { recursive: true });
    writeWhole(path, text);
  } catch (error) {
    complain(`'${path}' cannot be written`, error);
    return exitCode.unusable;
  }
  const broken = typeof chosen.value !== 'string' && chosen.value.verdict !== 'holds';
  const why = broken ? ' It is broken on purpose: the check says where.' : '';
  print(`Wrote ${path}.${why} Next: ${outputTerminal(command).invocation} check ${folder}`);
  return exitCode.holds;
}

async function asked(options: InitOptions, folder: string): Promise<Answer<string>> {
  const answers = await askAll(options, folder);
  return answers.ok ? { ok: true, value: estateDocument(answers.value) } : answers;
}

function startFrom(wanted: string, options: InitOptions): Answer<StartingPoint> {
  const answered = ANSWERS.find((key) => options[key] !== undefined);
  if (answered !== undefined) {
    return { ok: false, problem: `--from is a whole estate: leave --${answered} out and change the document` };
  }
  const all = startingPoints();
  const found = findStartingPoint(wanted, all);
  if (found !== undefined) return { ok: true, value: found };
  const near = nearestName(
    wanted.toLowerCase(),
    all.flatMap(({ shape, id }) => [...(shape === undefined ? [] : [shape]), id.toLowerCase()]),
  );
  const name = all.find(({ id }) => id.toLowerCase() === near)?.id ?? near;
  const hint = name === undefined ? '--list names them' : `did you mean '${name}'?`;
  return { ok: false, problem: `there is no starting point '${wanted}'; ${hint}` };
}

function listed(all: readonly StartingPoint[]): string {
  const names = all.map(({ shape, id }) => shape ?? id);
  const width = Math.max(...names.map((name) => name.length));
  const line = ({ title, id, shape, verdict }: StartingPoint, at: number): string => {
    const also = shape === undefined || shape === id || id.startsWith('shape-') ? '' : ` (${id})`;
    const broken = verdict === 'holds' ? '' : '; broken, to learn from';
    return `${(names[at] ?? '').padEnd(width)}  ${title}${also}${broken}`;
  };
  return all.map(line).join('\n');
}

/** An answer comes from its option, else from the person at the terminal, else from the default. */
async function askAll(options: InitOptions, folder: string): Promise<Answer<Answers>> {
  const asks = options.yes !== true && process.stdin.isTTY && process.stdout.isTTY;
  const dialogue = asks ? createInterface({ input: process.stdin, output: process.stdout }) : undefined;
  // The end of the input closes the dialogue, and a question would wait for ever.
  const leaving = new AbortController();
  dialogue?.on('close', () => leaving.abort());

  async function ask<T>(
    given: string | undefined,
    question: string,
    preset: string,
    read: (text: string) => Answer<T>,
  ) {
    if (given !== undefined || dialogue === undefined) return read(given ?? preset);
    for (;;) {
      const line = (await dialogue.question(`${question} [${preset}]: `, { signal: leaving.signal })).trim();
      const answer = read(line === '' ? preset : line);
      if (answer.ok) return answer;
      print(`  ${answer.problem}`);
    }
  }

  try {
    const preset = basename(resolve(folder));
    const organisation = await ask(
      options.name,
      'Name of the organisation',
      preset === '' ? 'Contoso' : preset,
      anyText,
    );
    if (!organisation.ok) return organisation;
    const region = await ask(options.region, 'Power Platform region of the environment', 'Europe', readRegion);
    if (!region.ok) return region;
    const near = nearestLocation(region.value)?.name ?? 'Frankfurt';
    const presetLocation = region.value.id === 'europe' ? 'Frankfurt' : near;
    const location = await ask(options.location, 'Peering location of the circuit', presetLocation, readLocation);
    if (!location.ok) return location;
    const presetSites =
      region.value.id === 'europe' ? 'hq:Munich:900,branch:Milan:120' : `hq:${location.value.city}:500`;
    const sites = await ask(options.sites, 'Sites, as name:city:users with commas between', presetSites, readSites);
    if (!sites.ok) return sites;
    return {
      ok: true,
      value: {
        organisation: organisation.value,
        asn: options.asn ?? '64500',
        region: region.value,
        sites: sites.value,
        location: location.value,
        provider: options.provider,
        bandwidth: options.bandwidth ?? '500 Mbps',
      },
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') {
      process.stdout.write('\n');
      return { ok: false, problem: 'stopped; nothing was written' };
    }
    throw error;
  } finally {
    dialogue?.close();
  }
}

function anyText(text: string): Answer<string> {
  return text === '' ? { ok: false, problem: 'the organisation needs a name' } : { ok: true, value: text };
}
