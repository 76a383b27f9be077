import { nearestName, renderFindings } from '@bothways/diagnostics';
import {
  announceLab,
  type DaemonName,
  endLab,
  enterNode,
  estimateLab,
  type Lab,
  type LabDesign,
  type LabVerdict,
  labEstate,
  planLab,
  probeHost,
  probePackets,
  type RunningLab,
  runningLabs,
  startLab,
  verifyLab,
} from '@bothways/lab';
import type { Command } from 'commander';
import { errorTerminal, type Format, outputTerminal, pathOf } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { complain, print, printJson } from '../output.ts';
import { planJson, renderPlan, renderStatus, renderUp, renderVerdict, verdictJson } from '../render/lab.ts';

interface LabOptions {
  readonly daemon: Extract<DaemonName, 'bird' | 'frr'>;
  readonly format: Format;
  readonly json?: true;
}

interface VerifyOptions extends LabOptions {
  readonly packets: number;
  readonly seed: number;
}

/** How long a lab stays up at most, seconds. */
const LONGEST = 24 * 3600;

export async function labPlan(command: Command): Promise<ExitCode> {
  const { daemon, format, json } = command.opts<LabOptions>();
  const design = await designOf(command, daemon);
  if (design === undefined) return exitCode.unusable;
  const problem = await hostProblem(daemon);
  const estimate = estimateLab(design);
  if (json === true || format === 'json') printJson(planJson(design, estimate, problem));
  else print(renderPlan(design, estimate, problem, outputTerminal(command)));
  return exitCode.holds;
}

export async function labVerify(command: Command): Promise<ExitCode> {
  const { daemon, packets, seed, format, json } = command.opts<VerifyOptions>();
  const built = await build(command, daemon, 'lab', 900);
  if (built === undefined) return exitCode.unusable;
  const { lab, seconds, session } = built;
  let verdict: LabVerdict | undefined;
  try {
    verdict = await verifyLab(lab, { packets, seed, each: true, attempts: 4, progress: session.say });
  } catch (error) {
    if (!session.signal.aborted) throw error;
  } finally {
    await lab.close();
    session.end();
  }
  if (verdict === undefined) return cancelled();
  const timed = { verdict, built: seconds, all: (performance.now() - built.started) / 1000 };
  if (json === true || format === 'json') printJson(verdictJson(lab.design, timed));
  else print(renderVerdict(lab.design, timed, outputTerminal(command)));
  return verdict.tables.length + verdict.packets.differences.length === 0 ? exitCode.holds : exitCode.findings;
}

export async function labUp(command: Command): Promise<ExitCode> {
  const { daemon, name } = command.opts<LabOptions & { readonly name: string }>();
  const path = pathOf(command);
  const built = await build(command, daemon, name, LONGEST);
  if (built === undefined) return exitCode.unusable;
  const { lab, seconds, session } = built;
  let forget = (): void => {};
  try {
    forget = announceLab(name, path, lab);
    session.quiet();
    print(renderUp(lab.design, name, seconds, outputTerminal(command)));
    // Either somebody ends it, or the sandbox itself does.
    await Promise.race([session.interrupted, lab.sandbox.closed]);
    if (!session.signal.aborted) complain('the sandbox of the lab has ended');
    return session.signal.aborted ? exitCode.holds : exitCode.unusable;
  } finally {
    forget();
    await lab.close();
    session.end();
  }
}

export function labStatus(command: Command): ExitCode {
  const labs = knownLabs();
  if (labs === undefined) return exitCode.unusable;
  const { json } = command.opts<{ readonly json?: true }>();
  if (json === true) printJson({ labs });
  else print(renderStatus(labs, outputTerminal(command)));
  return exitCode.holds;
}

export async function labShell(command: Command): Promise<ExitCode> {
  const given: readonly unknown[] = command.processedArgs;
  const device = String(given[0]);
  const program = given[1];
  const lab = chosenLab(command);
  if (lab === undefined) return exitCode.unusable;
  const node = lab.nodes.find((each) => each.device === device);
  if (node === undefined) {
    const names = lab.nodes.map((each) => each.device);
    const near = nearestName(device, names);
    complain(
      `the lab '${lab.name}' has no device '${device}'; ${near === undefined ? `it has ${names.join(', ')}` : `did you mean '${near}'?`}`,
    );
    return exitCode.unusable;
  }
  const words = Array.isArray(program) ? program.map(String) : [];
  const status = await enterNode(lab, node.namespace, words.length > 0 ? words : [process.env['SHELL'] ?? '/bin/sh']);
  return status === 0 ? exitCode.holds : exitCode.findings;
}

export async function labDown(command: Command): Promise<ExitCode> {
  const lab = chosenLab(command);
  if (lab === undefined) return exitCode.unusable;
  if (await endLab(lab)) return exitCode.holds;
  complain(`the lab '${lab.name}' does not end`);
  return exitCode.fault;
}

/** The one that is named, or the only one. */
function chosenLab(command: Command): RunningLab | undefined {
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
function knownLabs(): readonly RunningLab[] | undefined {
  if (process.platform !== 'linux') return [];
  try {
    return runningLabs();
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function designOf(command: Command, daemon: DaemonName, prefix?: string): Promise<LabDesign | undefined> {
  const input = await readInput(pathOf(command));
  const opened = input.findings.length > 0 ? undefined : labEstate(input.files, openOptions);
  if (opened?.compiled === undefined) {
    const { style, width } = errorTerminal(command);
    const { findings, sources } = opened ?? { findings: input.findings, sources: new Map<string, string>() };
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    return undefined;
  }
  const design = planLab(opened.compiled, { daemon, ...(prefix === undefined ? {} : { prefix }) });
  if (!('cannot' in design)) return design;
  for (const why of design.cannot) complain(`the lab cannot be built on ${daemon}: ${why}`);
  return undefined;
}

/** One line where this machine cannot run the lab. */
async function hostProblem(daemon: DaemonName): Promise<string | undefined> {
  const routers = await probeHost([daemon]);
  const host = routers.ok ? await probePackets() : routers;
  return host.ok ? undefined : host.problem;
}

interface Built {
  readonly lab: Lab;
  /** Until every daemon ran. */
  readonly seconds: number;
  /** When building began, as of `performance.now`. */
  readonly started: number;
  readonly session: Session;
}

/** Undefined where it was said why not. */
async function build(command: Command, daemon: DaemonName, name: string, lifetime: number): Promise<Built | undefined> {
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

function cancelled(): ExitCode {
  complain('cancelled; nothing of the lab is left');
  return exitCode.unusable;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** From the first step of a lab to its last: who wants it to end is heard, and a terminal sees what it is doing. */
class Session {
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
