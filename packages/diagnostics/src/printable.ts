/**
 * Text from documents made safe to print: every character that could move the cursor, change colours, reverse the
 * reading direction or hide text is shown as a visible sign instead. Nothing from a document reaches a terminal without
 * passing through here. Also the redaction of secrets.
 *
 * Leaves out look-alike letters (homoglyphs): these are visible, and whether they mislead depends on the reader.
 */

/**
 * Controls (Cc), the bidirectional controls (UAX 9), line and paragraph separators, surrogates without a partner, and all
 * that Unicode says to draw as nothing (zero-width spaces, fillers, language tags). What emoji and many scripts are
 * written with stays: zero-width joiner and non-joiner, variation selectors.
 */
const unprintable =
  /(?!\u200c|\u200d|\p{Variation_Selector})[\p{Control}\p{Bidi_Control}\p{Line_Separator}\p{Paragraph_Separator}\p{Surrogate}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) {
    // The Unicode block of control pictures: one visible sign for each control character.
    return String.fromCodePoint(0x2400 + code);
  }
  return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** The text with all characters that are not plainly visible replaced by visible signs. Idempotent. */
export function printable(text: string): string {
  return text.replace(unprintable, visible);
}

/** The same, with tabs as single spaces; for sentences. */
export function printableSentence(text: string): string {
  return printable(text.replaceAll('\t', ' '));
}

export const redacted = '[redacted]';

/** The stretches of the text that are part of a secret: ascending and disjoint, overlapping finds joined. */
function secretStretches(text: string, secrets: readonly string[]): readonly { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const secret of secrets) {
    if (secret !== '') {
      for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
        found.push({ from: at, to: at + secret.length });
      }
    }
  }
  found.sort((a, b) => a.from - b.from || a.to - b.to);
  const joined: { from: number; to: number }[] = [];
  for (const each of found) {
    const previous = joined.at(-1);
    if (previous !== undefined && each.from <= previous.to) {
      previous.to = Math.max(previous.to, each.to);
    } else {
      joined.push(each);
    }
  }
  return joined;
}

/** The text with each stretch put through `cover`. */
function coverStretches(text: string, secrets: readonly string[], cover: (secret: string) => string): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { from, to } of secretStretches(text, secrets)) {
    pieces.push(text.slice(done, from), cover(text.slice(from, to)));
    done = to;
  }
  return done === 0 ? text : [...pieces, text.slice(done)].join('');
}

/** The text with every occurrence of every secret replaced by `[redacted]`. Empty secrets are passed over. */
export function redact(text: string, secrets: readonly string[]): string {
  return coverStretches(text, secrets, () => redacted);
}

/** The text with every secret covered character by character, so that lines and columns stay where they are. */
export function coverSecrets(text: string, secrets: readonly string[]): string {
  return coverStretches(text, secrets, (secret) => secret.replaceAll(/[^\r\n]/g, '•'));
}
