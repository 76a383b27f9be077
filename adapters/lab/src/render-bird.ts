/**
 * BIRD 2 configurations of a planned lab. BGP has a table of its own per family, so that a connected or static route
 * cannot hide a BGP route from the other speakers; next hops resolve in a second table that holds what the IGP would.
 *
 * BIRD has no weight, but compares the preference of routes first: preference is the weight here. Sources: BIRD 2.0
 * user's guide, chapters "Filters" and "BGP".
 */
import {
  type Asn,
  asnKind,
  communityHigh,
  communityLow,
  type Family,
  formatPrefix,
  type Prefix,
  prefixEquals,
} from '@bothways/net';
import type { NumberRange, Origination, PolicyAction, Session, SessionEnd } from '@bothways/network';
import { inexpressible } from './expressible.ts';
import { birdLargeRange, birdPathMasks } from './path-text.ts';
import { type KernelRoute, type LabNode, type LabPlan, type LabSession, nextHopAddresses, protocolOf } from './plan.ts';
import { type FamilyPolicy, type FamilyTerm, type Literal, policyFor } from './policy-terms.ts';
import { limitOf, type Rendered } from './rendered.ts';
import type { VariantName } from './variants.ts';

/** Weight of a route the device originates; IOS and FRR use this value. */
const LOCAL_WEIGHT = 32768;
/** Behind connected routes (1), before everything with a distance of 1 or more. */
const BGP_METRIC = 2;
/** BIRD passes on routes whose next hop it cannot find; RFC 4271 section 9.1.2 leaves them out of the decision. */
const UNRESOLVED = 'dest = RTD_UNREACHABLE';
const PRIVATE_AS = '[64512..65534, 4200000000..4294967294]';

export function renderBird(plan: LabPlan, asShipped: ReadonlySet<VariantName> = new Set()): Rendered {
  const nodes = plan.nodes
    .filter((node) => node.alive)
    .map((node) => ({ device: node.device.ix, files: { 'bird.conf': configuration(plan, node, asShipped) } }));
  return { nodes, cannot: inexpressible(plan.network, 'bird') };
}

/** Start of a protocol's name; how it ends says whether the session is external. */
export function birdProtocol(sessionIx: number, family: Family): string {
  return `s${sessionIx}_${family}`;
}

function configuration(plan: LabPlan, node: LabNode, asShipped: ReadonlySet<VariantName>): string {
  const lines = [
    `log "bird.log" { warning, error, fatal, bug };`,
    `router id ${node.routerId};`,
    'protocol device { scan time 3600; }',
  ];
  for (const family of plan.families) {
    lines.push(`ipv${family} table bgp${family};`, `ipv${family} table igp${family};`);
    lines.push(
      ...underlay(node, family),
      ...originations(node, family),
      ...redistributed(plan, node, family, asShipped),
    );
    if (plan.kernel) lines.push(...kernel(node, family));
  }
  for (const item of plan.sessions) {
    const end = endAt(item.session, node);
    if (end === undefined) continue;
    for (const { family, addresses } of item.pairs) {
      const pair = { own: addresses[end], other: addresses[end === 0 ? 1 : 0] };
      lines.push(...session(plan, item, end, family, pair, asShipped));
    }
  }
  return `${lines.join('\n')}\n`;
}

function endAt(session: Session, node: LabNode): 0 | 1 | undefined {
  if (session.ends[0].device === node.device.ix) return 0;
  return session.ends[1].device === node.device.ix ? 1 : undefined;
}

function underlay(node: LabNode, family: Family): readonly string[] {
  const lines = [`protocol static under${family} { ipv${family} { table igp${family}; };`];
  for (const { prefix, cost, gateways, interface: own } of node.underlay) {
    if (prefix.family !== family) continue;
    const via = gateways === undefined ? `via "${own}"` : gateways.map(({ address }) => `via ${address}`).join(' ');
    lines.push(`  route ${formatPrefix(prefix)} ${via} { igp_metric = ${cost}; };`);
  }
  for (const address of node.loopbacks) {
    if (address.includes(':') === (family === 6)) lines.push(`  route ${address} via "lo" { igp_metric = 0; };`);
  }
  return [...lines, '}'];
}

