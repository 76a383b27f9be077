/**
 * Cuts one of the five source documents (Markdown as Microsoft's documentation writes it) into the pieces that the coverage
 * table has rows for: front matter, paragraphs, list items, notes, figures, and the head and every row of a table. Headings
 * are no pieces; they say where a piece stands. A piece is known by a digest of its words, so that the table can be compared
 * with an original without holding a sentence of it. Markdown that none of the five has (code, nested quotations) is not
 * told apart.
 */
import { createHash } from 'node:crypto';

export const forms = ['front matter', 'paragraph', 'list item', 'note', 'figure', 'table head', 'table row'] as const;

type Form = (typeof forms)[number];

interface Paragraph {
  /** Text of the nearest heading above; empty for the front matter. */
  readonly heading: string;
  /** From 1 below each heading; where a document repeats a heading, counting goes on. */
  readonly ordinal: number;
  readonly form: Form;
  /** Twelve hexadecimal digits. */
  readonly digest: string;
  /** Line of the file it begins on, from 1. */
  readonly line: number;
}

interface Piece {
  readonly heading: string;
  readonly form: Form;
  readonly line: number;
  readonly lines: string[];
  /** The piece goes on, over empty lines too, up to a line like this. */
  readonly until: RegExp | undefined;
}

interface Start {
  readonly form: Form;
  readonly until?: RegExp;
}

const tableLine = /^\s*\|/;
const tableRule = /^\s*\|[\s|:-]+$/;

/** Every piece of a document, from the top. */
export function paragraphsOf(text: string): readonly Paragraph[] {
  const perHeading = new Map<string, number>();
  const perText = new Map<string, number>();
  return piecesOf(text.split(/\r\n|\r|\n/)).flatMap(({ heading, form, line, lines }) => {
    const words = normalised(lines.join(' '));
    if (words === '') return [];
    return [{ heading, ordinal: next(perHeading, heading), form, digest: digestOf(words, next(perText, words)), line }];
  });
}

/**
 * Lower case, and one space for all that is neither an ASCII letter nor a digit: line breaks, list markers, typographic
 * variants and damaged encodings make no difference.
 */
export function normalised(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** SHA-256. Where a document says the same words again, the second and every further piece is told apart by its number. */
function digestOf(words: string, occurrence: number): string {
  const text = occurrence === 1 ? words : `${words} ${occurrence}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function next(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

function piecesOf(lines: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let heading = '';
  let open: Piece | undefined;
  lines.forEach((line, at) => {
    if (open?.until !== undefined) {
      open.lines.push(line);
      if (open.until.test(line)) open = undefined;
      return;
    }
    const title = /^#{1,6} (.*)$/.exec(line)?.[1];
    if (title !== undefined) heading = title.trim();
    if (title !== undefined || line.trim() === '' || tableRule.test(line)) {
      open = undefined;
      return;
    }
    const start = at === 0 && line === '---' ? { form: 'front matter' as const, until: /^---$/ } : startOf(line, open);
    if (start === undefined) {
      open?.lines.push(line);
      return;
    }
    const form = start.form === 'table row' && tableRule.test(lines[at + 1] ?? '') ? 'table head' : start.form;
    open = { heading, form, line: at + 1, lines: [line], until: start.until };
    pieces.push(open);
  });
  return pieces;
}

/** What begins with this line; undefined when the line goes on with the open piece. */
function startOf(line: string, open: Piece | undefined): Start | undefined {
  if (/^\s*:::image type="complex"/.test(line)) return { form: 'figure', until: /^\s*:::image-end:::/ };
  if (/^\s*(?::::image|!\[)/.test(line)) return { form: 'figure' };
  if (tableLine.test(line)) return { form: 'table row' };
  if (/^\s*[-*] +/.test(line)) return { form: 'list item' };
  const note = /^(?:>|\[!NOTE\])/.test(line);
  if (note) return open?.form === 'note' ? undefined : { form: 'note' };
  return open === undefined || open.form === 'figure' ? { form: 'paragraph' } : undefined;
}
