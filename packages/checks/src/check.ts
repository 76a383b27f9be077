/** Runs every rule over one estate. */
import { compareFindings, compareUnknown, type Finding, type UnknownAnswer } from '@bothways/diagnostics';
import { estateIndex } from './estate-index.ts';
import { RULES } from './rules/index.ts';
import { brokenTrips, type EstateView } from './view.ts';

export interface Judgement {
  /** In the order of severity and place. */
  readonly findings: readonly Finding[];
  /** What could not be judged, by the input that is missing. */
  readonly unknown: readonly UnknownAnswer[];
}

export function checkRules(view: EstateView): Judgement {
  const findings: Finding[] = [];
  const unknown: UnknownAnswer[] = [];
  const explained = new Set<string>();
  const broken = brokenTrips(view);
  const index = estateIndex(view);
  for (const residual of [false, true]) {
    const unexplained = broken.filter((trip) => !explained.has(trip.id));
    for (const rule of RULES) {
      if (rule.residual !== residual) continue;
      const checked = rule.check({ ...view, unexplained, index });
      findings.push(...checked.findings);
      unknown.push(...checked.unknown);
      for (const trip of checked.explained) explained.add(trip.id);
    }
  }
  return { findings: findings.sort(compareFindings), unknown: unknown.sort(compareUnknown) };
}
