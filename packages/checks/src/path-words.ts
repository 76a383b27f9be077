/**
 * Paths in words: one line per hop, with the packet, the table entry, and the line or fact behind what happened.
 *
 * The same wording serves findings, the trace picture and JSON, so that a person can search for what a machine printed.
 */
import type { Place } from '@bothways/diagnostics';
import {
  DISPOSITION_CONDITIONS,
  deviceAt,
  type Hop,
  linkAt,
  type Packet,
  type Step,
  viaText,
  type Way,
} from '@bothways/forwarding';
import { compareAddresses, formatAddress, formatPrefix, type Prefix, prefixContains } from '@bothways/net';
import type { DeviceIx } from '@bothways/network';
import { type DecisionStepName, decisionSteps, type FibEntry } from '@bothways/routing';
import { type EstateView, factsOf, placeOfOrigins, placeText } from './view.ts';

export interface HopWords {
  readonly device: string;
  readonly action: 'send' | 'forward' | 'translate' | 'deliver' | 'drop';
  readonly detail: string;
  /** The line of the document behind the action, where there is one. */
  readonly place: Place | undefined;
  readonly facts: readonly string[];
}

export function packetText(packet: Packet): string {
  return `${formatAddress(packet.source)} -> ${formatAddress(packet.destination)}`;
}

export function hopWords(view: EstateView, way: Way): readonly HopWords[] {
  return way.path.hops.map((hop, position) => wordsOf(view, hop, position === 0));
}

/** '  1. hq  send  10.10.0.1 -> …' lines for evidence. */
export function wayLines(view: EstateView, way: Way): readonly string[] {
  const words = hopWords(view, way);
  const width = Math.max(...words.map((each) => each.device.length));
  return words.map(
    (each, position) => `${position + 1}. ${each.device.padEnd(width)}  ${each.action.padEnd(9)}  ${each.detail}`,
  );
}

export function wayTitle(direction: 'there' | 'back', way: Way): string {
  const heading = direction === 'there' ? 'the way there' : 'the way back';
  const end = way.disposition === 'delivered' ? '' : `, ${DISPOSITION_CONDITIONS[way.disposition]}`;
  return `${heading} (${viaText(way.via)})${end}`;
}

function wordsOf(view: EstateView, hop: Hop, isFirst: boolean): HopWords {
  const { network } = view.compiled;
  const device = deviceAt(network, hop.device);
  const parts: string[] = [];
  if (isFirst) parts.push(packetText(hop.packet));
  for (const step of hop.steps) parts.push(...stepWords(view, step));
  const dropped = hop.steps.find((step) => step.kind === 'dropped');
  const translated = hop.steps.find((step) => step.kind === 'translated');
  const preference = hop.entry === undefined ? undefined : preferenceOf(view, hop.device, hop.entry);
  if (dropped === undefined && hop.entry !== undefined) {
    parts.push([entryWords(view, hop, hop.entry), ...(preference === undefined ? [] : [preference.words])].join(', '));
  }
  if (hop.leftOn !== undefined) {
    const link = linkAt(network, hop.leftOn);
    const next = deviceAt(network, link.a === hop.device ? link.b : link.a);
    // A link that the document names is worth naming; the others say nothing that the two devices do not.
    parts.push(`to ${next.name}${link.owner === undefined ? '' : ` over ${link.name}`}`);
    if (hop.equalWays > 1) parts.push(`one of ${hop.equalWays} equal ways`);
  }
  const deciding = dropped ?? translated;
  const origins =
    deciding !== undefined && deciding.origins.length > 0 ? deciding.origins : (hop.entry?.origins ?? device.origins);
  return {
    device: device.name,
    action: actionOf(hop, isFirst),
    detail: parts.join('; '),
    place: placeOfOrigins(view, origins),
    facts: [...new Set([...hop.steps.flatMap((step) => factsOf(step.origins)), ...(preference?.facts ?? [])])],
  };
}

function actionOf(hop: Hop, isFirst: boolean): HopWords['action'] {
  if (hop.steps.some((step) => step.kind === 'dropped')) return 'drop';
  if (hop.steps.some((step) => step.kind === 'translated' || step.kind === 'relayed')) return 'translate';
  if (hop.leftOn === undefined) return 'deliver';
  return isFirst ? 'send' : 'forward';
}

