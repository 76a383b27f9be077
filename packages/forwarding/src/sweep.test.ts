import { Random } from '@bothways/net';
import type { CompiledNetwork } from '@bothways/network';
import { converge } from '@bothways/routing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BruteSweep, bruteTrips, plainElements, tooNarrow, tripsText } from '../test/brute-sweep.ts';
import { randomEstate, randomIntents, randomPreferences, randomTraffic } from '../test/random-estate.ts';
import { compiledFrom, shippedEstate, shippedEstates } from '../test/shipped-estates.ts';
import { conversationsOf } from './conversation.ts';
import { chosenElements, failureElements, failureSets } from './elements.ts';
import { loadModel } from './load-model.ts';
import type { RoundTrip } from './round-trip.ts';
import { Sweep } from './sweep.ts';
import { type Answer, type Question, questionsOf } from './sweep-questions.ts';
import { mergeShards, missingSets, type SetResult, type SweepShard, summaryOf } from './sweep-result.ts';
import { type Traffic, trafficOf } from './traffic.ts';

function all(sweep: Sweep): SweepShard {
  return finish(
    sweep,
    Array.from({ length: sweep.sets.count }, (_, ix) => ix),
  );
}

function finish(sweep: Sweep, numbers: readonly number[]): SweepShard {
  const run = sweep.run(numbers, 7);
  for (;;) {
    const { done, value } = run.next();
    if (done === true) return value;
  }
}

/** What is special about round trips that were compared, counted over those that a failure changed. */
type Specialities = Map<string, number>;

/** What must have been among them, so that the comparison means something. */
const SPECIALITIES = [
  'opened from outside by customer',
  'opened from outside by microsoft',
  'several branches',
  'ports',
  'unknown',
  'hairpin',
  'relayed',
  'steered',
  'translated',
  'path-mtu',
  'session-matched',
  'proxy-down',
  'name-not-resolved',
  'some names apart',
  'behind a reverse proxy',
  'device-down',
  'no-state',
  'unexpected-answer',
  'not-carried-by-expressroute',
  'tables proven to have one state',
  'tables without that proof',
  'a link carried by others',
  'overload',
  'overload as an interval',
  'intent has headroom broken',
  'intent has headroom unknown',
  'intent is wide enough broken',
  'intent keeps private broken',
  'pool overflows',
  'table overflows',
];

/** So few ports that pools run out. */
const SESSIONS = { sessionsPerUser: (flow: string) => (flow === 'PP-F02' ? undefined : 30), portsPerAddress: 100 };

function countSpecialities(into: Specialities, trips: readonly RoundTrip[]): void {
  const names = new Set<string>();
  for (const { demand, forward, back, branches, outcome, ports, names: hosts } of trips) {
    const { written } = demand;
    if (written.kind === 'service') names.add(`opened from outside by ${demand.opener}`);
    if (written.kind === 'service' && written.inbound.backends !== undefined) names.add('behind a reverse proxy');
    if (hosts.length > 0) names.add('some names apart');
    if (branches > 1) names.add('several branches');
    if (ports.length > 0) names.add('ports');
    if (outcome === 'unknown') names.add('unknown');
    for (const way of back === undefined ? [forward] : [forward, back]) {
      names.add(way.disposition);
      const passed = way.path.hops.map(({ device }) => device);
      if (new Set(passed).size < passed.length) names.add('hairpin');
      for (const step of way.path.hops.flatMap(({ steps }) => steps)) names.add(step.kind);
    }
  }
  for (const name of names) into.set(name, (into.get(name) ?? 0) + 1);
}

