/** A limit of one's own on received prefixes must leave room for what the route filter brings, and for its growth. */
import { type Circuit, editSet } from '@bothways/estate';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

/** Microsoft changes its prefixes every month (ER-238); a fifth is the lower end of usual headroom (ER-221). */
const HEADROOM = 1.2;

interface Narrow {
  readonly circuit: Circuit;
  readonly limit: number;
  readonly received: number;
}

export const acceptsWhatMicrosoftAnnounces = defineRule<Narrow>({
  name: 'accepts-what-microsoft-announces',
  title: 'The own limit on received prefixes leaves no room for what Microsoft announces',
  family: 'peering',
  severity: 'error',
  ids: ['PP-C45', 'CHK-GAP-08', 'CHK-GAP-10', 'ER-032', 'ER-221', 'ER-238'],
  what: 'Counts the prefixes that the route filter lets through, from the computed tables, and compares them with the maximum that the customer accepts.',
  why: 'When the count passes the limit, the own router takes the session down, and everything falls to the internet; Microsoft changes its prefixes every month.',
  fix: 'raise the limit well above the count, or let it warn only',
  status: 'stable',
  since: '0.1.0',
  fires: example('a limit of 100 for two regions', [
    '      vlan: 100\n',
    '      vlan: 100\n      maximumPrefixes: 100\n',
  ]),
  silent: example('a limit of 2,000', ['      vlan: 100\n', '      vlan: 100\n      maximumPrefixes: 2000\n']),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, peering }) => {
      const limit = peering.maximumPrefixes;
      if (limit === undefined) return [];
      const received = view.index.receivedOn(circuit.name);
      return received * HEADROOM > limit ? [{ circuit, limit, received }] : [];
    }),
  word: ({ circuit, limit, received }, view) => ({
    severity: received > limit ? 'error' : 'warning',
    message:
      received > limit
        ? `Microsoft announces ${received} prefixes on ${circuit.name} and the own limit is ${limit}: the session goes down`
        : `Microsoft announces ${received} prefixes on ${circuit.name}, close to the own limit of ${limit}`,
    path: [...circuit.path, 'microsoftPeering', 'maximumPrefixes'],
    related: [
      { message: 'what brings them', place: placeOf(view, [...circuit.path, 'microsoftPeering', 'routeFilter']) },
    ],
  }),
  mend: ({ circuit, received }, view) => [
    {
      title: `accept up to ${roomFor(received)} prefixes on ${circuit.name}`,
      safe: true,
      edits: editSet(view.document, [...circuit.path, 'microsoftPeering', 'maximumPrefixes'], roomFor(received)),
    },
  ],
});

/** Half as much again, to the next hundred. */
function roomFor(received: number): number {
  return Math.ceil((received * 1.5) / 100) * 100;
}
