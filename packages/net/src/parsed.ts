/**
 * The outcome of reading text that a person wrote: a value, or a problem with an optional hint.
 *
 * Reading never throws. `problem` is a short phrase that can follow a file position ("the third number, 300, is over
 * 255"); `hint` says what to write instead, where that is known.
 */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string; readonly hint?: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function problem(text: string, hint?: string): { ok: false; problem: string; hint?: string } {
  return hint === undefined ? { ok: false, problem: text } : { ok: false, problem: text, hint };
}

const longestQuote = 60;

/** The text in double quotes for a problem: escapes as in JSON, cut after 60 characters so that hostile input stays short. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text);
}

/** The value of a text the program itself contains. Throws on a problem, because that is a bug of ours. */
export function valueOrThrow<T>(result: Parsed<T>): T {
  if (result.ok) {
    return result.value;
  }
  throw new RangeError(result.hint === undefined ? result.problem : `${result.problem} (${result.hint})`);
}
