import { type Finding, renderFindings } from '@bothways/diagnostics';
import { documentView, networkView } from '@bothways/twin';
import type { Command } from 'commander';
import { errorTerminal, outputTerminal, pathOf } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { type Input, readInput } from '../input.ts';
import { complain, print, printJson } from '../output.ts';
import { renderNetwork } from '../render/show.ts';

interface ShowOptions {
  readonly network?: true;
  readonly device?: string;
  readonly all?: true;
  readonly json?: true;
}

export async function show(command: Command): Promise<ExitCode> {
  const options = command.opts<ShowOptions>();
  if (options.network !== true && options.device !== undefined) {
    complain('--device shows a part of the compiled network: give --network, too');
    return exitCode.unusable;
  }
  const input = await readInput(pathOf(command));
  if (input.findings.length > 0) return refused(command, { findings: input.findings, sources: new Map() });
  return options.network === true ? network(command, input, options) : document(command, input, options);
}

function network(command: Command, { files }: Input, { device, all, json }: ShowOptions): ExitCode {
  const view = networkView(files, device);
  if (!view.usable) return refused(command, view);
  if (view.problem !== undefined) {
    complain(view.problem);
    return exitCode.unusable;
  }
  if (json === true) printJson({ estate: view.estate, halves: view.halves });
  else print(renderNetwork(view, all === true, outputTerminal(command)));
  return exitCode.holds;
}

function document(command: Command, { files }: Input, { json }: ShowOptions): ExitCode {
  const view = documentView(files);
  if (view.text === undefined) return refused(command, view);
  if (json === true) printJson({ document: view.text, defaults: view.defaults });
  else print(view.text);
  return exitCode.holds;
}

interface Refusal {
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
}

function refused(command: Command, { findings, sources }: Refusal): ExitCode {
  const { style, width } = errorTerminal(command);
  process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
  return exitCode.unusable;
}