const origins = { igp: 'ORIGIN_IGP', egp: 'ORIGIN_EGP', incomplete: 'ORIGIN_INCOMPLETE' } as const;

function originations({ device }: LabNode, family: Family): readonly string[] {
  const lines = [`protocol static orig${family} { ipv${family} { table bgp${family}; preference ${LOCAL_WEIGHT}; };`];
  const seen = new Set<string>();
  for (const item of device.originations) {
    const block = originated(item);
    for (const prefix of item.prefixes) {
      const text = formatPrefix(prefix);
      if (prefix.family !== family || seen.has(text)) continue;
      seen.add(text);
      lines.push(`  route ${text} blackhole { ${block} };`);
    }
  }
  return [...lines, '}'];
}

/** What the device's other protocols hold for certain (`expressible.ts` asks for that), as routes of BGP. */
function redistributed(
  plan: LabPlan,
  node: LabNode,
  family: Family,
  asShipped: ReadonlySet<VariantName>,
): readonly string[] {
  const { device, routes } = node;
  return (device.redistributions ?? []).flatMap(({ from, policy, metric = 0 }, at) => {
    const name = `redist${at}_${family}`;
    const nearest = routes.filter(
      (route) =>
        route.prefix.family === family &&
        protocolOf(node, route) === from &&
        !routes.some((other) => prefixEquals(other.prefix, route.prefix) && other.distance < route.distance),
    );
    return [
      ...policyFunction(name, plan, policy, family, undefined),
      `protocol static ${name}_routes { ipv${family} { table bgp${family}; preference ${LOCAL_WEIGHT}; import filter {`,
      `    bgp_origin = ORIGIN_INCOMPLETE; bgp_med = ${metric}; if ${name}() then accept; reject;`,
      '  }; };',
      ...nearest.map(({ prefix, next }) => `  route ${formatPrefix(prefix)} ${wayOf(next, asShipped)};`),
      '}',
    ];
  });
}

/** Inside the AS the gateway is announced as the next hop; of several, BIRD would announce none. */
function wayOf(next: KernelRoute['next'], asShipped: ReadonlySet<VariantName>): string {
  if (next.kind !== 'forward' || next.gateways.length === 0) return 'blackhole';
  const gateways = asShipped.has('bird-gateways-hidden') ? next.gateways : next.gateways.slice(0, 1);
  return gateways.map(({ address }) => `via ${address}`).join(' ');
}

function originated({ originCode, med, communities, largeCommunities }: Origination): string {
  return [
    `bgp_origin = ${origins[originCode]};`,
    ...(med === 0 ? [] : [`bgp_med = ${med};`]),
    ...communities.map((item) => `bgp_community.add((${communityHigh(item)},${communityLow(item)}));`),
    ...largeCommunities.map((item) => `bgp_large_community.add((${item.global},${item.first},${item.second}));`),
  ].join(' ');
}

/**
 * BIRD adds a second kernel route instead of replacing one when the metric changes, so all its routes have one metric,
 * lower than those of every other protocol; where one of these has the better distance, BIRD keeps its route back.
 */
