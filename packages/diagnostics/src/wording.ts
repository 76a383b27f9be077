/**
 * Small helpers for sentences: wrapping, plurals, and the near name for a misspelt one.
 */
import { cellsOf, textWidth } from './text-width.ts';

/**
 * The text broken into lines of at most `width` cells at spaces. Line feeds in the text stay breaks; a word that is wider
 * than a line is broken where the line ends. Always gives at least one line.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const limit = Math.max(1, Math.floor(width) || 1);
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, limit));
}

function wrapParagraph(paragraph: string, limit: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of paragraph.split(' ').filter((each) => each !== '')) {
    const wordWidth = textWidth(word);
    if (line !== '' && used + 1 + wordWidth <= limit) {
      line += ` ${word}`;
      used += 1 + wordWidth;
      continue;
    }
    if (line !== '') {
      lines.push(line);
      line = '';
      used = 0;
    }
    if (wordWidth <= limit) {
      line = word;
      used = wordWidth;
      continue;
    }
    for (const cell of cellsOf(word)) {
      if (line !== '' && used + cell.width > limit) {
        lines.push(line);
        line = '';
        used = 0;
      }
      line += cell.text;
      used += cell.width;
    }
  }
  lines.push(line);
  return lines;
}

/** `1 error`, `2 errors`; the plural is the noun with an s unless it is given. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

/** Names longer than this are not compared: no key or rule is, and the comparison is quadratic. */
const longestName = 100;

/**
 * The candidate most like the word, when it is near enough to be a slip: at most a third of its letters differ, by the
 * distance of Damerau and Levenshtein (restricted to swaps of neighbours). Case and the choice of `-`, `_` or space do not
 * count as differences. Of equally near candidates the first given wins.
 */
export function nearestName(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plainName(word);
  if (wanted === '' || wanted.length > longestName) {
    return undefined;
  }
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const name = plainName(candidate);
    if (Math.abs(name.length - wanted.length) < least && name.length <= longestName) {
      const distance = editDistance(wanted, name);
      // A distance as long as the word would be a new word, not a slip.
      if (distance < least && distance < wanted.length) {
        least = distance;
        nearest = candidate;
      }
    }
  }
  return nearest;
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_\s]/g, '-');
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, one each. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(least);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