/** Compares the sets of these numbers with the slow twin; gives how many demands changed. */
function compareWithBrute(
  compiled: CompiledNetwork,
  most: number,
  pick: (count: number) => readonly number[],
  specialities: Specialities = new Map(),
  traffic: Traffic = trafficOf(compiled),
): number {
  const elements = plainElements(compiled);
  const sets = failureSets(elements, most);
  const questions = questionsOf(compiled);
  const loads = loadModel(compiled, traffic);
  const plane = converge(compiled.network);
  const sweep = new Sweep({ compiled, plane, sets, questions, loads, sessions: SESSIONS });
  const normal = bruteTrips(compiled, elements, { id: '', elements: [] });
  const before = normal.trips;
  const narrowBefore = tooNarrow(normal.loads(traffic));
  expect(sweep.tripsBefore.map(tripsText)).toEqual(before.map(tripsText));
  const count = (name: string): unknown => specialities.set(name, (specialities.get(name) ?? 0) + 1);
  count(sweep.proven ? 'tables proven to have one state' : 'tables without that proof');
  if (compiled.network.links.some(({ carriedBy = [] }) => carriedBy.length > 0)) count('a link carried by others');
  const keptBefore = normal.sessions(SESSIONS);
  expect(sweep.before).toEqual(questions.map((question) => answerOf(question, normal, question.demands, traffic)));
  let changed = 0;
  for (const ix of pick(sets.count)) {
    const set = sets.at(ix);
    const brute = bruteTrips(compiled, elements, set);
    const { trips: truth } = brute;
    const result = sweep.resultOf(ix);
    for (const demand of conversationsOf(compiled).keys()) {
      const found = sweep.tripsUnder(set, demand);
      const mine = tripsText(found);
      if (mine !== tripsText(before[demand] ?? [])) {
        changed++;
        countSpecialities(specialities, found);
      }
      if (mine !== tripsText(truth[demand] ?? [])) expect(mine, set.id).toBe(tripsText(truth[demand] ?? []));
    }
    const gone = set.elements.flatMap((each) =>
      elements[each]?.kinds[0] === 'site' ? [elements[each]?.name ?? ''] : [],
    );
    const answers = questions.map((question): Answer => {
      const left = question.demands.filter((demand) => {
        const { site, source } = conversationsOf(compiled)[demand] ?? {};
        return !gone.includes((question.kind === 'place' ? site : source)?.name ?? '');
      });
      return answerOf(question, brute, left, traffic);
    });
    const moved = (to: Answer): number[] =>
      answers.flatMap((answer, at) => (answer === to && sweep.before[at] !== to ? [at] : []));
    expect([result?.broken ?? [], result?.unknown ?? []], set.id).toEqual([moved('broken'), moved('unknown')]);
    for (const question of result?.broken ?? []) count(`${questions[question]?.id} broken`);
    for (const question of result?.unknown ?? []) count(`${questions[question]?.id} unknown`);
    const overflows = brute.sessions(SESSIONS).flatMap(({ verdict, low, high, name }, at) => {
      expect(sweep.keptStates[at]?.name).toBe(name);
      const was = keptBefore[at]?.verdict ?? 'unknown';
      const isWorse = verdict === 'exhausted' ? was !== 'exhausted' : verdict === 'unknown' && was === 'fits';
      return isWorse ? [[at, low, high ?? null, verdict === 'exhausted']] : [];
    });
    expect(result?.pools ?? [], set.id).toEqual(overflows);
    for (const [at] of result?.pools ?? []) count(`${sweep.keptStates[at]?.kind} overflows`);
    const overloads = [...tooNarrow(brute.loads(traffic))].flatMap(([key, { level, low, high }]) =>
      level > (narrowBefore.get(key)?.level ?? 0) ? [[key, low, high]] : [],
    );
    expect(result?.overloads ?? [], set.id).toEqual(overloads.toSorted(([a = 0], [b = 0]) => a - b));
    for (const [, low, high] of result?.overloads ?? []) count(low === high ? 'overload' : 'overload as an interval');
  }
  return changed;
}

/** `demands`: of the question, those that somebody is left to miss. */
function answerOf(question: Question, brute: BruteSweep, demands: readonly number[], traffic: Traffic): Answer {
  const { needs, judge, intent } = question;
  const each = demands.map((demand) => (brute.stable ? judge(brute.trips[demand] ?? []) : 'unknown'));
  if (needs === 'any') {
    if (each.includes('holds') || each.length === 0) return 'holds';
    return each.includes('unknown') ? 'unknown' : 'broken';
  }
  if (intent !== undefined && brute.stable) each.push(...brute.measured(intent, demands, traffic));
  return each.includes('broken') ? 'broken' : each.includes('unknown') ? 'unknown' : 'holds';
}

