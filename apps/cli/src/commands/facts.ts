import { renderFindings } from '@bothways/diagnostics';
import { mergeAddressData } from '@bothways/facts';
import {
  type Age,
  compareDownloads,
  type Download,
  factPage,
  factsOverview,
  isFactId,
  isIsoDay,
  nearestFactId,
  type PreparedUpdate,
  parseAge,
  prepareUpdate,
  searchedFacts,
  staleFacts,
  type UpdateImpact,
  updateImpact,
} from '@bothways/twin';
import type { Command } from 'commander';
import { errorTerminal, outputTerminal } from '../arguments.ts';
import { dataFolder, storedFile } from '../data-folder.ts';
import { readDownload } from '../downloads.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { complain, print, printJson } from '../output.ts';
import { renderFactPage, renderFactsOverview, renderFound, renderStale } from '../render/facts.ts';
import { impactJson, renderChange, renderImpact, renderStored } from '../render/facts-update.ts';
import { readStored, removeStored, writeStored } from '../stored-addresses.ts';

interface FactsOptions {
  readonly stale?: true;
  readonly asOf?: string;
  readonly olderThan: string;
  readonly all?: true;
  readonly json?: true;
}

export function facts(command: Command): ExitCode {
  const options = command.opts<FactsOptions>();
  const query = command.args.join(' ').trim();
  if (options.stale === true) return stale(command, options, query);
  if (query === '') {
    const overview = factsOverview();
    if (options.json === true) printJson(overview);
    else print(renderFactsOverview(overview));
    return exitCode.holds;
  }
  const page = factPage(query);
  if (page !== undefined) {
    if (options.json === true) printJson(page);
    else print(renderFactPage(page, outputTerminal(command)));
    return exitCode.holds;
  }
  if (isFactId(query)) {
    const near = nearestFactId(query);
    complain(`there is no fact '${query}'${near === undefined ? '' : `; did you mean '${near}'?`}`);
    return exitCode.unusable;
  }
  const found = searchedFacts(query);
  if (options.json === true) printJson({ query, facts: found });
  else print(renderFound(query, found, options.all === true, outputTerminal(command)));
  return exitCode.holds;
}

function stale(command: Command, options: FactsOptions, query: string): ExitCode {
  const asOf = options.asOf ?? new Date().toISOString().slice(0, 10);
  const age: Age | undefined = parseAge(options.olderThan);
  if (!isIsoDay(asOf)) {
    complain(`--as-of '${asOf}' is no day; write it as in 2026-01-31`);
    return exitCode.unusable;
  }
  if (age === undefined) {
    complain(`--older-than '${options.olderThan}' is no age; write '24 months', '2 years' or '90 days'`);
    return exitCode.unusable;
  }
  if (query !== '') {
    complain('--stale lists all facts; leave the query out');
    return exitCode.unusable;
  }
  const found = staleFacts(asOf, age);
  if (options.json === true) printJson(found);
  else print(renderStale(found, options.olderThan, outputTerminal(command)));
  return exitCode.holds;
}

interface UpdateOptions {
  readonly serviceTags: readonly string[];
  readonly m365: readonly string[];
  readonly date?: string;
  readonly estate?: string;
  readonly apply?: true;
  readonly reset?: true;
  readonly data?: string;
  readonly all?: true;
  readonly json?: true;
}

