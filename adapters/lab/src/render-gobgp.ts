/**
 * GoBGP configurations of a planned lab. GoBGP stands alone here, without zebra: it finds every next hop reachable and
 * knows no IGP, and nothing reaches the kernel. So it takes part where all sessions are external and run over a link.
 *
 * Its policies are global; every statement names the neighbour it is about. Originations are not configuration: they
 * are given to the running daemon. Source: GoBGP documentation, "policy.md", "configuration.md", version 3.
 */
import { type Family, formatCommunity, formatLargeCommunity, formatPrefix } from '@bothways/net';
import type { Network, Origination, PolicyAction } from '@bothways/network';
import { inexpressible } from './expressible.ts';
import type { LabNode, LabPlan } from './plan.ts';
import { type Literal, policyFor } from './policy-terms.ts';
import { limitOf, type Rendered } from './rendered.ts';

export function renderGobgp(plan: LabPlan): Rendered {
  const nodes = plan.nodes
    .filter((node) => node.alive)
    .map((node) => ({ device: node.device.ix, files: { 'gobgpd.toml': new GobgpFile(plan, node).text() } }));
  return { nodes, cannot: [...inexpressible(plan.network, 'gobgp'), ...alone(plan.network)] };
}

/** What GoBGP without zebra, or its policy language, has no place for. */
function alone(network: Network): readonly string[] {
  const lines: string[] = [];
  for (const { name, link, ends } of network.sessions) {
    if (ends[0].asn === ends[1].asn) lines.push(`${name}: an iBGP next hop needs an IGP, gobgp stands alone`);
    if (link === undefined) lines.push(`${name}: gobgp stands alone and finds no way to a loopback`);
    for (const { asn, device, maximumPrefixes, allowAsIn, export: policy } of ends) {
      if (allowAsIn > 0) lines.push(`${name}: gobgp sends no path to an AS that is in it, so allowas-in has no use`);
      const prepends = network.policies[policy]?.terms.flatMap(({ set }) => set) ?? [];
      if (prepends.some((action) => action.kind === 'prepend' && action.asn !== asn)) {
        lines.push(`${name}: gobgp prepends in front of its own AS`);
      }
      if (asn !== network.devices[device]?.asn) lines.push(`${name}: local-as is not rendered for gobgp`);
      if (maximumPrefixes !== undefined) lines.push(`${name}: gobgp counts prefixes before import policy`);
    }
  }
  for (const { name, terms } of network.policies) {
    for (const { when, set } of terms) {
      const kinds = when.map((item) => (item.kind === 'not' ? item.condition.kind : item.kind));
      if (new Set(kinds).size < kinds.length) lines.push(`${name}: gobgp has one condition of a kind in a statement`);
      if (kinds.some((kind) => kind.startsWith('as-path') || kind === 'next-hop' || kind === 'originated-here')) {
        lines.push(`${name}: gobgp asks about the path after its own AS is in it`);
      }
      const actions = set.map((action) => action.kind.replace(/-(add|delete)$/, ''));
      if (actions.includes('weight')) lines.push(`${name}: gobgp has no weight`);
      if (new Set(actions).size < actions.length) lines.push(`${name}: gobgp has one action of a kind in a statement`);
    }
  }
  for (const { ix, name } of network.devices) {
    const neighbours = network.sessions.filter(({ ends }) => ends.some((end) => end.device === ix));
    if (neighbours.length > 2 && neighbours.some(({ ends }) => ends.some((end) => setsMed(network, end.import)))) {
      lines.push(`${name}: gobgp compares MED pair by pair, so that the order of arrival decides among three`);
    }
  }
  return lines;
}

function setsMed(network: Network, policyIx: number): boolean {
  return network.policies[policyIx]?.terms.some(({ set }) => set.some((action) => action.kind === 'med')) ?? false;
}

class GobgpFile {
  readonly #plan: LabPlan;
  readonly #node: LabNode;
  readonly #sets: string[] = [];
  readonly #policies: string[] = [];
  readonly #imports: string[] = [];
  readonly #exports: string[] = [];
  #count = 0;

  constructor(plan: LabPlan, node: LabNode) {
    this.#plan = plan;
    this.#node = node;
  }

