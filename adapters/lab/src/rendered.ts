/** What a renderer hands back: files per device, or what the daemon's configuration language cannot say. */
import type { Family } from '@bothways/net';
import type { DeviceIx, SessionEnd } from '@bothways/network';

export interface Rendered {
  readonly nodes: readonly NodeFiles[];
  /** One line each; the lab is not built when there is one. */
  readonly cannot: readonly string[];
}

export interface NodeFiles {
  readonly device: DeviceIx;
  /** File name → text. */
  readonly files: Readonly<Record<string, string>>;
}

export function limitOf(maximum: NonNullable<SessionEnd['maximumPrefixes']>, family: Family): number {
  return family === 6 ? (maximum.limit6 ?? maximum.limit) : maximum.limit;
}
