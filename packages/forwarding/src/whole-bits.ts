/**
 * Rates are whole bit/s. Products of a rate with a fraction or a factor of the document are rounded up, after the noise
 * of binary fractions is gone: 7 % of 100 bit/s are 7, not 8.
 */
export function wholeBits(value: number): number {
  return Math.ceil(Math.round(value * 1000) / 1000);
}

/** Bit/s in use of a line before the demands of the estate. */
export function bitsInUse(bandwidth: number, utilisation: number | undefined): number {
  return wholeBits(bandwidth * (utilisation ?? 0));
}
