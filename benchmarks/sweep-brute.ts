/**
 * Sets of failures the slow way, for the sweep to be held against: converged from nothing, every demand followed by the
 * plain engine, all loads summed, on threads. Nothing of the incremental sweep is used but the list of sets and the wording
 * of the questions.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { loadEstate } from '@bothways/estate';
import {
  type Answer,
  branchesOver,
  type CarrierLoad,
  chosenElements,
  decideBandwidth,
  decideLoad,
  type FailureSets,
  failureElements,
  failureSets,
  failuresOf,
  loadOf,
  loadSpace,
  poolUses,
  questionsOf,
  type RoundTrip,
  roundTrips,
  type SetResult,
  sessionUses,
  tableUses,
  trafficOf,
} from '@bothways/forwarding';
import { type CompiledNetwork, compileNetwork } from '@bothways/network';
import { converge, type Failures } from '@bothways/routing';

/** Sessions that each user holds: so many that pools fill when a whole edge moves. */
export const SESSIONS = { sessionsPerUser: () => 150 };

export function compiledFrom(text: string): CompiledNetwork {
  const { estate, findings } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error(findings.map(({ message }) => message).join('; '));
  return compileNetwork(estate);
}

export function linkSets(compiled: CompiledNetwork, most: number, limit = Number.POSITIVE_INFINITY): FailureSets {
  const elements = chosenElements(failureElements(compiled), { kinds: ['link', 'port'] });
  return failureSets(elements.slice(0, limit), most);
}

/** What is compared: everything of a result but which demands merely take another way. */
export type Compared = Omit<SetResult, 'changed'>;

/** Everything of one situation. */
interface Truth {
  /** By demand. */
  readonly trips: readonly (readonly RoundTrip[])[];
  readonly answers: readonly Answer[];
  readonly narrow: ReadonlyMap<number, CarrierLoad>;
  readonly kept: readonly ReturnType<typeof keptOf>[];
}

function keptOf(verdict: 'fits' | 'unknown' | 'exhausted', { low, high }: { low: number; high: number | undefined }) {
  return { verdict, low, high };
}

const SEVERITY = { fits: 0, unknown: 1, exhausted: 2 } as const;

/** Sets by the plain engine; the network is compiled once. */
export class SlowWay {
  readonly #compiled: CompiledNetwork;
  readonly #sets: FailureSets;
  readonly #questions: ReturnType<typeof questionsOf>;
  readonly #space: ReturnType<typeof loadSpace>;
  readonly #traffic: ReturnType<typeof trafficOf>;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #before: Truth;

  constructor(compiled: CompiledNetwork, sets: FailureSets) {
    this.#compiled = compiled;
    this.#sets = sets;
    this.#questions = questionsOf(compiled);
    this.#space = loadSpace(compiled);
    this.#traffic = trafficOf(compiled);
    this.#positions = new Map(compiled.demands.concrete.map(({ id }, ix) => [id, ix]));
    this.#before = this.#truth({});
  }

  resultOf(set: number): Compared {
    const { network } = this.#compiled;
    const now = this.#truth(failuresOf(network, this.#sets.elements, this.#sets.at(set)));
    const before = this.#before;
    const moved = (to: Answer): number[] =>
      now.answers.flatMap((answer, at) => (answer === to && before.answers[at] !== to ? [at] : []));
    const overloads = [...now.narrow].flatMap(([key, { verdict, load }]) => {
      const was = before.narrow.get(key)?.verdict;
      const isWorse = was === undefined || (was === 'unknown' && verdict === 'overloaded');
      return isWorse ? [[key, load.low, load.high] as const] : [];
    });
    let lost = 0;
    for (const { kind, demands, judge } of this.#questions) {
      if (kind !== 'demand') continue;
      for (const demand of demands) {
        const isLost = judge(now.trips[demand] ?? []) === 'broken' && judge(before.trips[demand] ?? []) !== 'broken';
        if (isLost) lost++;
      }
    }
    const pools = now.kept.flatMap(({ verdict, low, high }, at) => {
      const isWorse = SEVERITY[verdict] > SEVERITY[before.kept[at]?.verdict ?? 'unknown'];
      return isWorse ? [[at, low, high ?? null, verdict === 'exhausted'] as const] : [];
    });
    return {
      set,
      broken: moved('broken'),
      unknown: moved('unknown'),
      lost,
      overloads: overloads.sort(([a], [b]) => a - b),
      pools,
    };
  }

