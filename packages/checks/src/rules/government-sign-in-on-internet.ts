/** Environments of GCC sign in at the public cloud, which no government circuit carries. */
import type { Environment, Intent } from '@bothways/estate';
import { powerPlatformRegion } from '@bothways/facts';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

const SIGN_IN_FLOW = 'PP-F11';

interface Crossing {
  readonly intent: Intent;
  readonly environments: readonly [Environment, ...Environment[]];
}

export const governmentSignInOnInternet = defineRule<Crossing>({
  name: 'government-sign-in-on-internet',
  title: 'Sign-in of a GCC environment is meant to use a government circuit',
  family: 'reach',
  severity: 'error',
  ids: ['PP-C13', 'PP-C16', 'ER-211', 'ER-213', 'X16'],
  what: 'Looks for intents that want sign-in over a circuit for environments of the Government Community Cloud.',
  why: 'Their identities are in the public Entra ID, whose addresses a circuit of the government cloud does not bring.',
  fix: 'let sign-in use the internet, unless Microsoft confirms another way in writing',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'a GCC environment whose sign-in is meant to use the circuit',
    ['  asn: 64500\n', '  asn: 64500\n  cloud: usgov\n'],
    ['{ region: Europe }', '{ region: usgov-gcc }'],
    ['location: Frankfurt', 'location: Chicago'],
    ['routeFilter: [West Europe, North Europe]', 'routeFilter: [US Gov Texas, US Gov Virginia]'],
    ['    flows: [PP-F01, PP-F02]\n', '    flows: [PP-F01, PP-F02, PP-F11]\n'],
  ),
  silent: example(
    'only Dataverse is meant to use it',
    ['  asn: 64500\n', '  asn: 64500\n  cloud: usgov\n'],
    ['{ region: Europe }', '{ region: usgov-gcc }'],
    ['location: Frankfurt', 'location: Chicago'],
    ['routeFilter: [West Europe, North Europe]', 'routeFilter: [US Gov Texas, US Gov Virginia]'],
  ),
  find: (view) => {
    const gcc = view.estate.environments.filter(({ region }) => powerPlatformRegion(region)?.variant === 'usgov-gcc');
    if (gcc.length === 0) return [];
    return view.estate.intents.flatMap((intent) => {
      if (intent.over !== 'expressroute' || !intent.flows.includes(SIGN_IN_FLOW)) return [];
      const [first, ...rest] = gcc.filter(({ name }) => intent.to.includes(name));
      return first === undefined
        ? []
        : [{ intent, environments: [first, ...rest] satisfies readonly [Environment, ...Environment[]] }];
    });
  },
  word: ({ intent, environments }, view) => ({
    message: `intent ${intent.name} wants sign-in over a circuit for ${listText(environments.map(({ name }) => name))}, but GCC signs in at the public cloud`,
    path: [...intent.path, 'flows'],
    related: [{ message: 'the environment', place: placeOf(view, [...environments[0].path, 'region']) }],
  }),
});
