/** Every way in which an implementation departs from RFC 4271, on a network where it shows. */
import { asn } from '@bothways/net';
import type { DecisionVariant } from '@bothways/network';
import { describe, expect, it } from 'vitest';
import { classIxOf, deviceNamed, fibText, type NetworkLiteral, smallNetwork, wayOf } from '../test/small-network.ts';
import { converge, decisionSteps, decisionVariants } from './index.ts';

const TEN = '10.0.0.0/8';
const variants = ['rfc', 'frr', 'frr-multipath-relax', 'bird', 'ios-xe', 'junos'] as const;

function best(literal: NetworkLiteral, device: string): string {
  const plane = converge(smallNetwork(literal));
  return wayOf(plane, plane.decision(deviceNamed(plane.network, device).ix, classIxOf(plane, TEN))?.best[0]);
}

function byVariant(of: (variant: DecisionVariant) => string): Readonly<Record<string, string>> {
  return Object.fromEntries(variants.map((variant) => [variant, of(variant)]));
}

describe('decision variants', () => {
  it('name steps of the table, each once, and say where every difference is written', () => {
    for (const { order, notes } of Object.values(decisionVariants)) {
      expect(new Set(order).size).toBe(order.length);
      expect(order.every((name) => decisionSteps.some((step) => step.name === name))).toBe(true);
      expect(notes.every(({ text, source }) => text !== '' && source !== '')).toBe(true);
    }
  });

  it('have a weight or have none', () => {
    const from = (device: string): NetworkLiteral['sessions'][string] => ({
      second: { import: [{ name: device, set: [{ kind: 'weight', value: 500 }] }] },
    });
    const ways = byVariant((variant) =>
      best(
        {
          devices: {
            O: { asn: 65001, originate: [TEN] },
            A: { asn: 65002 },
            B: { asn: 65003 },
            D: { asn: 65004, variant },
          },
          links: { 'O-A': {}, 'O-B': {}, 'O-D': {}, 'A-D': {}, 'B-D': {} },
          sessions: { 'O-A': {}, 'O-D': {}, 'A-D': from('A') },
        },
        'D',
      ),
    );
    expect(ways).toEqual({
      rfc: 'D A O',
      frr: 'D A O',
      'frr-multipath-relax': 'D A O',
      'ios-xe': 'D A O',
      bird: 'D O',
      junos: 'D O',
    });
  });

  it('put what a device routes itself before LOCAL_PREF, or behind', () => {
    const ways = byVariant((variant) =>
      best(
        {
          devices: { O: { asn: 65001, originate: [TEN] }, D: { asn: 65004, variant, originate: [TEN] } },
          links: { 'O-D': {} },
          sessions: {
            'O-D': {
              second: {
                import: [
                  {
                    set: [
                      { kind: 'weight', value: 32768 },
                      { kind: 'local-preference', value: 200 },
                    ],
                  },
                ],
              },
            },
          },
        },
        'D',
      ),
    );
    expect(ways).toEqual({
      rfc: 'D O',
      frr: 'D O',
      'frr-multipath-relax': 'D O',
      'ios-xe': 'D O',
      bird: 'D',
      junos: 'D',
    });
  });

  it('share load between neighbouring ASes, or inside one only', () => {
    const square = (second: number) => (variant: DecisionVariant) => {
      const literal: NetworkLiteral = {
        devices: {
          O: { asn: 65001, originate: [TEN] },
          A: { asn: 65002 },
          B: { asn: second },
          D: { asn: 65004, variant, maximumPaths: 4 },
        },
        links: { 'O-A': {}, 'O-B': {}, 'A-D': {}, 'B-D': {} },
        sessions: { 'O-A': {}, 'O-B': {}, 'A-D': {}, 'B-D': {} },
      };
      return fibText(converge(smallNetwork(literal)), 'D', TEN);
    };
    const both = 'ebgp A-D>A B-D>B';
    const one = 'ebgp A-D>A';
    expect(byVariant(square(65003))).toEqual({
      rfc: both,
      frr: one,
      'frr-multipath-relax': both,
      'ios-xe': one,
      bird: both,
      junos: one,
    });
    expect(byVariant(square(65002))).toEqual({
      rfc: both,
      frr: both,
      'frr-multipath-relax': both,
      'ios-xe': both,
      bird: both,
      junos: both,
    });
  });

  it('share load between internal paths of one length, of one neighbouring AS, or of one path', () => {
    const via = (number: number): NetworkLiteral['sessions'][string] => ({
      second: { import: [{ set: [{ kind: 'prepend', asn: asn(number), times: 1 }] }] },
    });
    const inside = (first: number, second: number) => (variant: DecisionVariant) => {
      const literal: NetworkLiteral = {
        devices: {
          O: { asn: 65001, half: 'provider', originate: [TEN] },
          A: { asn: 65004 },
          B: { asn: 65004 },
          D: { asn: 65004, variant, maximumPaths: 4 },
        },
        links: { 'O-A': {}, 'O-B': {}, 'A-D': {}, 'B-D': {} },
        sessions: { 'O-A': via(first), 'O-B': via(second), 'A-D': { multihop: true }, 'B-D': { multihop: true } },
      };
      return fibText(converge(smallNetwork(literal)), 'D', TEN);
    };
    const both = 'ibgp A-D>A B-D>B';
    const one = 'ibgp A-D>A';
    expect(byVariant(inside(7, 8))).toEqual({
      rfc: both,
      frr: one,
      'frr-multipath-relax': both,
      'ios-xe': one,
      bird: both,
      junos: one,
    });
    expect(byVariant(inside(7, 7))).toEqual({
      rfc: both,
      frr: both,
      'frr-multipath-relax': both,
      'ios-xe': both,
      bird: both,
      junos: both,
    });
  });
});

