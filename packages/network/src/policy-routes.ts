/**
 * Policy routes: application breakout of an SD-WAN and the exits of a proxy. A policy route is laid along the whole way
 * from the site to the edge, device by device, so that the data plane needs only the device it looks at. The way is the
 * one with the fewest links through the inside; clouds count as a device.
 *
 * Left out: SD-WAN overlays that choose a path by measured loss or delay.
 */
import type { Estate } from '@bothways/estate';
import { hostPrefix, type Prefix } from '@bothways/net';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import type { CompilerFindings } from './compiler-findings.ts';
import type { CustomerHalf } from './customer-half.ts';
import type { EdgeFront } from './edges.ts';
import { need } from './inside.ts';
import type { DeviceIx, LinkIx, Origin, SteeringRule } from './model.ts';
import { fromDocument } from './origin.ts';

/** One wish: these flows of these sources, starting at a device, leave by an edge. */
interface Wish {
  readonly flows: SteeringRule['flows'];
  readonly edge: string;
  readonly start: DeviceDraft;
  readonly sources: readonly Prefix[];
  readonly origin: Origin;
}

export function layPolicyRoutes(
  estate: Estate,
  customer: CustomerHalf,
  findings: CompilerFindings,
  builder: NetworkBuilder,
): void {
  const wishes: Wish[] = estate.sites.flatMap((site) =>
    site.applicationBreakout.map((each) => ({
      flows: each.flows,
      edge: each.edge,
      start: need(customer.siteRouters, site.name),
      sources: [...site.clients, ...site.servers],
      origin: fromDocument(each.path),
    })),
  );
  for (const proxy of estate.proxies) {
    // With several edges routing chooses among them; only a single one is an order.
    if (proxy.edges.length !== 1) continue;
    const start = builder.deviceNamed(proxy.name);
    if (start === undefined) throw new Error(`the proxy '${proxy.name}' has no device`);
    for (const [position, edge] of proxy.edges.entries()) {
      const origin = fromDocument([...proxy.path, 'edges', position]);
      wishes.push({ flows: 'all', edge, start, sources: [hostPrefix(proxy.address)], origin });
    }
  }
  if (wishes.length === 0) return;
  const rules = new RuleCollector();
  const ways = new Ways(builder);
  for (const wish of wishes) {
    const front = need(customer.fronts, wish.edge);
    const path = ways.from(wish.start, front);
    if (path === undefined) {
      const message = `nothing leads from ${wish.start.name} to the edge ${wish.edge}, where some of its flows are to leave`;
      const at = wish.origin.kind === 'document' ? wish.origin.path : [];
      findings.add('network/unreachable-edge', 'error', message, at, { help: 'add a WAN link, or name another edge' });
      continue;
    }
    for (const step of path) rules.add(step.at, wish, step.next);
    for (const link of front.outside) {
      const { a, b } = builder.links[link] ?? { a: front.device.ix, b: front.device.ix };
      rules.add(front.device, wish, { link, device: a === front.device.ix ? b : a });
    }
  }
  rules.apply();
}

interface Step {
  readonly at: DeviceDraft;
  readonly next: SteeringRule['next'];
}

/** Shortest ways, by links, through devices of the customer and its providers towards the front of an edge. */
class Ways {
  readonly #builder: NetworkBuilder;
  readonly #adjacent: readonly (readonly { readonly link: LinkIx; readonly device: DeviceIx }[])[];
  readonly #trees = new Map<DeviceIx, ReadonlyMap<DeviceIx, SteeringRule['next']>>();

  constructor(builder: NetworkBuilder) {
    this.#builder = builder;
    const adjacent: { link: LinkIx; device: DeviceIx }[][] = builder.devices.map(() => []);
    for (const { ix, a, b, kind } of builder.links) {
      if (kind !== 'lan' && kind !== 'wan') continue;
      adjacent[a]?.push({ link: ix, device: b });
      adjacent[b]?.push({ link: ix, device: a });
    }
    this.#adjacent = adjacent;
  }

  from(start: DeviceDraft, front: EdgeFront): readonly Step[] | undefined {
    const tree = this.#trees.get(front.device.ix) ?? this.#grow(front.device.ix);
    this.#trees.set(front.device.ix, tree);
    const steps: Step[] = [];
    for (let at = start.ix; at !== front.device.ix; ) {
      const next = tree.get(at);
      const device = this.#builder.devices[at];
      if (next === undefined || device === undefined) return undefined;
      steps.push({ at: device, next });
      at = next.device;
    }
    return steps;
  }

  /** Breadth first from the front: per device the first step towards it; the oldest link wins a tie. */
  #grow(root: DeviceIx): ReadonlyMap<DeviceIx, SteeringRule['next']> {
    const tree = new Map<DeviceIx, SteeringRule['next']>();
    const open = [root];
    for (const at of open) {
      for (const { link, device } of this.#adjacent[at] ?? []) {
        if (device === root || tree.has(device)) continue;
        tree.set(device, { link, device: at });
        open.push(device);
      }
    }
    return tree;
  }
}

/** Rules of many sites with the same flows, edge and next step are one rule with all their sources. */
class RuleCollector {
  readonly #rules = new Map<
    string,
    { readonly device: DeviceDraft; readonly rule: SteeringRule; sources: Prefix[]; origins: Origin[] }
  >();

  add(device: DeviceDraft, wish: Wish, next: SteeringRule['next']): void {
    const flows = wish.flows === 'all' ? 'all' : wish.flows.join(' ');
    const key = `${device.ix} ${next.link} ${wish.edge} ${flows}`;
    let held = this.#rules.get(key);
    if (held === undefined) {
      const rule: SteeringRule = { flows: wish.flows, sources: [], next, edge: wish.edge, origins: [] };
      held = { device, rule, sources: [], origins: [] };
      this.#rules.set(key, held);
    }
    held.sources.push(...wish.sources);
    held.origins.push(wish.origin);
  }

  apply(): void {
    for (const { device, rule, sources, origins } of this.#rules.values()) {
      device.steering.push({ ...rule, sources, origins });
    }
  }
}
