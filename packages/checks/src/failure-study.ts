/**
 * What failures do to an estate: one sweep that rules, intents, the checklist and the report share, made when first asked
 * for and bounded. A check has to answer in a meeting; beyond the bound the answer is unknown, and `bothways sweep`,
 * which may take its time, gives it.
 *
 * A site with one way out is a leaf: the failure of that way, or of the site's router, cuts the site off and concerns
 * nobody else. Leaves are not computed, only named.
 */
import type { Intent } from '@bothways/estate';
import {
  type ChangedDemand,
  claimsToSurvive,
  type DetectionTime,
  detectionTime,
  type FailureElement,
  type FailureSet,
  failureElements,
  failureSets,
  failuresOf,
  type LoadModel,
  loadModel,
  loadSpace,
  type QualityDecision,
  type RoundTrip,
  Sweep,
} from '@bothways/forwarding';
import type { CompiledNetwork, LinkIx } from '@bothways/network';
import type { EstateView } from './estate-view.ts';

/**
 * Different failures times conversations that a check computes, leaves left out: measured at 40 microseconds each, half a
 * second in all. `EstateView.failureWork` sets another bound.
 */
const MOST_WORK = 12_000;

/** What one element, or one set, does when it fails. */
export interface FailureEffect {
  readonly set: FailureSet;
  readonly elements: readonly FailureElement[];
  readonly changes: readonly ChangedDemand[];
}

/** Something that carries more than it can. Bits per second, beside the use that the document states. */
export interface Overfull {
  /** 'link mpls-hq from hq to dc'. */
  readonly name: string;
  readonly link: LinkIx | undefined;
  /** Of a port or a circuit as a whole. */
  readonly circuit: string | undefined;
  /** Of a LAN. */
  readonly site: string | undefined;
  readonly asked: number;
  readonly free: number;
}

/** The only way out of a site, or its router: its failure cuts the site off. */
interface Leaf {
  readonly element: FailureElement;
  readonly site: string;
}

export interface FailureStudy {
  /** Elements that were computed or are leaves. */
  readonly count: number;
  readonly leaves: readonly Leaf[];
  /** Single elements whose failure changes a round trip, in their order; leaves and whole sites that are leaves left out. */
  readonly singles: () => readonly FailureEffect[];
  /** Pairs as well; undefined: more than a check computes. */
  readonly pairs: () => readonly FailureEffect[] | undefined;
  /** What a single failure makes carry more than it can for certain; the worst first. */
  readonly overloads: (effect: FailureEffect) => readonly Overfull[];
  /** Until the routers notice. */
  readonly detection: (set: FailureSet) => DetectionTime;
  /** Bandwidth and load that the intent asks for; undefined where it asks for neither. */
  readonly measured: (set: FailureSet, intent: Intent) => QualityDecision | undefined;
}

/** With the bound it was made under. */
const studies = new WeakMap<
  CompiledNetwork,
  { readonly bound: number | undefined; readonly study: FailureStudy | undefined }
>();

/** Undefined: the estate has more elements and conversations than a check computes failures for. */
export function failureStudy(view: EstateView): FailureStudy | undefined {
  let made = studies.get(view.compiled);
  if (made === undefined || made.bound !== view.failureWork) {
    made = { bound: view.failureWork, study: studyOf(view) };
    studies.set(view.compiled, made);
  }
  return made.study;
}

/** Why there is no study, or none of pairs, and what gives the answer. */
export function studyTooLarge({ failureWork = MOST_WORK }: EstateView): string {
  return `more failures times conversations than the ${failureWork.toLocaleString('en')} computed here; \`bothways sweep\` computes all of them`;
}

