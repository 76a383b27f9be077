/** How tables came about, in words: what neighbours sent and which terms touched it, the way to rest, and what has none. */
import { formatPrefix, type Prefix } from '@bothways/net';
import type { DeviceIx, Origin, SessionIx } from '@bothways/network';
import {
  type AppliedTerm,
  type Candidate,
  type ControlPlane,
  convergeRecorded,
  otherStableStates,
} from '@bothways/routing';

/** A neighbour's route as it arrived, or where it stopped. */
export interface HeardView {
  readonly neighbour: string;
  readonly session: string;
  /** 'in use', 'known', or why it did not arrive. */
  readonly outcome: string;
  /** Terms that changed or rejected it, with the line or fact behind each; export before import. */
  readonly terms: readonly string[];
}

/** The convergence of the prefixes that are routed like one, from nothing to rest. */
export interface ReplayView {
  readonly prefix: string;
  readonly steps: readonly ReplayStep[];
  /** False: they never come to rest, and `steps` is the beginning. */
  readonly arrives: boolean;
}

export interface ReplayStep {
  readonly device: string;
  /** What it used and what it uses now: the devices from it to the origin; empty: nothing. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Who notices. */
  readonly told: readonly { readonly device: string; readonly session: string; readonly withdrawn: boolean }[];
}

export type OriginWords = (origins: readonly Origin[]) => string;

function nameOf(plane: ControlPlane, device: DeviceIx): string {
  return plane.network.devices[device]?.name ?? '?';
}

function sessionOf(plane: ControlPlane, session: SessionIx): string {
  return plane.network.sessions[session]?.name ?? '?';
}

/** From the device that holds the route to the one that put it into BGP. */
function wayOf(plane: ControlPlane, route: Candidate | undefined): readonly string[] {
  const names: string[] = [];
  for (let at = route; at !== undefined; at = at.parent) names.push(nameOf(plane, at.device));
  return names;
}

export function heardBy(
  plane: ControlPlane,
  device: DeviceIx,
  classIx: number,
  originWords: OriginWords,
): readonly HeardView[] {
  const used = new Set((plane.decision(device, classIx)?.best ?? []).map(({ session }) => session));
  const termWords = ({ policyName, termName, effect, origins }: AppliedTerm): string => {
    const source = originWords(origins);
    return `${termName} ${effect} it (${[policyName, source].filter((text) => text !== '').join(', ')})`;
  };
  return plane.received(device, classIx).flatMap((route): readonly HeardView[] => {
    if (route.stopped === 'nothing-to-send' || route.stopped === 'learned-on-this-session') return [];
    const arrived = used.has(route.session) ? 'in use' : 'known';
    return [
      {
        neighbour: nameOf(plane, route.from),
        session: sessionOf(plane, route.session),
        outcome: route.stopped === undefined ? arrived : stopWords[route.stopped],
        terms: [...route.exported, ...route.imported].map(termWords),
      },
    ];
  });
}

const stopWords = {
  'session-down': 'the session is down',
  suppressed: 'suppressed by an aggregate',
  condition: 'the condition for announcing it does not hold',
  'not-reflected': 'internal routes are not passed on without route reflection',
  'no-advertise': 'its community says no-advertise',
  'no-export': 'its community says no-export',
  'export-policy': 'rejected on the way out',
  'as-loop': 'the own AS is on the path already',
  'originator-loop': 'it comes from this device',
  'cluster-loop': 'this reflector has seen it',
  'own-next-hop': 'this device is the next hop',
  'import-policy': 'rejected on the way in',
} as const;

/** `prefix` is one of the class. */
export function replayOf(plane: ControlPlane, classIx: number, prefix: Prefix): ReplayView {
  const { activations, arrives } = convergeRecorded(plane, classIx);
  return {
    prefix: formatPrefix(prefix),
    steps: activations.map(({ device, from, to, told }) => ({
      device: nameOf(plane, device),
      before: wayOf(plane, from),
      after: wayOf(plane, to),
      told: told.map((item) => ({
        device: nameOf(plane, item.device),
        session: sessionOf(plane, item.session),
        withdrawn: item.route === undefined,
      })),
    })),
    arrives,
  };
}

/** What keeps these classes from one certain answer, in sentences; empty where nothing was found. */
export function instabilityOf(plane: ControlPlane, classes: ReadonlySet<number>): readonly string[] {
  const concerns = (list: readonly number[]): boolean => list.some((classIx) => classes.has(classIx));
  const words = (route: Candidate | undefined): string =>
    route === undefined ? 'no route' : `the way ${wayOf(plane, route).join(' → ')}`;
  const lines: string[] = [];
  const { outcome } = plane;
  if (outcome.kind === 'oscillates') {
    for (const { turns } of outcome.cycles.filter((cycle) => concerns(cycle.classes))) {
      const moves = turns.map(
        ({ device, from, to }) => `${nameOf(plane, device)} leaves ${words(from)} for ${words(to)}`,
      );
      lines.push(`these routes never come to rest: ${moves.join('; ')}; then it begins again`);
    }
    if (concerns(outcome.undecided)) {
      lines.push('these routes did not come to rest, and did not repeat themselves as long as was waited');
    }
    const { conditions } = outcome;
    if (conditions !== undefined && concerns(conditions.classes)) {
      const moves = conditions.turns.map(({ text, holds }) => `${text}: ${holds ? 'begins' : 'ends'}`);
      lines.push(`conditions undo each other: ${moves.join('; ')}; then it begins again`);
    }
  }
  for (const { start, differences } of otherStableStates(plane).filter((state) => concerns(state.classes))) {
    const elsewhere = differences.map(
      ({ device, here, there }) => `${nameOf(plane, device)} has ${words(there)} instead of ${words(here)}`,
    );
    const cause =
      start.kind === 'slowest'
        ? `${nameOf(plane, start.device)} is the last to hear`
        : start.turns.map(({ text, holds }) => `${text} ${holds ? 'first' : 'no longer'}`).join(' and ');
    lines.push(
      `the order of events decides: where ${cause}, another state is as stable, in which ${elsewhere.join('; ')}`,
    );
  }
  return lines;
}
