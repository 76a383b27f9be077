/**
 * Diagrams as plain geometry: boxes in columns from the customer on the left to Microsoft on the right, and lines between
 * them. Positions are whole numbers and depend on nothing but the names and lines given, so the same network is drawn the
 * same everywhere. Within a column boxes are ordered by where their neighbours are (barycentre method of Sugiyama, Tagawa
 * and Toda, 1981, a few sweeps, ties by the order given).
 */

export interface DiagramNode {
  readonly id: string;
  readonly title: string;
  /** A word or two under the title. */
  readonly subtitle: string;
  /** 0 is leftmost; columns without boxes take no room. */
  readonly column: number;
  readonly half: 'customer' | 'provider' | 'internet' | 'microsoft';
}

export interface DiagramLine {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly kind: 'wan' | 'lan' | 'circuit' | 'internet' | 'tunnel' | 'microsoft';
}

export interface PlacedNode extends DiagramNode {
  /** Left upper corner. */
  readonly x: number;
  readonly y: number;
}

export interface Diagram {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly lines: readonly DiagramLine[];
}

export const boxWidth = 118;
export const boxHeight = 40;
const columnGap = 44;
const rowGap = 18;
const margin = 10;
const sweeps = 4;

export function layOut(nodes: readonly DiagramNode[], lines: readonly DiagramLine[]): Diagram {
  const columns = [...new Set(nodes.map(({ column }) => column))].sort((a, b) => a - b);
  const order = columns.map((column) => nodes.filter((node) => node.column === column));
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of lines) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
    neighbours.set(to, [...(neighbours.get(to) ?? []), from]);
  }
  const tallest = Math.max(1, ...order.map(({ length }) => length));
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const forward = sweep % 2 === 0;
    const indexes = order.map((_, at) => (forward ? at : order.length - 1 - at));
    for (const at of indexes) {
      const rows = rowsOf(order, tallest);
      const column = order[at] ?? [];
      const wanted = new Map(column.map((node) => [node.id, centreOf(node, neighbours, rows)]));
      order[at] = column.toSorted((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0));
    }
  }
  const rows = rowsOf(order, tallest);
  const placed = order.flatMap((column, at) =>
    column.map((node) => ({
      ...node,
      x: margin + at * (boxWidth + columnGap),
      y: margin + Math.round((rows.get(node.id) ?? 0) * (boxHeight + rowGap)),
    })),
  );
  return {
    width: 2 * margin + columns.length * boxWidth + Math.max(0, columns.length - 1) * columnGap,
    height: 2 * margin + tallest * boxHeight + (tallest - 1) * rowGap,
    nodes: placed,
    lines,
  };
}

/** The row of every box; columns are centred on each other, so rows may be halves. */
function rowsOf(order: readonly (readonly DiagramNode[])[], tallest: number): ReadonlyMap<string, number> {
  return new Map(
    order.flatMap((column) => column.map((node, row) => [node.id, row + (tallest - column.length) / 2] as const)),
  );
}

function centreOf(
  node: DiagramNode,
  neighbours: ReadonlyMap<string, readonly string[]>,
  rows: ReadonlyMap<string, number>,
): number {
  const around = (neighbours.get(node.id) ?? []).flatMap((id) => rows.get(id) ?? []);
  const own = rows.get(node.id) ?? 0;
  return around.length === 0 ? own : around.reduce((sum, row) => sum + row, 0) / around.length;
}
