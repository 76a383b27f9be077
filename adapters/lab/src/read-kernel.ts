/** The kernel's forwarding table: `ip -j route show table main`, per family. */
import { formatPrefix, type Prefix, parsePrefix } from '@bothways/net';
import { hostInterface } from './kernel-plan.ts';
import type { LabNode, LabPlan } from './plan.ts';
import { field } from './sandbox.ts';
import { hopText } from './tables.ts';

/** Prefix text → action, without the routes of the lab's own wiring. The lowest metric is what packets follow. */
export function readKernel(text: string, family: 4 | 6, plan: LabPlan, node: LabNode): ReadonlyMap<string, string> {
  const wiring = new Set(node.underlay.map((route) => formatPrefix(route.prefix)));
  const found = new Map<string, { metric: number; action: string }>();
  const routes: unknown = JSON.parse(text.trim() === '' ? '[]' : text);
  for (const route of Array.isArray(routes) ? routes : []) {
    const prefix = prefixOf(String(field(route, 'dst')), family);
    // 'kernel' marks what comes with an address: the wiring and the loopbacks.
    if (prefix === undefined || field(route, 'protocol') === 'kernel') continue;
    const key = formatPrefix(prefix);
    if (wiring.has(key)) continue;
    const metric = Number(field(route, 'metric') ?? 0);
    const before = found.get(key);
    if (before !== undefined && before.metric <= metric) continue;
    found.set(key, { metric, action: actionOf(route, plan, node) });
  }
  return new Map([...found].map(([key, { action }]) => [key, action]));
}

function prefixOf(text: string, family: 4 | 6): Prefix | undefined {
  if (text === 'default') return prefixOf(family === 4 ? '0.0.0.0/0' : '::/0', family);
  const read = parsePrefix(text.includes('/') ? text : `${text}/${family === 4 ? 32 : 128}`);
  return read.ok ? read.value : undefined;
}

function actionOf(route: unknown, plan: LabPlan, node: LabNode): string {
  const type = field(route, 'type');
  if (type === 'blackhole' || type === 'unreachable') return 'discard';
  const several = field(route, 'nexthops');
  const hops = Array.isArray(several) && several.length > 0 ? several : [route];
  const names = hops.map((hop) => {
    const name = String(field(hop, 'dev'));
    if (name === 'lo' || name === hostInterface(node.device.ix)) return 'deliver';
    const at = node.interfaces.find((item) => item.name === name);
    const link = at === undefined ? undefined : plan.links[at.link]?.link;
    if (link === undefined) return `interface ${name}`;
    return hopText(link.ix, link.a === node.device.ix ? link.b : link.a);
  });
  return [...new Set(names)].sort().join(', ');
}
