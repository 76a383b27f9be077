/** A rule that lets everything in from the circuit is a rule that lets everything in. */
import type { Circuit, Firewall, FirewallRule } from '@bothways/estate';
import { scopeOf } from '@bothways/net';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Open {
  readonly firewall: Firewall;
  readonly rule: FirewallRule;
  readonly circuit: Circuit;
  readonly inside: boolean;
}

export const circuitZoneNotOpen = defineRule<Open>({
  name: 'circuit-zone-not-open',
  title: 'The firewall of a circuit lets sessions in from anywhere to anything',
  family: 'exposure',
  severity: 'error',
  ids: ['PP-C10', 'CHK-PP-09', 'CHK-GAP-13', 'ER-044', 'ER-093', 'ER-229'],
  what: 'Looks at the rules of firewalls on ExpressRoute edges that allow sessions from outside without a destination, or to private addresses without a source.',
  why: 'The zone behind the circuit is not the own network: every workload at Microsoft is in it.',
  fix: 'name the published addresses and their ports, and the sources where they are known',
  status: 'stable',
  since: '0.1.0',
  fires: example('everything from outside is allowed', [
    'demands:\n',
    'firewalls:\n  fw-er: { rules: [{ action: allow, zone: outside }] }\n\ndemands:\n',
  ]),
  silent: example('one address and port is allowed', [
    'demands:\n',
    'firewalls:\n  fw-er: { rules: [{ action: allow, zone: outside, to: 203.0.113.66/32, ports: [443] }] }\n\ndemands:\n',
  ]),
  find: (view) => {
    const circuitOf = new Map(
      view.index
        .peered()
        .flatMap(({ circuit, edge }) => (edge?.firewall === undefined ? [] : [[edge.firewall, circuit]])),
    );
    return view.estate.firewalls.flatMap((firewall) => {
      const circuit = circuitOf.get(firewall.name);
      if (circuit === undefined) return [];
      return firewall.rules.flatMap((rule) => {
        if (rule.action !== 'allow' || rule.zone === 'inside' || rule.from.length > 0) return [];
        const inside = rule.to.some((each) => scopeOf(each) === 'private');
        return rule.to.length === 0 || inside ? [{ firewall, rule, circuit, inside }] : [];
      });
    });
  },
  word: ({ firewall, rule, circuit, inside }, view) => ({
    message: `${firewall.name} lets sessions from anywhere behind ${circuit.name} in ${inside ? 'to private addresses' : 'to any address'}`,
    path: rule.path,
    related: [{ message: 'the circuit', place: placeOf(view, circuit.path) }],
  }),
});
