/** The values that records of every kind are made of. */
import type { Asn } from '@bothways/net';

/** Keys and list positions from the top of the document down to a value, e.g. `['sites', 'hq', 'clients', 0]`. */
export type Path = readonly (string | number)[];

/** Degrees, north and east positive. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** An amount of money. */
export interface Money {
  readonly amount: number;
  /** ISO 4217 code. */
  readonly currency: string;
}

/** Destination ports of one protocol; `first` and `last` are equal for a single one. */
export interface Ports {
  readonly protocol: 'tcp' | 'udp';
  readonly first: number;
  readonly last: number;
}

/** AS numbers added in front of the path of what is announced. */
export interface Prepend {
  /** By default that of the peering. */
  readonly asn: Asn;
  /** 0: nothing is added. */
  readonly times: number;
}

/** Milliseconds (RFC 4271 section 10). */
export interface BgpTimers {
  readonly keepalive: number;
  readonly hold: number;
}

/** A value that must not be printed. Conversion to text or JSON, and inspection in a debugger, give `[redacted]`. */
export interface Secret {
  readonly reveal: () => string;
}