describe('a path that lost on MED to another of its AS', () => {
  const beside = (variant: DecisionVariant) =>
    converge(
      smallNetwork({
        devices: {
          O: { asn: 65001, originate: [TEN] },
          A: { asn: 65002 },
          B: { asn: 65003 },
          C: { asn: 65003 },
          D: { asn: 65004, variant, maximumPaths: 4 },
        },
        links: { 'O-A': {}, 'O-B': {}, 'O-C': {}, 'A-D': {}, 'B-D': {}, 'C-D': {} },
        sessions: {
          'O-A': {},
          'O-B': {},
          'O-C': {},
          'A-D': {},
          'B-D': {},
          'C-D': { second: { import: [{ set: [{ kind: 'med', value: 9 }] }] } },
        },
      }),
    );

  it('is installed beside the best path of another AS by FRR with multipath-relax', () => {
    const relaxed = beside('frr-multipath-relax');
    expect(fibText(relaxed, 'D', TEN)).toBe('ebgp A-D>A B-D>B C-D>C');
    const decision = relaxed.decision(4, classIxOf(relaxed, TEN));
    expect(decision?.lost).toEqual([]);
    expect(decision?.best.map((route) => wayOf(relaxed, route))).toEqual(['D A O', 'D B O', 'D C O']);
  });

  it('is out elsewhere', () => {
    const plane = beside('rfc');
    expect(fibText(plane, 'D', TEN)).toBe('ebgp A-D>A B-D>B');
    expect(plane.decision(4, classIxOf(plane, TEN))?.lost).toMatchObject([{ step: 'med', value: 9 }]);
  });
});

describe('a route that may not stand beside the best', () => {
  it('loses by what made the other one best', () => {
    const plane = converge(
      smallNetwork({
        devices: {
          O: { asn: 65001, originate: [TEN] },
          A: { asn: 65002 },
          B: { asn: 65003 },
          C: { asn: 65002 },
          D: { asn: 65004, variant: 'frr', maximumPaths: 4 },
        },
        links: { 'O-A': {}, 'O-B': {}, 'O-C': {}, 'A-D': {}, 'B-D': {}, 'C-D': {} },
        sessions: { 'O-A': {}, 'O-B': {}, 'O-C': {}, 'A-D': {}, 'B-D': {}, 'C-D': {} },
      }),
    );
    const decision = plane.decision(4, classIxOf(plane, TEN));
    expect(decision?.best.map((route) => wayOf(plane, route))).toEqual(['D A O', 'D C O']);
    expect(decision?.lost).toMatchObject([{ step: 'router-id', value: 3, winnerValue: 2 }]);
  });
});
