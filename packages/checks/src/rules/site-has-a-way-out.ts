/** A site that nothing leads to. */
import { editInsert, type Site } from '@bothways/estate';
import { greatCircleKilometres } from '@bothways/facts';
import type { RoundTrip } from '@bothways/forwarding';
import { tripEvidence, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Cut {
  readonly site: Site;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

export const siteHasAWayOut = defineRule<Cut>({
  name: 'site-has-a-way-out',
  title: 'A site has neither a WAN line nor an edge of its own',
  family: 'round trips',
  severity: 'error',
  ids: ['PP-C05', 'PP-N07', 'CHK-M365-12'],
  what: 'Looks for sites whose packets end at their own router because no line, no cloud, no edge and no tunnel begins there.',
  why: 'Nobody at the site reaches anything.',
  fix: 'write the line that leads there, or take the site out of the demands',
  status: 'stable',
  since: '0.1.0',
  fires: example('the line of the branch is missing', [
    '  mpls-branch: { between: [branch, dc], bandwidth: 100 Mbps, latency: 11 ms }\n',
    '',
  ]),
  silent: example('both sites have a line'),
  find: (view) => {
    const joined = joinedSites(view);
    const cut = view.index
      .broken()
      .filter(
        ({ demand, forward }) =>
          demand.opener === 'customer' &&
          view.index.site(demand.source.name) === demand.site &&
          !joined.has(demand.site.name) &&
          forward.disposition !== 'delivered',
      );
    return [...groupedBy(cut, ({ demand }) => demand.site).values()].map((trips) => ({
      site: trips[0].demand.site,
      trips,
    }));
  },
  explains: ({ trips }) => trips,
  word: ({ site, trips }, view) => ({
    message: `${site.name} has no line to anywhere: ${tripsText(trips)} end there`,
    path: site.path,
    evidence: tripEvidence(view, trips[0]),
  }),
  mend: ({ site }, view) => {
    const to = nearestExit(view, site);
    if (to === undefined) return [];
    const taken = new Set(view.estate.wan.map(({ name }) => name));
    const name = `${site.name}-${to.name}`;
    return taken.has(name)
      ? []
      : [
          {
            title: `write a line from ${site.name} to ${to.name}`,
            // Which line there is, or will be, only the owner knows.
            safe: false,
            edits: editInsert(view.document, ['wan'], { between: [site.name, to.name] }, name),
          },
        ];
  },
});

function joinedSites({ estate }: CheckView): ReadonlySet<string> {
  return new Set([
    ...estate.wan.flatMap((each) => (each.kind === 'link' ? each.between : each.members.map(({ site }) => site))),
    ...estate.internetEdges.map(({ site }) => site),
    ...estate.expressRouteEdges.flatMap(({ site }) => site ?? []),
    ...estate.vpns.map(({ site }) => site),
  ]);
}

/** Sites with an ExpressRoute edge before those with an internet edge, the nearest first. */
function nearestExit({ estate, index }: CheckView, from: Site): Site | undefined {
  const exits = [
    ...estate.expressRouteEdges.flatMap(({ site }) => (site === undefined ? [] : (index.site(site) ?? []))),
    ...estate.internetEdges.flatMap(({ site }) => index.site(site) ?? []),
  ];
  const away = (to: Site): number =>
    from.location === undefined || to.location === undefined ? 0 : greatCircleKilometres(from.location, to.location);
  const first = exits.slice(0, estate.expressRouteEdges.length === 0 ? exits.length : estate.expressRouteEdges.length);
  return first.toSorted((a, b) => away(a) - away(b))[0];
}
