/** The example estate, changed by replacing text, opened as far as rules need it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding, UnknownAnswer } from '@bothways/diagnostics';
import { loadEstate } from '@bothways/estate';
import { roundTrips } from '@bothways/forwarding';
import { compileNetwork } from '@bothways/network';
import { converge } from '@bothways/routing';
import { checkRules, type EstateView, type RuleExample } from '../src/index.ts';

export const EXAMPLE = readFileSync(join(import.meta.dirname, '../../../examples/contoso/estate.yaml'), 'utf8');

/** The example as a rule's example wants it; every passage must be there exactly once. */
export function exampleText({ replace }: Pick<RuleExample, 'replace'>, from = EXAMPLE): string {
  return replace.reduce((text, { text: passage, by }) => {
    const parts = text.split(passage);
    if (parts.length !== 2) throw new Error(`the example has '${passage}' ${parts.length - 1} times`);
    return parts.join(by);
  }, from);
}

export interface Checked {
  /** Of the document itself. */
  readonly document: readonly Finding[];
  /** Of the rules; empty where the document is unusable. */
  readonly rules: readonly Finding[];
  readonly unknown: readonly UnknownAnswer[];
  readonly view: EstateView | undefined;
}

export function checkText(text: string): Checked {
  const { estate, findings, document } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) return { document: findings, rules: [], unknown: [], view: undefined };
  const compiled = compileNetwork(estate);
  const plane = converge(compiled.network);
  const view = { document, estate, compiled, plane, data: roundTrips(compiled, plane) };
  const judged = checkRules(view);
  return { document: findings, rules: judged.findings, unknown: judged.unknown, view };
}
