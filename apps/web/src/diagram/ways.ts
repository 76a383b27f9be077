/**
 * The two ways of a round trip as lines over the drawing. Each keeps to the right of the line it follows, as traffic does,
 * so that request and answer never cover each other; they differ in dash, arrow and words, not only in colour.
 */
import type { TripDetail, WayDetail } from '@bothways/twin';
import type { Shown } from './grouping.ts';
import type { Point, Scene } from './scene.ts';

export interface WayLine {
  readonly direction: 'request' | 'answer';
  readonly points: readonly Point[];
  /** Where arrows stand, with the direction in degrees. */
  readonly arrows: readonly (Point & { readonly angle: number })[];
  /** By hop: where the packet is. */
  readonly stops: readonly Point[];
  readonly labelAt: Point | undefined;
}

export interface WayMark extends Point {
  readonly kind: 'drop' | 'nat';
  readonly direction: 'request' | 'answer';
  readonly text: string;
}

const OFFSET = 6;
const ARROW_EVERY = 150;

export function waysOf(
  trip: TripDetail,
  scene: Scene,
  shown: Shown,
): { lines: readonly WayLine[]; marks: readonly WayMark[] } {
  const parts = [
    { direction: 'request' as const, way: trip.forward },
    ...(trip.return === undefined ? [] : [{ direction: 'answer' as const, way: trip.return }]),
  ];
  return {
    lines: parts.flatMap(({ direction, way }) => lineOf(direction, way, scene, shown)),
    marks: parts.flatMap(({ direction, way }) => marksOf(direction, way, scene, shown)),
  };
}

function lineOf(direction: WayLine['direction'], way: WayDetail, scene: Scene, shown: Shown): readonly WayLine[] {
  const boxes = new Map(scene.nodes.map((node) => [node.id, node]));
  const drawn = new Map(scene.lines.map((line) => [line.id, line]));
  const points: Point[] = [];
  const stops: Point[] = [];
  for (const [at, hop] of way.hops.entries()) {
    const box = boxes.get(shown.boxOf.get(hop.device) ?? '');
    if (box === undefined) continue;
    const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    stops.push(centre);
    const next = way.hops[at + 1];
    const line = hop.leftOn === undefined ? undefined : drawn.get(shown.lineOf.get(hop.leftOn) ?? '');
    const here = shown.boxOf.get(hop.device);
    if (next === undefined || line === undefined || line.points.length < 2) {
      points.push(centre);
      continue;
    }
    const along = line.from === here ? line.points : line.points.toReversed();
    if (at === 0) points.push({ x: centre.x, y: along[0]?.y ?? centre.y });
    points.push(...along);
  }
  const last = stops.at(-1);
  const before = points.at(-1);
  if (last !== undefined && before !== undefined) points.push({ x: last.x, y: before.y });
  const beside = offset(simplified(points), OFFSET);
  if (beside.length < 2) return [];
  return [{ direction, points: beside, arrows: arrowsOn(beside), stops, labelAt: longestMiddle(beside) }];
}

function marksOf(direction: WayLine['direction'], way: WayDetail, scene: Scene, shown: Shown): readonly WayMark[] {
  return way.hops.flatMap((hop): WayMark[] => {
    const box = scene.nodes.find(({ id }) => id === shown.boxOf.get(hop.device));
    if (box === undefined) return [];
    if (hop.action === 'drop') {
      return [{ kind: 'drop', direction, x: box.x + box.width / 2, y: box.y, text: `${direction} dropped here` }];
    }
    if (hop.action !== 'translate' || hop.arrives === hop.leaves) return [];
    return [
      {
        kind: 'nat',
        direction,
        x: box.x + box.width / 2,
        y: box.y + box.height,
        text: translated(hop.arrives, hop.leaves),
      },
    ];
  });
}

/** '10.10.0.1 → 198.51.100.1': the address that changed. */
function translated(arrives: string, leaves: string): string {
  const [from, to] = [arrives.split(' -> '), leaves.split(' -> ')];
  const at = from.findIndex((address, ix) => address !== to[ix]);
  return `NAT ${from[at] ?? ''} → ${to[at] ?? ''}`;
}

/** Without points that repeat or lie on the way. */
function simplified(points: readonly Point[]): readonly Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last !== undefined && Math.abs(last.x - point.x) < 0.5 && Math.abs(last.y - point.y) < 0.5) continue;
    kept.push(point);
  }
  return kept.filter((point, at) => {
    const [before, after] = [kept[at - 1], kept[at + 1]];
    if (before === undefined || after === undefined) return true;
    return (
      Math.abs((point.x - before.x) * (after.y - point.y) - (point.y - before.y) * (after.x - point.x)) > 0.5 ||
      (point.x - before.x) * (after.x - point.x) + (point.y - before.y) * (after.y - point.y) < 0
    );
  });
}

/** Parallel to the right of the direction of travel, with mitred corners. */
function offset(points: readonly Point[], by: number): readonly Point[] {
  const normals = points.slice(1).map((point, at) => {
    const from = points[at] ?? point;
    const length = Math.hypot(point.x - from.x, point.y - from.y) || 1;
    return { x: -(point.y - from.y) / length, y: (point.x - from.x) / length };
  });
  return points.map((point, at) => {
    const a = normals[at - 1] ?? normals[at] ?? { x: 0, y: 0 };
    const b = normals[at] ?? a;
    const sum = { x: a.x + b.x, y: a.y + b.y };
    const dot = 1 + a.x * b.x + a.y * b.y;
    // Turning back on itself has no mitre.
    if (dot < 0.2) return { x: point.x + by * a.x, y: point.y + by * a.y };
    return { x: point.x + (by * sum.x) / dot, y: point.y + (by * sum.y) / dot };
  });
}

function arrowsOn(points: readonly Point[]): WayLine['arrows'] {
  const arrows: (Point & { readonly angle: number })[] = [];
  for (const [at, to] of points.slice(1).entries()) {
    const from = points[at] ?? to;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length < 34) continue;
    const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
    const count = Math.max(1, Math.floor(length / ARROW_EVERY));
    for (let part = 1; part <= count; part++) {
      const share = part / (count + 1);
      arrows.push({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share, angle });
    }
  }
  return arrows;
}

function longestMiddle(points: readonly Point[]): Point | undefined {
  let best: { readonly length: number; readonly at: Point } | undefined;
  for (const [at, to] of points.slice(1).entries()) {
    const from = points[at] ?? to;
    if (Math.abs(from.y - to.y) > 1) continue;
    const length = Math.abs(to.x - from.x);
    if (best === undefined || length > best.length)
      best = { length, at: { x: from.x + (to.x - from.x) * 0.5, y: from.y } };
  }
  return best?.at;
}
