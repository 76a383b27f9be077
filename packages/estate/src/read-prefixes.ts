/** Lists of prefixes in the document, with the fixes that are certain: host bits cleared, netmasks turned into lengths. */
import { formatPrefix, type Parsed, type Prefix, parseAddress, parsePrefix, prefixAround } from '@bothways/net';
import type { Path } from './model.ts';
import { type Reading, UNREADABLE } from './reading.ts';

/** A prefix together with where it is written. */
export interface PlacedPrefix {
  readonly prefix: Prefix;
  readonly path: Path;
}

export function readPrefixes(
  reading: Reading,
  path: Path,
  texts: readonly string[] | undefined,
): readonly PlacedPrefix[] {
  const placed: PlacedPrefix[] = [];
  for (const [index, text] of (texts ?? []).entries()) {
    const prefix = readPrefix(reading, path, index, text);
    if (prefix !== undefined)
      placed.push({ prefix, path: texts?.length === 1 ? reading.itemPath(path, index) : [...path, index] });
  }
  return placed;
}

/** One prefix where there can be no list. */
export function readOnePrefix(reading: Reading, path: Path, text: string): Prefix | undefined {
  return readPrefix(reading, path, 0, text);
}

function readPrefix(reading: Reading, listPath: Path, index: number, text: string): Prefix | undefined {
  if (text === UNREADABLE) return undefined;
  const result: Parsed<Prefix> = parsePrefix(text);
  if (result.ok) return result.value;
  const meant = meantPrefix(text);
  const path = reading.itemPath(listPath, index);
  reading.report({
    rule: 'estate/bad-prefix',
    path,
    message: result.problem,
    ...(result.hint === undefined ? {} : { help: result.hint }),
    fixes: meant === undefined ? [] : reading.replacement(path, meant, false),
  });
  return undefined;
}

/** `10.1.2.3/16` meant as `10.1.0.0/16`: the network that holds the address. */
function meantPrefix(text: string): string | undefined {
  const [, addressText, lengthText] = /^\s*([0-9a-fA-F.:]+)\/(\d{1,3})\s*$/.exec(text) ?? [];
  if (addressText === undefined || lengthText === undefined) return undefined;
  const address = parseAddress(addressText);
  const length = Number(lengthText);
  if (!address.ok || length > (address.value.family === 4 ? 32 : 128)) return undefined;
  return formatPrefix(prefixAround(address.value, length));
}

export function bare(placed: readonly PlacedPrefix[]): readonly Prefix[] {
  return placed.map((each) => each.prefix);
}
