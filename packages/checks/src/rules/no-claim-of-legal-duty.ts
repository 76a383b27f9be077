/** No law asks for ExpressRoute. */
import type { Path } from '@bothways/estate';
import { defineRule, example } from '../rule.ts';

const CLAIM = /\b(GDPR|DSGVO|HIPAA|Schrems|by law|required by regulation|legal(?:ly)? (?:duty|required|obligation))\b/i;

interface Claim {
  readonly word: string;
  readonly path: Path;
  readonly name: string;
}

export const noClaimOfLegalDuty = defineRule<Claim>({
  name: 'no-claim-of-legal-duty',
  title: 'A circuit is asked for in the name of a law',
  family: 'encryption and wording',
  severity: 'note',
  ids: ['PP-C49', 'ER-218', 'PP-N06', 'PP-N07'],
  what: 'Reads the reasons of intents over circuits for names of laws.',
  why: 'No document of Microsoft calls ExpressRoute a legal duty, under GDPR or otherwise. A design that rests on it will not survive the first lawyer, and the internet-only flows break it anyway.',
  fix: 'write down the requirement itself, and who set it',
  status: 'preview',
  since: '0.1.0',
  fires: example('the intent names GDPR', [
    '    over: expressroute',
    '    over: expressroute\n    because: GDPR asks for it',
  ]),
  silent: example('the intent names a requirement', [
    '    over: expressroute',
    '    over: expressroute\n    because: the security policy of the company, section 4',
  ]),
  find: (view) =>
    view.estate.intents.flatMap(({ over, because, path, name }) => {
      const word = over === 'expressroute' && because !== undefined ? CLAIM.exec(because)?.[1] : undefined;
      return word === undefined ? [] : [{ word, name, path: [...path, 'because'] }];
    }),
  word: ({ word, path, name }) => ({
    message: `intent ${name} asks for a circuit because of '${word}', which does not ask for ExpressRoute`,
    path,
  }),
});
