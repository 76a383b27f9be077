/** What a network asks of a daemon that its configuration cannot say or the lab does not render: one line each. */
import type { Network, PolicyCondition, PolicyIx } from '@bothways/network';

export function inexpressible(network: Network, daemon: 'bird' | 'frr' | 'gobgp'): readonly string[] {
  const lines = new Set<string>();
  for (const { name, aggregates = [], redistributions = [], originations } of network.devices) {
    if (aggregates.length > 0) lines.add(`${name}: aggregation is not rendered`);
    if (redistributions.length > 0) lines.add(`${name}: redistribution is not rendered`);
    if (originations.some((item) => item.condition !== undefined)) lines.add(`${name}: conditions are not rendered`);
  }
  for (const { name, ends } of network.sessions) {
    for (const end of ends) {
      if (daemon === 'bird' && ends[0].asn === ends[1].asn && setsWeight(network, end.import)) {
        lines.add(`${name}: bird's preference, which stands for weight, outranks even a next hop that can be found`);
      }
      if (end.conditionalAdvertisement !== undefined) lines.add(`${name}: conditional advertisement is not rendered`);
      if (end.localAs !== undefined && end.localAs !== 'replace-as')
        lines.add(`${name}: local-as ${end.localAs} is not rendered`);
      if (end.maximumPrefixes?.action === 'discard-surplus') {
        lines.add(`${name}: which surplus routes are discarded depends on the order of arrival`);
      }
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

/** Only an iBGP next hop can be out of reach while the session is up. */
function setsWeight(network: Network, policy: PolicyIx): boolean {
  const actions = network.policies[policy]?.terms.flatMap(({ set }) => set) ?? [];
  return actions.some((action) => action.kind === 'weight' && action.value > 0);
}

function conditionProblem(condition: PolicyCondition, daemon: 'bird' | 'frr' | 'gobgp'): string | undefined {
  switch (condition.kind) {
    case 'not':
      return conditionProblem(condition.condition, daemon);
    case 'as-path-matches':
      // A range in brackets is one of AS numbers here, and of characters there.
      if (daemon === 'frr' && !condition.pattern.includes('[')) return undefined;
      return `${daemon} has no pattern like ${condition.pattern}`;
    case 'community-in':
    case 'large-community-in':
      return daemon === 'bird' ? undefined : `${daemon} has no ranges of communities`;
    default:
      return undefined;
  }
}
