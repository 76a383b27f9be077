/** Labs that are planned, verified, kept up, entered and ended. */
import { nearestName } from '@bothways/diagnostics';
import {
  type Announcement,
  announceLab,
  type DaemonName,
  differencesOf,
  endLab,
  enterNode,
  estimateLab,
  type LabServer,
  type LabVerdict,
  serveQuestions,
  verifyLab,
} from '@bothways/lab';
import type { Command } from 'commander';
import { type Format, outputTerminal, pathOf } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { Keeper } from '../lab-keeper.ts';
import { build, cancelled, chosenLab, designOf, hostProblem, knownLabs } from '../lab-session.ts';
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
    verdict = await verifyLab(lab, { packets, seed, each: true, connect: true, progress: session.say });
  } catch (error) {
    if (!session.signal.aborted) throw error;
  } finally {
    await lab.close();
    session.end();
  }
  if (verdict === undefined) return cancelled();
  const timed = { verdict, times: { built: seconds, all: (performance.now() - built.started) / 1000 } };
  if (json === true || format === 'json') printJson(verdictJson(lab.design, timed));
  else print(renderVerdict(lab.design, timed, outputTerminal(command)));
  return differencesOf(verdict) === 0 ? exitCode.holds : exitCode.findings;
}

export async function labUp(command: Command): Promise<ExitCode> {
  const { daemon, name } = command.opts<LabOptions & { readonly name: string }>();
  const path = pathOf(command);
  const built = await build(command, daemon, name, LONGEST);
  if (built === undefined) return exitCode.unusable;
  const { lab, seconds, session } = built;
  let announcement: Announcement | undefined;
  let server: LabServer | undefined;
  try {
    announcement = announceLab(name, path, lab);
    const keeper = new Keeper(lab, announcement);
    server = await serveQuestions(announcement.socket, keeper.answer);
    session.quiet();
    print(renderUp(lab.design, name, seconds, outputTerminal(command)));
    // Either somebody ends it, or the sandbox itself does.
    await Promise.race([session.interrupted, lab.sandbox.closed]);
    if (!session.signal.aborted) complain('the sandbox of the lab has ended');
    return session.signal.aborted ? exitCode.holds : exitCode.unusable;
  } finally {
    server?.close();
    announcement?.forget();
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
