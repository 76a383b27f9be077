/** MD5 on one session and none on the next is an oversight; on none at all it is a decision nobody wrote down. */
import type { Circuit, Path } from '@bothways/estate';
import { secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { type EstateView, placeOf } from '../view.ts';

interface Session {
  readonly circuit: Circuit;
  readonly peering: 'Microsoft' | 'private';
  readonly path: Path;
  readonly authenticated: boolean;
}

interface Bare extends Session {
  readonly model: Session;
}

function peeringsOf({ estate }: EstateView): readonly Session[] {
  return estate.circuits.flatMap((circuit): readonly Session[] => [
    ...(circuit.microsoftPeering === undefined
      ? []
      : [
          {
            circuit,
            peering: 'Microsoft' as const,
            path: circuit.microsoftPeering.path,
            authenticated: circuit.microsoftPeering.md5 !== undefined,
          },
        ]),
    ...(circuit.privatePeering === undefined
      ? []
      : [
          {
            circuit,
            peering: 'private' as const,
            path: circuit.privatePeering.path,
            authenticated: circuit.privatePeering.md5 !== undefined,
          },
        ]),
  ]);
}

export const peeringsAuthenticatedAlike = defineRule<Bare>({
  name: 'peerings-authenticated-alike',
  title: 'One peering authenticates its sessions and another does not',
  family: 'peering',
  severity: 'warning',
  ids: ['PP-C06', 'CHK-WAF-S05', 'CHK-GAP-09', 'ER-062'],
  what: 'Looks for an MD5 key on every peering of every circuit.',
  why: 'Whoever decided for a key meant all sessions; a forgotten one can be reset or taken over by a device on the line.',
  fix: 'set a key of its own on each peering, at both ends in one change window',
  status: 'stable',
  since: '0.1.0',
  fires: example('only the second circuit has a key', ...secondCircuit({ peering: '      md5: example-key\n' })),
  silent: example('no peering has a key'),
  find: (view) => {
    const all = peeringsOf(view);
    const model = all.find(({ authenticated }) => authenticated);
    return model === undefined ? [] : all.filter((each) => !each.authenticated).map((each) => ({ ...each, model }));
  },
  word: ({ circuit, peering, path, model }, view) => ({
    message: `the ${peering} peering of ${circuit.name} has no MD5 key, that of ${model.circuit.name} has one`,
    path,
    related: [{ message: 'a peering with a key', place: placeOf(view, [...model.path, 'md5']) }],
  }),
  unknown: {
    example: example('nobody said whether the sessions have a key'),
    find: (view) => {
      const [first, ...rest] = peeringsOf(view);
      if (first === undefined || [first, ...rest].some(({ authenticated }) => authenticated)) return [];
      return [
        {
          input: 'circuits.*.microsoftPeering.md5',
          message: 'whether the BGP sessions are authenticated',
          path: first.path,
        },
      ];
    },
  },
});
