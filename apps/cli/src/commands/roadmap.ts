import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nearestName, renderFindings } from '@bothways/diagnostics';
import { LEAD_TIMES, type LeadTimes, roadmapBetween, roadmapJson } from '@bothways/twin';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { errorTerminal, type Format, outputTerminal } from '../arguments.ts';
import { dayOf } from '../clock.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { complain, print, printJson, writeWhole } from '../output.ts';
import { renderRoadmap } from '../render/roadmap.ts';

interface RoadmapOptions {
  readonly start?: string;
  readonly lead?: readonly string[];
  readonly output?: string;
  readonly format: Format;
}

/** Exit code 1: some state on the way loses what worked before. */
export async function roadmap(command: Command): Promise<ExitCode> {
  const { start: asked, lead = [], output, format } = command.opts<RoadmapOptions>();
  const [fromPath = '', toPath = ''] = command.args;
  const start = dayOf(asked);
  if (start === undefined) {
    complain(`'${asked}' is not a day: write --start 2027-01-04`);
    return exitCode.unusable;
  }
  const leads = leadTimes(lead);
  if (typeof leads === 'string') {
    complain(leads);
    return exitCode.unusable;
  }
  const from = await readInput(fromPath);
  const to = await readInput(toPath);
  const unread = [...from.findings, ...to.findings];
  const { findings, sources, view } =
    unread.length > 0
      ? { findings: unread, sources: new Map<string, string>(), view: undefined }
      : roadmapBetween(from.files, to.files, { start, leads, name: `${basename(fromPath)} to ${basename(toPath)}` });
  if (view === undefined) {
    const { style, width } = errorTerminal(command);
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    return exitCode.unusable;
  }
  if (output !== undefined) {
    try {
      mkdirSync(output, { recursive: true });
      writeWhole(join(output, 'roadmap.ics'), view.calendar);
      writeWhole(join(output, 'roadmap.svg'), view.chart);
    } catch (error) {
      complain(`the roadmap cannot be written to '${output}'`, error);
      return exitCode.unusable;
    }
  }
  if (format === 'json') printJson(roadmapJson(view, manifest.version));
  else print(renderRoadmap(view, outputTerminal(command)));
  return view.safe ? exitCode.holds : exitCode.findings;
}

/** The lead times, or what is wrong with them. */
function leadTimes(texts: readonly string[]): LeadTimes | string {
  const leads: { [name: string]: number } = {};
  for (const text of texts) {
    const [name = '', days = ''] = text.split('=');
    if (!LEAD_TIMES.some((known) => known === name)) {
      const near = nearestName(name, LEAD_TIMES);
      return `there is no lead time '${name}'${near === undefined ? '' : `; did you mean '${near}'?`} (${LEAD_TIMES.join(', ')})`;
    }
    if (!/^\d{1,4}$/.test(days)) return `'${text}' has no number of days: write ${name}=45`;
    leads[name] = Number(days);
  }
  return leads;
}
