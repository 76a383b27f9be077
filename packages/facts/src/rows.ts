// Reading of the checked-in JSON rows. The rows are our own, so a word outside the vocabulary is a bug and throws with
// the word and the record it stands in.

import { type Community, parseCommunity } from '@bothways/net';

export function oneOf<const T extends string>(text: string, words: readonly T[], record: string): T {
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw new RangeError(`${record}: '${text}' is none of ${words.join(', ')}`);
  return word;
}

export function readCommunity(text: string, record: string): Community {
  const parsed = parseCommunity(text);
  if (!parsed.ok) throw new RangeError(`${record}: '${text}' is no community: ${parsed.problem}`);
  return parsed.value;
}

export function readOptionalCommunity(text: string | undefined, record: string): Community | undefined {
  return text === undefined ? undefined : readCommunity(text, record);
}

/** Throws when two records share a key: a look-up table must never depend on the order of its rows. */
export function indexBy<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, T> {
  const index = new Map<string, T>();
  for (const row of rows) {
    const key = keyOf(row);
    if (index.has(key)) throw new RangeError(`two records share the key '${key}'`);
    index.set(key, row);
  }
  return index;
}

/**
 * The form in which names are compared: lower case, accents removed, only letters and digits.
 * 'São Paulo', 'sao-paulo' and 'SAO PAULO' are one name.
 */
export function nameKey(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('æ', 'ae')
    .replaceAll('ı', 'i')
    .replaceAll('đ', 'd')
    .replace(/[^\p{L}\p{N}]/gu, '');
}
