/**
 * What an estate is once every default is in place, and the network it compiles to: devices, links, sessions, policies,
 * static routes, translation and firewalls of both halves, each with the line or the fact it comes from.
 */
import type { Finding } from '@bothways/diagnostics';
import { type EstateDocument, loadEstate } from '@bothways/estate';
import {
  formatAddress,
  formatAsn,
  formatCommunity,
  formatLargeCommunity,
  formatPrefix,
  type Prefix,
} from '@bothways/net';
import {
  compileNetwork,
  type Device,
  type DeviceIx,
  type Half,
  type Link,
  type Network,
  type Origin,
  type Policy,
  type PolicyAction,
  type PolicyCondition,
  type PolicyTerm,
  type Session,
} from '@bothways/network';
import type { InputFile } from './estate-view.ts';

export interface NetworkView {
  readonly usable: boolean;
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  readonly estate: string | undefined;
  readonly halves: readonly HalfView[];
}

/** The devices of one owner and what they stand on. */
export interface HalfView {
  readonly half: Half;
  readonly devices: readonly DeviceView[];
  /** Links and sessions stand with the half of their first end; the customer's come first. */
  readonly links: readonly LinkView[];
  readonly sessions: readonly SessionView[];
  readonly policies: readonly PolicyView[];
}

/** Lines of the document ('estate.yaml:26'), fact ids, and derivations in words. */
export interface Sourced {
  readonly from: readonly string[];
}

export interface PrefixList {
  readonly count: number;
  readonly prefixes: readonly string[];
}

export interface DeviceView extends Sourced {
  readonly name: string;
  readonly role: string;
  readonly asn: string;
  readonly routerId: string;
  readonly maximumPaths: number;
  readonly connected: readonly (Sourced & { readonly name: string } & PrefixList)[];
  readonly statics: readonly (Sourced & {
    readonly prefix: string;
    readonly next: string;
    readonly distance: number;
  })[];
  readonly originations: readonly (Sourced & {
    readonly name: string;
    readonly communities: readonly string[];
    readonly med: number;
  } & PrefixList)[];
  readonly sourceFilters: readonly (Sourced & { readonly link: string } & PrefixList)[];
  readonly firewall:
    | (Sourced & {
        readonly stateful: boolean;
        readonly stateGroup: string;
        readonly inside: readonly string[];
        readonly permitInbound: readonly (Sourced & PrefixList)[];
      })
    | undefined;
  readonly nat: readonly (Sourced & {
    readonly link: string;
    readonly sources: PrefixList;
    readonly pool: PrefixList;
  })[];
}

export interface LinkView extends Sourced {
  readonly name: string;
  readonly kind: string;
  readonly ends: readonly [string, string];
  readonly cost: number;
  /** Bit/s. */
  readonly bandwidth: number | undefined;
  /** Milliseconds, one way. */
  readonly latency: number | undefined;
}

export interface SessionEndView {
  readonly device: string;
  readonly asn: string;
  readonly import: string;
  readonly export: string;
  readonly options: readonly string[];
}

export interface SessionView extends Sourced {
  readonly name: string;
  readonly kind: 'eBGP' | 'iBGP';
  readonly link: string | undefined;
  readonly ends: readonly [SessionEndView, SessionEndView];
  readonly down: string | undefined;
}

export interface PolicyView extends Sourced {
  readonly name: string;
  readonly terms: readonly (Sourced & {
    readonly name: string;
    readonly when: readonly string[];
    readonly set: readonly string[];
    readonly then: string;
  })[];
  readonly otherwise: string;
  /** Sessions that use it, with the direction. */
  readonly usedBy: readonly string[];
}

const order: readonly Half[] = ['customer', 'provider', 'internet', 'microsoft'];

export function networkView(files: readonly InputFile[]): NetworkView {
  const { estate, findings, document } = loadEstate(files);
  const base = { findings, sources: document.printableSources };
  if (estate === undefined) return { ...base, usable: false, estate: undefined, halves: [] };
  const { network } = compileNetwork(estate);
  const words = new Words(network, document);
  const halves = order.map((half) => halfView(network, words, half)).filter(({ devices }) => devices.length > 0);
  return { ...base, usable: true, estate: estate.organisation.name, halves };
}

