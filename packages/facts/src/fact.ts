// Every numbered statement in one catalogue, by id and by words. The search is a plain word match with a light English
// stem: no ranking model, the same answer every time.

import expressRoute from '../data/facts-expressroute.json' with { type: 'json' };
import powerPlatform from '../data/facts-power-platform.json' with { type: 'json' };
import { asymmetryCauses } from './asymmetry-causes.ts';
import { checklist } from './checklist.ts';
import { contradictions } from './contradictions.ts';
import { type Fact, type FactRow, factOf } from './fact-record.ts';
import { reviewChecks } from './review-checks.ts';
import { indexBy } from './rows.ts';
import { scenarios } from './scenarios.ts';

const expressRouteRows: readonly FactRow[] = expressRoute.facts;
const powerPlatformRows: readonly FactRow[] = [
  ...powerPlatform.basics,
  ...powerPlatform.designRules,
  ...powerPlatform.components,
  ...powerPlatform.procedure,
  ...powerPlatform.sizing,
  ...powerPlatform.openPoints,
];

const all: readonly Fact[] = [
  ...expressRouteRows.map(factOf),
  ...asymmetryCauses(),
  ...powerPlatformRows.map(factOf),
  ...contradictions(),
  ...checklist(),
  ...reviewChecks(),
  ...scenarios(),
];
const byId = indexBy(all, (entry) => entry.id);

/**
 * ER-001-ER-257 and A1-A8 (ExpressRoute), PP-N basics, PP-R design rules, PP-G components, PP-P set-up steps in order,
 * PP-Z sizing figures, PP-U open points, X contradictions, PP-C checklist items, CHK- reviewers' checks, PP-S and
 * PP-T scenarios. Checklist items, scenarios, contradictions and causes carry more fields under their own look-ups.
 */
export function facts(): readonly Fact[] {
  return all;
}

export function fact(id: string): Fact | undefined {
  return byId.get(id);
}

interface SearchEntry {
  readonly fact: Fact;
  readonly heading: ReadonlySet<string>;
  readonly words: readonly string[];
}

/** Words of a question that say nothing about its subject, as `stem` leaves them. */
const fillers: ReadonlySet<string> = new Set(
  'a an and are at can do doe for how i in is it many may much must of on or the to what when which who why with'.split(
    ' ',
  ),
);

let searchEntries: readonly SearchEntry[] | undefined;

/**
 * Facts whose id, topic, text or source contain all words of the query; if none contains all, those that contain most.
 * Best first: whole words before beginnings of words before parts, topic and id before text, then catalogue order. An id
 * is recognised in any spelling ('er28', 'ER-028') and comes first. A query of filler words finds nothing.
 */
export function searchFacts(query: string): readonly Fact[] {
  const terms = [...new Set(wordsOf(query))].filter((term) => !fillers.has(term));
  if (terms.length === 0) return [];
  searchEntries ??= buildSearchEntries();
  const scored = searchEntries
    .map((entry, order) => ({ entry, order, ...scoreOf(entry, terms) }))
    .filter((candidate) => candidate.matched > 0);
  const most = scored.reduce((highest, candidate) => Math.max(highest, candidate.matched), 0);
  const found = scored
    .filter((candidate) => candidate.matched === most)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .map((candidate) => candidate.entry.fact);
  const key = idKey(query);
  const named = all.find((entry) => idKey(entry.id) === key);
  return named === undefined ? found : [named, ...found.filter((entry) => entry !== named)];
}

function scoreOf(entry: SearchEntry, terms: readonly string[]): { readonly matched: number; readonly score: number } {
  let matched = 0;
  let score = 0;
  for (const term of terms) {
    const strength = matchStrength(entry.words, term);
    if (strength === 0) continue;
    matched += 1;
    score += entry.heading.has(term) ? 2 * strength : strength;
  }
  return { matched, score };
}

/** 3 whole word, 2 beginning of a word, 1 part of a word (four characters and more), 0 absent. */
function matchStrength(words: readonly string[], term: string): number {
  let strength = 0;
  for (const word of words) {
    if (word === term) return 3;
    if (word.startsWith(term)) strength = 2;
    else if (strength === 0 && term.length >= 4 && word.includes(term)) strength = 1;
  }
  return strength;
}

function buildSearchEntries(): readonly SearchEntry[] {
  const further = new Map<string, readonly string[]>();
  for (const entry of contradictions()) {
    further.set(
      entry.id,
      entry.claims.map((claim) => claim.says),
    );
  }
  for (const entry of asymmetryCauses()) further.set(entry.id, [entry.effect, entry.cure]);
  for (const entry of checklist()) further.set(entry.id, [entry.evidence, ...entry.flows]);
  for (const entry of scenarios()) further.set(entry.id, [entry.expected, entry.figure ?? '', ...entry.flows]);
  return all.map((entry) => {
    const heading = wordsOf(`${entry.id} ${entry.topic}`);
    const text = [entry.statement, entry.source.id, entry.source.document, ...(further.get(entry.id) ?? [])];
    return { fact: entry, heading: new Set(heading), words: [...heading, ...wordsOf(text.join(' '))] };
  });
}

/** Lower case, digits ungrouped ('4,000' is '4000'), plural endings dropped; '12076:5040' stays one word. */
function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replace(/(\d),(?=\d{3})/g, '$1')
    .split(/[^\p{L}\p{N}:]+/u)
    .map((word) => stem(word.replace(/^:+|:+$/g, '')))
    .filter((word) => word !== '');
}

function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 3 && word.endsWith('s') && !word.endsWith('ss') && !word.endsWith('us')) return word.slice(0, -1);
  return word;
}

/** 'er28', 'ER-028' and 'ER 028' have the key 'er28'. */
function idKey(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/([a-z])0+(?=\d)/g, '$1');
}
