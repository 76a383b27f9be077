/** One prefix on two circuits: the design has to say which of the two answers take. */
import type { Circuit, Path } from '@bothways/estate';
import { asnKind, formatPrefix, type Prefix, prefixContains } from '@bothways/net';
import { secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { type CheckView, placeOf } from '../view.ts';

interface Tied {
  readonly prefix: Prefix;
  readonly circuit: Circuit;
  readonly path: Path;
  readonly other: Circuit;
  readonly otherPath: Path;
}

export const samePrefixOnTwoCircuitsRanked = defineRule<Tied>({
  name: 'same-prefix-on-two-circuits-ranked',
  title: 'Two circuits announce one prefix with paths of equal length',
  family: 'addresses and NAT',
  severity: 'warning',
  ids: ['PP-C20', 'CHK-ALZ-09', 'CHK-RC-02', 'CHK-GAP-05', 'ER-035', 'ER-095', 'ER-106', 'ER-146'],
  what: 'Looks for prefixes that two circuits on different edges announce with equally long prepends of public AS numbers.',
  why: 'Microsoft shares answers between equal circuits by flow, so half of them come back through the other site, over its WAN and its firewall; that it works rests on shared state alone.',
  fix: 'announce the prefix on one circuit, or prepend the public AS number on the one that is to stand back',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'both circuits announce the pool of the first, and the firewalls share their state',
    ...secondCircuit({ advertises: '[203.0.113.16/28, 203.0.113.0/28]' }),
    ['demands:\n', 'firewalls:\n  fw-er: { sharesStateWith: fw-er2 }\n\ndemands:\n'],
  ),
  silent: example('each announces its own pool', ...secondCircuit()),
  find: (view) => {
    const seen = new Map<string, { readonly circuit: Circuit; readonly path: Path; readonly times: number }[]>();
    const found: Tied[] = [];
    for (const { prefix, value } of view.index.announced().all) {
      const { times, asn } = value.peering.prepend;
      // A private prepend is stripped, which another rule reports.
      if (times > 0 && asnKind(asn) === 'private') continue;
      const text = formatPrefix(prefix);
      const held = seen.get(text) ?? [];
      const rival = held.find((each) => each.times === times && each.circuit.edge !== value.circuit.edge);
      if (rival !== undefined && !isLosing(view, prefix, value.circuit, rival.circuit)) {
        found.push({ prefix, circuit: value.circuit, path: value.path, other: rival.circuit, otherPath: rival.path });
      }
      seen.set(text, [...held, { circuit: value.circuit, path: value.path, times }]);
    }
    return found;
  },
  word: ({ prefix, circuit, path, other, otherPath }, view) => ({
    message: `${formatPrefix(prefix)} is announced on ${other.name} and on ${circuit.name} with equal paths, so answers come back over either`,
    path,
    related: [{ message: `the same prefix on ${other.name}`, place: placeOf(view, otherPath) }],
  }),
});

/** Answers that are lost between the two circuits have a finding of their own. */
function isLosing(view: CheckView, prefix: Prefix, circuit: Circuit, other: Circuit): boolean {
  return view.index
    .broken()
    .some(
      ({ forward, back }) =>
        back?.via.kind === 'expressroute' &&
        (back.via.name === circuit.name || back.via.name === other.name) &&
        prefixContains(prefix, forward.path.last.source),
    );
}
