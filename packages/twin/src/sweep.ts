/**
 * Failures of an estate: which sets there are, what each of them breaks. The work is a number of sets, so it can be done
 * in parts, anywhere that has the files; the view is made from all parts together.
 */
import { type Finding, nearestName } from '@bothways/diagnostics';
import { type EstateDocument, loadEstate } from '@bothways/estate';
import {
  chosenElements,
  type ElementKind,
  failureElements,
  failureSets,
  type LoadModel,
  loadModel,
  questionsOf,
  Sweep,
  type SweepShard,
} from '@bothways/forwarding';
import { type CompiledNetwork, compileNetwork } from '@bothways/network';
import { type InputFile, type OpenOptions, sessionAssumptions } from './estate-view.ts';
import { scriptPlaces } from './script-places.ts';

export const elementKinds = [
  'device',
  'link',
  'port',
  'msee',
  'circuit',
  'facility',
  'peering-location',
  'metro',
  'provider',
  'edge',
  'site',
  'nat',
  'proxy',
  'firewall-member',
  'declared',
  'maintenance',
] as const satisfies readonly ElementKind[];

export interface SweepQuery {
  /** Elements that fail at once, at most; 1 unless stated. */
  readonly most?: number;
  /** Only elements of these kinds. */
  readonly kinds?: readonly string[];
  /** Only these elements, by name or id. */
  readonly groups?: readonly string[];
  /** Sessions that each user holds at a time, so that pools and connection tables are counted; nobody publishes it. */
  readonly sessionsPerUser?: number;
}

/** Above this a set number would take longer than anybody waits; a narrower question has an answer. */
const mostSets = 5_000_000;

/** An estate ready to be swept. Pure; never throws on a bad document. */
export interface OpenedSweep {
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  /** What is wrong with the question, in words. */
  readonly problem: string | undefined;
  /** Undefined: the document has errors, or the question does. */
  readonly job: SweepJob | undefined;
}

export interface SweepJob {
  /** Number of sets. */
  readonly count: number;
  /** Elements times devices: what is remembered grows with it. */
  readonly size: number;
  /** Sets from one number to before another. */
  run(from: number, to: number): SweepShard;
  /** For the view. */
  parts(): SweepParts;
}

export interface SweepParts {
  readonly document: EstateDocument;
  readonly compiled: CompiledNetwork;
  readonly sweep: Sweep;
  readonly loads: LoadModel;
}

export function openSweep(files: readonly InputFile[], query: SweepQuery, options: OpenOptions = {}): OpenedSweep {
  const { estate, findings, document } = loadEstate(files);
  const sources = document.printableSources;
  if (estate === undefined) return { findings, sources, problem: undefined, job: undefined };
  const compiled = compileNetwork(estate, document.placeOf, { ...options, placeInScript: scriptPlaces(document) });
  const all = failureElements(compiled);
  const problem = problemWith(query, new Set(all.flatMap(({ id, name }) => [id, name])));
  const refused = (words: string): OpenedSweep => ({ findings, sources, problem: words, job: undefined });
  if (problem !== undefined) return refused(problem);
  const { kinds, groups: names, most = 1 } = query;
  const known = kinds === undefined ? undefined : elementKinds.filter((kind) => kinds.includes(kind));
  const elements = chosenElements(all, {
    ...(known === undefined ? {} : { kinds: known }),
    ...(names === undefined ? {} : { names }),
  });
  if (elements.length === 0) return refused('the estate has no such element');
  if (setsOf(elements.length, most) > mostSets) {
    return refused(
      `${elements.length} elements have more than ${mostSets.toLocaleString('en')} sets of up to ${most}; narrow it with --elements or --group`,
    );
  }
  const sets = failureSets(elements, most);
  // Made when it is first needed: where workers do the work, that is when they are done.
  let made: SweepParts | undefined;
  const parts = (): SweepParts => {
    if (made === undefined) {
      const loads = loadModel(compiled);
      const { sessionsPerUser } = query;
      const sessions = sessionsPerUser === undefined ? {} : { sessions: sessionAssumptions({ sessionsPerUser }) };
      const sweep = new Sweep({ compiled, sets, questions: questionsOf(compiled), loads, ...sessions });
      made = { document, compiled, sweep, loads };
    }
    return made;
  };
  const job: SweepJob = {
    count: sets.count,
    size: elements.length * compiled.network.devices.length,
    run(from, to) {
      const steps = parts().sweep.run(numbers(from, to), Number.POSITIVE_INFINITY);
      for (;;) {
        const { done, value } = steps.next();
        if (done === true) return value;
      }
    },
    parts,
  };
  return { findings: [...findings, ...compiled.findings], sources, problem: undefined, job };
}

function* numbers(from: number, to: number): Generator<number, void> {
  for (let ix = from; ix < to; ix++) yield ix;
}

function setsOf(size: number, most: number): number {
  let sum = 0;
  let product = 1;
  for (let members = 1; members <= Math.min(most, size); members++) {
    product = (product * (size - members + 1)) / members;
    sum += product;
  }
  return sum;
}

function problemWith(
  { most = 1, kinds, groups, sessionsPerUser = 1 }: SweepQuery,
  names: ReadonlySet<string>,
): string | undefined {
  if (!(Number.isInteger(sessionsPerUser) && sessionsPerUser > 0)) {
    return `${sessionsPerUser} is not a number of sessions that a user holds`;
  }
  if (!Number.isInteger(most) || most < 1 || most > 4) return `${most} elements at once: 1 to 4 can be swept`;
  const nearly = (text: string, list: Iterable<string>): string => {
    const near = nearestName(text, list);
    return near === undefined ? '' : `; did you mean '${near}'?`;
  };
  for (const kind of kinds ?? []) {
    if (elementKinds.some((known) => known === kind)) continue;
    return `'${kind}' is no kind of element${nearly(kind, elementKinds)} (${elementKinds.join(', ')})`;
  }
  for (const group of groups ?? []) {
    if (!names.has(group)) return `nothing that can fail is called '${group}'${nearly(group, names)}`;
  }
  return undefined;
}
