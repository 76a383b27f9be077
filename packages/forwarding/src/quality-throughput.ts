/**
 * What one TCP connection can carry over a way with a round-trip time and a loss rate, whatever the lines could carry.
 *
 * Two bounds: a window per round trip (RFC 9293 section 3.8; 65,535 bytes without the scaling of RFC 7323), and the
 * throughput equation of RFC 5348 section 3.1 for a sender of the Reno kind, with t_RTO = 4 R and b = 1. Senders of
 * other kinds (CUBIC, BBR) do better on lossy lines; losses that come in bursts hurt less than this says.
 */

export interface ConnectionQuestion {
  readonly roundTripMs: number;
  /** Fraction of packets lost, 0 to 1, over both directions. */
  readonly loss: number;
  /** Bytes of payload in a full segment. */
  readonly segmentBytes: number;
  /** Bytes of the receiver's window; undefined: not the bound. */
  readonly windowBytes?: number;
}

/** Largest window without the scale option (RFC 7323 section 2). */
export const UNSCALED_WINDOW_BYTES = 65_535;

/** Bit/s, whole; undefined: nothing of what was asked about bounds it. */
export function connectionThroughput(question: ConnectionQuestion): number | undefined {
  const { roundTripMs, loss, segmentBytes, windowBytes } = question;
  if (!(roundTripMs > 0)) return undefined;
  const seconds = roundTripMs / 1000;
  const bounds: number[] = [];
  if (windowBytes !== undefined) bounds.push((windowBytes * 8) / seconds);
  if (loss > 0) bounds.push((segmentBytes * 8) / lossSeconds(seconds, Math.min(1, loss)));
  return bounds.length === 0 ? undefined : Math.floor(Math.min(...bounds));
}

/** Seconds per segment: the denominator of the equation. */
function lossSeconds(roundTrip: number, loss: number): number {
  const timeout = 4 * roundTrip;
  return (
    roundTrip * Math.sqrt((2 * loss) / 3) + timeout * (3 * Math.sqrt((3 * loss) / 8) * loss * (1 + 32 * loss ** 2))
  );
}
