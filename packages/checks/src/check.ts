/** Runs every rule over one estate. */
import { compareFindings, type Finding } from '@bothways/diagnostics';
import { RULES } from './rules/index.ts';
import type { EstateView } from './view.ts';

/** All findings, in the order of severity and place. */
export function checkRules(view: EstateView): readonly Finding[] {
  const findings: Finding[] = [];
  const explained = new Set<string>();
  const broken = view.data.roundTrips.filter((trip) => trip.outcome === 'broken');
  for (const residual of [false, true]) {
    const unexplained = broken.filter((trip) => !explained.has(trip.id));
    for (const rule of RULES) {
      if (rule.residual !== residual) continue;
      const checked = rule.check({ ...view, unexplained });
      findings.push(...checked.findings);
      for (const trip of checked.explained) explained.add(trip.id);
    }
  }
  return findings.sort(compareFindings);
}
