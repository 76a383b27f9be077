/** What is up: one byte per element, 1 is up. */
export interface Liveness {
  readonly device: Uint8Array;
  readonly link: Uint8Array;
}
