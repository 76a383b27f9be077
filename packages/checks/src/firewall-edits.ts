/** Edits of the rules of firewalls: for proposals. */
import type { Fix } from '@bothways/diagnostics';
import { type EditValue, editSet, type FirewallRule, type Path } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { formatPrefix } from '@bothways/net';
import { listText } from './causes.ts';
import type { EstateView } from './estate-view.ts';

/** Puts a rule that permits the ports of the round trips in front of the one at `path`. None: they have no known ports. */
export function permitBefore(
  { document, estate }: EstateView,
  path: Path,
  trips: readonly RoundTrip[],
): readonly Fix[] {
  const at = path.indexOf('rules');
  const list = path.slice(0, at + 1);
  const position = path[at + 1];
  const firewall = estate.firewalls.find((each) => each.path.join('.') === path.slice(0, at).join('.'));
  const denying = typeof position === 'number' ? firewall?.rules[position] : undefined;
  const ports = [
    ...new Set(
      trips.flatMap((trip) =>
        trip.ports.map(({ protocol, first, last }) => `${protocol}/${first}${last === first ? '' : `-${last}`}`),
      ),
    ),
  ];
  if (firewall === undefined || denying === undefined || ports.length === 0 || typeof position !== 'number') return [];
  const permit: EditValue = { action: 'allow', zone: denying.zone, ports };
  const rules = firewall.rules.map(ruleValue);
  return [
    {
      title: `permit ${listText(ports, 4)} at ${firewall.name} before that`,
      // Somebody wrote the rule on purpose.
      safe: false,
      edits: editSet(document, list, [...rules.slice(0, position), permit, ...rules.slice(position)]),
    },
  ];
}

function ruleValue({ action, zone, from, to, ports }: FirewallRule): EditValue {
  return {
    action,
    zone,
    ...(from.length === 0 ? {} : { from: from.map(formatPrefix) }),
    ...(to.length === 0 ? {} : { to: to.map(formatPrefix) }),
    ...(ports.length === 0 ? {} : { ports: ports.map(portsText) }),
  };
}

function portsText({ protocol, first, last }: FirewallRule['ports'][number]): string {
  return `${protocol}/${first}${last === first ? '' : `-${last}`}`;
}
