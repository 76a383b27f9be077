import { checkEstate } from '@bothways/twin';
import { describe, expect, it } from 'vitest';
import { findStartingPoint, startingPoints, startingText } from './gallery.ts';

const all = startingPoints();
const shapes = all.filter(({ shape }) => shape !== undefined);

/** The shapes of a WAN that people plan with; each has to be there to start from. */
const SHAPES = [
  'branch-over-wan',
  'several-branches',
  'poor-wan-link',
  'local-breakout',
  'branch-with-own-circuit',
  'ipvpn',
  'two-hubs',
  'circuit-and-internet',
  'sdwan-breakout',
  'roaming-and-vpn-users',
  'three-connectivity-models',
  'direct',
  'metro',
  'maximum-resiliency',
  'both-peerings',
  'global-reach',
  'forced-tunnelling',
  'hairpin',
  'vpn-beside-private-peering',
];

it('there is a starting point for every shape, each from a scenario of its own', () => {
  expect(shapes.map(({ shape }) => shape)).toEqual(SHAPES);
  expect(new Set(shapes.map(({ folder }) => folder)).size).toBe(SHAPES.length);
});

it('every scenario can be started from, by its id and by its folder, in capitals or not', () => {
  expect(all.length).toBeGreaterThan(50);
  for (const point of all) {
    expect(findStartingPoint(point.id, all)).toBe(point);
    expect(findStartingPoint(point.folder.toUpperCase(), all)).toBe(point);
    expect(point.title).not.toBe(point.folder);
  }
});

/** What a shape is warned of because that is what it shows; everything else has to be clean. */
const WARNED: Readonly<Record<string, readonly string[]>> = {
  'poor-wan-link': ['latency-within-budget', 'link-has-headroom'],
  'forced-tunnelling': ['forced-tunnel-has-a-stand-in'],
  hairpin: ['forced-tunnel-has-a-stand-in'],
};

describe.each(shapes)('the shape $shape', (point) => {
  it('checks without an error, with nothing lost, and warned of nothing but what it shows', () => {
    const { findings, report } = checkEstate([{ name: 'estate.yaml', text: startingText(point) }]);
    const told = findings
      .filter(({ severity }) => severity !== 'note')
      .map(({ rule, severity }) => `${severity} ${rule}`);
    expect(told).toEqual((WARNED[point.shape ?? ''] ?? []).map((rule) => `warning ${rule}`));
    expect(report?.verdict).toBe('holds');
    expect(report?.roundTrips.length).toBeGreaterThan(0);
  });
});
