/**
 * A wrapper for values that must never be shown, such as the MD5 key of a BGP session.
 *
 * Every way a value is commonly turned into text (template, JSON, console, object spread) gives `[redacted]`; only
 * `reveal()` gives the text. It protects against accidents, not against code that means to look.
 */
import type { Secret } from './model.ts';

const REDACTED = '[redacted]';

class HiddenText implements Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get reveal(): () => string {
    return () => this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  /** What Node's inspection (and so console.log) shows; the symbol is shared through the global registry. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}

export function secret(text: string): Secret {
  return new HiddenText(text);
}
