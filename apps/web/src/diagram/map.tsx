/** The estate on the map, by coordinates: no tiles, nothing fetched. Places that nobody gave coordinates for are listed. */
import type { TopologyNode, TopologyView } from '@bothways/twin';
import { geoMercator, geoPath } from 'd3-geo';
import { useMemo } from 'react';
import { feature } from 'topojson-client';
import countriesText from 'world-atlas/countries-50m.json' with { type: 'json' };
import { useShown, useStore } from '../state/hooks.ts';
import { Canvas } from './canvas.tsx';

const WIDTH = 1200;
const HEIGHT = 620;
/** Nearer to each other than this, places are one mark, in units of the drawing. */
const APART = 22;

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly nodes: readonly TopologyNode[];
  readonly kind: 'site' | 'edge' | 'region';
}

type Atlas = Parameters<typeof feature>[0];

function isAtlas(value: unknown): value is Atlas {
  return typeof value === 'object' && value !== null && 'objects' in value;
}

const atlas: unknown = countriesText;
const shapes = isAtlas(atlas) ? atlas.objects['countries'] : undefined;
const countries = isAtlas(atlas) && shapes !== undefined ? feature(atlas, shapes) : undefined;

export default function EstateMap({ topology }: { readonly topology: TopologyView }) {
  const store = useStore();
  const selection = useShown((state) => state.selection);
  const estate = useShown((state) => state.estate?.name ?? 'network');
  const drawn = useMemo(() => draw(topology), [topology]);
  const labels = useMemo(() => labelsOf(drawn.marks), [drawn]);
  if (drawn.marks.length === 0) {
    return (
      <p className="quiet pad">
        No site of this estate has a city or coordinates; add `city` to a site to see it here.
      </p>
    );
  }
  return (
    <Canvas label={`Map of ${estate}`} width={WIDTH} height={HEIGHT} fileName={`${estate.replaceAll(/\W+/g, '-')}-map`}>
      <rect className="sea" x={-WIDTH} y={-HEIGHT} width={3 * WIDTH} height={3 * HEIGHT} />
      <path className="land" d={drawn.land} />
      {drawn.lines.map(({ id, kind, title, d }) => (
        <g key={id} className={`line ${kind}`}>
          <title>{title}</title>
          <path className="stroke" d={d} fill="none" />
        </g>
      ))}
      {drawn.marks.map(({ x, y, nodes, kind }) => {
        const [first] = nodes;
        if (first === undefined) return null;
        const names = nodes.map(({ title }) => title);
        const text = labels.get(first.id);
        return (
          <g
            key={first.id}
            className={`place-mark ${kind}${nodes.some(({ id }) => id === selection?.id) ? ' chosen' : ''}`}
            transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}
            data-node={first.id}
            role="button"
            tabIndex={0}
            aria-label={`${names.slice(0, 12).join(', ')}${names.length > 12 ? ` and ${names.length - 12} more` : ''}`}
            onClick={() => store.select({ kind: 'node', id: first.id })}
          >
            {kind === 'site' ? (
              <circle r={nodes.length > 20 ? 13 : 9} />
            ) : kind === 'edge' ? (
              <rect x="-9" y="-9" width="18" height="18" rx="3" />
            ) : (
              <path d="M0 -11L11 8H-11Z" />
            )}
            {text === undefined ? null : (
              <text x="15" y="6">
                {text}
              </text>
            )}
          </g>
        );
      })}
    </Canvas>
  );
}

/** Names by the first device of a mark; where two would stand on each other the later one is left out. */
function labelsOf(marks: readonly Mark[]): ReadonlyMap<string, string> {
  const taken: { x: number; y: number; width: number }[] = [];
  const labels = new Map<string, string>();
  for (const { x, y, nodes } of marks) {
    const [first] = nodes;
    if (first === undefined) continue;
    const text = nodes.length === 1 ? first.title : shortNames(nodes);
    const width = 10.5 * text.length + 26;
    const meets = taken.some((other) => Math.abs(other.y - y) < 19 && x < other.x + other.width && other.x < x + width);
    taken.push({ x, y, width: meets ? 16 : width });
    if (!meets) labels.set(first.id, text);
  }
  return labels;
}

function shortNames(nodes: readonly TopologyNode[]): string {
  const groups = [...new Set(nodes.map(({ group, title }) => group?.replace(/^(site|circuit) /, '') ?? title))];
  const [first = ''] = groups;
  return groups.length === 1 ? first : `${first} and ${groups.length - 1} more`;
}

function draw(topology: TopologyView) {
  const placed = topology.nodes.flatMap((node) =>
    node.latitude === undefined || node.longitude === undefined
      ? []
      : [{ node, at: [node.longitude, node.latitude] satisfies [number, number] }],
  );
  const projection = geoMercator();
  const points = { type: 'MultiPoint' as const, coordinates: placed.map(({ at }) => at) };
  const margin = 110;
  projection.fitExtent(
    [
      [margin, margin],
      [WIDTH - margin, HEIGHT - margin],
    ],
    points,
  );
  // One place alone would be a map of a street.
  projection.scale(Math.min(projection.scale(), 2600));
  if (placed.length > 0) {
    const longitudes = placed.map(({ at }) => at[0]);
    const latitudes = placed.map(({ at }) => at[1]);
    const middle = (list: readonly number[]): number => (Math.min(...list) + Math.max(...list)) / 2;
    projection.center([middle(longitudes), middle(latitudes)]).translate([WIDTH / 2, HEIGHT / 2]);
  }
  projection.clipExtent([
    [-WIDTH, -HEIGHT],
    [2 * WIDTH, 2 * HEIGHT],
  ]);
  const marks: { x: number; y: number; nodes: TopologyNode[]; kind: Mark['kind'] }[] = [];
  const cells = new Map<string, number>();
  const markOf = new Map<string, number>();
  for (const { node, at } of placed) {
    const [x, y] = projection(at) ?? [0, 0];
    const kind = node.role === 'msee' ? 'edge' : node.half === 'microsoft' ? 'region' : 'site';
    const cell = `${kind} ${Math.round(x / APART)} ${Math.round(y / APART)}`;
    const held = cells.get(cell);
    if (held === undefined) {
      cells.set(cell, marks.length);
      markOf.set(node.id, marks.length);
      marks.push({ x, y, nodes: [node], kind });
    } else {
      marks[held]?.nodes.push(node);
      markOf.set(node.id, held);
    }
  }
  spread(marks);
  const lines = new Map<string, { id: string; kind: string; title: string; d: string }>();
  for (const { id, from, to, kind, label } of topology.lines) {
    const [a, b] = [markOf.get(from), markOf.get(to)];
    if (a === undefined || b === undefined || a === b) continue;
    const [one, other] = [marks[a], marks[b]];
    if (one === undefined || other === undefined) continue;
    const key = `${Math.min(a, b)} ${Math.max(a, b)} ${kind}`;
    const d = `M${one.x.toFixed(1)} ${one.y.toFixed(1)}L${other.x.toFixed(1)} ${other.y.toFixed(1)}`;
    if (!lines.has(key)) lines.set(key, { id, kind, title: label, d });
  }
  const land = countries === undefined ? '' : (geoPath(projection)(countries) ?? '');
  return { marks, lines: [...lines.values()], land };
}

/** Marks of different kinds in one city stand below each other. */
function spread(marks: { x: number; y: number }[]): void {
  for (const [at, mark] of marks.entries()) {
    for (const before of marks.slice(0, at)) {
      if (Math.abs(before.x - mark.x) < APART && Math.abs(before.y - mark.y) < APART) mark.y = before.y + 1.3 * APART;
    }
  }
}
