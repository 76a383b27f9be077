import { describe, expect, it } from 'vitest';
import { connectionThroughput, UNSCALED_WINDOW_BYTES } from './quality-throughput.ts';

describe('one TCP connection', () => {
  it('sends a window per round trip', () => {
    // 65,535 bytes x 8 / 0.1 s.
    const question = { roundTripMs: 100, loss: 0, segmentBytes: 1460, windowBytes: UNSCALED_WINDOW_BYTES };
    expect(connectionThroughput(question)).toBe(5_242_800);
  });

  it('follows the equation of RFC 5348 where packets are lost', () => {
    // p = 0.01, R = 0.1: R sqrt(2p/3) = 0.0081650; 4R x 3 sqrt(3p/8) p (1 + 32 p^2) = 0.4 x 3 x 0.0612372 x 0.01 x 1.0032
    // = 0.00073720; 11,680 bit / 0.0089022 s.
    expect(connectionThroughput({ roundTripMs: 100, loss: 0.01, segmentBytes: 1460 })).toBeCloseTo(1_312_036, -3);
  });

  it('is bounded by the worse of the two, and by nothing that was not asked about', () => {
    const question = { roundTripMs: 100, loss: 0.0001, segmentBytes: 1460 };
    const window = connectionThroughput({ ...question, loss: 0, windowBytes: UNSCALED_WINDOW_BYTES }) ?? 0;
    expect(connectionThroughput({ ...question, windowBytes: UNSCALED_WINDOW_BYTES })).toBe(window);
    expect(connectionThroughput({ ...question, loss: 0 })).toBeUndefined();
    expect(connectionThroughput({ ...question, roundTripMs: 0 })).toBeUndefined();
  });

  it('never grows with loss or delay', () => {
    let before = Number.POSITIVE_INFINITY;
    for (const loss of [1e-6, 1e-4, 0.001, 0.01, 0.1, 0.5, 1]) {
      const now = connectionThroughput({ roundTripMs: 50, loss, segmentBytes: 1460 }) ?? Number.NaN;
      expect(now).toBeLessThan(before);
      expect(connectionThroughput({ roundTripMs: 51, loss, segmentBytes: 1460 })).toBeLessThanOrEqual(now);
      before = now;
    }
  });
});
