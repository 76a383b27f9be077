/**
 * A round trip as a picture: the customer left, Microsoft right, the request above the devices and the answer below, each
 * with the number of its line in the list of hops. Where the terminal is too narrow, a ladder from source to destination.
 */
import { printable, textWidth } from '@bothways/diagnostics';
import type { RoundTripView, WayView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { padded, widestOf } from './words.ts';

interface Visit {
  /** Position in the list of hops, from 1. */
  readonly number: number;
  readonly action: WayView['hops'][number]['action'];
}

interface Rung {
  readonly device: string;
  /** Undefined: that way does not touch the device. */
  readonly there: Visit | undefined;
  readonly back: Visit | undefined;
}

type Lane = 'there' | 'back';

export function tracePicture(trip: RoundTripView, terminal: Terminal): readonly string[] {
  const rungs = ladder(trip.forward, trip.return);
  const strip = stripOf(rungs, trip.openedBy);
  const fits = strip.every((line) => textWidth(line) <= terminal.width);
  return (fits ? strip : ladderLines(rungs)).map((line) => inColour(line, terminal));
}

/** Words and signs say it, too: colour only helps to find them. */
function inColour(line: string, { style }: Terminal): string {
  return line.replaceAll('✗', style.red('✗')).replaceAll(WORDS.drop, style.red(WORDS.drop));
}

const SIGNS: Readonly<Record<Visit['action'], string>> = {
  send: '',
  forward: '',
  translate: '',
  deliver: '●',
  drop: '✗',
};
const WORDS: Readonly<Record<Visit['action'], string>> = {
  send: '',
  forward: '',
  translate: 'translated',
  deliver: '',
  drop: 'DROPPED',
};
const GAP = 3;
const LABEL = 9;

function stripOf(rungs: readonly Rung[], openedBy: RoundTripView['openedBy']): readonly string[] {
  const columns = openedBy === 'customer' ? rungs : rungs.toReversed();
  const rightwards: Lane = openedBy === 'customer' ? 'there' : 'back';
  const widths = columns.map(({ device, there, back }) =>
    // A cell more than a number takes, so that an arrow has room beside it.
    widestOf([device, ...[there, back].flatMap((visit) => [`${cellOf(visit)} `, wordOf(visit)])]),
  );
  const row = (label: string, cells: readonly string[]): string =>
    `  ${label.padEnd(LABEL - 2)}${cells.map((cell, i) => padded(cell, widths[i] ?? 0)).join(' '.repeat(GAP))}`.trimEnd();
  const words = (lane: Lane): readonly string[] => {
    const cells = columns.map((column) => wordOf(column[lane]));
    return cells.every((word) => word === '') ? [] : [row('', cells)];
  };
  const lane = (name: Lane): string =>
    `  ${name.padEnd(LABEL - 2)}${laneOf(
      columns.map((column) => column[name]),
      widths,
      name === rightwards,
    )}`.trimEnd();
  const answered = columns.some(({ back }) => back !== undefined);
  return [
    ...words('there'),
    lane('there'),
    row(
      '',
      columns.map(({ device }) => device),
    ),
    ...(answered ? [lane('back'), ...words('back')] : [`  ${'back'.padEnd(LABEL - 2)}nothing to answer`]),
  ];
}

/** One way as a line of numbers with arrows between the devices it touches. */
function laneOf(visits: readonly (Visit | undefined)[], widths: readonly number[], rightwards: boolean): string {
  const touched = visits.flatMap((visit, i) => (visit === undefined ? [] : [i]));
  const first = touched[0] ?? 0;
  const last = touched.at(-1) ?? -1;
  let text = '';
  for (const [i, visit] of visits.entries()) {
    const cell = cellOf(visit);
    const room = (widths[i] ?? 0) - textWidth(cell) + GAP;
    const nextTouched = visits[i + 1] !== undefined;
    if (i < first || i >= last) text += cell + ' '.repeat(room);
    else {
      const head = rightwards ? (nextTouched ? '▶ ' : '──') : nextTouched ? '─ ' : '──';
      const tail = visit === undefined ? '──' : rightwards ? ' ─' : ' ◀';
      text += cell + tail + '─'.repeat(room - 4) + head;
    }
  }
  return text;
}

function cellOf(visit: Visit | undefined): string {
  return visit === undefined ? '' : `${visit.number}${SIGNS[visit.action]}`;
}

function wordOf(visit: Visit | undefined): string {
  return visit === undefined ? '' : WORDS[visit.action];
}

/** One rung for each device, an arrow for each way that touches it. */
function ladderLines(rungs: readonly Rung[]): readonly string[] {
  const width = Math.max(6, widestOf(rungs.map(({ device }) => device)));
  const sign = (visit: Visit | undefined, arrow: string): string =>
    visit === undefined ? ' ' : SIGNS[visit.action] || arrow;
  return [
    `  ${padded('', width)}  there  back`,
    ...rungs.map(({ device, there, back }) => {
      const dropped = [there, back].some((visit) => visit?.action === 'drop') ? `   ${WORDS.drop}` : '';
      return `  ${padded(device, width)}    ${sign(there, '↓')}      ${sign(back, '↑')}${dropped}`.trimEnd();
    }),
  ];
}

/** Devices of both ways in one order. Where the two part, those of the way there come first. */
function ladder(forward: WayView, back: WayView | undefined): readonly Rung[] {
  const visited = (way: WayView | undefined) =>
    (way?.hops ?? []).map(({ device, action }, i) => ({ device: printable(device), visit: { number: i + 1, action } }));
  const there = visited(forward);
  const here = visited(back).toReversed();
  const rungs: Rung[] = [];
  let i = 0;
  let j = 0;
  for (const [nextI, nextJ] of [...longestCommon(there, here), [there.length, here.length] as const]) {
    for (; i < nextI; i += 1) rungs.push({ device: there[i]?.device ?? '', there: there[i]?.visit, back: undefined });
    for (; j < nextJ; j += 1) rungs.push({ device: here[j]?.device ?? '', there: undefined, back: here[j]?.visit });
    if (nextI < there.length) {
      rungs.push({ device: there[i]?.device ?? '', there: there[i]?.visit, back: here[j]?.visit });
    }
    i += 1;
    j += 1;
  }
  return rungs;
}

/** Positions of a longest common subsequence of devices, ascending. */
function longestCommon(
  a: readonly { device: string }[],
  b: readonly { device: string }[],
): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row === undefined) throw new Error(`no row ${i} of ${a.length}`);
      row[j] = a[i]?.device === b[j]?.device ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i]?.device === b[j]?.device) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
