/** The line to the peering location is the part of the way that the customer chooses. */
import type { Circuit } from '@bothways/estate';
import { findProvider, greatCircleKilometres, type PeeringLocation, peeringLocations } from '@bothways/facts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

/** Kilometres; ours: about 2 ms one way. */
const MOST = 300;

interface Farther {
  readonly circuit: Circuit;
  readonly site: string;
  readonly here: number;
  readonly nearest: PeeringLocation;
  readonly there: number;
}

export const nearestPeeringLocation = defineRule<Farther>({
  name: 'nearest-peering-location',
  title: 'A provider has a peering location much nearer to the edge than the one chosen',
  family: 'reach',
  severity: 'note',
  ids: ['CHK-WAF-O01', 'CHK-M365-13'],
  what: `Measures the distance from the site where each circuit lands to its peering location and to every other one where the same provider is listed; more than ${MOST} km of difference are said, a figure of ours. The second circuit of a pair is meant to be farther away and left alone.`,
  why: 'The line to the peering location is paid by distance and waited for by everybody.',
  fix: 'order the circuit at the nearer location, unless the farther one is there for a reason',
  status: 'preview',
  since: '0.1.0',
  fires: example('the circuit of Frankfurt ends in London', ['location: Frankfurt', 'location: London']),
  silent: example('it ends in Frankfurt'),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, location, edge }) => {
      const site = edge?.site === undefined ? undefined : view.index.site(edge.site);
      if (location === undefined || site?.location === undefined || isOneOfPair(view, circuit)) return [];
      const from = site.location;
      const provider = circuit.provider === undefined ? undefined : findProvider(circuit.provider);
      if (provider === undefined) return [];
      const here = greatCircleKilometres(from, location);
      const [nearest] = peeringLocations()
        .filter(
          ({ cloud, geopoliticalRegion, providers }) =>
            cloud === location.cloud &&
            geopoliticalRegion === location.geopoliticalRegion &&
            providers.some((each) => findProvider(each) === provider),
        )
        .map((each) => ({ nearest: each, there: greatCircleKilometres(from, each) }))
        .sort((a, b) => a.there - b.there || a.nearest.id.localeCompare(b.nearest.id, 'en'));
      if (nearest === undefined || here - nearest.there <= MOST) return [];
      return [{ circuit, site: site.name, here: Math.round(here), ...nearest, there: Math.round(nearest.there) }];
    }),
  word: ({ circuit, site, here, nearest, there }) => ({
    message: `circuit ${circuit.name} ends ${here} km from ${site}; ${circuit.provider} is at ${nearest.name} too, ${there} km away`,
    path: [...circuit.path, 'location'],
  }),
});

function isOneOfPair({ estate }: CheckView, { name, pairedWith }: Circuit): boolean {
  return pairedWith !== undefined || estate.circuits.some((each) => each.pairedWith === name);
}
