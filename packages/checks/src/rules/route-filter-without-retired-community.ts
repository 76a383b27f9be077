/** 12076:5040 once stood for CRM Online; it brings nothing of what runs today. */
import { type Circuit, editRemove, type RouteFilterEntry } from '@bothways/estate';
import { describeCommunity } from '@bothways/facts';
import { formatCommunity } from '@bothways/net';
import { defineRule, example } from '../rule.ts';

interface Retired {
  readonly circuit: Circuit;
  readonly entry: RouteFilterEntry;
  readonly name: string;
  readonly isLast: boolean;
}

export const routeFilterWithoutRetiredCommunity = defineRule<Retired>({
  name: 'route-filter-without-retired-community',
  title: 'A route filter selects a community that no current service uses',
  family: 'route filters',
  severity: 'warning',
  ids: ['CHK-GAP-01', 'ER-073', 'PP-N02', 'X05'],
  what: 'Looks for retired community values in every route filter, above all 12076:5040.',
  why: 'The value is still accepted, so the design looks complete, but no route of Power Platform, Dataverse or Dynamics 365 carries it.',
  fix: 'take it out and select the regional communities of the environments',
  status: 'stable',
  since: '0.1.0',
  fires: example('CRM Online stands in the filter', [
    'routeFilter: [West Europe, North Europe]',
    'routeFilter: [West Europe, North Europe, 12076:5040]',
  ]),
  silent: example('regional communities only'),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, peering }) =>
      (peering.routeFilter ?? []).flatMap((entry) => {
        const row = describeCommunity(entry.community);
        if (row?.retired !== true) return [];
        return [{ circuit, entry, name: row.name, isLast: peering.routeFilter?.length === 1 }];
      }),
    ),
  word: ({ circuit, entry, name }) => ({
    message: `the route filter of ${circuit.name} selects ${formatCommunity(entry.community)} (${name}), which brings no route of today's services`,
    path: entry.path,
  }),
  mend: ({ circuit, entry, name, isLast }, view) =>
    isLast
      ? []
      : [
          {
            title: `take ${name} out of the route filter of ${circuit.name}`,
            safe: true,
            edits: editRemove(view.document, entry.path),
          },
        ],
});
