import { renderFindings } from '@bothways/diagnostics';
import { capacityInEstate, capacityJson } from '@bothways/twin';
import type { Command } from 'commander';
import { errorTerminal, type Format, outputTerminal, pathOf } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { complain, print, printJson } from '../output.ts';
import { renderCapacity } from '../render/capacity.ts';

interface CapacityOptions {
  readonly growth?: number;
  readonly years?: number;
  readonly sessionsPerUser?: string;
  readonly format: Format;
}

/** Findings: what does not fit without any failure, as in `load`. */
export async function capacity(command: Command): Promise<ExitCode> {
  const { growth, years, sessionsPerUser, format } = command.opts<CapacityOptions>();
  if (sessionsPerUser !== undefined && !/^[1-9]\d{0,8}$/.test(sessionsPerUser)) {
    complain(`'${sessionsPerUser}' is not a number of sessions: write --sessions-per-user 40`);
    return exitCode.unusable;
  }
  const query = {
    ...openOptions,
    ...(growth === undefined ? {} : { growthPercent: growth }),
    ...(years === undefined ? {} : { years }),
    ...(sessionsPerUser === undefined ? {} : { sessionsPerUser: Number(sessionsPerUser) }),
  };
  const input = await readInput(pathOf(command));
  const unread = { findings: input.findings, sources: new Map<string, string>(), capacity: undefined };
  const {
    findings,
    sources,
    capacity: view,
  } = input.findings.length > 0 ? unread : capacityInEstate(input.files, query);
  if (view === undefined) {
    const { style, width } = errorTerminal(command);
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    return exitCode.unusable;
  }
  if (format === 'json') printJson(capacityJson(view));
  else print(renderCapacity(view, outputTerminal(command)));
  const full =
    view.lines.some(({ headroomPercent }) => headroomPercent < 0) ||
    view.pools.some(({ verdict }) => verdict === 'exhausted');
  return full ? exitCode.findings : exitCode.holds;
}