function kernel({ device, routes }: LabNode, family: Family): readonly string[] {
  const { maximumPaths } = device.decision;
  const ahead = (distance: number): string =>
    routes
      .filter((route) => route.prefix.family === family && route.distance <= distance)
      .map((route) => formatPrefix(route.prefix))
      .join(', ');
  const [beforeExternal, beforeInternal] = [ahead(20), ahead(200)];
  return [
    'protocol kernel {',
    // Merged routes are sometimes left as they were when one path of several goes; the next scan puts that right.
    `  scan time ${maximumPaths > 1 ? 1 : 60}; metric ${BGP_METRIC};`,
    ...(maximumPaths > 1 ? [`  merge paths on limit ${maximumPaths};`] : []),
    `  ipv${family} { table bgp${family}; import none; export filter {`,
    `    if source != RTS_BGP || ${UNRESOLVED} then reject;`,
    ...(beforeExternal === '' ? [] : [`    if net ~ [${beforeExternal}] then reject;`]),
    ...(beforeInternal === '' ? [] : [`    if proto ~ "*_i" && net ~ [${beforeInternal}] then reject;`]),
    '    accept;',
    '  }; };',
    '}',
  ];
}

function session(
  plan: LabPlan,
  { session: item, enabled }: LabSession,
  own: 0 | 1,
  family: Family,
  pair: { readonly own: string; readonly other: string },
  asShipped: ReadonlySet<VariantName>,
): readonly string[] {
  const end = item.ends[own];
  const other = item.ends[own === 0 ? 1 : 0];
  const external = end.asn !== other.asn;
  const direct = item.link !== undefined;
  const name = `${birdProtocol(item.ix, family)}${external ? '_e' : '_i'}`;
  const device = plan.network.devices[end.device];
  const isOther = device !== undefined && device.asn !== end.asn;
  const routerId = plan.nodes[end.device]?.routerId ?? '0.0.0.0';
  const lines = [
    // On import the next hop is the neighbour's already; there is no self to set.
    ...policyFunction(`${name}_in`, plan, end.import, family, undefined),
    ...policyFunction(`${name}_out`, plan, end.export, family, pair.own),
    ...(external && end.removePrivateAs === 'replace'
      ? replaceFunction(`${name}_private`, device?.asn ?? end.asn, other.asn)
      : []),
    `protocol bgp ${name} {`,
    `  local ${pair.own} as ${end.asn};`,
    `  neighbor ${pair.other} as ${other.asn};`,
    direct ? '  direct;' : '  multihop;',
    `  hold time ${plan.holdTime}; keepalive time ${Math.floor(plan.holdTime / 3)};`,
    '  connect delay time 1; connect retry time 1; error wait time 1,2; error forget time 1;',
    ...(enabled ? [] : ['  disabled;']),
    ...(end.routeReflectorClient && !external ? ['  rr client;'] : []),
    ...(end.allowAsIn > 0 ? [`  allow local as ${end.allowAsIn};`] : []),
    '  deterministic med on;',
    `  ipv${family} {`,
    `    table bgp${family}; igp table igp${family}; preference 0;`,
    ...(external && direct ? [] : ['    gateway recursive;']),
    ...(external ? ['    next hop self;'] : end.nextHopSelf ? ['    next hop self ebgp;'] : []),
    ...limit(end, family),
    '    import filter {',
    ...(isOther ? [`      if bgp_path ~ [${device.asn}] then reject;`] : []),
    ...(external && isOther && end.localAs === 'prepend' ? [`      bgp_path.prepend(${end.asn});`] : []),
    ...(external || end.routeReflectorClient || asShipped.has('bird-cluster-loop')
      ? []
      : [`      if ${routerId} ~ bgp_cluster_list then reject;`]),
    ...(external || asShipped.has('bird-own-next-hop') ? [] : ownNextHops(plan.nodes[end.device], family)),
    `      if ${name}_in() then accept; reject;`,
    '    };',
    '    export filter {',
    ...(asShipped.has('bird-passes-on-unresolved') ? [] : [`      if ${UNRESOLVED} then reject;`]),
    ...(external ? exportedBefore(name, end, other.asn, asShipped) : []),
    ...(end.nextHopSelf && !external ? [`      if source != RTS_BGP then bgp_next_hop = ${pair.own};`] : []),
    ...(external && isOther && showsBoth(end, device.asn)
      ? [`      if ${name}_out() then { bgp_path.prepend(${device.asn}); accept; } reject;`]
      : [`      if ${name}_out() then accept; reject;`]),
    '    };',
    '  };',
    '}',
  ];
  return lines;
}

