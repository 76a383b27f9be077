/** A circuit brings packets to a database; it does not translate queries. */
import type { Connector, PublishedService } from '@bothways/estate';
import { SERVERS } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

/** Kinds of connectors that speak through a data gateway (PP-G29), in the spelling of `keyOf`. */
const CONVERTED: ReadonlySet<string> = new Set([
  'sqlserver',
  'oracle',
  'oracledatabase',
  'mysql',
  'postgresql',
  'db2',
  'ibmdb2',
  'informix',
  'ibminformix',
  'teradata',
  'apacheimpala',
  'impala',
  'filesystem',
  'saperp',
  'biztalkserver',
]);

interface Unconverted {
  readonly connector: Connector;
  readonly service: PublishedService | undefined;
}

function keyOf(kind: string): string {
  return kind.toLowerCase().replace(/[^a-z0-9]/g, '');
}

export const gatewayKeptForConvertedSources = defineRule<Unconverted>({
  name: 'gateway-kept-for-converted-sources',
  title: 'A connector that converts queries has no data gateway',
  family: 'on-premises integration',
  severity: 'error',
  ids: ['PP-C25', 'PP-C26', 'CHK-PP-12', 'PP-G02', 'PP-G29'],
  what: 'Looks for connectors to databases, file shares and SAP that are to reach a service on premises without a data gateway or a virtual network.',
  why: 'The gateway turns the OData of the connector into the language of the source. A circuit carries packets and converts nothing, so it does not replace the gateway.',
  fix: 'name the data gateway that the connector goes through, or give the environment virtual network support',
  status: 'stable',
  since: '0.1.0',
  fires: example('a SQL Server without a gateway', SERVERS, [
    'demands:\n',
    'services:\n  stock: { site: dc, kind: sql, address: 10.30.0.40 }\n\nconnectors:\n  stock: { kind: SQL Server, class: customer-public, service: stock }\n\ndemands:\n',
  ]),
  silent: example('through a gateway', SERVERS, [
    'demands:\n',
    'dataGateways:\n  erp: { site: dc, members: 2, dataSources: { erp: SQL Server } }\n\nconnectors:\n  stock: { kind: SQL Server, gateway: erp }\n\ndemands:\n',
  ]),
  find: (view) =>
    view.estate.connectors
      .filter((each) => each.class === 'customer-public' && CONVERTED.has(keyOf(each.kind)))
      .map((connector) => ({
        connector,
        service: view.estate.services.find(({ name }) => name === connector.service),
      })),
  word: ({ connector, service }, view) => ({
    message: `connector ${connector.name} reaches ${connector.kind}${service === undefined ? '' : ` at ${service.site}`} without a data gateway, and a circuit does not convert its queries`,
    path: connector.path,
    related: service === undefined ? [] : [{ message: 'the source', place: placeOf(view, service.path) }],
  }),
});
