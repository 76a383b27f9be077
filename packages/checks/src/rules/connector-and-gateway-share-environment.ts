/** A gateway serves the environments it was given to. */
import type { Connector, DataGateway } from '@bothways/estate';
import { listText } from '../causes.ts';
import { SERVERS } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Apart {
  readonly connector: Connector;
  readonly gateway: DataGateway;
  readonly missing: readonly string[];
}

const TWO_ENVIRONMENTS = ['environments:\n', 'environments:\n  test: { region: Europe, type: sandbox }\n'] as const;

export const connectorAndGatewayShareEnvironment = defineRule<Apart>({
  name: 'connector-and-gateway-share-environment',
  title: 'A connector is used in an environment that its data gateway does not serve',
  family: 'on-premises integration',
  severity: 'warning',
  ids: ['PP-C25', 'PP-C26', 'PP-G25'],
  what: 'Compares the environments of every connector of class gateway with those of its data gateway.',
  why: 'Gateways and connections belong to environments; where the gateway is missing the app shows no connection to choose.',
  fix: 'give the gateway to the environment, or take the environment off the connector',
  status: 'stable',
  since: '0.1.0',
  fires: example('the gateway serves the test environment only', SERVERS, TWO_ENVIRONMENTS, [
    'demands:\n',
    'dataGateways:\n  erp: { site: dc, members: 2, environments: test, dataSources: { erp: SQL Server } }\n\nconnectors:\n  orders: { kind: SQL Server, gateway: erp, environments: [production] }\n\ndemands:\n',
  ]),
  silent: example('the gateway serves every environment', SERVERS, TWO_ENVIRONMENTS, [
    'demands:\n',
    'dataGateways:\n  erp: { site: dc, members: 2, dataSources: { erp: SQL Server } }\n\nconnectors:\n  orders: { kind: SQL Server, gateway: erp, environments: [production] }\n\ndemands:\n',
  ]),
  find: (view) => {
    const gateways = new Map(view.estate.dataGateways.map((each) => [each.name, each]));
    return view.estate.connectors.flatMap((connector) => {
      const gateway = connector.gateway === undefined ? undefined : gateways.get(connector.gateway);
      if (gateway === undefined) return [];
      const missing = connector.environments.filter((each) => !gateway.environments.includes(each));
      return missing.length === 0 ? [] : [{ connector, gateway, missing }];
    });
  },
  word: ({ connector, gateway, missing }, view) => ({
    message: `connector ${connector.name} is used in ${listText(missing)}, which data gateway ${gateway.name} does not serve`,
    path: connector.path,
    related: [{ message: 'the gateway', place: placeOf(view, [...gateway.path, 'environments']) }],
  }),
});
