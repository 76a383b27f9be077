import { nearestName } from '@bothways/diagnostics';
import { reviewPage, ruleNames, rulePage } from '@bothways/twin';
import type { Command } from 'commander';
import { type Format, outputTerminal } from '../arguments.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { complain, print, printJson } from '../output.ts';
import { renderReviewPage, renderRuleList, renderRulePage } from '../render/rule.ts';

export function explain(command: Command): ExitCode {
  const { format } = command.opts<{ format: Format }>();
  const [name] = command.args;
  if (name === undefined) {
    const pages = ruleNames().flatMap((rule) => rulePage(rule) ?? []);
    if (format === 'json') printJson(pages);
    else print(renderRuleList(pages, outputTerminal(command)));
    return exitCode.holds;
  }
  const asked = reviewPage(name);
  if (asked !== undefined) {
    if (format === 'json') printJson(asked);
    else print(renderReviewPage(asked, outputTerminal(command)));
    return exitCode.holds;
  }
  const page = rulePage(name);
  if (page === undefined) {
    const near = nearestName(name, ruleNames());
    complain(
      `there is no rule '${name}'; ${near === undefined ? 'bothways explain lists all rules' : `did you mean '${near}'?`}`,
    );
    return exitCode.unusable;
  }
  if (format === 'json') printJson(page);
  else print(renderRulePage(page, outputTerminal(command)));
  return exitCode.holds;
}