/** The own AS stands behind that of the session. */
function showsBoth({ localAs = 'replace-as', removePrivateAs }: SessionEnd, own: Asn): boolean {
  return localAs !== 'replace-as' && (removePrivateAs === 'none' || asnKind(own) !== 'private');
}

function ownNextHops(node: LabNode | undefined, family: Family): readonly string[] {
  const all = [...(node?.loopbacks ?? []), ...(node?.interfaces ?? []).flatMap(({ addresses }) => addresses)];
  const own = all.map((text) => text.replace(/\/.*/, '')).filter((text) => text.includes(':') === (family === 6));
  return own.length === 0 ? [] : [`      if bgp_next_hop ~ [${own.join(', ')}] then reject;`];
}

function limit({ maximumPrefixes }: SessionEnd, family: Family): readonly string[] {
  if (maximumPrefixes === undefined || maximumPrefixes.action === 'discard-surplus') return [];
  const action = maximumPrefixes.action === 'warn' ? 'warn' : 'disable';
  return [`    import limit ${limitOf(maximumPrefixes, family)} action ${action};`];
}

/** What happens to a route before export policy when it goes to another AS. */
function exportedBefore(
  name: string,
  end: SessionEnd,
  neighbour: Asn,
  asShipped: ReadonlySet<VariantName>,
): readonly string[] {
  // BIRD sends a MED to another AS only where the export filter set it.
  const kept = asShipped.has('bird-drops-originated-med') ? '' : ' else if defined(bgp_med) then bgp_med = bgp_med;';
  const lines = [`      if source = RTS_BGP then unset(bgp_med);${kept}`];
  if (end.removePrivateAs === 'all') lines.push(`      bgp_path.delete(${privateExcept(neighbour)});`);
  if (end.removePrivateAs === 'replace') lines.push(`      ${name}_private();`);
  return lines;
}

function privateExcept(neighbour: Asn): string {
  for (const [first, last] of [
    [64512, 65534],
    [4200000000, 4294967294],
  ] as const) {
    if (neighbour < first || neighbour > last) continue;
    const rest = first === 64512 ? '4200000000..4294967294' : '64512..65534';
    const sides = [
      ...(neighbour > first ? [`${first}..${neighbour - 1}`] : []),
      ...(neighbour < last ? [`${neighbour + 1}..${last}`] : []),
    ];
    return `[${[...sides, rest].join(', ')}]`;
  }
  return PRIVATE_AS;
}

/** Twice through the path, because prepending turns it round. */
function replaceFunction(name: string, own: Asn, neighbour: Asn): readonly string[] {
  return [
    `function ${name}() {`,
    '  bgppath turned = +empty+;',
    '  bgppath built = +empty+;',
    '  for int one in bgp_path do turned = prepend(turned, one);',
    '  for int one in turned do {',
    `    if one ~ ${privateExcept(neighbour)} then built = prepend(built, ${own}); else built = prepend(built, one);`,
    '  }',
    '  bgp_path = built;',
    '}',
  ];
}

function policyFunction(
  name: string,
  plan: LabPlan,
  policyIx: number,
  family: Family,
  ownAddress: string | undefined,
): readonly string[] {
  const policy = plan.network.policies[policyIx];
  const rules: FamilyPolicy = policy === undefined ? { terms: [], otherwise: 'accept' } : policyFor(policy, family);
  return [
    `function ${name}() {`,
    ...rules.terms.flatMap((term) => termLines(term, plan, family, ownAddress)),
    `  return ${rules.otherwise === 'accept'};`,
    '}',
  ];
}

