/** In TCP mode a gateway needs a dozen ports to addresses that change. */
import { type DataGateway, editSet } from '@bothways/estate';
import { SERVERS } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

interface TcpMode {
  readonly gateway: DataGateway;
}

export const gatewayUsesHttpsMode = defineRule<TcpMode>({
  name: 'gateway-uses-https-mode',
  title: 'A data gateway uses TCP mode',
  family: 'on-premises integration',
  severity: 'note',
  ids: ['PP-C28', 'PP-C29', 'PP-G03', 'PP-G04', 'PP-R13', 'X11'],
  what: 'Looks for data gateways that do not use HTTPS mode.',
  why: 'TCP mode needs 5671, 5672 and 9350 to 9354 towards relay addresses, which no tag describes and which moved in 2024. HTTPS mode needs 443 to a few names.',
  fix: 'switch the gateway to HTTPS mode and permit the relay names on 443',
  status: 'stable',
  since: '0.1.0',
  fires: example('a gateway in TCP mode', SERVERS, [
    'demands:\n',
    'dataGateways:\n  erp: { site: dc, members: 2, mode: tcp, dataSources: { erp: SQL Server } }\n\ndemands:\n',
  ]),
  silent: example('in HTTPS mode', SERVERS, [
    'demands:\n',
    'dataGateways:\n  erp: { site: dc, members: 2, mode: https, dataSources: { erp: SQL Server } }\n\ndemands:\n',
  ]),
  find: (view) => view.estate.dataGateways.filter(({ mode }) => mode === 'tcp').map((gateway) => ({ gateway })),
  word: ({ gateway }) => ({
    message: `data gateway ${gateway.name} uses TCP mode, which needs many ports towards addresses that change`,
    path: [...gateway.path, 'mode'],
  }),
  mend: ({ gateway }, view) => [
    {
      title: `switch ${gateway.name} to HTTPS mode`,
      safe: true,
      edits: editSet(view.document, [...gateway.path, 'mode'], 'https'),
    },
  ],
});
