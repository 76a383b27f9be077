/**
 * Tables in the one form that prediction and every daemon are brought to: per device and prefix the candidates after
 * import, and what the kernel does with packets. Everything that moves from run to run (ages, versions, ports) is gone.
 */
import { comparePrefixes, formatCommunity, formatLargeCommunity, formatPrefix, type Prefix } from '@bothways/net';
import type { DeviceIx, SessionIx } from '@bothways/network';
import type { Candidate, ControlPlane, FibEntry } from '@bothways/routing';
import { formatRouterId } from './addressing.ts';
import type { LabPlan } from './plan.ts';

/** One candidate; a field is undefined where the source cannot tell. */
export interface Row {
  /** Undefined: originated here. */
  readonly session: SessionIx | undefined;
  readonly best: string;
  readonly asPath: string;
  readonly origin: string;
  readonly med: string;
  readonly localPreference: string;
  readonly weight: string | undefined;
  readonly communities: string;
  readonly largeCommunities: string;
  /** 'device 3', 'device 3 on link 2', 'own'. */
  readonly nextHop: string;
  readonly originator: string;
  readonly clusterList: string;
  /** False: the next hop cannot be reached. */
  readonly usable: string | undefined;
}

export interface DeviceTable {
  /** Prefix text → candidates. */
  readonly candidates: ReadonlyMap<string, readonly Row[]>;
  /** Prefix text → 'deliver', 'discard' or 'link 2 to 3, link 4 to 5'; undefined where no kernel is there. */
  readonly kernel: ReadonlyMap<string, string> | undefined;
  /** Sessions that are up, by family: '3 4' is session 3 in IPv4. */
  readonly up: ReadonlySet<string>;
}

export type Tables = ReadonlyMap<DeviceIx, DeviceTable>;

export const OWN = 'own';

/** What the model says the daemons will hold. */
export function predictedTables(plane: ControlPlane, plan: LabPlan): Tables {
  const tables = new Map<DeviceIx, DeviceTable>();
  for (const { device, alive } of plan.nodes) {
    if (!alive) continue;
    const candidates = new Map<string, readonly Row[]>();
    const kernel = new Map<string, string>();
    for (const { ix, prefixes } of plane.classes) {
      const rows = rowsOf(plane, device.ix, ix);
      const action = actionText(plane.fibs[device.ix]?.get(ix));
      for (const prefix of prefixes) {
        const text = formatPrefix(prefix);
        if (rows.length > 0) candidates.set(text, rows);
        if (action !== undefined) kernel.set(text, action);
      }
    }
    const up = new Set<string>();
    for (const { session, pairs } of plan.sessions) {
      const mine = session.ends.some((end) => end.device === device.ix);
      const state = plane.sessions[session.ix];
      if (!mine || state?.kind !== 'up') continue;
      for (const { family } of pairs) if (state.without?.family !== family) up.add(`${session.ix} ${family}`);
    }
    tables.set(device.ix, { candidates, kernel, up });
  }
  return tables;
}

function rowsOf(plane: ControlPlane, device: DeviceIx, classIx: number): readonly Row[] {
  const decision = plane.decision(device, classIx);
  if (decision === undefined) return [];
  const unusable = new Set(decision.lost.filter((item) => item.step === 'next-hop').map((item) => item.candidate));
  const all = [...decision.best, ...decision.lost.map((item) => item.candidate)];
  return all.map((candidate) => rowOf(candidate, candidate === decision.best[0], !unusable.has(candidate)));
}

function rowOf(candidate: Candidate, best: boolean, usable: boolean): Row {
  const { attributes, kind, session } = candidate;
  const { nextHop, nextHopLink } = attributes;
  return {
    session,
    best: String(best),
    asPath: attributes.asPath.join(' '),
    origin: attributes.originCode,
    med: String(attributes.med),
    localPreference: String(attributes.localPreference),
    weight: String(attributes.weight),
    communities: attributes.communities
      .map((item) => formatCommunity(item))
      .sort()
      .join(' '),
    largeCommunities: attributes.largeCommunities
      .map((item) => formatLargeCommunity(item))
      .sort()
      .join(' '),
    nextHop: kind === 'local' ? OWN : nextHopText(nextHop, nextHopLink),
    originator: attributes.originatorId === undefined ? '' : formatRouterId(attributes.originatorId),
    clusterList: attributes.clusterList.map((id) => formatRouterId(id)).join(' '),
    usable: String(usable),
  };
}

function nextHopText(device: DeviceIx, link: number | undefined): string {
  return link === undefined ? `device ${device}` : `device ${device} on link ${link}`;
}

function actionText(entry: FibEntry | undefined): string | undefined {
  if (entry === undefined) return undefined;
  if (entry.action.kind !== 'forward') return entry.action.kind;
  const hops = entry.action.next.map((hop) => hopText(hop.link, hop.device));
  return hops.length === 0 ? undefined : hops.sort().join(', ');
}

export function hopText(link: number, device: DeviceIx): string {
  return `link ${link} to ${device}`;
}

/** Addresses of the lab's wiring → the next hop they stand for. */
export class NextHops {
  readonly #names = new Map<string, string>();

  constructor(plan: LabPlan) {
    for (const { device, interfaces } of plan.nodes) {
      for (const { link, addresses } of interfaces) {
        for (const address of addresses) this.#names.set(address.replace(/\/.*/, ''), nextHopText(device.ix, link));
      }
    }
    for (const { session, pairs } of plan.sessions) {
      for (const { addresses } of pairs) {
        for (const end of [0, 1] as const) {
          this.#names.set(addresses[end], nextHopText(session.ends[end].device, session.link));
        }
      }
    }
  }

  name(address: string): string {
    return this.#names.get(address) ?? address;
  }
}

/** By family and address; for reports. */
export function inOrder(prefixes: Iterable<string>, read: (text: string) => Prefix): readonly string[] {
  return [...new Set(prefixes)].sort((a, b) => comparePrefixes(read(a), read(b)));
}