function termLines(
  { when, set, then }: FamilyTerm,
  plan: LabPlan,
  family: Family,
  ownAddress: string | undefined,
): readonly string[] {
  const test = when.length === 0 ? 'true' : when.map((literal) => condition(literal, plan, family)).join(' && ');
  return [
    `  if ${test} then {`,
    ...set.map((action) => `    ${statement(action, ownAddress)}`),
    ...(then === 'next' ? [] : [`    return ${then === 'accept'};`]),
    '  }',
  ];
}

function condition({ negated, test }: Literal, plan: LabPlan, family: Family): string {
  const text = positive(test, plan, family);
  return negated ? `! (${text})` : `(${text})`;
}

function range({ from, to }: NumberRange): string {
  return from === to ? String(from) : `${from}..${to}`;
}

function positive(test: Literal['test'], plan: LabPlan, family: Family): string {
  switch (test.kind) {
    case 'prefixes':
      return `net ~ [${test.ranges.map(({ prefix, shortest, longest }) => pattern(prefix, shortest, longest)).join(', ')}]`;
    case 'communities':
      return `bgp_community ~ [${test.any.map((item) => `(${communityHigh(item)},${communityLow(item)})`).join(', ')}]`;
    case 'large-communities': {
      const items = test.any.map((item) => `(${item.global},${item.first},${item.second})`);
      return `bgp_large_community ~ [${items.join(', ')}]`;
    }
    case 'path-contains':
      return `bgp_path ~ [${test.any.join(', ')}]`;
    case 'path-ends-with':
      return `bgp_path.len > 0 && bgp_path.last ~ [${test.any.join(', ')}]`;
    case 'path-empty':
      return 'bgp_path.len = 0';
    case 'community-ranges':
      return `bgp_community ~ [${test.any.map((item) => `(${range(item.asn)},${range(item.value)})`).join(', ')}]`;
    case 'large-community-ranges': {
      const items = test.any.flatMap((item) => birdLargeRange(item) ?? []);
      return `bgp_large_community ~ [${items.join(', ')}]`;
    }
    case 'next-hop': {
      const addresses = test.any.flatMap((device) => nextHopAddresses(plan, device, family));
      return addresses.length === 0 ? 'false' : `bgp_next_hop ~ [${addresses.join(', ')}]`;
    }
    case 'originated-here':
      return 'source != RTS_BGP';
    case 'path-pattern':
      return (
        birdPathMasks(test.pattern)
          ?.map((mask) => `bgp_path ~ ${mask}`)
          .join(' || ') ?? 'false'
      );
  }
}

function pattern(prefix: Prefix, shortest: number, longest: number): string {
  return `${formatPrefix(prefix)}{${shortest},${longest}}`;
}

function statement(action: PolicyAction, ownAddress: string | undefined): string {
  switch (action.kind) {
    case 'local-preference':
      return `bgp_local_pref = ${action.value};`;
    case 'med':
      return `bgp_med = ${action.value};`;
    case 'weight':
      return `preference = ${action.value};`;
    case 'prepend':
      return Array.from({ length: action.times }, () => `bgp_path.prepend(${action.asn});`).join(' ');
    case 'community-add':
      return action.communities
        .map((item) => `bgp_community.add((${communityHigh(item)},${communityLow(item)}));`)
        .join(' ');
    case 'community-delete':
      if (action.communities === 'all') return 'bgp_community = -empty-;';
      return action.communities
        .map((item) => `bgp_community.delete((${communityHigh(item)},${communityLow(item)}));`)
        .join(' ');
    case 'large-community-add':
      return action.communities
        .map((item) => `bgp_large_community.add((${item.global},${item.first},${item.second}));`)
        .join(' ');
    case 'large-community-delete':
      if (action.communities === 'all') return 'bgp_large_community = ---empty---;';
      return action.communities
        .map((item) => `bgp_large_community.delete((${item.global},${item.first},${item.second}));`)
        .join(' ');
    case 'next-hop-self':
      return ownAddress === undefined ? '' : `bgp_next_hop = ${ownAddress};`;
  }
}