  text(): string {
    const { device, routerId } = this.#node;
    const neighbours: string[] = [];
    for (const { session, enabled, pairs } of this.#plan.sessions) {
      for (const end of [0, 1] as const) {
        if (session.ends[end].device !== device.ix) continue;
        for (const { family, addresses } of pairs) {
          neighbours.push(...this.#neighbour(session.ix, enabled, end, family, addresses));
        }
      }
    }
    return [
      '[global.config]',
      `  as = ${device.asn}`,
      `  router-id = "${routerId}"`,
      '[global.route-selection-options.config]',
      '  external-compare-router-id = true',
      '[global.apply-policy.config]',
      `  import-policy-list = [${this.#imports.map((name) => `"${name}"`).join(', ')}]`,
      '  default-import-policy = "accept-route"',
      `  export-policy-list = [${this.#exports.map((name) => `"${name}"`).join(', ')}]`,
      '  default-export-policy = "accept-route"',
      ...neighbours,
      ...this.#sets,
      ...this.#policies,
      '',
    ].join('\n');
  }

  #neighbour(
    ix: number,
    enabled: boolean,
    own: 0 | 1,
    family: Family,
    addresses: readonly [string, string],
  ): readonly string[] {
    const session = this.#plan.network.sessions[ix];
    if (session === undefined) return [];
    const end = session.ends[own];
    const peer = addresses[own === 0 ? 1 : 0];
    const name = `s${ix}_${family}`;
    const host = `${peer}/${family === 4 ? 32 : 128}`;
    this.#sets.push(
      '[[defined-sets.neighbor-sets]]',
      `  neighbor-set-name = "${name}"`,
      `  neighbor-info-list = ["${host}"]`,
    );
    this.#policy(`${name}_in`, name, end.import, family, 'in');
    this.#policy(`${name}_out`, name, end.export, family, 'out');
    return [
      '[[neighbors]]',
      '  [neighbors.config]',
      `    neighbor-address = "${peer}"`,
      `    peer-as = ${session.ends[own === 0 ? 1 : 0].asn}`,
      ...(end.removePrivateAs === 'none' ? [] : [`    remove-private-as = "${end.removePrivateAs}"`]),
      ...(enabled ? [] : ['    admin-down = true']),
      '  [neighbors.transport.config]',
      `    local-address = "${addresses[own]}"`,
      '  [neighbors.timers.config]',
      '    connect-retry = 1',
      '    idle-hold-time-after-reset = 1',
      `    hold-time = ${this.#plan.holdTime}`,
      `    keepalive-interval = ${Math.floor(this.#plan.holdTime / 3)}`,
      ...(end.allowAsIn > 0 ? ['  [neighbors.as-path-options.config]', `    allow-own-as = ${end.allowAsIn}`] : []),
      '  [[neighbors.afi-safis]]',
      '    [neighbors.afi-safis.config]',
      `      afi-safi-name = "ipv${family}-unicast"`,
      ...(end.maximumPrefixes === undefined
        ? []
        : [
            '    [neighbors.afi-safis.prefix-limit.config]',
            `      max-prefixes = ${limitOf(end.maximumPrefixes, family)}`,
          ]),
    ];
  }

  #policy(name: string, neighbour: string, policyIx: number, family: Family, way: 'in' | 'out'): void {
    const policy = this.#plan.network.policies[policyIx];
    if (policy === undefined) return;
    const { terms, otherwise } = policyFor(policy, family);
    if (terms.length === 0 && otherwise === 'accept') return;
    this.#policies.push('[[policy-definitions]]', `  name = "${name}"`);
    for (const [ix, { when, set, then }] of terms.entries()) {
      this.#statement(`${name}_${ix}`, neighbour);
      for (const literal of when) this.#policies.push(...this.#condition(literal));
      this.#policies.push('    [policy-definitions.statements.actions]');
      if (then !== 'next') this.#policies.push(`      route-disposition = "${then}-route"`);
      for (const action of set) this.#policies.push(...actionLines(action, way));
    }
    this.#statement(`${name}_end`, neighbour);
    this.#policies.push(
      '    [policy-definitions.statements.actions]',
      `      route-disposition = "${otherwise}-route"`,
    );
    (way === 'in' ? this.#imports : this.#exports).push(name);
  }

  #statement(name: string, neighbour: string): void {
    this.#policies.push(
      '  [[policy-definitions.statements]]',
      `    name = "${name}"`,
      '    [policy-definitions.statements.conditions.match-neighbor-set]',
      `      neighbor-set = "${neighbour}"`,
    );
  }

  #condition({ negated, test }: Literal): readonly string[] {
    const name = `l${this.#count++}`;
    const options = `      match-set-options = "${negated ? 'invert' : 'any'}"`;
    switch (test.kind) {
      case 'prefixes':
        this.#sets.push('[[defined-sets.prefix-sets]]', `  prefix-set-name = "${name}"`);
        for (const { prefix, shortest, longest } of test.ranges) {
          this.#sets.push('  [[defined-sets.prefix-sets.prefix-list]]', `    ip-prefix = "${formatPrefix(prefix)}"`);
          this.#sets.push(`    masklength-range = "${shortest}..${longest}"`);
        }
        return [
          '    [policy-definitions.statements.conditions.match-prefix-set]',
          `      prefix-set = "${name}"`,
          options,
        ];
      case 'communities': {
        const list = test.any.map((item) => `"^${formatCommunity(item)}$"`).join(', ');
        this.#sets.push('[[defined-sets.bgp-defined-sets.community-sets]]', `  community-set-name = "${name}"`);
        this.#sets.push(`  community-list = [${list}]`);
        return [
          '    [policy-definitions.statements.conditions.bgp-conditions.match-community-set]',
          `      community-set = "${name}"`,
          options,
        ];
      }
      case 'large-communities': {
        const list = test.any.map((item) => `"^${formatLargeCommunity(item)}$"`).join(', ');
        this.#sets.push(
          '[[defined-sets.bgp-defined-sets.large-community-sets]]',
          `  large-community-set-name = "${name}"`,
        );
        this.#sets.push(`  large-community-list = [${list}]`);
        return [
          '    [policy-definitions.statements.conditions.bgp-conditions.match-large-community-set]',
          `      large-community-set = "${name}"`,
          options,
        ];
      }
      default:
        return [];
    }
  }
}

