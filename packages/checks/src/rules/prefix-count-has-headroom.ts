/** One prefix more than the limit drops the session, so the last few are no reserve. */
import type { Circuit } from '@bothways/estate';
import { limits } from '@bothways/facts';
import { defineRule, example } from '../rule.ts';

/** Share of the limit from which on a change must be counted first. */
const TIGHT = 0.8;

interface Tight {
  readonly circuit: Circuit;
  readonly family: 4 | 6;
  readonly count: number;
  readonly limit: number;
}

/** 165 neighbouring host routes inside the pool's own prefix. */
const MANY = Array.from({ length: 165 }, (_, at) => `203.0.113.${at + 64}/32`).join(', ');

export const prefixCountHasHeadroom = defineRule<Tight>({
  name: 'prefix-count-has-headroom',
  title: 'A Microsoft peering announces nearly as many prefixes as it may',
  family: 'peering',
  severity: 'warning',
  ids: ['PP-C45', 'CHK-GAP-08', 'ER-028', 'ER-030'],
  what: 'Counts the prefixes announced on each Microsoft peering, by address family, against the limit.',
  why: 'The prefix after the last one allowed takes the whole session down; it is not merely ignored.',
  fix: 'summarise the prefixes, and count before every change',
  status: 'stable',
  since: '0.1.0',
  fires: example('166 host routes beside the limit of 200', [
    'advertises: [203.0.113.0/28]',
    `advertises: [203.0.113.0/28, ${MANY}]`,
  ]),
  silent: example('the circuit announces one prefix'),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, peering }) =>
      ([4, 6] as const).flatMap((family) => {
        const count = peering.advertises.filter((each) => each.family === family).length;
        const limit = (
          family === 4 ? limits.prefixes4PerMicrosoftPeeringSession : limits.prefixes6PerMicrosoftPeeringSession
        ).value;
        // Beyond the limit the document itself is wrong.
        return count > limit * TIGHT && count <= limit ? [{ circuit, family, count, limit }] : [];
      }),
    ),
  word: ({ circuit, family, count, limit }) => ({
    message: `circuit ${circuit.name} announces ${count} IPv${family} prefixes; prefix ${limit + 1} takes the session down`,
    path: [...circuit.path, 'microsoftPeering', 'advertises'],
  }),
});
