// The situations shown by the figures of Microsoft's documents (PP-S01-PP-S45), and further situations without a figure
// (PP-T01-PP-T20), each with the outcome a correct computation has to reach. The outcomes are ours.

import data from '../data/facts-power-platform.json' with { type: 'json' };
import { type Fact, type FactRow, factOf } from './fact-record.ts';
import { indexBy, oneOf } from './rows.ts';

/** 'picture': the figure itself was seen. 'caption': described from caption and alternative text only. */
export type FigureReading = 'picture' | 'caption';

export const figureReadings: readonly FigureReading[] = ['picture', 'caption'];

/** `statement` tells what is drawn or set up. */
export interface Scenario extends Fact {
  readonly expected: string;
  /** File or figure name in the source; undefined for a situation without one. */
  readonly figure: string | undefined;
  readonly readFrom: FigureReading | undefined;
  readonly flows: readonly string[];
  /** Ids of rules, checklist items and contradictions the outcome rests on. */
  readonly facts: readonly string[];
}

interface ScenarioRow extends FactRow {
  readonly expected: string;
  readonly figure?: string | undefined;
  readonly readFrom?: string | undefined;
  readonly flows: readonly string[];
  readonly facts: readonly string[];
}

function scenarioOf(row: ScenarioRow): Scenario {
  return {
    ...factOf(row),
    expected: row.expected,
    figure: row.figure,
    readFrom: row.readFrom === undefined ? undefined : oneOf(row.readFrom, figureReadings, row.id),
    flows: row.flows,
    facts: row.facts,
  };
}

const figureRows: readonly ScenarioRow[] = data.scenarios;
const situationRows: readonly ScenarioRow[] = data.situations;
const all: readonly Scenario[] = [...figureRows, ...situationRows].map(scenarioOf);
const byId = indexBy(all, (entry) => entry.id);

/** Figures first, then situations, each in the order of their ids. */
export function scenarios(): readonly Scenario[] {
  return all;
}

export function scenario(id: string): Scenario | undefined {
  return byId.get(id);
}