function halfView(network: Network, words: Words, half: Half): HalfView {
  const isHere = (a: DeviceIx, b: DeviceIx): boolean => {
    const ranks = [a, b].map((ix) => order.indexOf(network.devices[ix]?.half ?? 'customer'));
    return Math.min(...ranks) === order.indexOf(half);
  };
  const sessions = network.sessions.filter(({ ends }) => isHere(ends[0].device, ends[1].device));
  const used = new Set(
    network.sessions.flatMap(({ ends }) =>
      ends.filter((end) => network.devices[end.device]?.half === half).flatMap((end) => [end.import, end.export]),
    ),
  );
  return {
    half,
    devices: network.devices.filter((device) => device.half === half).map((device) => words.device(device)),
    links: network.links.filter(({ a, b }) => isHere(a, b)).map((link) => words.link(link)),
    sessions: sessions.map((session) => words.session(session)),
    policies: network.policies.filter(({ ix }) => used.has(ix)).map((policy) => words.policy(policy)),
  };
}

/** Turns elements of one network into words; holds the network and the document the places are in. */
class Words {
  readonly #network: Network;
  readonly #document: EstateDocument;
  readonly #isSingleFile: boolean;

  constructor(network: Network, document: EstateDocument) {
    this.#network = network;
    this.#document = document;
    this.#isSingleFile = document.sources.size === 1;
  }

  device(device: Device): DeviceView {
    const { firewall } = device;
    return {
      name: device.name,
      role: device.role,
      asn: formatAsn(device.asn),
      routerId: formatAddress({ family: 4, bits: BigInt(device.routerId) }),
      maximumPaths: device.decision.maximumPaths,
      connected: device.connected.map((each) => ({
        name: each.name,
        ...prefixList(each.prefixes),
        ...this.#from(each),
      })),
      statics: device.statics.map((route) => ({
        prefix: formatPrefix(route.prefix),
        next:
          route.next.kind === 'discard'
            ? 'discard'
            : `${this.#deviceName(route.next.device)} over ${this.#linkName(route.next.link)}`,
        distance: route.distance,
        ...this.#from(route),
      })),
      originations: device.originations.map((each) => ({
        name: each.name,
        communities: each.communities.map((value) => formatCommunity(value)),
        med: each.med,
        ...prefixList(each.prefixes),
        ...this.#from(each),
      })),
      sourceFilters: device.sourceFilters.map((each) => ({
        link: this.#linkName(each.link),
        ...prefixList(each.permit),
        ...this.#from(each),
      })),
      firewall:
        firewall === undefined
          ? undefined
          : {
              stateful: firewall.stateful,
              stateGroup: firewall.stateGroup,
              inside: firewall.inside.map((link) => this.#linkName(link)),
              permitInbound: firewall.permitInbound.map((each) => ({
                ...prefixList(each.destinations),
                ...this.#from(each),
              })),
              ...this.#from(firewall),
            },
      nat: device.sourceNat.map((each) => ({
        link: this.#linkName(each.link),
        sources: prefixList(each.sources),
        pool: prefixList(each.pool),
        ...this.#from(each),
      })),
      ...this.#from(device),
    };
  }

  link(link: Link): LinkView {
    return {
      name: link.name,
      kind: link.kind,
      ends: [this.#deviceName(link.a), this.#deviceName(link.b)],
      cost: link.cost,
      bandwidth: link.bandwidth,
      latency: link.latency,
      ...this.#from(link),
    };
  }

  session(session: Session): SessionView {
    const [a, b] = session.ends;
    return {
      name: session.name,
      kind: a.asn === b.asn ? 'iBGP' : 'eBGP',
      link: session.link === undefined ? undefined : this.#linkName(session.link),
      ends: [this.#end(a), this.#end(b)],
      down: session.down?.because,
      from: [
        ...new Set([...this.#from(session).from, ...(session.down === undefined ? [] : this.#from(session.down).from)]),
      ],
    };
  }

  policy(policy: Policy): PolicyView {
    return {
      name: policy.name,
      terms: policy.terms.map((term) => this.#term(term)),
      otherwise: policy.otherwise,
      usedBy: this.#network.sessions.flatMap((session) =>
        session.ends.flatMap((end) => [
          ...(end.import === policy.ix
            ? [`${this.#deviceName(end.device)} from ${this.#farEnd(session, end.device)}`]
            : []),
          ...(end.export === policy.ix
            ? [`${this.#deviceName(end.device)} to ${this.#farEnd(session, end.device)}`]
            : []),
        ]),
      ),
      ...this.#from(policy),
    };
  }

  #term(term: PolicyTerm): PolicyView['terms'][number] {
    return {
      name: term.name,
      when: term.when.map((condition) => conditionText(condition)),
      set: term.set.map((action) => actionText(action)),
      then: term.then,
      ...this.#from(term),
    };
  }

  #end(end: Session['ends'][number]): SessionEndView {
    const policyName = (ix: number): string => this.#network.policies[ix]?.name ?? '?';
    return {
      device: this.#deviceName(end.device),
      asn: formatAsn(end.asn),
      import: policyName(end.import),
      export: policyName(end.export),
      options: [
        ...(end.nextHopSelf ? ['next hop self'] : []),
        ...(end.routeReflectorClient ? ['route reflector client at the other end'] : []),
        ...(end.removePrivateAs === 'none' ? [] : [`private AS numbers: ${end.removePrivateAs}`]),
        ...(end.allowAsIn > 0 ? [`own AS allowed ${end.allowAsIn} times`] : []),
        ...(end.maximumPrefixes === undefined
          ? []
          : [
              `at most ${end.maximumPrefixes.limit} prefixes, then ${end.maximumPrefixes.action} (${this.#from(end.maximumPrefixes).from.join(', ')})`,
            ]),
      ],
    };
  }

  #farEnd(session: Session, near: DeviceIx): string {
    const far = session.ends.find(({ device }) => device !== near);
    return this.#deviceName(far?.device ?? near);
  }

  #deviceName(ix: DeviceIx): string {
    return this.#network.devices[ix]?.name ?? '?';
  }

  #linkName(ix: number): string {
    return this.#network.links[ix]?.name ?? '?';
  }

