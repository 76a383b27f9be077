import { checkEstate } from '@bothways/twin';
import { describe, expect, it } from 'vitest';
import { TEMPLATES } from './templates.ts';

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

it('there is a template for every shape, each from a scenario of its own', () => {
  expect(TEMPLATES.map(({ name }) => name)).toEqual(SHAPES);
  expect(new Set(TEMPLATES.map(({ scenario }) => scenario)).size).toBe(SHAPES.length);
});

/** What a shape is warned of because that is what it shows; everything else has to be clean. */
const WARNED: Readonly<Record<string, readonly string[]>> = {
  'poor-wan-link': ['latency-within-budget', 'link-has-headroom'],
  'forced-tunnelling': ['forced-tunnel-has-a-stand-in'],
  hairpin: ['forced-tunnel-has-a-stand-in'],
};

describe.each(TEMPLATES)('the template $name', ({ name, text }) => {
  it('checks without an error, with nothing lost, and warned of nothing but what it shows', () => {
    const { findings, report } = checkEstate([{ name: 'estate.yaml', text }]);
    const told = findings
      .filter(({ severity }) => severity !== 'note')
      .map(({ rule, severity }) => `${severity} ${rule}`);
    expect(told).toEqual((WARNED[name] ?? []).map((rule) => `warning ${rule}`));
    expect(report?.verdict).toBe('holds');
    expect(report?.roundTrips.length).toBeGreaterThan(0);
  });
});
