/** Authorisation is for a need; a community of a service nobody uses only fills the circuit. */
import { type Circuit, editRemove, type Microsoft365Service, type RouteFilterEntry } from '@bothways/estate';
import { type Community, communityLiteral, formatCommunity } from '@bothways/net';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

const SERVICES: readonly (readonly [Community, Microsoft365Service, string])[] = [
  [communityLiteral('12076:5010'), 'exchange', 'Exchange Online'],
  [communityLiteral('12076:5020'), 'sharepoint', 'SharePoint Online'],
  [communityLiteral('12076:5030'), 'teams', 'Teams'],
];

interface NotInUse {
  readonly circuit: Circuit;
  readonly entry: RouteFilterEntry;
  readonly name: string;
}

export const microsoft365CommunityIsUsed = defineRule<NotInUse>({
  name: 'microsoft365-community-is-used',
  title: 'A route filter selects a Microsoft 365 service that is not in use',
  family: 'Microsoft 365',
  severity: 'warning',
  ids: ['PP-C17', 'CHK-M365-01', 'CHK-GAP-02', 'ER-075', 'ER-082', 'ER-222'],
  what: 'Compares the Microsoft 365 communities of every route filter with the services the organisation says it uses.',
  why: 'The community brings the routes of that service for all tenants. The authorisation names the services it is for, and the rest is traffic the circuit was not sized for.',
  fix: 'take the community out',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'Exchange Online is selected, SharePoint alone is in use',
    ['  asn: 64500\n', '  asn: 64500\n  microsoft365: { authorised: true, services: sharepoint }\n'],
    ['sku: standard', 'sku: premium'],
    ['routeFilter: [West Europe, North Europe]', 'routeFilter: [West Europe, North Europe, 12076:5010]'],
  ),
  silent: example(
    'what is selected is in use',
    ['  asn: 64500\n', '  asn: 64500\n  microsoft365: { authorised: true, services: exchange }\n'],
    ['sku: standard', 'sku: premium'],
    ['routeFilter: [West Europe, North Europe]', 'routeFilter: [West Europe, North Europe, 12076:5010]'],
  ),
  find: (view) => {
    const { authorised, services } = view.estate.organisation.microsoft365;
    // Without authorisation another rule says more; without services nobody said what is in use.
    if (!authorised || services.length === 0) return [];
    return view.index.peered().flatMap(({ circuit, peering }) =>
      (peering.routeFilter ?? []).flatMap((entry) => {
        const found = SERVICES.find(([community]) => community === entry.community);
        return found === undefined || services.includes(found[1]) ? [] : [{ circuit, entry, name: found[2] }];
      }),
    );
  },
  word: ({ circuit, entry, name }, view) => ({
    message: `the route filter of ${circuit.name} selects ${name} (${formatCommunity(entry.community)}), which the organisation does not use`,
    path: entry.path,
    related: [{ message: 'services in use', place: placeOf(view, ['organisation', 'microsoft365', 'services']) }],
  }),
  mend: ({ circuit, entry, name }, view) => [
    {
      title: `take ${name} out of the route filter of ${circuit.name}`,
      safe: true,
      edits: editRemove(view.document, entry.path),
    },
  ],
  unknown: {
    example: example(
      'nobody said which services are in use',
      ['  asn: 64500\n', '  asn: 64500\n  microsoft365: { authorised: true }\n'],
      ['sku: standard', 'sku: premium'],
      ['routeFilter: [West Europe, North Europe]', 'routeFilter: [West Europe, North Europe, 12076:5010]'],
    ),
    find: (view) => {
      const { authorised, services } = view.estate.organisation.microsoft365;
      if (!authorised || services.length > 0) return [];
      return view.index.peered().flatMap(({ circuit, peering, filter }) =>
        SERVICES.some(([community]) => filter.has(community))
          ? [
              {
                input: 'organisation.microsoft365.services',
                message: `whether the Microsoft 365 services selected on ${circuit.name} are in use`,
                path: [...peering.path, 'routeFilter'],
              },
            ]
          : [],
      );
    },
  },
});
