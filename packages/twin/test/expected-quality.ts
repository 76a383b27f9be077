/** How good paths are and what they carry, as the folders of the scenarios expect it: `expected/quality.json`. */

import type { EstateView } from '@bothways/checks';
import { branchesOver, loadOf, loadSpace, pathQuality, trafficOf, viaText } from '@bothways/forwarding';
import { fitsTripPattern } from './expected-trips.ts';

/** What is absent is not asserted. */
export interface ExpectedQuality {
  /** By pattern of ids; a pattern has to fit a round trip. */
  readonly trips?: Readonly<Record<string, ExpectedPath>>;
  /** Circuits, with the round trips that share their bandwidth. */
  readonly carriers?: Readonly<Record<string, { readonly megabits: number; readonly trips: readonly string[] }>>;
  /** Links: what demands ask of them towards Microsoft, and what is free before. */
  readonly loads?: Readonly<Record<string, { readonly demandedMegabits: number; readonly freeMegabits: number }>>;
  /** State of items of the readiness checklist, as far as quality decides it. */
  readonly readiness?: Readonly<Record<string, string>>;
}

interface ExpectedPath {
  /** Not even at its best less than this. */
  readonly roundTripAtLeastMs?: number;
  /** At least so much is certain, and it is no more than this. */
  readonly roundTripAtMostMs?: number;
  /** Fraction of exchanges that lose a packet. */
  readonly lossAtLeast?: number;
  /** The line with least free bandwidth on the way there. */
  readonly narrowest?: string;
  /** Patterns of round trips that are faster. */
  readonly slowerThan?: readonly string[];
  readonly detourAtLeastKm?: number;
  /** What the way there crosses more than once. */
  readonly hairpin?: readonly string[];
}

type Trip = EstateView['data']['roundTrips'][number];

/** Every difference, one line each: what the ways themselves show. */
export function carrierDifferences(expected: ExpectedQuality, { estate, data }: EstateView): readonly string[] {
  return Object.entries(expected.carriers ?? {}).flatMap(([name, { megabits, trips }]) => {
    const found = estate.circuits.find((each) => each.name === name);
    const wrong = found?.bandwidth === megabits * 1e6 ? [] : [`${name} has ${found?.bandwidth} bit/s`];
    const away = trips.flatMap((pattern) => {
      const fitting = data.roundTrips.filter(({ id }) => fitsTripPattern(pattern, id));
      if (fitting.length === 0) return [`no round trip is called ${pattern}`];
      const elsewhere = fitting.filter(({ forward }) => viaText(forward.via) !== `expressroute:${name}`);
      return elsewhere.map(({ id, forward }) => `${id} is carried by ${viaText(forward.via)}`);
    });
    return [...wrong, ...away];
  });
}

/** Patterns and links that nothing of the estate has. */
export function unknownNames(expected: ExpectedQuality, { compiled, data }: EstateView): readonly string[] {
  const patterns = Object.entries(expected.trips ?? {}).flatMap(([key, { slowerThan }]) => [
    key,
    ...(slowerThan ?? []),
  ]);
  const links = [
    ...Object.keys(expected.loads ?? {}),
    ...Object.values(expected.trips ?? {}).flatMap(({ narrowest }) => narrowest ?? []),
  ];
  return [
    ...patterns.filter((pattern) => !data.roundTrips.some(({ id }) => fitsTripPattern(pattern, id))),
    ...links.filter((name) => !compiled.network.links.some((each) => each.name === name)),
  ];
}

/** Every difference, one line each: what a judge of paths says. */
export function pathDifferences(expected: ExpectedQuality, { compiled, data }: EstateView): readonly string[] {
  const fitting = (pattern: string): readonly Trip[] =>
    data.roundTrips.filter(({ id }) => fitsTripPattern(pattern, id));
  return Object.entries(expected.trips ?? {}).flatMap(([pattern, wanted]) =>
    fitting(pattern).flatMap((trip) => {
      const { there, roundTrip, roundTripLoss } = pathQuality(compiled, trip);
      const others = (wanted.slowerThan ?? []).flatMap(fitting).filter(({ id }) => id !== trip.id);
      const faster = (than: number | undefined): readonly string[] =>
        others
          .filter(
            (other) => (pathQuality(compiled, other).roundTrip?.likelyMs ?? Number.POSITIVE_INFINITY) >= (than ?? 0),
          )
          .map(({ id }) => `is not slower than ${id}`);
      const atLeast = roundTrip?.atLeastMs ?? Number.NaN;
      const found = [
        ...(wanted.roundTripAtLeastMs === undefined || atLeast >= wanted.roundTripAtLeastMs
          ? []
          : [`takes ${atLeast} ms at least, expected ${wanted.roundTripAtLeastMs} or more`]),
        ...(wanted.roundTripAtMostMs === undefined ||
        (roundTrip?.likelyMs ?? roundTrip?.atLeastMs ?? Number.POSITIVE_INFINITY) <= wanted.roundTripAtMostMs
          ? []
          : [`takes ${roundTrip?.likelyMs} ms, expected ${wanted.roundTripAtMostMs} at most`]),
        ...(wanted.lossAtLeast === undefined || (roundTripLoss ?? 0) >= wanted.lossAtLeast
          ? []
          : [`loses ${roundTripLoss}, expected ${wanted.lossAtLeast} or more`]),
        ...(wanted.narrowest === undefined || there.narrowest?.name === wanted.narrowest
          ? []
          : [`is narrowest at ${there.narrowest?.name}, expected ${wanted.narrowest}`]),
        ...(wanted.detourAtLeastKm === undefined || (there.detour?.extraKilometres ?? 0) >= wanted.detourAtLeastKm
          ? []
          : [`goes round by ${there.detour?.extraKilometres} km, expected ${wanted.detourAtLeastKm} or more`]),
        ...(wanted.hairpin ?? [])
          .filter((name) => !there.hairpins.some((each) => each.name === name))
          .map((name) => `does not cross ${name} twice`),
        ...(wanted.slowerThan === undefined ? [] : faster(roundTrip?.likelyMs)),
      ];
      return found.map((line) => `${trip.id} ${line}`);
    }),
  );
}

/** Every difference, one line each: what demands ask of lines, towards Microsoft. */
export function loadDifferences(expected: ExpectedQuality, { compiled, data }: EstateView): readonly string[] {
  const branches = branchesOver(compiled, data.input);
  const { load: all } = loadOf(compiled, loadSpace(compiled), trafficOf(compiled), data.roundTrips, branches);
  const loads = all.carriers;
  return Object.entries(expected.loads ?? {}).flatMap(([name, { demandedMegabits, freeMegabits }]) => {
    const found = loads.find(({ carrier, direction }) => carrier.name === name && direction === 0);
    if (found === undefined) return [`nobody knows the load of ${name}`];
    const { carrier, inUse, load } = found;
    const free = (carrier.bandwidth ?? 0) - (inUse ?? 0);
    return [
      ...(load.low === load.high && load.high === demandedMegabits * 1e6
        ? []
        : [`${name} is asked for ${load.low} to ${load.high} bit/s, expected ${demandedMegabits} Mbit/s`]),
      ...(free === freeMegabits * 1e6 ? [] : [`${name} has ${free} bit/s free, expected ${freeMegabits} Mbit/s`]),
    ];
  });
}
