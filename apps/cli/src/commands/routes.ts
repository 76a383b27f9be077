import { renderFindings } from '@bothways/diagnostics';
import { type RoutesQuery, routesOf } from '@bothways/twin';
import type { Command } from 'commander';
import { errorTerminal, type Format, outputTerminal, pathOf } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { readInput } from '../input.ts';
import { openOptions } from '../open-options.ts';
import { complain, print, printJson } from '../output.ts';
import { renderDeviceList, renderHistory, renderRoutes } from '../render/routes.ts';

export async function routes(command: Command): Promise<ExitCode> {
  const { format, json, ...named } = command.opts<RoutesQuery & { readonly format: Format; readonly json?: true }>();
  const [, device, prefix] = command.args;
  const query: RoutesQuery = {
    ...(device === undefined ? {} : { device }),
    ...(prefix === undefined ? {} : { prefix }),
    ...named,
  };
  const path = pathOf(command);
  const input = await readInput(path);
  const view = input.findings.length > 0 ? undefined : routesOf(input.files, query, openOptions);
  if (view === undefined || !view.usable) {
    const { style, width } = errorTerminal(command);
    const { findings, sources } = view ?? { findings: input.findings, sources: new Map<string, string>() };
    process.stderr.write(`${renderFindings(findings, sources, style, { width })}\n`);
    return exitCode.unusable;
  }
  if (view.problem !== undefined) {
    complain(view.problem);
    return exitCode.unusable;
  }
  const listOnly = query.device === undefined && query.prefix === undefined;
  const { devices, replay, instability } = view;
  if (format === 'json' || json === true) {
    printJson({
      devices,
      ...(replay === undefined ? {} : { replay }),
      ...(instability === undefined ? {} : { instability }),
    });
  } else if (listOnly) print(renderDeviceList(view.devices, path, outputTerminal(command)));
  else {
    const terminal = outputTerminal(command);
    const history = renderHistory(replay ?? [], instability, terminal);
    print([renderRoutes(view.devices, terminal), ...history].join('\n\n'));
  }
  return exitCode.holds;
}