function actionLines(action: PolicyAction, way: 'in' | 'out'): readonly string[] {
  const bgp = '    [policy-definitions.statements.actions.bgp-actions]';
  const listed = (
    kind: 'community' | 'large-community',
    option: string,
    items: readonly string[],
  ): readonly string[] => [
    `    [policy-definitions.statements.actions.bgp-actions.set-${kind}]`,
    `      options = "${option}"`,
    `    [policy-definitions.statements.actions.bgp-actions.set-${kind}.set-${kind}-method]`,
    `      communities-list = [${items.map((item) => `"${item}"`).join(', ')}]`,
  ];
  switch (action.kind) {
    case 'local-preference':
      return [bgp, `      set-local-pref = ${action.value}`];
    case 'med':
      return [bgp, `      set-med = "${action.value}"`];
    case 'prepend':
      return [
        '    [policy-definitions.statements.actions.bgp-actions.set-as-path-prepend]',
        `      as = "${action.asn}"`,
        `      repeat-n = ${action.times}`,
      ];
    case 'community-add':
      return listed(
        'community',
        'add',
        action.communities.map((item) => formatCommunity(item)),
      );
    case 'community-delete':
      if (action.communities === 'all') return listed('community', 'remove', ['^.*$']);
      return listed(
        'community',
        'remove',
        action.communities.map((item) => formatCommunity(item)),
      );
    case 'large-community-add':
      return listed(
        'large-community',
        'add',
        action.communities.map((item) => formatLargeCommunity(item)),
      );
    case 'large-community-delete':
      if (action.communities === 'all') return listed('large-community', 'remove', ['^.*$']);
      return listed(
        'large-community',
        'remove',
        action.communities.map((item) => formatLargeCommunity(item)),
      );
    case 'next-hop-self':
      return way === 'in' ? [] : [bgp, '      set-next-hop = "self"'];
    case 'weight':
      return [];
  }
}

/** Arguments of `gobgp` that put a device's own prefixes into BGP. */
export function gobgpOriginations(node: LabNode): readonly (readonly string[])[] {
  const seen = new Set<string>();
  return node.device.originations.flatMap((item) =>
    item.prefixes.flatMap((prefix): readonly (readonly string[])[] => {
      const text = formatPrefix(prefix);
      if (seen.has(text)) return [];
      seen.add(text);
      return [['global', 'rib', 'add', '-a', `ipv${prefix.family}`, text, ...attributesOf(item)]];
    }),
  );
}

function attributesOf({ originCode, med, communities, largeCommunities }: Origination): readonly string[] {
  return [
    'origin',
    originCode,
    ...(med === 0 ? [] : ['med', String(med)]),
    ...(communities.length === 0 ? [] : ['community', communities.map((item) => formatCommunity(item)).join(',')]),
    ...(largeCommunities.length === 0
      ? []
      : ['large-community', largeCommunities.map((item) => formatLargeCommunity(item)).join(',')]),
  ];
}
