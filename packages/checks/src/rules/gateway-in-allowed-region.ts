/** The region of a data gateway is chosen from the list of the geography. */
import { type DataGateway, type Environment, editSet } from '@bothways/estate';
import { azureRegion, powerPlatformRegion } from '@bothways/facts';
import { listText } from '../causes.ts';
import { SERVERS } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Foreign {
  readonly gateway: DataGateway;
  readonly environment: Environment;
  readonly allowed: readonly string[];
}

export const gatewayInAllowedRegion = defineRule<Foreign>({
  name: 'gateway-in-allowed-region',
  title: 'A data gateway is registered in a region that its environment does not offer',
  family: 'on-premises integration',
  severity: 'warning',
  ids: ['PP-C15', 'PP-C27', 'PP-R14', 'PP-P12', 'X13'],
  what: 'Compares the region of each data gateway with the gateway regions listed for the geography of its environments.',
  why: 'Connections can be made only with gateways of a region that the geography lists; the list is older than some regions, so check before moving anything.',
  fix: 'register the gateway in a region of the list',
  status: 'preview',
  since: '0.1.0',
  fires: example('a gateway in UK South for an environment in Europe', SERVERS, [
    'demands:\n',
    'dataGateways:\n  erp: { site: dc, region: UK South, members: 2, dataSources: { erp: SQL Server } }\n\ndemands:\n',
  ]),
  silent: example('a gateway in the region of the environment', SERVERS, [
    'demands:\n',
    'dataGateways:\n  erp: { site: dc, members: 2, dataSources: { erp: SQL Server } }\n\ndemands:\n',
  ]),
  find: (view) => {
    const environments = new Map(view.estate.environments.map((each) => [each.name, each]));
    return view.estate.dataGateways.flatMap((gateway) => {
      for (const name of gateway.environments) {
        const environment = environments.get(name);
        const row = environment === undefined ? undefined : powerPlatformRegion(environment.region);
        if (environment === undefined || row?.gatewayChoice !== 'listed') continue;
        if (!row.gatewayRegions.includes(gateway.region))
          return [{ gateway, environment, allowed: row.gatewayRegions }];
      }
      return [];
    });
  },
  word: ({ gateway, environment, allowed }, view) => ({
    message: `data gateway ${gateway.name} is registered in ${azureRegion(gateway.region)?.name ?? gateway.region}, which is not listed for environment ${environment.name}`,
    path: [...gateway.path, 'region'],
    related: [{ message: 'the environment', place: placeOf(view, environment.path) }],
    help: `choose ${listText(allowed.map((id) => azureRegion(id)?.name ?? id))}`,
  }),
  mend: ({ gateway, allowed }, view) => {
    const [first] = allowed;
    return first === undefined
      ? []
      : [
          {
            title: `register ${gateway.name} in ${azureRegion(first)?.name ?? first}`,
            safe: false,
            edits: editSet(view.document, [...gateway.path, 'region'], azureRegion(first)?.name ?? first),
          },
        ];
  },
  unknown: {
    example: example(
      'the geography has no published list',
      SERVERS,
      ['{ region: Europe }', '{ region: Sweden }'],
      ['routeFilter: [West Europe, North Europe]', 'routeFilter: [West Europe]'],
      ['demands:\n', 'dataGateways:\n  erp: { site: dc, members: 2, dataSources: { erp: SQL Server } }\n\ndemands:\n'],
    ),
    find: (view) => {
      const unlisted = view.estate.environments.filter(
        ({ region }) => powerPlatformRegion(region)?.gatewayChoice === 'not-found',
      );
      return view.estate.dataGateways.flatMap((gateway) => {
        const environment = unlisted.find(({ name }) => gateway.environments.includes(name));
        return environment === undefined
          ? []
          : [
              {
                input: 'gateway regions of the geography (not published)',
                message: `whether environment ${environment.name} can use data gateway ${gateway.name}`,
                path: gateway.path,
              },
            ];
      });
    },
  },
});