  #from({ origins }: { readonly origins: readonly Origin[] }): Sourced {
    const texts = origins.map((origin) => {
      switch (origin.kind) {
        case 'document': {
          const { file, line } = this.#document.placeOf(origin.path);
          return this.#isSingleFile ? `line ${line}` : `${file.slice(file.lastIndexOf('/') + 1)}:${line}`;
        }
        case 'fact':
          return origin.fact;
        case 'derived':
          return origin.because;
      }
    });
    return { from: [...new Set(texts)] };
  }
}

function prefixList(prefixes: readonly Prefix[]): PrefixList {
  return { count: prefixes.length, prefixes: prefixes.map((each) => formatPrefix(each)) };
}

function conditionText(condition: PolicyCondition): string {
  switch (condition.kind) {
    case 'prefix-list':
      return `prefix in ${condition.entries
        .map(({ prefix, atLeast, atMost }) =>
          [
            formatPrefix(prefix),
            ...(atLeast === undefined ? [] : [`from /${atLeast}`]),
            ...(atMost === undefined ? [] : [`to /${atMost}`]),
          ].join(' '),
        )
        .join(', ')}`;
    case 'community':
      return `community ${condition.any.map((each) => formatCommunity(each)).join(' or ')}`;
    case 'large-community':
      return `large community ${condition.any.map((each) => formatLargeCommunity(each)).join(' or ')}`;
    case 'as-path-contains':
      return `AS path with ${condition.any.map((each) => formatAsn(each)).join(' or ')}`;
    case 'as-path-originated-by':
      return `AS path from ${condition.any.map((each) => formatAsn(each)).join(' or ')}`;
    case 'as-path-empty':
      return 'AS path empty';
    case 'family':
      return `IPv${condition.family}`;
    case 'not':
      return `not (${conditionText(condition.condition)})`;
  }
}

function actionText(action: PolicyAction): string {
  switch (action.kind) {
    case 'local-preference':
      return `local preference ${action.value}`;
    case 'med':
      return `MED ${action.value}`;
    case 'weight':
      return `weight ${action.value}`;
    case 'prepend':
      return `prepend ${formatAsn(action.asn)} ${action.times} times`;
    case 'community-add':
      return `add community ${action.communities.map((each) => formatCommunity(each)).join(', ')}`;
    case 'community-delete':
      return action.communities === 'all'
        ? 'delete all communities'
        : `delete community ${action.communities.map((each) => formatCommunity(each)).join(', ')}`;
    case 'large-community-add':
      return `add large community ${action.communities.map((each) => formatLargeCommunity(each)).join(', ')}`;
    case 'large-community-delete':
      return action.communities === 'all'
        ? 'delete all large communities'
        : `delete large community ${action.communities.map((each) => formatLargeCommunity(each)).join(', ')}`;
    case 'next-hop-self':
      return 'next hop self';
  }
}
