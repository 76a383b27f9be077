/**
 * What of a topology is shown: many sites that hang on the same neighbours are one box that counts them, until somebody
 * opens it, looks for one of them or follows a path from it. Five thousand sites then are a few dozen boxes.
 */
import type { TopologyGroup, TopologyNode, TopologyView } from '@bothways/twin';

export interface ShownNode {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly role: TopologyNode['role'] | 'bundle';
  readonly half: TopologyNode['half'];
  readonly column: number;
  readonly group: string | undefined;
  readonly remarks: readonly string[];
  /** Of a box that stands for several: how many. */
  readonly members: number;
}

export interface ShownLine {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: TopologyView['lines'][number]['kind'];
  readonly label: string;
  /** Lines of the topology that are drawn as this one. */
  readonly members: readonly string[];
}

export interface Shown {
  readonly groups: readonly TopologyGroup[];
  readonly nodes: readonly ShownNode[];
  readonly lines: readonly ShownLine[];
  /** Device → the box it is in. */
  readonly boxOf: ReadonlyMap<string, string>;
  /** Line of the topology → the line it is drawn as. */
  readonly lineOf: ReadonlyMap<string, string>;
}

/** More sites than this on the same neighbours are one box. */
const MOST_ALIKE = 8;
/** Of an opened box. */
const MOST_OPENED = 40;

export function shownOf(topology: TopologyView, opened: ReadonlySet<string>, wanted: ReadonlySet<string>): Shown {
  const neighbours = new Map<string, Set<string>>();
  const add = (from: string, to: string): void => {
    const known = neighbours.get(from);
    if (known === undefined) neighbours.set(from, new Set([to]));
    else known.add(to);
  };
  for (const { from, to } of topology.lines) {
    add(from, to);
    add(to, from);
  }
  const bundles = new Map<string, TopologyNode[]>();
  for (const node of topology.nodes) {
    if (node.role !== 'site-router' || node.group !== undefined) continue;
    const key = bundleKey([...(neighbours.get(node.id) ?? [])]);
    const held = bundles.get(key);
    if (held === undefined) bundles.set(key, [node]);
    else held.push(node);
  }
  const boxOf = new Map<string, string>();
  const bundled: ShownNode[] = [];
  for (const [key, members] of bundles) {
    if (members.length <= MOST_ALIKE) continue;
    const out = new Set(members.filter(({ id }) => wanted.has(id)).map(({ id }) => id));
    if (opened.has(key)) {
      for (const { id } of members) {
        if (out.size >= MOST_OPENED) break;
        out.add(id);
      }
    }
    const inside = members.filter(({ id }) => !out.has(id));
    if (inside.length === 0) continue;
    for (const { id } of inside) boxOf.set(id, key);
    const users = inside.reduce((sum, node) => sum + node.users, 0);
    bundled.push({
      id: key,
      title: `${inside.length.toLocaleString('en-GB')}${out.size > 0 ? ' more' : ''} sites`,
      subtitle: users === 0 ? 'sites' : `${users.toLocaleString('en-GB')} users`,
      role: 'bundle',
      half: 'customer',
      column: 0,
      group: undefined,
      remarks: [],
      members: inside.length,
    });
  }
  const nodes = topology.nodes.flatMap((node): ShownNode[] => {
    if (boxOf.has(node.id)) return [];
    boxOf.set(node.id, node.id);
    const { id, title, roleText, role, half, column, group, remarks } = node;
    return [{ id, title, subtitle: roleText, role, half, column, group, remarks, members: 1 }];
  });
  const lines = new Map<string, { line: ShownLine; members: string[] }>();
  const lineOf = new Map<string, string>();
  for (const { id, from, to, kind, label } of topology.lines) {
    const [a, b] = [boxOf.get(from), boxOf.get(to)];
    if (a === undefined || b === undefined || a === b) continue;
    const isBundled = a !== from || b !== to;
    const key = isBundled ? `${a} ${b} ${kind}` : id;
    lineOf.set(id, key);
    const held = lines.get(key);
    if (held !== undefined) {
      held.members.push(id);
      continue;
    }
    const members = [id];
    lines.set(key, { line: { id: key, from: a, to: b, kind, label: isBundled ? '' : label, members }, members });
  }
  return {
    groups: topology.groups,
    nodes: [...nodes, ...bundled],
    lines: [...lines.values()].map(({ line }) => line),
    boxOf,
    lineOf,
  };
}

function bundleKey(neighbours: readonly string[]): string {
  return `sites at ${neighbours.toSorted().join(', ')}`;
}
