/** What a network asks of a daemon that its configuration cannot say or the lab does not render: one line each. */
import { prefixEquals } from '@bothways/net';
import type { Device, Network, PolicyCondition, PolicyIx, RouteCondition, SessionEnd } from '@bothways/network';
import { birdLargeRange, birdPathMasks, frrPathExpression } from './path-text.ts';

type Daemon = 'bird' | 'frr' | 'gobgp';

/** The high half of well-known communities, which FRR writes as words. */
const WELL_KNOWN = 0xffff;

export function inexpressible(network: Network, daemon: Daemon): readonly string[] {
  const lines = new Set<string>();
  for (const device of network.devices) {
    for (const problem of deviceProblems(device, daemon)) lines.add(`${device.name}: ${problem}`);
  }
  for (const link of network.links) {
    if (link.igp !== undefined) lines.add(`${link.name}: the lab's IGP runs where it does by default`);
    if ((link.area ?? 0) !== 0) lines.add(`${link.name}: the lab's IGP has one area`);
  }
  for (const { name, ends } of network.sessions) {
    if (daemon === 'bird' && ends[0].asn === ends[1].asn && ends.some((end) => setsWeight(network, end.import))) {
      lines.add(`${name}: bird's preference, which stands for weight, outranks even a next hop that can be found`);
    }
    for (const [at, end] of ends.entries()) {
      const own = network.devices[end.device]?.asn;
      if (daemon === 'frr' && own !== end.asn && own === ends[at === 0 ? 1 : 0].asn) {
        lines.add(`${name}: frr has no local-as towards its own AS`);
      }
      for (const problem of endProblems(end, network.devices[end.device], daemon)) lines.add(`${name}: ${problem}`);
    }
  }
  for (const { name, terms } of network.policies) {
    for (const condition of terms.flatMap((term) => term.when)) {
      const problem = conditionProblem(condition, daemon);
      if (problem !== undefined) lines.add(`${name}: ${problem}`);
    }
  }
  return [...lines];
}

function* deviceProblems(device: Device, daemon: Daemon): Iterable<string> {
  const { aggregates = [], redistributions = [], originations, decision } = device;
  const { variant = 'rfc' } = decision;
  const own = variant === daemon || (daemon === 'frr' && variant === 'frr-multipath-relax');
  if (variant !== 'rfc' && !own) yield `${daemon} does not decide as ${variant} does`;
  if (aggregates.length > 0 && daemon !== 'frr') yield `${daemon} has no aggregation`;
  for (const { into, from } of redistributions) {
    if (into === 'igp') yield "the lab's IGP takes nothing in from elsewhere";
    else if (daemon === 'gobgp') yield 'gobgp has no other protocols to redistribute from';
    else if (daemon === 'bird' && from === 'igp') yield 'bird: redistribution of the IGP is not rendered';
    else if (daemon === 'bird' && from === 'static' && isContested(device)) {
      yield 'bird: a static route that gives way to another protocol is redistributed either way';
    }
  }
  const conditions = originations.filter((item) => item.condition !== undefined);
  if (conditions.length === 0) return;
  if (daemon !== 'frr') yield `${daemon} originates without conditions`;
  // `network import-check` is for the whole router, and about the prefix itself.
  else if (!originations.every(({ condition, prefixes }) => condition !== undefined && isOwn(condition, prefixes))) {
    yield 'frr originates on one condition only: that the table holds the prefix itself';
  }
}

function isOwn(
  { prefix, state, table }: RouteCondition,
  prefixes: Device['originations'][number]['prefixes'],
): boolean {
  return state === 'present' && table === 'forwarding' && prefixes.every((item) => prefixEquals(item, prefix));
}

/** A static route behind another distance than that of every learned route may or may not be in the table. */
function isContested({ statics }: Device): boolean {
  return statics.some(({ distance }) => distance >= 20);
}

function* endProblems(end: SessionEnd, device: Device | undefined, daemon: Daemon): Iterable<string> {
  const { conditionalAdvertisement, localAs = 'replace-as', maximumPrefixes } = end;
  if (conditionalAdvertisement !== undefined) {
    if (daemon !== 'frr') yield `${daemon} has no conditional advertisement`;
    else if (conditionalAdvertisement.condition.table !== 'bgp') {
      yield 'frr looks at its BGP table only before it advertises on a condition';
    }
  }
  if (daemon === 'gobgp' && localAs !== 'replace-as' && device !== undefined && device.asn !== end.asn) {
    yield `gobgp has no local-as ${localAs}`;
  }
  if (maximumPrefixes?.action === 'discard-surplus') {
    yield 'which surplus routes are discarded depends on the order of arrival';
  }
}

/** Only an iBGP next hop can be out of reach while the session is up. */
function setsWeight(network: Network, policy: PolicyIx): boolean {
  const actions = network.policies[policy]?.terms.flatMap(({ set }) => set) ?? [];
  return actions.some((action) => action.kind === 'weight' && action.value > 0);
}

function conditionProblem(condition: PolicyCondition, daemon: Daemon): string | undefined {
  switch (condition.kind) {
    case 'not':
      return conditionProblem(condition.condition, daemon);
    case 'as-path-matches': {
      const { pattern } = condition;
      const said =
        daemon === 'frr' ? frrPathExpression(pattern) : daemon === 'bird' ? birdPathMasks(pattern) : undefined;
      return said === undefined ? `${daemon} has no pattern like ${pattern}` : undefined;
    }
    case 'community-in':
      if (daemon === 'frr' && condition.any.some(({ asn }) => asn.to >= WELL_KNOWN)) {
        return 'frr compares well-known communities by name, which no range of numbers holds';
      }
      return daemon === 'gobgp' ? 'gobgp: ranges of communities are not rendered' : undefined;
    case 'large-community-in':
      if (daemon === 'bird' && condition.any.some((item) => birdLargeRange(item) === undefined)) {
        return 'bird takes a range in one place of a large community only';
      }
      return daemon === 'gobgp' ? 'gobgp: ranges of communities are not rendered' : undefined;
    default:
      return undefined;
  }
}
