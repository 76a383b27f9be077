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
import { complain, print, writeWhole } from '../output.ts';
import { TEMPLATES, type Template } from '../templates.ts';

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
  readonly template?: string;
  readonly list?: boolean;
}

/** Options that answer a question; a template leaves none open. */
const ANSWERS = ['name', 'region', 'sites', 'location', 'provider', 'bandwidth', 'asn'] as const;

export async function init(command: Command): Promise<ExitCode> {
  const options = command.opts<InitOptions>();
  if (options.list === true) {
    print(templateList());
    return exitCode.holds;
  }
  const folder = String(command.processedArgs[0]);
  const path = join(folder, 'estate.yaml');
  if (existsSync(path) && options.force !== true) {
    complain(`'${path}' is already there; --force replaces it, another folder leaves it alone`);
    return exitCode.unusable;
  }
  const chosen = options.template === undefined ? await asked(options, folder) : templateText(options);
  if (!chosen.ok) {
    complain(chosen.problem);
    return exitCode.unusable;
  }
  const text = chosen.value;
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
  print(`Wrote ${path}. Next: ${outputTerminal(command).invocation} check ${folder}`);
  return exitCode.holds;
}

async function asked(options: InitOptions, folder: string): Promise<Answer<string>> {
  const answers = await askAll(options, folder);
  return answers.ok ? { ok: true, value: estateDocument(answers.value) } : answers;
}

/** By its name, or by the id or folder of the scenario it comes from. */
function findTemplate(wanted: string): Template | undefined {
  const text = wanted.toLowerCase();
  return (
    TEMPLATES.find(({ name }) => name === text) ??
    TEMPLATES.find(
      ({ scenario }) =>
        scenario.toLowerCase() === text ||
        (/^pp-s\d\d$|^a\d$/.test(text) && scenario.toLowerCase().startsWith(`${text}-`)),
    )
  );
}

function templateText(options: InitOptions): Answer<string> {
  const wanted = options.template ?? '';
  const answered = ANSWERS.find((key) => options[key] !== undefined);
  if (answered !== undefined) {
    return { ok: false, problem: `--template is a whole estate: leave --${answered} out and change the document` };
  }
  const template = findTemplate(wanted);
  if (template !== undefined) return { ok: true, value: template.text };
  const near = nearestName(
    wanted,
    TEMPLATES.map(({ name }) => name),
  );
  const hint = near === undefined ? '--list names them' : `did you mean '${near}'?`;
  return { ok: false, problem: `there is no template '${wanted}'; ${hint}` };
}

function templateList(): string {
  const width = Math.max(...TEMPLATES.map(({ name }) => name.length));
  return TEMPLATES.map(({ name, title }) => `${name.padEnd(width)}  ${title}`).join('\n');
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
