/** Microsoft 365 communities in a route filter need an authorisation by Microsoft and the Premium SKU. */

import type { Circuit, RouteFilterEntry } from '@bothways/estate';
import { editRemove } from '@bothways/estate';
import { describeCommunity } from '@bothways/facts';
import { formatCommunity } from '@bothways/net';
import { defineRule } from '../rule.ts';

interface Unauthorised {
  readonly circuit: Circuit;
  readonly entry: RouteFilterEntry;
  readonly service: string;
  readonly lacks: string;
}

export const microsoft365Authorised = defineRule<Unauthorised>({
  name: 'microsoft365-authorised',
  title: 'A route filter selects Microsoft 365 without authorisation or without Premium',
  family: 'Microsoft 365',
  severity: 'error',
  ids: ['PP-C17', 'CHK-M365-01', 'CHK-GAP-02', 'ER-025', 'ER-076', 'ER-218', 'ER-219'],
  what: 'Looks for communities of Microsoft 365 in every route filter.',
  why: 'Microsoft refuses to attach such a filter, advises against Microsoft 365 over ExpressRoute, and the traffic can fill a circuit that was sized for Power Platform.',
  fix: 'take the community out; Microsoft 365 is meant to use the internet',
  status: 'stable',
  since: '0.1.0',
  fires: {
    title: 'Exchange Online in the filter of a Standard circuit',
    replace: [
      { text: 'routeFilter: [West Europe, North Europe]', by: 'routeFilter: [West Europe, North Europe, 12076:5010]' },
    ],
  },
  silent: { title: 'regional communities only', replace: [] },
  find: (view) =>
    view.estate.circuits.flatMap((circuit) =>
      (circuit.microsoftPeering?.routeFilter ?? []).flatMap((entry) => {
        const row = describeCommunity(entry.community);
        if (row?.authorisationRequired !== true) return [];
        const lacks = [
          ...(view.estate.organisation.microsoft365.authorised ? [] : ['an authorisation by Microsoft']),
          ...(circuit.sku === 'premium' ? [] : ['the Premium SKU']),
        ];
        return lacks.length === 0 ? [] : [{ circuit, entry, service: row.name, lacks: lacks.join(' and ') }];
      }),
    ),
  word: ({ circuit, entry, service, lacks }) => ({
    message: `the route filter of ${circuit.name} selects ${service} (${formatCommunity(entry.community)}), which needs ${lacks}`,
    path: entry.path,
  }),
  mend: ({ circuit, entry, service }, view) => [
    {
      title: `take ${service} out of the route filter of ${circuit.name}`,
      safe: true,
      edits: editRemove(view.document, entry.path),
    },
  ],
});
