/**
 * From what is shown to where it stands: ELK's layered method (Sugiyama, Tagawa and Toda, 1981) from the customer on the
 * left to Microsoft on the right. Boxes keep the order of the document, so that an edit moves little.
 */
import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import { layOut } from '../engine/layout.ts';
import type { Shown, ShownLine, ShownNode } from './grouping.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface SceneNode extends ShownNode, Box {}

interface SceneGroup extends Box {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
}

export interface SceneLine extends ShownLine {
  /** From `from` to `to`. */
  readonly points: readonly Point[];
  /** Above and below the line, where there is room. */
  readonly labels: readonly LineLabel[];
}

interface LineLabel extends Point {
  readonly text: string;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly SceneNode[];
  readonly groups: readonly SceneGroup[];
  readonly lines: readonly SceneLine[];
}

const nodeWidth = 148;
const nodeHeight = 52;

const layered: Readonly<Record<string, string>> = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.spacing.nodeNodeBetweenLayers': '66',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.spacing.nodeNode': '34',
  'elk.spacing.edgeEdge': '18',
  'elk.spacing.edgeNode': '26',
  'elk.spacing.componentComponent': '40',
  'elk.padding': '[top=20,left=20,bottom=20,right=20]',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
};

export async function sceneOf(shown: Shown): Promise<Scene> {
  const laid = await layOut(graphOf(shown));
  const places = new Map<string, Box>();
  const collect = (node: ElkNode): void => {
    places.set(node.id, { x: node.x ?? 0, y: node.y ?? 0, width: node.width ?? 0, height: node.height ?? 0 });
    for (const child of node.children ?? []) collect(child);
  };
  collect(laid);
  const edges = new Map<string, ElkExtendedEdge>();
  const collectEdges = (node: ElkNode): void => {
    for (const edge of node.edges ?? []) edges.set(edge.id, edge);
    for (const child of node.children ?? []) collectEdges(child);
  };
  collectEdges(laid);
  const origin = { x: 0, y: 0, width: nodeWidth, height: nodeHeight };
  return {
    width: laid.width ?? 100,
    height: laid.height ?? 100,
    nodes: shown.nodes.map((node) => ({ ...node, ...(places.get(node.id) ?? origin) })),
    groups: shown.groups.flatMap(({ id, title, kind }) => {
      const box = places.get(`group ${id}`);
      return box === undefined ? [] : [{ id, title, kind, ...box }];
    }),
    lines: withLabels(
      shown.lines.map((line) => {
        const edge = edges.get(`line ${line.id}`);
        const [section] = edge?.sections ?? [];
        const forwards = edge?.sources[0] === line.from;
        const points =
          section === undefined ? [] : [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
        return { ...line, points: forwards ? points : points.toReversed() };
      }),
      shown.nodes.map(({ id }) => places.get(id) ?? origin),
    ),
  };
}

function graphOf(shown: Shown): ElkNode {
  const columns = new Map(shown.nodes.map(({ id, column }) => [id, column]));
  const nodeOf = ({ id }: ShownNode): ElkNode => ({ id, width: nodeWidth, height: nodeHeight });
  return {
    id: 'network',
    layoutOptions: layered,
    children: [
      ...shown.groups.flatMap(({ id }): ElkNode[] => {
        const members = shown.nodes.filter(({ group }) => group === id);
        if (members.length === 0) return [];
        return [
          {
            id: `group ${id}`,
            layoutOptions: {
              'elk.padding': '[top=38,left=14,bottom=16,right=14]',
              'elk.layered.spacing.nodeNodeBetweenLayers': '24',
            },
            children: members.map(nodeOf),
          },
        ];
      }),
      ...shown.nodes.filter(({ group }) => group === undefined).map(nodeOf),
    ],
    edges: shown.lines.map(({ id, from, to }) => {
      // Against the direction of reading, ELK would put the customer to the right of Microsoft.
      const forwards = (columns.get(from) ?? 0) <= (columns.get(to) ?? 0);
      return { id: `line ${id}`, sources: [forwards ? from : to], targets: [forwards ? to : from] };
    }),
  };
}

/** Name and bandwidth; the latency stands in the details. */
function labelOf({ kind, label }: ShownLine): readonly [string, string] {
  if (kind === 'lan' || kind === 'microsoft' || label === '') return ['', ''];
  const [name = '', second = ''] = label.split(', ');
  if (kind === 'internet' && second === '') return ['', ''];
  const short = name.length > 16 ? `${name.slice(0, 15)}…` : name;
  return [short, second.includes('ms') ? '' : second];
}

/** Where nothing else is: the longest level stretch first, then others, then upright ones; a label without room is left out. */
function withLabels(lines: readonly Omit<SceneLine, 'labels'>[], boxes: readonly Box[]): readonly SceneLine[] {
  const taken: Box[] = [...boxes];
  const isFree = (box: Box): boolean =>
    taken.every(
      (other) =>
        box.x + box.width < other.x ||
        other.x + other.width < box.x ||
        box.y + box.height < other.y ||
        other.y + other.height < box.y,
    );
  return lines.map((line) => {
    const labels: LineLabel[] = [];
    for (const [at, text] of labelOf(line).entries()) {
      if (text === '') continue;
      const width = 7 * text.length;
      const place = candidates(line.points).find(({ x, y }) =>
        isFree({ x: x - width / 2, y: y + (at === 0 ? -20 : 4), width, height: 15 }),
      );
      if (place === undefined) continue;
      taken.push({ x: place.x - width / 2, y: place.y + (at === 0 ? -20 : 4), width, height: 15 });
      labels.push({ text, x: place.x, y: place.y + (at === 0 ? -7 : 16) });
    }
    return { ...line, labels };
  });
}

function candidates(points: readonly Point[]): readonly Point[] {
  return points
    .slice(1)
    .map((to, at) => ({ from: points[at] ?? to, to }))
    .map(({ from, to }) => ({
      from,
      to,
      level: Math.abs(from.y - to.y) < 1,
      length: Math.hypot(to.x - from.x, to.y - from.y),
    }))
    .toSorted((a, b) => Number(b.level) - Number(a.level) || b.length - a.length)
    .flatMap(({ from, to }) =>
      [0.5, 0.3, 0.7].map((share) => ({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share })),
    );
}
