/** A circuit is a private line, not an encrypted one. */
import type { Circuit, Path } from '@bothways/estate';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

const CLAIM = /\b(encrypt\w*|cipher\w*|tap-?proof|end-to-end secur\w*)\b/i;
/** 'not encrypted', 'does not encrypt', 'unencrypted' are no claims. */
const DENIAL = /\b(not?|never|nothing|without)\b[^.;,]{0,20}\bencrypt|unencrypt|encrypts? (nothing|no )/i;

interface Claim {
  readonly text: string;
  readonly word: string;
  readonly path: Path;
  readonly circuit: Circuit;
}

export const noClaimOfEncryption = defineRule<Claim>({
  name: 'no-claim-of-encryption',
  title: 'The document claims an encryption that the circuit does not have',
  family: 'encryption and wording',
  severity: 'warning',
  ids: ['PP-C36', 'PP-C49', 'CHK-ALZ-06', 'CHK-WAF-S04', 'ER-160', 'ER-161', 'ER-164', 'PP-N06', 'PP-N07'],
  what: 'Reads the reasons of intents over circuits and of accepted risks for words of encryption, where a circuit has no MACsec.',
  why: 'ExpressRoute encrypts nothing by itself. The sessions of Power Platform are protected by TLS on any way; a reader who believes in more decides on a wrong ground.',
  fix: 'say that the line is private up to the edge of Microsoft and that TLS protects the sessions, or order Direct with MACsec',
  status: 'preview',
  since: '0.1.0',
  fires: example('the intent wants the circuit because it is encrypted', [
    '    over: expressroute',
    '    over: expressroute\n    because: the traffic has to be encrypted on its way',
  ]),
  silent: example('the intent says what a circuit is', [
    '    over: expressroute',
    '    over: expressroute\n    because: the line to the edge of Microsoft has to be ours',
  ]),
  find: (view) => {
    const bare = view.index.peered().find(({ circuit }) => circuit.direct?.macsec !== true);
    if (bare === undefined) return [];
    const reasons = [
      ...view.estate.intents.flatMap(({ over, because, path }) =>
        over === 'expressroute' && because !== undefined ? [{ text: because, path: [...path, 'because'] }] : [],
      ),
      ...view.estate.acceptedRisks.map(({ because, path }) => ({ text: because, path: [...path, 'because'] })),
    ];
    return reasons.flatMap(({ text, path }) => {
      const word = CLAIM.exec(text)?.[1];
      return word === undefined || DENIAL.test(text) ? [] : [{ text, word, path, circuit: bare.circuit }];
    });
  },
  word: ({ word, path, circuit }, view) => ({
    message: `the reason speaks of '${word}', but circuit ${circuit.name} encrypts nothing`,
    path,
    related: [{ message: 'the circuit', place: placeOf(view, circuit.path) }],
  }),
});
