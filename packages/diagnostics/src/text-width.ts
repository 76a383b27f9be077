/**
 * How many terminal cells a text takes. Characters are grouped as a reader sees them (grapheme clusters, UAX 29); a group
 * takes two cells when it is East Asian wide or fullwidth (UAX 11) or an emoji (UTS 51), otherwise one. Ambiguous-width
 * characters count as one, as in most terminals. Leaves out tab stops: those depend on the column, see `source-line.ts`.
 */

/** One character as a reader sees it: its text, the cells it takes, and its offset in UTF-16 code units. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  readonly offset: number;
}

/** East Asian Width W and F of Unicode 16 as ranges, first and last by turns; unassigned gaps inside blocks included. */
const wideRanges = Uint32Array.of(
  0x1100,
  0x115f,
  0x231a,
  0x231b,
  0x2329,
  0x232a,
  0x23e9,
  0x23ec,
  0x23f0,
  0x23f0,
  0x23f3,
  0x23f3,
  0x25fd,
  0x25fe,
  0x2614,
  0x2615,
  0x2630,
  0x2637,
  0x2648,
  0x2653,
  0x267f,
  0x267f,
  0x268a,
  0x268f,
  0x2693,
  0x2693,
  0x26a1,
  0x26a1,
  0x26aa,
  0x26ab,
  0x26bd,
  0x26be,
  0x26c4,
  0x26c5,
  0x26ce,
  0x26ce,
  0x26d4,
  0x26d4,
  0x26ea,
  0x26ea,
  0x26f2,
  0x26f3,
  0x26f5,
  0x26f5,
  0x26fa,
  0x26fa,
  0x26fd,
  0x26fd,
  0x2705,
  0x2705,
  0x270a,
  0x270b,
  0x2728,
  0x2728,
  0x274c,
  0x274c,
  0x274e,
  0x274e,
  0x2753,
  0x2755,
  0x2757,
  0x2757,
  0x2795,
  0x2797,
  0x27b0,
  0x27b0,
  0x27bf,
  0x27bf,
  0x2b1b,
  0x2b1c,
  0x2b50,
  0x2b50,
  0x2b55,
  0x2b55,
  0x2e80,
  0x303e,
  0x3041,
  0x3247,
  0x3250,
  0xa4cf,
  0xa960,
  0xa97c,
  0xac00,
  0xd7a3,
  0xf900,
  0xfaff,
  0xfe10,
  0xfe19,
  0xfe30,
  0xfe6b,
  0xff01,
  0xff60,
  0xffe0,
  0xffe6,
  0x16fe0,
  0x18cff,
  0x1aff0,
  0x1b2fb,
  0x1d300,
  0x1d376,
  0x1f004,
  0x1f004,
  0x1f0cf,
  0x1f0cf,
  0x1f18e,
  0x1f18e,
  0x1f191,
  0x1f19a,
  0x1f200,
  0x1f320,
  0x1f32d,
  0x1f335,
  0x1f337,
  0x1f37c,
  0x1f37e,
  0x1f393,
  0x1f3a0,
  0x1f3ca,
  0x1f3cf,
  0x1f3d3,
  0x1f3e0,
  0x1f3f0,
  0x1f3f4,
  0x1f3f4,
  0x1f3f8,
  0x1f43e,
  0x1f440,
  0x1f440,
  0x1f442,
  0x1f4fc,
  0x1f4ff,
  0x1f53d,
  0x1f54b,
  0x1f54e,
  0x1f550,
  0x1f567,
  0x1f57a,
  0x1f57a,
  0x1f595,
  0x1f596,
  0x1f5a4,
  0x1f5a4,
  0x1f5fb,
  0x1f64f,
  0x1f680,
  0x1f6c5,
  0x1f6cc,
  0x1f6cc,
  0x1f6d0,
  0x1f6d2,
  0x1f6d5,
  0x1f6df,
  0x1f6eb,
  0x1f6ec,
  0x1f6f4,
  0x1f6fc,
  0x1f7e0,
  0x1f7eb,
  0x1f7f0,
  0x1f7f0,
  0x1f90c,
  0x1f93a,
  0x1f93c,
  0x1f945,
  0x1f947,
  0x1f9ff,
  0x1fa70,
  0x1faff,
  0x20000,
  0x3fffd,
);

function isWide(code: number): boolean {
  let low = 0;
  let high = wideRanges.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (code > (wideRanges[2 * middle + 1] ?? 0)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return code >= (wideRanges[2 * low] ?? Number.POSITIVE_INFINITY);
}

const plainAscii = /^[\x20-\x7e]*$/;
const marksOnly = /^[\p{Mn}\p{Me}\u200c\u200d]+$/u;
const emojiSequence = /\ufe0f|\u20e3|\p{Regional_Indicator}{2}/u;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function clusterWidth(cluster: string): number {
  if (marksOnly.test(cluster)) {
    return 0;
  }
  return emojiSequence.test(cluster) || isWide(cluster.codePointAt(0) ?? 0) ? 2 : 1;
}

/** The text as cells. Expects printable text: control characters would count as one cell each. */
export function cellsOf(text: string): readonly Cell[] {
  if (plainAscii.test(text)) {
    return Array.from(text, (character, offset) => ({ text: character, width: 1, offset }));
  }
  return Array.from(segmenter.segment(text), ({ segment, index }) => ({
    text: segment,
    width: clusterWidth(segment),
    offset: index,
  }));
}

/** Terminal cells the text takes. */
export function textWidth(text: string): number {
  return plainAscii.test(text) ? text.length : cellsOf(text).reduce((sum, { width }) => sum + width, 0);
}

/** The text cut to a number of cells, with `…` as the last one when something was cut. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) {
    return text;
  }
  let kept = '';
  let used = 0;
  for (const cell of cellsOf(text)) {
    if (used + cell.width > width - 1) {
      break;
    }
    kept += cell.text;
    used += cell.width;
  }
  return width < 1 ? '' : `${kept}…`;
}
