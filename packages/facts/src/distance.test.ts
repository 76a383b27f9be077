import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatedLatency, findCity, greatCircleKilometres } from './index.ts';

const place = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});

function city(name: string): { latitude: number; longitude: number } {
  const found = findCity(name);
  if (found === undefined) throw new Error(name);
  return found;
}

describe('distance and the latency estimated from it', () => {
  it.each([
    // Published great-circle distances between the city centres, to one percent.
    ['Munich', 'Frankfurt', 305],
    ['London', 'New York', 5570],
    ['Sydney', 'Singapore', 6300],
  ])('%s to %s is about %d km', (a, b, kilometres) => {
    const measured = greatCircleKilometres(city(a), city(b));
    expect(Math.abs(measured - kilometres) / kilometres).toBeLessThan(0.01);
  });

  it('is half the Earth between antipodes and nothing at home', () => {
    expect(greatCircleKilometres({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 180 })).toBeCloseTo(
      20015.1,
      0,
    );
    expect(estimatedLatency(city('Milan'), city('Milan'))).toEqual({ kilometres: 0, milliseconds: 0 });
  });

  it('does not depend on the direction and keeps the triangle inequality (seed 51)', () => {
    fc.assert(
      fc.property(place, place, place, (a, b, c) => {
        expect(greatCircleKilometres(a, b)).toBeCloseTo(greatCircleKilometres(b, a), 6);
        expect(greatCircleKilometres(a, c)).toBeLessThanOrEqual(
          greatCircleKilometres(a, b) + greatCircleKilometres(b, c) + 1e-6,
        );
      }),
      { seed: 51, numRuns: 500 },
    );
  });

  it('takes about 7.3 ms for 1,000 km as the crow flies', () => {
    const { kilometres, milliseconds } = estimatedLatency({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 9 });
    expect(milliseconds / kilometres).toBeCloseTo(0.00734, 3);
  });
});
