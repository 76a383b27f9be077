/**
 * A roadmap as a Gantt chart in SVG. Every bar has its title and dates as text, kinds differ by pattern as well as by
 * shade, and the whole has a title and a description for those who cannot see it.
 */
import type { Roadmap, ScheduledStep, StepKind } from './roadmap.ts';
import { dayAfter } from './roadmap-calendar.ts';

const ROW = 26;
const TOP = 76;
const LABELS = 430;
const CHART = 560;
const RIGHT = 150;

const KINDS: Readonly<Record<StepKind, { readonly word: string; readonly fill: string; readonly pattern: string }>> = {
  order: { word: 'order', fill: '#ffffff', pattern: '' },
  wait: { word: 'wait for somebody', fill: '#d9d9d9', pattern: '<path d="M0 8 L8 0" stroke="#333333"/>' },
  build: { word: 'build', fill: '#bdd7ee', pattern: '<path d="M0 4 H8" stroke="#1f4e79"/>' },
  change: { word: 'change', fill: '#1f4e79', pattern: '' },
  remove: { word: 'remove', fill: '#f8cbad', pattern: '<path d="M0 0 L8 8 M0 8 L8 0" stroke="#843c0c"/>' },
};

/** `start`: ISO day on which the first steps begin. */
export function roadmapChart({ steps, days }: Roadmap, start: string, name: string): string {
  const width = LABELS + CHART + RIGHT;
  const height = TOP + steps.length * ROW + 24;
  const scale = CHART / Math.max(1, days);
  const kinds = Object.entries(KINDS);
  const end = dayAfter(start, days);
  const legend = kinds.map(
    ([kind, { word }], ix) =>
      `<rect x="${10 + ix * 170}" y="34" width="22" height="14" fill="url(#${kind})" stroke="#000000"/><text x="${38 + ix * 170}" y="46">${word}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="13">`,
    `<title id="title">${text(`Roadmap: ${name}`)}</title>`,
    `<desc id="description">${text(`${steps.length} steps from ${start} to ${end}. ${steps.map((step) => `${step.title}: ${datesOf(step, start)}.`).join(' ')}`)}</desc>`,
    '<defs>',
    ...kinds.map(
      ([kind, { fill, pattern }]) =>
        `<pattern id="${kind}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="${fill}"/>${pattern}</pattern>`,
    ),
    '</defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="10" y="22" font-size="16" font-weight="bold">${text(name)}</text>`,
    ...legend,
    ...marks(days).map((day) => {
      const x = round(LABELS + day * scale);
      return `<line x1="${x}" y1="${TOP - 8}" x2="${x}" y2="${height - 20}" stroke="#c0c0c0"/><text x="${x}" y="${TOP - 12}" font-size="11" text-anchor="middle">${dayAfter(start, day)}</text>`;
    }),
    ...steps.map((step, ix) => {
      const y = TOP + ix * ROW;
      const x = round(LABELS + step.begins * scale);
      const long = round(Math.max(4, (step.ends - step.begins) * scale));
      return [
        `<g><title>${text(`${step.title}: ${datesOf(step, start)}; ${KINDS[step.kind].word}; skill: ${step.skill}`)}</title>`,
        `<text x="${LABELS - 8}" y="${y + 15}" text-anchor="end">${text(shortened(step.title, 62))}</text>`,
        `<rect x="${x}" y="${y + 3}" width="${long}" height="${ROW - 8}" fill="url(#${step.kind})" stroke="#000000"${step.days === undefined ? ' stroke-dasharray="3 2"' : ''}/>`,
        `<text x="${round(x + long + 5)}" y="${y + 15}" font-size="11">${step.days === undefined ? '? days' : `${step.days} d`}</text></g>`,
      ].join('');
    }),
    '</svg>',
    '',
  ].join('\n');
}

export function datesOf({ begins, ends, notBefore, days }: ScheduledStep, start: string): string {
  const first = dayAfter(start, begins);
  const last = dayAfter(start, Math.max(begins, ends - 1));
  const when = first === last ? first : `${first} to ${last}`;
  return `${notBefore ? 'not before ' : ''}${when}${days === undefined ? ', length unknown' : ''}`;
}

function marks(days: number): readonly number[] {
  const step = [1, 2, 7, 14, 28, 56, 112].find((each) => days / each <= 6) ?? 224;
  return Array.from({ length: Math.floor(days / step) + 1 }, (_, ix) => ix * step);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function shortened(title: string, most: number): string {
  return title.length <= most ? title : `${title.slice(0, most - 1)}…`;
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