function stepWords(view: EstateView, step: Step): readonly string[] {
  switch (step.kind) {
    case 'source-accepted':
      return [`source is declared on the peering${cite(view, step.origins)}`];
    case 'session-opened':
      return ['session recorded'];
    case 'session-matched':
      return ['answer to a recorded session'];
    case 'steered':
      return [`steered to ${step.edge}${cite(view, step.origins)}`];
    case 'translated': {
      const { from, to } = step;
      const changes = [
        [from.source, to.source],
        [from.destination, to.destination],
      ] as const;
      return changes.flatMap(([before, after]) =>
        compareAddresses(before, after) === 0
          ? []
          : [`${formatAddress(before)} becomes ${formatAddress(after)}${cite(view, step.origins)}`],
      );
    }
    case 'relayed':
      return [
        `${step.proxy} ends the connection and starts its own: ${packetText(step.to)}${cite(view, step.origins)}`,
      ];
    case 'path-mtu':
      return [
        `${linkAt(view.compiled.network, step.link).name} takes ${step.bytes} bytes: the sender is told${cite(view, step.origins)}`,
      ];
    case 'dropped':
      return [
        `${DISPOSITION_CONDITIONS[step.because]}${cite(view, step.origins)}`,
        ...step.origins.flatMap((origin) =>
          step.because === 'no-route' && origin.kind === 'derived' ? [origin.because] : [],
        ),
      ];
  }
}

function entryWords(view: EstateView, hop: Hop, entry: FibEntry): string {
  const destination =
    hop.steps.findLast((step) => step.kind === 'translated' || step.kind === 'relayed')?.to.destination ??
    hop.packet.destination;
  const match = longestMatch(view.plane.classes[entry.classIx]?.prefixes ?? [], destination);
  const route = match === undefined ? 'route' : formatPrefix(match);
  if (entry.action.kind === 'deliver') return `${entry.action.name} (${route})`;
  return `${route} ${PROTOCOL_WORDS[entry.protocol]}`;
}

const PROTOCOL_WORDS: Readonly<Record<FibEntry['protocol'], string>> = {
  connected: 'connected',
  static: 'static',
  ebgp: 'by eBGP',
  ibgp: 'by iBGP',
  igp: 'by the IGP',
};

interface Preference {
  readonly words: string;
  readonly facts: readonly string[];
}

/** Why this route and not the best of those that lost, where the design and not a tie-break decided. */
function preferenceOf(view: EstateView, device: DeviceIx, entry: FibEntry): Preference | undefined {
  if (entry.action.kind === 'deliver') return undefined;
  const decision = view.plane.decision(device, entry.classIx);
  const lost = decision?.lost.findLast((each) => each.winner !== undefined && !isArbitrary(each.step));
  if (decision === undefined || lost?.winner === undefined) return undefined;
  const { winner } = lost;
  const title = decisionSteps.find((step) => step.name === lost.step)?.title ?? lost.step;
  const terms = view.plane
    .received(device, entry.classIx)
    .filter((route) => route.session === winner.session)
    .flatMap((route) => route.imported.filter((term) => term.effect === 'changed'));
  const rival = deviceAt(view.compiled.network, lost.candidate.neighbour).name;
  const facts = [...new Set(terms.flatMap((term) => factsOf(term.origins)))];
  const cited = facts.length === 0 ? '' : `, ${facts.join(', ')}`;
  const words = `before the route from ${rival} (${title.toLowerCase()} ${lost.winnerValue} against ${lost.value}${cited})`;
  return { words, facts };
}

function isArbitrary(name: DecisionStepName): boolean {
  return decisionSteps.some((step) => step.name === name && step.arbitrary === true);
}

function longestMatch(prefixes: readonly Prefix[], address: Packet['destination']): Prefix | undefined {
  let best: Prefix | undefined;
  for (const each of prefixes) {
    if (prefixContains(each, address) && (best === undefined || each.length > best.length)) best = each;
  }
  return best;
}

/** ' (estate.yaml:26, ER-047)' or nothing. */
function cite(view: EstateView, origins: Step['origins']): string {
  const place = placeOfOrigins(view, origins);
  const sources = [...(place === undefined ? [] : [placeText(view, place)]), ...factsOf(origins)];
  return sources.length === 0 ? '' : ` (${sources.join(', ')})`;
}