export async function factsUpdate(command: Command): Promise<ExitCode> {
  // Options that `facts` has, too, arrive there: --json and --all.
  const options = command.optsWithGlobals<UpdateOptions>();
  const folder = options.data ?? dataFolder(process.env);
  if (options.reset === true) return reset(folder, options);
  const { serviceTags, m365 } = options;
  if (serviceTags.length + m365.length === 0) {
    complain('name at least one download: --service-tags FILE, --m365 FILE; or --reset to go back to what is built in');
    return exitCode.unusable;
  }
  const tags = downloads(serviceTags, options.date);
  const lists = downloads(m365, options.date);
  if (tags === undefined || lists === undefined) return exitCode.unusable;
  const prepared = prepareUpdate(tags, lists);
  if (!prepared.ok) {
    complain(`${prepared.problem}${prepared.hint === undefined ? '' : `; ${prepared.hint}`}. Nothing was changed.`);
    return exitCode.unusable;
  }
  const impact = options.estate === undefined ? undefined : await impactOn(command, options.estate, prepared.value);
  if (impact === 'unusable') return exitCode.unusable;
  const { change, obstacles, data } = prepared.value;
  if (options.apply === true && obstacles.length > 0) {
    for (const obstacle of obstacles) complain(obstacle);
    complain('Nothing was written.');
    return exitCode.unusable;
  }
  let written: string | undefined;
  if (options.apply === true) {
    try {
      const stored = readStored(folder);
      writeStored(folder, mergeAddressData(stored.ok ? stored.data : { tags: [], endpoints: [] }, data));
      written = storedFile(folder);
    } catch (error) {
      complain(`'${storedFile(folder)}' cannot be written; what was in use stays in use`, error);
      return exitCode.unusable;
    }
  }
  if (options.json === true) {
    printJson({
      ...change,
      obstacles,
      impact: impact === undefined ? null : impactJson(impact),
      written: written ?? null,
    });
  } else {
    const terminal = outputTerminal(command);
    const parts = [
      renderChange(change, options.all === true, terminal),
      ...(impact === undefined ? [] : [renderImpact(impact, options.all === true, terminal)]),
      renderStored({ written, obstacles, isDefault: options.data === undefined, folder }, terminal),
    ];
    print(parts.join('\n\n'));
  }
  return impact?.action === 'must' ? exitCode.findings : exitCode.holds;
}

function reset(folder: string, options: UpdateOptions): ExitCode {
  const stored = readStored(folder);
  try {
    const removed = removeStored(folder);
    const text = removed
      ? `Removed ${storedFile(folder)}; the address files that are built in are in use again.`
      : 'Nothing to remove: the address files that are built in are in use.';
    if (options.json === true) printJson({ removed, readable: stored.ok });
    else print(text);
    return exitCode.holds;
  } catch (error) {
    complain(`'${storedFile(folder)}' cannot be removed`, error);
    return exitCode.unusable;
  }
}

async function impactOn(command: Command, path: string, { data }: PreparedUpdate): Promise<UpdateImpact | 'unusable'> {
  const input = await readInput(path);
  const impact = input.findings.length > 0 ? undefined : updateImpact(input.files, data, openOptions);
  if (impact?.usable === true) return impact;
  const { style, width } = errorTerminal(command);
  const { findings, sources } = impact ?? { findings: input.findings, sources: new Map<string, string>() };
  process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
  return 'unusable';
}

/** Undefined when one cannot be read, which has been said then. */
function downloads(paths: readonly string[], date: string | undefined): readonly Download[] | undefined {
  if (date !== undefined && !isIsoDay(date)) {
    complain(`--date '${date}' is no day; write it as in 2026-01-31`);
    return undefined;
  }
  const read = paths.map((path) => readDownload(path, date));
  for (const each of read) if (!each.ok) complain(`${each.problem}. Nothing was changed.`);
  return read.every((each) => each.ok) ? read.flatMap((each) => (each.ok ? [each.download] : [])) : undefined;
}

export function factsDiff(command: Command): ExitCode {
  const options = command.optsWithGlobals<Pick<UpdateOptions, 'all' | 'json'>>();
  const [before, after] = downloads(command.args, undefined) ?? [];
  if (before === undefined || after === undefined) return exitCode.unusable;
  const compared = compareDownloads(before, after);
  if (!compared.ok) {
    complain(`${compared.problem}${compared.hint === undefined ? '' : `; ${compared.hint}`}`);
    return exitCode.unusable;
  }
  if (options.json === true) printJson(compared.value);
  else print(renderChange(compared.value, options.all === true, outputTerminal(command)));
  return exitCode.holds;
}
