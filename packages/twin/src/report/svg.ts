/**
 * Diagrams as SVG that stands by itself: no script, no outside request, colours as attributes that a style sheet may
 * override. Directions and kinds of lines differ in shape and in words, never in colour alone.
 */
import { cutText, printable, textWidth } from '@bothways/diagnostics';
import { boxHeight, boxWidth, type Diagram, type DiagramLine, type PlacedNode } from './diagram.ts';

/** Text as XML content. */
export function xmlText(text: string): string {
  return printable(text)
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** `id` is unique in the page: title and description are found by it. */
export interface SvgWords {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

const fills: Readonly<Record<PlacedNode['half'], string>> = {
  customer: '#e8f1fb',
  provider: '#f1eefb',
  internet: '#f3f3f3',
  microsoft: '#e9f6ec',
};

const dashes: Readonly<Record<DiagramLine['kind'], string>> = {
  wan: '',
  lan: '',
  circuit: '',
  internet: ' stroke-dasharray="6 4"',
  tunnel: ' stroke-dasharray="1 4" stroke-linecap="round"',
  microsoft: '',
};

const widths: Readonly<Record<DiagramLine['kind'], number>> = {
  wan: 2,
  lan: 1,
  circuit: 4,
  internet: 2,
  tunnel: 3,
  microsoft: 1,
};

export function topologySvg(diagram: Diagram, words: SvgWords): string {
  const nodes = new Map(diagram.nodes.map((node) => [node.id, node]));
  const lines = diagram.lines.map((line) => lineSvg(line, nodes.get(line.from), nodes.get(line.to)));
  return frame(diagram.width, diagram.height, words, [...lines, ...diagram.nodes.map(nodeSvg)]);
}

function frame(width: number, height: number, { id, title, description }: SvgWords, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-labelledby="${id}-title ${id}-desc" font-family="Segoe UI, Helvetica, Arial, sans-serif">`,
    `<title id="${id}-title">${xmlText(title)}</title>`,
    `<desc id="${id}-desc">${xmlText(description)}</desc>`,
    ...body.filter((each) => each !== ''),
    '</svg>',
  ].join('\n');
}

function nodeSvg({ x, y, title, subtitle, half }: PlacedNode): string {
  const centre = x + boxWidth / 2;
  return [
    `<g class="node ${half}"><title>${xmlText(`${title}: ${subtitle}`)}</title>`,
    `<rect class="box" x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="5" fill="${fills[half]}" stroke="#4a5a6a"/>`,
    `<text class="name" x="${centre}" y="${y + 17}" text-anchor="middle" font-size="12" font-weight="600" fill="#16202a">${xmlText(cutText(title, 17))}</text>`,
    `<text class="role" x="${centre}" y="${y + 32}" text-anchor="middle" font-size="10.5" fill="#46525e">${xmlText(cutText(subtitle, 21))}</text></g>`,
  ].join('');
}

function lineSvg(line: DiagramLine, from: PlacedNode | undefined, to: PlacedNode | undefined): string {
  if (from === undefined || to === undefined) return '';
  const [left, right] = from.x <= to.x ? [from, to] : [to, from];
  const attributes = `class="line ${line.kind}" fill="none" stroke="#4a5a6a" stroke-width="${widths[line.kind]}"${dashes[line.kind]}`;
  const middle = boxHeight / 2;
  if (left.x === right.x) {
    // In one column: an arc on the right side of the boxes.
    const edge = left.x + boxWidth;
    const [a, b] = [left.y + middle, right.y + middle];
    return `<path ${attributes} d="M${edge} ${a} C${edge + 30} ${a} ${edge + 30} ${b} ${edge} ${b}"><title>${xmlText(line.label)}</title></path>`;
  }
  const [x1, y1, x2, y2] = [left.x + boxWidth, left.y + middle, right.x, right.y + middle];
  const bend = Math.round((x2 - x1) / 2);
  return `<path ${attributes} d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"><title>${xmlText(line.label)}</title></path>`;
}

/** One stop of a round trip: what happens there on the way there, and on the way back; absent: not touched. */
export interface Stop {
  readonly name: string;
  readonly there: StopMark | undefined;
  readonly back: StopMark | undefined;
}

export type StopMark = 'start' | 'pass' | 'translate' | 'end' | 'drop';

const stopWidth = 96;
const stopGap = 24;
const laneHeight = 46;
const stopBox = 40;
/** More stops than this would be too small to read on a page: the line goes on below. */
const stopsInRow = 9;

/**
 * A round trip from left to right: the way there above the boxes as a solid line with filled arrows, the way back below
 * them as a dashed line with open arrows. A lost packet ends in a cross.
 */
export function roundTripSvg(
  stops: readonly Stop[],
  ways: { readonly there: string; readonly back: string },
  words: SvgWords,
): string {
  const rows = Math.max(1, Math.ceil(stops.length / stopsInRow));
  const perRow = Math.ceil(stops.length / rows);
  const label = 112;
  const rowHeight = 2 * laneHeight + stopBox + 14;
  const width = label + perRow * stopWidth + (perRow - 1) * stopGap + 16;
  const body: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const top = 6 + row * rowHeight;
    const here = stops.slice(row * perRow, (row + 1) * perRow);
    const boxTop = top + laneHeight;
    const goesOn = row + 1 < rows;
    body.push(
      laneLabel(0, top + laneHeight - 18, 'there', ways.there),
      laneLabel(0, boxTop + stopBox + 24, 'back', ways.back),
    );
    for (const [at, stop] of here.entries()) {
      const x = label + at * (stopWidth + stopGap);
      body.push(stopSvg(x, boxTop, stop));
    }
    body.push(
      laneSvg(here, 'there', label, boxTop - 16, goesOn, row > 0),
      laneSvg(here, 'back', label, boxTop + stopBox + 16, goesOn, row > 0),
    );
  }
  return frame(width, 12 + rows * rowHeight, words, body);
}

function laneLabel(x: number, y: number, title: string, way: string): string {
  return `<text class="lane" x="${x}" y="${y}" font-size="12" font-weight="600" fill="#16202a">${title}</text><text class="via" x="${x}" y="${y + 14}" font-size="10.5" fill="#46525e">${xmlText(cutText(way, 20))}</text>`;
}

function stopSvg(x: number, y: number, { name, there, back }: Stop): string {
  const touched = there !== undefined || back !== undefined;
  const [first, second] = twoLines(name, 14);
  const centre = x + stopWidth / 2;
  const text = (line: string, at: number): string =>
    `<text class="name" x="${centre}" y="${at}" text-anchor="middle" font-size="11.5" fill="#16202a">${xmlText(line)}</text>`;
  return [
    `<rect class="box${touched ? '' : ' idle'}" x="${x}" y="${y}" width="${stopWidth}" height="${stopBox}" rx="5" fill="#f4f7fa" stroke="#4a5a6a"/>`,
    ...(second === '' ? [text(first, y + 24)] : [text(first, y + 17), text(second, y + 31)]),
  ].join('');
}

function twoLines(name: string, width: number): readonly [string, string] {
  const clean = printable(name);
  if (textWidth(clean) <= width) return [clean, ''];
  const parts = clean.split(/(?<=[- /.])/);
  let first = '';
  while (parts.length > 1 && textWidth(first + (parts[0] ?? '')) <= width) first += parts.shift() ?? '';
  if (first === '') return [cutText(clean, width), ''];
  return [first.trimEnd(), cutText(parts.join(''), width)];
}

function laneSvg(
  stops: readonly Stop[],
  direction: 'there' | 'back',
  label: number,
  y: number,
  goesOn: boolean,
  comesOn: boolean,
): string {
  const marks = stops.flatMap((stop, at) => {
    const mark = stop[direction];
    return mark === undefined ? [] : [{ mark, x: label + at * (stopWidth + stopGap) + stopWidth / 2 }];
  });
  const [first] = marks;
  const last = marks.at(-1);
  if (first === undefined || last === undefined) return '';
  const dash = direction === 'back' ? ' stroke-dasharray="7 4"' : '';
  const rightEnd = goesOn ? label + stops.length * (stopWidth + stopGap) - 6 : last.x;
  const leftEnd = comesOn ? label - 8 : first.x;
  const parts = [
    `<line class="way ${direction}" x1="${leftEnd}" y1="${y}" x2="${rightEnd}" y2="${y}" stroke="#1b5e9b" stroke-width="2"${dash}/>`,
  ];
  for (const { mark, x } of marks) parts.push(markSvg(mark, direction, x, y));
  for (const [at, { x }] of marks.entries()) {
    const next = marks[at + 1]?.x ?? (goesOn ? rightEnd : undefined);
    if (next !== undefined) parts.push(arrow(direction, (x + next) / 2, y));
  }
  return parts.join('');
}

/** Filled for the way there, open for the way back. */
function arrow(direction: 'there' | 'back', x: number, y: number): string {
  const tip = direction === 'there' ? 6 : -6;
  const fill = direction === 'there' ? '#1b5e9b' : '#ffffff';
  return `<path class="arrow ${direction}" d="M${x - tip} ${y - 5} L${x + tip} ${y} L${x - tip} ${y + 5} Z" fill="${fill}" stroke="#1b5e9b"/>`;
}

function markSvg(mark: StopMark, direction: 'there' | 'back', x: number, y: number): string {
  const above = direction === 'there';
  const word = { start: 'starts', pass: '', translate: 'translates', end: 'arrives', drop: 'drops it' }[mark];
  const label =
    word === ''
      ? ''
      : `<text class="mark ${mark}" x="${x}" y="${above ? y - 8 : y + 17}" text-anchor="middle" font-size="10.5" font-weight="${mark === 'drop' ? 700 : 400}" fill="${mark === 'drop' ? '#a4262c' : '#46525e'}">${word}</text>`;
  if (mark === 'drop') {
    return `<path class="cross" d="M${x - 6} ${y - 6} L${x + 6} ${y + 6} M${x - 6} ${y + 6} L${x + 6} ${y - 6}" stroke="#a4262c" stroke-width="3" fill="none"/>${label}`;
  }
  const radius = mark === 'start' || mark === 'end' ? 4.5 : 3;
  return `<circle class="stop ${direction}" cx="${x}" cy="${y}" r="${radius}" fill="${above ? '#1b5e9b' : '#ffffff'}" stroke="#1b5e9b" stroke-width="1.5"/>${label}`;
}
