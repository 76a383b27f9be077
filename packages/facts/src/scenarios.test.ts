import { describe, expect, it } from 'vitest';
import { scenario, scenarios } from './scenarios.ts';

describe('scenarios', () => {
  it('have an expected outcome', () => {
    expect(scenarios().filter((entry) => !/^.{15,}[.]$/.test(entry.expected))).toEqual([]);
  });

  it('name a figure when they come from one, and no figure twice', () => {
    const figures = scenarios().filter((entry) => entry.id.startsWith('PP-S'));
    expect(figures.filter((entry) => entry.figure === undefined)).toEqual([]);
    expect(new Set(figures.map((entry) => entry.figure)).size).toBe(45);
    expect(scenarios().filter((entry) => entry.id.startsWith('PP-T') && entry.figure !== undefined)).toEqual([]);
  });

  it('tell figures that were seen from figures known by caption', () => {
    expect(
      scenarios()
        .filter((entry) => entry.readFrom === 'picture')
        .map((entry) => entry.id),
    ).toEqual(['PP-S26', 'PP-S28', 'PP-S31', 'PP-S33', 'PP-S34']);
  });

  it('know the asymmetric case with its cause', () => {
    expect(scenario('PP-S10')).toMatchObject({ figure: 'asymmetric-routing.png', facts: ['A2', 'PP-C07', 'PP-C21'] });
    expect(scenario('PP-S46')).toBeUndefined();
  });
});
