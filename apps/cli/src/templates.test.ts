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

describe.each(TEMPLATES)('the template $name', ({ text }) => {
  it('checks clean: no error, nothing lost', () => {
    const { findings, report } = checkEstate([{ name: 'estate.yaml', text }]);
    expect(findings.filter(({ severity }) => severity !== 'note').map(({ message }) => message)).toEqual([]);
    expect(report?.verdict).toBe('holds');
    expect(report?.roundTrips.length).toBeGreaterThan(0);
  });
});
