/** Whether DoD environments may use ExpressRoute is written nowhere. */
import type { Environment } from '@bothways/estate';
import { powerPlatformRegion } from '@bothways/facts';
import { defineRule, example } from '../rule.ts';

interface Unconfirmed {
  readonly environment: Environment;
}

export const departmentOfDefenseConfirmed = defineRule<Unconfirmed>({
  name: 'department-of-defense-confirmed',
  title: 'A DoD environment is planned on a circuit without a document that allows it',
  family: 'reach',
  severity: 'warning',
  ids: ['PP-C13', 'PP-U04', 'X21'],
  what: 'Looks for environments of the Department of Defense in an estate with a circuit.',
  why: 'The documents of Microsoft say nothing about ExpressRoute for this variant; a circuit ordered on a guess may stay empty.',
  fix: 'ask Microsoft for a written confirmation before anything is ordered',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'a DoD environment behind a government circuit',
    ['  asn: 64500\n', '  asn: 64500\n  cloud: usgov\n'],
    ['{ region: Europe }', '{ region: usgov-dod }'],
    ['location: Frankfurt', 'location: Chicago'],
    ['routeFilter: [West Europe, North Europe]', 'routeFilter: [US DoD East, US DoD Central]'],
  ),
  silent: example('an environment of the public cloud'),
  find: (view) =>
    view.index.peered().length === 0
      ? []
      : view.estate.environments
          .filter(({ region }) => powerPlatformRegion(region)?.variant === 'usgov-dod')
          .map((environment) => ({ environment })),
  word: ({ environment }) => ({
    message: `no document says that DoD environment ${environment.name} may be reached over ExpressRoute`,
    path: [...environment.path, 'region'],
  }),
});
