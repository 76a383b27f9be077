/** One gateway machine is one patch day without connectors. */
import { type DataGateway, editSet } from '@bothways/estate';
import { sizing } from '@bothways/facts';
import { SERVERS } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

interface Lonely {
  readonly gateway: DataGateway;
}

export const gatewayIsACluster = defineRule<Lonely>({
  name: 'gateway-is-a-cluster',
  title: 'A data gateway has one member, or more than a cluster takes',
  family: 'on-premises integration',
  severity: 'warning',
  ids: ['PP-C27', 'CHK-PP-12', 'PP-G09', 'PP-Z33', 'PP-P12'],
  what: 'Counts the members of each data gateway.',
  why: 'Every connector behind it stops when its only machine is updated or fails; the circuit does not change that.',
  fix: 'run at least two members of the same version, on machines of their own',
  status: 'stable',
  since: '0.1.0',
  fires: example('the gateway has one member', SERVERS, [
    'demands:\n',
    'dataGateways:\n  erp: { site: dc, members: 1, dataSources: { erp: SQL Server } }\n\ndemands:\n',
  ]),
  silent: example('the gateway has two members', SERVERS, [
    'demands:\n',
    'dataGateways:\n  erp: { site: dc, members: 2, dataSources: { erp: SQL Server } }\n\ndemands:\n',
  ]),
  find: (view) =>
    view.estate.dataGateways
      .filter(({ members, path }) => {
        const stated = !view.index.isDefault([...path, 'members']);
        return stated && (members < 2 || members > sizing.gatewayMembers.value);
      })
      .map((gateway) => ({ gateway })),
  word: ({ gateway: { name, members, path } }) => ({
    severity: members < 2 ? 'warning' : 'error',
    message:
      members < 2
        ? `data gateway ${name} has a single member`
        : `data gateway ${name} has ${members} members, a cluster takes ${sizing.gatewayMembers.value}`,
    path: [...path, 'members'],
  }),
  mend: ({ gateway: { name, members, path } }, view) => {
    const wanted = members < 2 ? 2 : sizing.gatewayMembers.value;
    return [
      {
        title: `plan ${name} with ${wanted} members`,
        safe: false,
        edits: editSet(view.document, [...path, 'members'], wanted),
      },
    ];
  },
  unknown: {
    example: example('nobody said how many members it has', SERVERS, [
      'demands:\n',
      'dataGateways:\n  erp: { site: dc, dataSources: { erp: SQL Server } }\n\ndemands:\n',
    ]),
    find: (view) =>
      view.estate.dataGateways
        .filter(({ path }) => view.index.isDefault([...path, 'members']))
        .map(({ name, path }) => ({
          input: 'dataGateways.*.members',
          message: `whether data gateway ${name} is a cluster`,
          path,
        })),
  },
});
