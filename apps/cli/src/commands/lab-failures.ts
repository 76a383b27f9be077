/** Failures in a lab, one by one or all of them, and captures: what is asked of a lab that is up, and the sweep. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { nearestName, plainStyle } from '@bothways/diagnostics';
import {
  askQuestion,
  type DaemonName,
  differencesIn,
  differencesOf,
  type FailureElement,
  type LabDesign,
  type LabSweep,
  labElements,
  type RunningLab,
  socketOf,
  sweepLab,
  type Talk,
} from '@bothways/lab';
import { elementKinds } from '@bothways/twin';
import type { Command } from 'commander';
import { type Format, outputTerminal } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import type { CaptureQuestion, ChangeQuestion } from '../lab-keeper.ts';
import { build, cancelled, chosenLab, Session } from '../lab-session.ts';
import { complain, print, printJson } from '../output.ts';
import { renderSweep, sweepJson } from '../render/lab-failures.ts';

interface ChangeOptions {
  readonly verify: boolean;
  readonly packets: number;
  readonly seed: number;
  readonly format: Format;
  readonly json?: true;
}

export function labFail(command: Command): Promise<ExitCode> {
  return change(command, (lab, words) => {
    const id = elementNamed(lab.elements, words);
    return id === undefined ? undefined : { fail: [id], restore: [] };
  });
}

export function labRestore(command: Command): Promise<ExitCode> {
  return change(command, (lab, words) => {
    if (words === '') return { fail: [], restore: 'all' };
    const failed = lab.elements.filter(({ id }) => lab.failed.includes(id));
    if (failed.length === 0) {
      complain(`nothing has failed in the lab '${lab.name}'`);
      return undefined;
    }
    const id = elementNamed(failed, words);
    return id === undefined ? undefined : { fail: [], restore: [id] };
  });
}

async function change(
  command: Command,
  asked: (lab: RunningLab, words: string) => Pick<ChangeQuestion, 'fail' | 'restore'> | undefined,
): Promise<ExitCode> {
  const { verify, packets, seed, format, json } = command.opts<ChangeOptions>();
  const lab = chosenLab(command);
  if (lab === undefined) return exitCode.unusable;
  const given: unknown = command.processedArgs[0];
  const what = asked(lab, Array.isArray(given) ? given.join(' ') : '');
  if (what === undefined) return exitCode.unusable;
  const { style, width, invocation } = outputTerminal(command);
  const isColoured = style !== plainStyle;
  const question: ChangeQuestion = { ask: 'change', ...what, verify, packets, seed, isColoured, width, invocation };
  const answer = await askLab(lab, question, () => {});
  if (answer === undefined) return exitCode.unusable;
  if (json === true || format === 'json') printJson(fieldOf(answer, 'json'));
  else print(String(fieldOf(answer, 'text')));
  return fieldOf(answer, 'agrees') === true ? exitCode.holds : exitCode.findings;
}

/** Undefined where it was said why not. A program that is interrupted here leaves the lab to finish. */
async function askLab(lab: RunningLab, question: object, part: Talk['part']): Promise<unknown> {
  const session = new Session();
  try {
    return await askQuestion(socketOf(lab.name), question, { stage: session.say, part, signal: session.signal });
  } catch (error) {
    session.quiet();
    complain(`the lab '${lab.name}': ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  } finally {
    session.end();
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** By its id, or by a name that only one element has. */
function elementNamed(elements: RunningLab['elements'], words: string): string | undefined {
  const exact = elements.find(({ id }) => id === words);
  if (exact !== undefined) return exact.id;
  const found = elements.filter(({ name }) => name === words);
  if (found.length === 1) return found[0]?.id;
  if (found.length > 1) {
    complain(`'${words}' is several things, say which: ${found.map(({ id }) => id).join(', ')}`);
    return undefined;
  }
  const near = nearestName(words, [...elements.map(({ id }) => id), ...elements.map(({ name }) => name)]);
  const known =
    near === undefined ? `these can: ${elements.map(({ id }) => id).join(', ')}` : `did you mean '${near}'?`;
  complain(`nothing that can fail is called '${words}'; ${known}`);
  return undefined;
}

interface SweepOptions extends Omit<ChangeOptions, 'verify'> {
  readonly daemon: Extract<DaemonName, 'bird' | 'frr'>;
  readonly elements?: readonly string[];
  readonly group?: readonly string[];
}

export async function labSweep(command: Command): Promise<ExitCode> {
  const { daemon, packets, seed, elements: kinds, group, format, json } = command.opts<SweepOptions>();
  const built = await build(command, daemon, 'lab', 24 * 3600);
  if (built === undefined) return exitCode.unusable;
  const { lab, session } = built;
  let swept: LabSweep | undefined;
  try {
    const elements = chosen(lab.design, kinds, group);
    if (elements === undefined) return exitCode.unusable;
    swept = await sweepLab(lab, { packets, seed, elements, progress: session.say });
  } catch (error) {
    if (!session.signal.aborted) throw error;
  } finally {
    await lab.close();
    session.end();
  }
  if (swept === undefined) return cancelled();
  const seconds = (performance.now() - built.started) / 1000;
  if (json === true || format === 'json') printJson(sweepJson(lab.design, swept, seconds));
  else print(renderSweep(lab.design, swept, seconds, outputTerminal(command)));
  const { healthy, failures } = swept;
  const isRight = differencesOf(healthy) === 0 && failures.every((failure) => differencesIn(failure) === 0);
  return isRight ? exitCode.holds : exitCode.findings;
}

function chosen(
  design: LabDesign,
  kinds: readonly string[] | undefined,
  names: readonly string[] | undefined,
): readonly FailureElement[] | undefined {
  const unknown = (kinds ?? []).find((kind) => !elementKinds.some((known) => known === kind));
  if (unknown !== undefined) {
    complain(`'${unknown}' is no kind of element (${elementKinds.join(', ')})`);
    return undefined;
  }
  const known = kinds === undefined ? undefined : elementKinds.filter((kind) => kinds.includes(kind));
  const elements = labElements(design, {
    ...(known === undefined ? {} : { kinds: known }),
    ...(names === undefined ? {} : { names }),
  });
  if (elements.length > 0) return elements;
  complain(
    `the estate has no such element; it has ${labElements(design)
      .map(({ id }) => id)
      .join(', ')}`,
  );
  return undefined;
}

interface CaptureOptions {
  readonly interface?: readonly string[];
  readonly output?: string;
  readonly seconds?: number;
  readonly packets?: number;
}

/** Until it is told to stop, unless a time or a number says when. */
export async function labCapture(command: Command): Promise<ExitCode> {
  const { interface: interfaces, output = '-', seconds, packets } = command.opts<CaptureOptions>();
  const device = String(command.processedArgs[0]);
  const lab = chosenLab(command);
  if (lab === undefined) return exitCode.unusable;
  if (output === '-' && process.stdout.isTTY) {
    complain('a capture is not for a terminal; name a file with -o, or pipe it into a program that reads pcapng');
    return exitCode.unusable;
  }
  let file: number;
  try {
    file = output === '-' ? 1 : openSync(output, 'w');
  } catch (error) {
    complain(`${output} cannot be written`, error);
    return exitCode.unusable;
  }
  const question: CaptureQuestion = {
    ask: 'capture',
    device,
    ...(interfaces === undefined ? {} : { interfaces }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(packets === undefined ? {} : { packets }),
  };
  const session = new Session();
  try {
    const answer = await askQuestion(socketOf(lab.name), question, {
      stage: session.say,
      part: (bytes) => writeSync(file, bytes),
      signal: session.signal,
    });
    const missed = Number(fieldOf(answer, 'missed') ?? 0);
    if (missed > 0) complain(`${missed} packets came faster than they could be kept`);
    return exitCode.holds;
  } catch (error) {
    complain(`the lab '${lab.name}': ${error instanceof Error ? error.message : String(error)}`);
    return exitCode.unusable;
  } finally {
    session.end();
    if (file !== 1) closeSync(file);
  }
}