describe('the sweep and the slow twin', { timeout: 300_000 }, () => {
  it('agree on three single failures and two pairs of every shipped estate', () => {
    let changed = 0;
    for (const { name, text } of shippedEstates()) {
      const compiled = randomIntents(name.length, compiledFrom(text));
      const singles = failureElements(compiled).length;
      const random = new Random(changed + name.length);
      changed += compareWithBrute(compiled, 2, (count) => [
        ...Array.from({ length: 3 }, () => random.below(singles)),
        ...Array.from({ length: 2 }, () => singles + random.below(count - singles)),
      ]);
    }
    expect(changed).toBeGreaterThan(200);
  });

  it('agree on random sets of up to three elements of 300 random networks, seed 51', () => {
    let changed = 0;
    const specialities: Specialities = new Map();
    const property = fc.property(fc.nat(), (seed) => {
      const random = new Random(seed);
      const pick = (count: number): readonly number[] => Array.from({ length: 8 }, () => random.below(count));
      const plain = randomEstate(seed);
      const compiled = random.below(3) === 0 ? randomPreferences(seed, plain) : plain;
      const rated = randomTraffic(seed, randomIntents(seed, compiled));
      changed += compareWithBrute(rated.compiled, 3, pick, specialities, rated.traffic);
    });
    // Since names need their resolver, fewer packets get far enough to be unknown or unexpected: it takes more networks.
    fc.assert(property, { seed: 51, numRuns: 300 });
    expect(changed).toBeGreaterThan(200);
    const missing = SPECIALITIES.filter((name) => (specialities.get(name) ?? 0) < 3);
    expect(missing).toEqual([]);
  });
});

describe('shards', () => {
  const text = shippedEstate('scenarios/PP-S33-both-coasts-with-expressroute')
    .replace('boston: { bandwidth: 1 Gbps', 'boston: { bandwidth: 20 Mbps')
    .replace('survives: [west, east]', 'survives: [west, east], load: 100%, minimumBandwidthPerUser: 1 kbps');
  const compiled = compiledFrom(text);
  const loads = loadModel(compiled);
  const sets = failureSets(chosenElements(failureElements(compiled), { kinds: ['link', 'device', 'circuit'] }), 2);
  const plane = converge(compiled.network);
  const fresh = (): Sweep => new Sweep({ compiled, plane, sets, loads, sessions: { sessionsPerUser: () => 600 } });
  const whole = all(fresh());

  it('merge in any order to the same bytes, seed 52', () => {
    const cuts = fc.array(fc.nat({ max: sets.count - 1 }), { maxLength: 4 });
    const property = fc.property(cuts, fc.nat(), (at, order) => {
      const bounds = [0, ...new Set(at), sets.count].sort((a, b) => a - b);
      const shards = bounds.slice(1).map((end, ix) => {
        const start = bounds[ix] ?? 0;
        return finish(
          fresh(),
          Array.from({ length: end - start }, (_, n) => start + n),
        );
      });
      const shuffled = new Random(order).shuffle(shards.filter(({ ranges }) => ranges.length > 0));
      const revived = shuffled.map((shard) => structuredClone(shard));
      expect(JSON.stringify(mergeShards(revived))).toBe(JSON.stringify(whole));
    });
    fc.assert(property, { seed: 52, numRuns: 8 });
  });

  it('are about what is lost, what overflows and what intents ask of lines', () => {
    const some = (of: (result: SetResult) => number): boolean => whole.sets.some((result) => of(result) > 0);
    expect(some(({ lost }) => lost)).toBe(true);
    expect(some(({ overloads }) => overloads.length)).toBe(true);
    expect(some(({ pools }) => pools.length)).toBe(true);
    expect(some(({ broken, lost }) => (lost === 0 ? broken.length : 0))).toBe(true);
  });

  it('say what is missing when a sweep is stopped', () => {
    const sweep = fresh();
    const run = sweep.run(
      Array.from({ length: sets.count }, (_, ix) => ix),
      5,
    );
    expect(run.next().value).toEqual({ done: 5, of: sets.count });
    const { value } = run.next('stop');
    if (value === undefined || !('sets' in value)) throw new Error('the sweep went on');
    expect(value.ranges).toEqual([[0, 4]]);
    expect(missingSets(value)).toEqual([[5, sets.count - 1]]);
    expect(summaryOf(value, sets).partial).toBe(true);
  });

  it('of other elements are refused', () => {
    const other = new Sweep({ compiled, plane, sets: failureSets(failureElements(compiled), 1) });
    expect(() => mergeShards([whole, finish(other, [0])])).toThrow('different sweeps');
  });

  it('give minimal sets that hold no other failing set, and every failing set holds one', () => {
    const summary = summaryOf(whole, sets);
    expect(summary.partial).toBe(false);
    for (const { question, minimal } of summary.questions) {
      const members = minimal.map((ix) => sets.at(ix).elements);
      for (const one of members) {
        for (const other of members) if (one !== other) expect(other.every((ix) => one.includes(ix))).toBe(false);
      }
      for (const result of whole.sets.filter(({ broken }) => broken.includes(question))) {
        const { elements } = sets.at(result.set);
        expect(members.some((each) => each.every((ix) => elements.includes(ix)))).toBe(true);
      }
    }
  });
});
