/** Virtual network support wants a managed environment of the right type. */
import { type Environment, editSet } from '@bothways/estate';
import { powerPlatformRegion } from '@bothways/facts';
import { defineRule, example } from '../rule.ts';

interface Refused {
  readonly environment: Environment;
  readonly because: 'not managed' | 'type' | 'geography';
}

/** Two delegated subnets, one in each region of the pair. */
const NETWORKS =
  'azure:\n  vnets:\n    west: { region: West Europe, addressSpace: 10.100.0.0/16, natGateway: true, subnets: { flows: { prefix: 10.100.0.0/24, delegated: true } } }\n    north: { region: North Europe, addressSpace: 10.101.0.0/16, natGateway: true, subnets: { flows: { prefix: 10.101.0.0/24, delegated: true } } }\n\ndemands:\n';

export const vnetSupportEnvironmentQualifies = defineRule<Refused>({
  name: 'vnet-support-environment-qualifies',
  title: 'An environment cannot have virtual network support as it is',
  family: 'virtual networks',
  severity: 'error',
  ids: ['PP-C35', 'PP-G17', 'X21'],
  what: 'Looks at type, geography and management of every environment with delegated subnets.',
  why: 'The delegation is refused: the environment has to be managed, trial and Teams environments are excluded, and not every geography offers the feature.',
  fix: 'make the environment a managed one of another type',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the environment is not managed',
    ['{ region: Europe }', '{ region: Europe, vnetSupport: [west/flows, north/flows] }'],
    ['demands:\n', NETWORKS],
  ),
  silent: example(
    'a managed environment',
    ['{ region: Europe }', '{ region: Europe, managed: true, vnetSupport: [west/flows, north/flows] }'],
    ['demands:\n', NETWORKS],
  ),
  find: (view) =>
    view.estate.environments.flatMap((environment): readonly Refused[] => {
      if (environment.vnetSupport === undefined) return [];
      if (environment.type === 'trial' || environment.type === 'teams') return [{ environment, because: 'type' }];
      if (powerPlatformRegion(environment.region)?.virtualNetworkSupport === false)
        return [{ environment, because: 'geography' }];
      return environment.managed ? [] : [{ environment, because: 'not managed' }];
    }),
  word: ({ environment, because }) => {
    const { name, type, region, path } = environment;
    const reason = {
      'not managed': 'is not managed',
      type: `is of type ${type}`,
      geography: `is in ${powerPlatformRegion(region)?.name ?? region}, which does not offer it`,
    }[because];
    return {
      message: `environment ${name} has delegated subnets, but ${reason}`,
      path:
        because === 'type'
          ? [...path, 'type']
          : because === 'geography'
            ? [...path, 'region']
            : [...path, 'vnetSupport'],
    };
  },
  mend: ({ environment, because }, view) =>
    because === 'not managed'
      ? [
          {
            title: `plan ${environment.name} as a managed environment`,
            safe: false,
            edits: editSet(view.document, [...environment.path, 'managed'], true),
          },
        ]
      : [],
});