function studyOf({ compiled, plane, failureWork = MOST_WORK }: EstateView): FailureStudy | undefined {
  const { network } = compiled;
  const degree = new Uint32Array(network.devices.length);
  for (const { a, b } of network.links) {
    degree[a] = (degree[a] ?? 0) + 1;
    degree[b] = (degree[b] ?? 0) + 1;
  }
  const all = failureElements(compiled);
  const leafSite = (element: FailureElement): string | undefined => {
    const { devices, links, drains, pair } = element;
    if (drains !== undefined || pair !== undefined || element.kinds[0] === 'maintenance') return undefined;
    const routers = new Set(
      [...devices, ...links.flatMap((ix) => [network.links[ix]?.a ?? -1, network.links[ix]?.b ?? -1])].filter(
        (ix) => degree[ix] === 1 && network.devices[ix]?.role === 'site-router',
      ),
    );
    const [router, ...others] = routers;
    if (router === undefined || others.length > 0 || devices.some((ix) => ix !== router)) return undefined;
    const own = links.every((ix) => network.links[ix]?.a === router || network.links[ix]?.b === router);
    return own ? network.devices[router]?.name : undefined;
  };
  const leaves: Leaf[] = [];
  const elements: FailureElement[] = [];
  for (const element of all) {
    const site = leafSite(element);
    if (site === undefined) elements.push(element);
    // Nobody is left at a site that fails as a whole.
    else if (element.kinds[0] !== 'site') leaves.push({ element, site });
  }
  const conversations = compiled.demands.concrete.length + (compiled.demands.inbound?.length ?? 0);
  // A provider and its only router, a building and its only circuit: one failure under two names.
  const keys = elements.map((element, ix) =>
    element.drains === undefined
      ? JSON.stringify(failuresOf(network, elements, { id: element.id, elements: [ix] }))
      : element.id,
  );
  if (new Set(keys).size * conversations > failureWork) return undefined;

  let model: LoadModel | undefined;
  const loads = (): LoadModel => {
    model ??= loadModel(compiled);
    return model;
  };
  let loading: Sweep | undefined;
  /** One more sweep: loads cost time, and only where a circuit is part of a pair, or an intent wants bandwidth, somebody asks. */
  const loaded = (): Sweep => {
    loading ??= new Sweep({ compiled, plane, sets: failureSets(elements, 1), loads: loads() });
    return loading;
  };
  let sweep: Sweep | undefined;
  const sweeping = (): Sweep => {
    sweep ??= new Sweep({ compiled, plane, sets: failureSets(elements, 1) });
    return sweep;
  };
  const effectsOf = (sets: Iterable<FailureSet>): readonly FailureEffect[] => {
    const effects: FailureEffect[] = [];
    const known = new Map<string, readonly ChangedDemand[]>();
    for (const set of sets) {
      const key = set.elements.map((ix) => keys[ix]).join();
      const changes = known.get(key) ?? sweeping().changesUnder(set);
      known.set(key, changes);
      if (changes.length === 0) continue;
      effects.push({ set, elements: set.elements.flatMap((ix) => elements[ix] ?? []), changes });
    }
    return effects;
  };
  let singles: readonly FailureEffect[] | undefined;
  let pairs: { readonly effects: readonly FailureEffect[] | undefined } | undefined;
  return {
    count: elements.length + leaves.length,
    leaves,
    singles: () => {
      singles ??= effectsOf(elements.map((_, ix) => sweeping().setOf([ix])));
      return singles;
    },
    pairs: () => {
      const count = (elements.length * (elements.length - 1)) / 2;
      pairs ??= {
        effects: count * conversations > failureWork ? undefined : effectsOf(pairsOf(elements.length, sweeping())),
      };
      return pairs.effects;
    },
    overloads: ({ set: { elements: members } }) => {
      const [only, ...others] = members;
      if (only === undefined || others.length > 0) return [];
      const { carriers } = loadSpace(compiled);
      return (loaded().resultOf(only)?.overloads ?? [])
        .flatMap(([key, low]): readonly Overfull[] => {
          const free = loads().capacity(key);
          const carrier = carriers[key >> 1];
          if (carrier === undefined || free === undefined || low <= free) return [];
          const { link, circuit, kind, name } = carrier;
          return [
            { name: loads().nameOf(key), link, circuit, site: kind === 'lan' ? name : undefined, asked: low, free },
          ];
        })
        .sort((a, b) => b.asked / b.free - a.asked / a.free);
    },
    detection: (set) => detectionTime(network, sweeping().failuresOf(set)),
    measured: (set, intent) => {
      if (!asksOfLines(intent)) return undefined;
      const question = loaded().questions.findIndex((each) => each.intent?.name === intent.name);
      return question < 0 ? undefined : loaded().measuredUnder(set, question);
    },
  };
}

function asksOfLines({ load, minimumBandwidthPerUser }: Intent): boolean {
  return load !== undefined || minimumBandwidthPerUser !== undefined;
}

function* pairsOf(size: number, sweep: Sweep): Generator<FailureSet, void> {
  for (let a = 0; a < size; a++) for (let b = a + 1; b < size; b++) yield sweep.setOf([a, b]);
}

/** True for what the owner of the estate plans, other than what happens to it. */
export function isPlanned({ elements }: FailureEffect): boolean {
  return elements.some(({ kinds }) => kinds[0] === 'maintenance');
}

/** True where everybody who lost something is gone with the place that failed. */
export function isAtFailedSite({ elements }: FailureEffect, { demand }: RoundTrip): boolean {
  return elements.some(({ kinds, name }) => kinds[0] === 'site' && name === demand.site.name);
}

/** Round trips that held and do not any more, without those of a site that failed as a whole. */
export function lostIn(effect: FailureEffect): readonly RoundTrip[] {
  return effect.changes.flatMap(({ before, after }) =>
    before.some(({ outcome }) => outcome !== 'holds')
      ? []
      : after.filter((trip) => trip.outcome === 'broken' && !isAtFailedSite(effect, trip)),
  );
}

/** 'link mpls-hq', 'circuit er-fra and circuit er-ams'. */
export function elementsText({ elements }: Pick<FailureEffect, 'elements'>): string {
  return elements.map(({ id }) => id).join(' and ');
}

/** Whether an intent claims to hold although this set failed. */
export function claims(intent: Intent, { elements }: FailureEffect): boolean {
  return claimsToSurvive(intent, elements, { id: '', elements: elements.map((_, at) => at) });
}
