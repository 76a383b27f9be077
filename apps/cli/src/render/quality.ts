/** How good a round trip is, in a few lines below its hops: only what is known, and what is not by name. */
import type { QualityView, WayQualityView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { grouped, hanging, rateText } from './words.ts';

/** Nothing where the trip does not arrive both ways: there is nothing to measure. */
export function qualityLines(quality: QualityView, { style, width }: Terminal): readonly string[] {
  const { roundTrip, forward, return: back } = quality;
  if (roundTrip === undefined || back === undefined) return [];
  const there = forward;
  const rows: readonly (readonly [string, string])[] = [
    ['Latency', latencyText(quality, there, back)],
    ...(basisText(there) === '' ? [] : [['', basisText(there)] as const]),
    ...widthRows(there),
    ...lossRows(quality),
    ['Carried by', portionsText(there)],
    ...detourRows('Detour', there),
    ...(detourKey(there) === detourKey(back) ? [] : detourRows('Detour back', back)),
  ];
  return [style.bold('Quality'), ...rows.map(([label, text]) => hanging(`  ${label.padEnd(12)}  `, text, width))];
}

function latencyText({ roundTrip }: QualityView, there: WayQualityView, back: WayQualityView): string {
  if (roundTrip === undefined) return '';
  const { likelyMs, atLeastMs, basis } = roundTrip;
  if (likelyMs === undefined) {
    const unknown =
      there.parts.find((part) => part.basis === 'unknown') ?? back.parts.find((part) => part.basis === 'unknown');
    const why = unknown === undefined ? '' : `; ${unknown.from} to ${unknown.to} is not known: ${unknown.because}`;
    return `at least ${ms(atLeastMs)} both ways${why}`;
  }
  const ways = `${ms(there.latency.likelyMs)} there, ${ms(back.latency.likelyMs)} back`;
  return basis === 'declared'
    ? `${ms(likelyMs)} both ways: ${ways}`
    : `about ${ms(likelyMs)} both ways, ${ms(atLeastMs)} at least: ${ways}`;
}

/** Where the figures that nobody measured come from. */
function basisText({ parts }: WayQualityView): string {
  return parts
    .filter(({ basis }) => basis === 'estimated' || basis === 'promised')
    .map(({ from, to, basis, likelyMs, km, because }) =>
      basis === 'promised'
        ? `${from} to ${to} ${ms(likelyMs)}, as promised (${because})`
        : `${from} to ${to} ${ms(likelyMs)}, estimated${km === undefined ? ` from ${because}` : ` from ${grouped(km)} km as the crow flies`}`,
    )
    .join('; ');
}

function widthRows({ narrowest, bandwidthUnknown }: WayQualityView): readonly (readonly [string, string])[] {
  const unknown = bandwidthUnknown.length === 0 ? '' : `; nobody said how wide ${bandwidthUnknown.join(', ')} is`;
  if (narrowest === undefined) return unknown === '' ? [] : [['Narrowest', unknown.slice(2)]];
  const { name, bandwidthMbps, freeMbps } = narrowest;
  const free = freeMbps === bandwidthMbps ? '' : `, ${rateText(freeMbps)} of it free`;
  return [['Narrowest', `${name}, ${rateText(bandwidthMbps)}${free}${unknown}`]];
}

function lossRows({ roundTripLossPercent, connectionByLossMbps }: QualityView): readonly (readonly [string, string])[] {
  if (roundTripLossPercent === undefined || roundTripLossPercent === 0) return [];
  const bound =
    connectionByLossMbps === undefined
      ? ''
      : `; one TCP connection gets about ${Math.round(connectionByLossMbps * 100) / 100} Mbps`;
  return [['Loss', `${roundTripLossPercent} % both ways${bound}`]];
}

const CARRIER_WORDS: Readonly<Record<string, string>> = {
  customer: 'the customer',
  provider: 'a provider',
  expressroute: 'ExpressRoute',
  microsoft: 'Microsoft',
  internet: 'the internet',
};

const REACH_WORDS = { private: 'private', shared: 'shared', public: 'public' } as const;

function portionsText({ portions }: WayQualityView): string {
  return portions
    .filter(({ km, likelyMs }) => km !== 0 || likelyMs !== 0)
    .map(({ carriers, reach, sharePercent, km }) => {
      const figures = [
        ...(sharePercent === undefined ? [] : [`${Math.round(sharePercent)} % of the latency`]),
        ...(km === undefined ? [] : [`${grouped(km)} km`]),
      ];
      const text = `${carriers.map((each) => CARRIER_WORDS[each] ?? each).join(' and ')} (${REACH_WORDS[reach]})`;
      return figures.length === 0 ? text : `${text} ${figures.join(', ')}`;
    })
    .join('; ');
}

function detourRows(label: string, way: WayQualityView): readonly (readonly [string, string])[] {
  const { detour, hairpins } = way;
  const twice = hairpins.map(
    ({ name, crossings }) => `crosses ${name} ${crossings === 2 ? 'twice' : `${crossings} times`}`,
  );
  const around =
    detour === undefined || detour.turnsAt === undefined
      ? []
      : [
          `${grouped(detour.extraKm)} km more than the ${grouped(detour.straightKm)} km straight on, by ${detour.turnsAt}${
            detour.extraMs === undefined ? '' : `, ${ms(detour.extraMs)} more`
          }`,
        ];
  const better =
    detour?.extraMsOverShortest === undefined || detour.extraMsOverShortest < 1
      ? []
      : [`the shortest way described takes ${ms(detour.shortestMs)}, by ${detour.shortestOver.join(', ')}`];
  const text = [...twice, ...around, ...better].join('; ');
  return text === '' ? [] : [[label, text]];
}

function detourKey({ detour, hairpins }: WayQualityView): string {
  return [detour?.extraKm, detour?.turnsAt, detour?.extraMs, ...hairpins.map(({ name }) => name)].join();
}

/** A tenth of a millisecond is more than an estimate is good for. */
function ms(value: number | undefined): string {
  return value === undefined ? 'unknown' : `${Math.round(value * 10) / 10} ms`;
}
