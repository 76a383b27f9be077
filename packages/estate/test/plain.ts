/** Estates as plain values that can be compared: without paths, and with keys that only tell that they are there. */
import type { Estate } from '../src/index.ts';

export function plainEstate(estate: Estate): unknown {
  return plain(estate);
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('reveal' in value) return 'a key';
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === 'path' ? [] : [[key, plain(inner)]])),
  );
}
