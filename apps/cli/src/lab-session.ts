/** What the commands of the lab share: finding one that is up, building one, being told to stop. */
import { renderFindings } from '@bothways/diagnostics';
import {
  type DaemonName,
  type Lab,
  type LabDesign,
  type LabPart,
  labEstate,
  labPart,
  planLab,
  probeHost,
  probePackets,
  type RunningLab,
  runningLabs,
  startLab,
} from '@bothways/lab';
import type { Command } from 'commander';
import { errorTerminal, pathOf } from './arguments.ts';
import { type ExitCode, exitCode } from './exit.ts';
import { readInput } from './input.ts';
import { openOptions } from './open-options.ts';
import { complain } from './output.ts';

/** The one that is named, or the only one. */
export function chosenLab(command: Command): RunningLab | undefined {
  const { name } = command.opts<{ readonly name?: string }>();
  const labs = knownLabs();
  if (labs === undefined) return undefined;
  const found = name === undefined ? labs : labs.filter((lab) => lab.name === name);
  if (found.length === 1) return found[0];
  const names = labs.map((lab) => lab.name).join(', ');
  if (labs.length === 0) complain('no lab is up; start one with: bothways lab up PATH');
  else if (name === undefined) complain(`several labs are up, say which with --name: ${names}`);
  else complain(`no lab '${name}' is up; there is ${names}`);
  return undefined;
}

/** Undefined where it was said why nobody can know. */
export function knownLabs(): readonly RunningLab[] | undefined {
  if (process.platform !== 'linux') return [];
  try {
    return runningLabs();
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Undefined where the findings of the document were shown. */
export async function compiledFor(command: Command): Promise<Compiled | undefined> {
  const input = await readInput(pathOf(command));
  const opened = input.findings.length > 0 ? undefined : labEstate(input.files, openOptions);
  if (opened?.compiled !== undefined) return opened.compiled;
  const { style, width } = errorTerminal(command);
  const { findings, sources } = opened ?? { findings: input.findings, sources: new Map<string, string>() };
  process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
  return undefined;
}

export async function designOf(command: Command, daemon: DaemonName, prefix?: string): Promise<LabDesign | undefined> {
  const whole = await compiledFor(command);
  const part = whole === undefined ? undefined : partFor(command, whole);
  if (part === undefined) return undefined;
  const design = planLab(part, { daemon, ...(prefix === undefined ? {} : { prefix }) });
  if (!('cannot' in design)) return design;
  for (const why of design.cannot) complain(`the lab cannot be built on ${daemon}: ${why}`);
  return undefined;
}

type Compiled = LabPart['compiled'];

interface PartOptions {
  readonly sites?: readonly string[];
  readonly circuits?: readonly string[];
}

/** The whole network, or the part that --sites and --circuits ask for, which is explained on standard error. */
export function partFor(command: Command, compiled: Compiled): Compiled | undefined {
  const { sites = [], circuits = [] } = command.opts<PartOptions>();
  if (sites.length + circuits.length === 0) return compiled;
  const live = process.stderr.isTTY;
  const part = labPart(compiled, { sites, circuits }, (done, of) => {
    if (live) process.stderr.write(`\r\u001b[Kasking what a failure leads through, ${done} of ${of}`);
  });
  if (live) process.stderr.write('\r\u001b[K');
  if ('problem' in part) {
    complain(part.problem);
    return undefined;
  }
  process.stderr.write(`${partWords(part).join('\n')}\n`);
  return part.compiled;
}

function partWords({ devices, entries, failures, takenIn, boundary, doubts, roundTrips }: LabPart): readonly string[] {
  const number = (count: number): string => count.toLocaleString('en');
  const more = boundary.length > 6 ? ` and ${number(boundary.length - 6)} more` : '';
  const reasons = new Map(takenIn.map(({ device, without }) => [device, without]));
  return [
    `Part: ${number(devices.kept)} of ${number(devices.of)} devices, those that decide ${number(roundTrips)} round trips.`,
    ...(boundary.length === 0 ? [] : [`Cut at: ${boundary.slice(0, 6).join(', ')}${more}.`]),
    ...[...reasons]
      .slice(0, 6)
      .map(([device, without]) => `Kept although not on the way: ${device}, used without ${without}.`),
    `Their tables hold ${number(entries.same)} entries alike with and without the rest, and ${number(entries.gone)} that lead there only.`,
    ...(doubts.length === 0
      ? [
          `Safe: nothing outside changes these round trips, now or when any of ${number(failures)} devices and lines inside fails.`,
        ]
      : ['Not safe, what is outside could change what is inside:', ...doubts.map((each) => `  ${each}`)]),
  ];
}

/** One line where this machine cannot run the lab. */
export async function hostProblem(daemon: DaemonName): Promise<string | undefined> {
  const routers = await probeHost([daemon]);
  const host = routers.ok ? await probePackets() : routers;
  return host.ok ? undefined : host.problem;
}

export interface Built {
  readonly lab: Lab;
  /** Until every daemon ran. */
  readonly seconds: number;
  /** When building began, as of `performance.now`. */
  readonly started: number;
  readonly session: Session;
}

/** Undefined where it was said why not. */
export async function build(
  command: Command,
  daemon: DaemonName,
  name: string,
  lifetime: number,
): Promise<Built | undefined> {
  const design = await designOf(command, daemon, name);
  if (design === undefined) return undefined;
  const problem = await hostProblem(daemon);
  if (problem !== undefined) {
    complain(`${problem}; lab plan and every other command work without it`);
    return undefined;
  }
  if (command.name() === 'up') {
    const labs = knownLabs();
    if (labs === undefined) return undefined;
    if (labs.some((lab) => lab.name === name)) {
      complain(
        `a lab '${name}' is up already; name this one with --name, or end that one: bothways lab down --name ${name}`,
      );
      return undefined;
    }
  }
  const session = new Session();
  const started = performance.now();
  session.say(`building ${design.routers.nodes.length} nodes on ${daemon}`);
  try {
    const lab = await startLab(design, lifetime, session.signal);
    return { lab, seconds: (performance.now() - started) / 1000, started, session };
  } catch (error) {
    session.end();
    if (session.signal.aborted) cancelled();
    else complain(`the lab could not be built: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

export function cancelled(): ExitCode {
  complain('cancelled; nothing of the lab is left');
  return exitCode.unusable;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** From the first step of a lab to its last: who wants it to end is heard, and a terminal sees what it is doing. */
export class Session {
  readonly #stop = new AbortController();
  readonly #interrupt = (): void => this.#stop.abort();
  #shown = '';

  constructor() {
    for (const signal of signals) process.on(signal, this.#interrupt);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get interrupted(): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) resolve();
      else this.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** One line that is written over, on a terminal; nothing anywhere else. */
  readonly say = (text: string): void => {
    if (!process.stderr.isTTY || text === this.#shown) return;
    process.stderr.write(`\r${text.padEnd(this.#shown.length)}`);
    this.#shown = text;
  };

  quiet(): void {
    if (this.#shown === '') return;
    this.say('');
    process.stderr.write('\r');
  }

  end(): void {
    this.quiet();
    for (const signal of signals) process.removeListener(signal, this.#interrupt);
  }
}
