// How far apart two places are and how long a packet takes at least: an estimate for lines whose latency nobody stated.
// Method: great-circle distance on a sphere, lengthened because cables do not run straight, at the speed of light in
// glass. Left out: queues, serialisation, equipment. A measured value always replaces it.

/** Degrees, north and east positive. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** What the estimate rests on; each figure with its origin. */
export const latencyMethod = {
  /** Mean radius of the Earth in kilometres (IUGG). */
  earthRadius: 6371.0088,
  /** Kilometres a millisecond: 299,792 km/s over the group index 1.468 of standard fibre (ITU-T G.652 at 1550 nm). */
  kilometresPerMillisecond: 299.792458 / 1.468,
  /** Length of a cable over the great circle. An assumption of ours: carriers' routes are seldom public. */
  routeFactor: 1.5,
} as const;

export interface LatencyEstimate {
  /** Great circle, not the cable. */
  readonly kilometres: number;
  /** One way, in milliseconds, rounded to a tenth. */
  readonly milliseconds: number;
}

/** Haversine formula; good to half a percent, as the Earth is not a sphere. */
export function greatCircleKilometres(a: Coordinates, b: Coordinates): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const halfLatitude = Math.sin(radians(b.latitude - a.latitude) / 2);
  const halfLongitude = Math.sin(radians(b.longitude - a.longitude) / 2);
  const chord = halfLatitude ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * halfLongitude ** 2;
  return 2 * latencyMethod.earthRadius * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** The least a line between two places is likely to take, one way. */
export function estimatedLatency(a: Coordinates, b: Coordinates): LatencyEstimate {
  const kilometres = greatCircleKilometres(a, b);
  const milliseconds = (kilometres * latencyMethod.routeFactor) / latencyMethod.kilometresPerMillisecond;
  return { kilometres: Math.round(kilometres), milliseconds: Math.round(milliseconds * 10) / 10 };
}
