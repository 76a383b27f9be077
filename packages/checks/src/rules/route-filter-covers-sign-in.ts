/** Sign-in has a community of its own; without it the first thing a user does takes the internet. */
import { type Circuit, editInsert, type Intent } from '@bothways/estate';
import { communityLiteral, formatCommunity } from '@bothways/net';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

const SIGN_IN_FLOW = 'PP-F11';
/** Entra ID in the public cloud and in that of the US Government (X06). */
const SIGN_IN = { public: communityLiteral('12076:5060'), usgov: communityLiteral('12076:5160') } as const;

interface NoSignIn {
  readonly circuit: Circuit;
  readonly intent: Intent;
  readonly community: string;
}

export const routeFilterCoversSignIn = defineRule<NoSignIn>({
  name: 'route-filter-covers-sign-in',
  title: 'Sign-in is meant to use the circuit, but its community is not selected',
  family: 'route filters',
  severity: 'warning',
  ids: ['PP-C16', 'CHK-GAP-02', 'ER-072', 'ER-243', 'X06'],
  what: 'Looks for intents that want sign-in over a circuit, and for the community of Entra ID in the route filters.',
  why: 'Only some of the sign-in addresses lie inside regional prefixes; the others stay on the internet.',
  fix: 'select the community of Entra ID, or let sign-in use the internet',
  status: 'stable',
  since: '0.1.0',
  fires: example('the intent speaks of sign-in', [
    '    flows: [PP-F01, PP-F02]\n',
    '    flows: [PP-F01, PP-F02, PP-F11]\n',
  ]),
  silent: example('sign-in is not asked for over the circuit'),
  find: (view) => {
    const { cloud } = view.estate.organisation;
    if (cloud === 'china') return [];
    const community = SIGN_IN[cloud];
    const filtered = view.index.peered().filter(({ filter }) => filter.size > 0);
    const [first] = filtered;
    if (first === undefined || filtered.some(({ filter }) => filter.has(community))) return [];
    return view.estate.intents
      .filter(({ over, flows }) => over === 'expressroute' && flows.includes(SIGN_IN_FLOW))
      .map((intent) => ({ circuit: first.circuit, intent, community: formatCommunity(community) }));
  },
  word: ({ circuit, intent, community }, view) => ({
    message: `intent ${intent.name} wants sign-in over a circuit, but no route filter selects Entra ID (${community})`,
    path: [...intent.path, 'flows'],
    related: [
      {
        message: `the route filter of ${circuit.name}`,
        place: placeOf(view, [...circuit.path, 'microsoftPeering', 'routeFilter']),
      },
    ],
  }),
  mend: ({ circuit, community }, view) => [
    {
      title: `select Entra ID in the route filter of ${circuit.name}`,
      // More traffic on the circuit, for every application that signs in.
      safe: false,
      edits: editInsert(view.document, [...circuit.path, 'microsoftPeering', 'routeFilter'], community),
    },
  ],
});