  #truth(failed: Failures): Truth {
    const compiled = this.#compiled;
    const plane = converge(compiled.network, { failed });
    const { roundTrips: all, input } = roundTrips(compiled, plane);
    const trips: RoundTrip[][] = compiled.demands.concrete.map(() => []);
    for (const trip of all) trips[this.#positions.get(trip.demand.id) ?? -1]?.push(trip);
    const branchesOf = branchesOver(compiled, input);
    const { load, totals } = loadOf(compiled, this.#space, this.#traffic, all, branchesOf);
    const narrow = new Map<number, CarrierLoad>();
    for (const each of load.carriers) {
      const { carrier, direction, verdict } = each;
      if (carrier.bandwidth !== undefined && verdict !== 'fits') narrow.set(carrier.key + direction, each);
    }
    const answers = this.#questions.map(({ demands, needs, judge, intent }): Answer => {
      const each: Answer[] = demands.map((demand) => judge(trips[demand] ?? []));
      if (needs === 'any')
        return each.includes('holds') || each.length === 0 ? 'holds' : each.includes('unknown') ? 'unknown' : 'broken';
      const own = demands.flatMap((demand) => trips[demand] ?? []);
      const { minimumBandwidthPerUser: minimum, load: most } = intent ?? {};
      if (most !== undefined) each.push(decideLoad(this.#space, totals, most, own).outcome);
      if (minimum !== undefined) {
        each.push(...decideBandwidth(compiled, this.#space, minimum, own, branchesOf).map(({ outcome }) => outcome));
      }
      return each.includes('broken') ? 'broken' : each.includes('unknown') ? 'unknown' : 'holds';
    });
    const uses = sessionUses(compiled, all, branchesOf);
    const kept = [
      ...poolUses(compiled, uses, SESSIONS).map(({ verdict, sessions }) => keptOf(verdict, sessions)),
      ...tableUses(compiled, uses, SESSIONS).map(({ verdict, sessions }) => keptOf(verdict, sessions)),
    ];
    return { trips, answers, narrow, kept };
  }
}

interface Task {
  readonly text: string;
  readonly most: number;
}

/** The sets of these numbers on that many threads, which take one after the other; `each` gets results in any order. */
export async function slowly(
  text: string,
  most: number,
  numbers: readonly number[],
  threads: number,
  each: (result: Compared) => void,
): Promise<void> {
  let next = 0;
  const employ = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const task: Task = { text, most };
      const worker = new Worker(new URL(import.meta.url), { workerData: task });
      const order = (): void => {
        const set = numbers[next];
        next++;
        if (set === undefined) void worker.terminate().then(() => resolve());
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        else worker.postMessage(set);
      };
      worker.on('error', reject);
      worker.on('message', (result: Compared) => {
        each(result);
        order();
      });
      order();
    });
  await Promise.all(Array.from({ length: Math.min(threads, numbers.length) }, employ));
}

function isTask(data: unknown): data is Task {
  return typeof data === 'object' && data !== null && 'text' in data && 'most' in data;
}

const task: unknown = workerData;
if (!isMainThread && parentPort !== null && isTask(task)) {
  const port = parentPort;
  const compiled = compiledFrom(task.text);
  const way = new SlowWay(compiled, linkSets(compiled, task.most));
  port.on('message', (set: number) => port.postMessage(way.resultOf(set)));
}
