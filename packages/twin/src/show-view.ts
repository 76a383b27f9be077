/**
 * What an estate is once every default is in place, and the network it compiles to: devices, links, sessions, policies,
 * static routes, translation and firewalls of both halves, each with the line or the fact it comes from.
 */
import { type Finding, nearestName } from '@bothways/diagnostics';
import { type EstateDocument, loadEstate } from '@bothways/estate';
import { formatAddress, formatAsn, formatCommunity, formatPrefix, type Prefix } from '@bothways/net';
import {
  compileNetwork,
  type Device,
  type DeviceIx,
  type Half,
  type Link,
  type Network,
  type Origin,
  type Policy,
  type PolicyTerm,
  type Session,
} from '@bothways/network';
import type { InputFile } from './estate-view.ts';
import {
  actionText,
  conditionText,
  entriesText,
  type PrefixList,
  portsText,
  prefixList,
  routeConditionText,
  ruleText,
} from './network-words.ts';

export interface NetworkView {
  readonly usable: boolean;
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  readonly estate: string | undefined;
  /** What is wrong with the question; undefined when it could be answered. */
  readonly problem: string | undefined;
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
interface Sourced {
  readonly from: readonly string[];
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
        readonly permitInbound: readonly (Sourced & PrefixList & { readonly ports: string })[];
      })
    | undefined;
  readonly nat: readonly (Sourced & {
    readonly link: string;
    readonly sources: PrefixList;
    readonly pool: PrefixList;
  })[];
  /** Less usual parts, in words. */
  readonly further: readonly (Sourced & { readonly what: FurtherPart; readonly text: string })[];
}

export type FurtherPart = 'aggregates' | 'takes over' | 'publishes' | 'rewrites' | 'steers' | 'rule';

export interface LinkView extends Sourced {
  readonly name: string;
  readonly kind: string;
  readonly ends: readonly [string, string];
  readonly cost: number;
  /** Bit/s. */
  readonly bandwidth: number | undefined;
  /** Milliseconds, one way. */
  readonly latency: number | undefined;
  /** Whatever else was said: 'encrypted', 'MTU 1400', 'loss 1 percent'. */
  readonly options: readonly string[];
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
  readonly options: readonly string[];
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

/** With a device: that one, and the links, sessions and policies it takes part in. */
export function networkView(files: readonly InputFile[], device?: string): NetworkView {
  const { estate, findings, document } = loadEstate(files);
  const base = { findings, sources: document.printableSources, problem: undefined };
  if (estate === undefined) return { ...base, usable: false, estate: undefined, halves: [] };
  const { network } = compileNetwork(estate);
  const words = new Words(network, document);
  const halves = order.map((half) => halfView(network, words, half)).filter(({ devices }) => devices.length > 0);
  const whole = { ...base, usable: true, estate: estate.organisation.name };
  if (device === undefined) return { ...whole, halves };
  if (!network.devices.some(({ name }) => name === device)) {
    const near = nearestName(
      device,
      network.devices.map(({ name }) => name),
    );
    const problem = `there is no device '${device}'; ${near === undefined ? 'bothways routes lists them' : `did you mean '${near}'?`}`;
    return { ...whole, problem, halves: [] };
  }
  return { ...whole, halves: halves.map((half) => onlyOf(half, device)).filter((half) => !isEmpty(half)) };
}

function onlyOf(half: HalfView, device: string): HalfView {
  const isUser = (text: string): boolean => text.startsWith(`${device} `);
  return {
    half: half.half,
    devices: half.devices.filter(({ name }) => name === device),
    links: half.links.filter(({ ends }) => ends.includes(device)),
    sessions: half.sessions.filter(({ ends }) => ends.some((end) => end.device === device)),
    policies: half.policies
      .filter(({ usedBy }) => usedBy.some(isUser))
      .map((policy) => ({ ...policy, usedBy: policy.usedBy.filter(isUser) })),
  };
}

function isEmpty({ devices, links, sessions, policies }: HalfView): boolean {
  return devices.length + links.length + sessions.length + policies.length === 0;
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
                ports: portsText(each.ports ?? []),
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
      further: this.#further(device),
      ...this.#from(device),
    };
  }

  #further(device: Device): DeviceView['further'] {
    const links = (list: readonly number[]): string => list.map((ix) => this.#linkName(ix)).join(', ');
    const list = (prefixes: readonly Prefix[]): string => prefixes.map((each) => formatPrefix(each)).join(', ');
    return [
      ...(device.aggregates ?? []).map((each) => ({
        what: 'aggregates' as const,
        text: `${formatPrefix(each.prefix)}${each.suppress === 'all' ? ', and not what is inside it' : ''}`,
        ...this.#from(each),
      })),
      ...(device.redistributions ?? []).map((each) => ({
        what: 'takes over' as const,
        text: `from ${each.from} into ${each.into} by '${this.#network.policies[each.policy]?.name ?? '?'}'`,
        ...this.#from(each),
      })),
      ...(device.destinationNat ?? []).map((each) => ({
        what: 'publishes' as const,
        text: `${each.service}: ${formatAddress(each.publicAddress)} becomes ${formatAddress(each.insideAddress)}, ${portsText(each.ports)}, from ${links(each.links)}`,
        ...this.#from(each),
      })),
      ...(device.inboundSourceNat ?? []).map((each) => ({
        what: 'rewrites' as const,
        text: `sources of sessions from ${links(each.links)} to ${list(each.destinations)} become ${list(each.pool)}`,
        ...this.#from(each),
      })),
      ...(device.steering ?? []).map((each) => ({
        what: 'steers' as const,
        text: `${each.flows === 'all' ? 'every flow' : each.flows.join(', ')} from ${list(each.sources)} to ${each.edge} by ${this.#deviceName(each.next.device)} over ${this.#linkName(each.next.link)}`,
        ...this.#from(each),
      })),
      ...(device.firewall?.rules ?? []).map((each) => ({
        what: 'rule' as const,
        text: ruleText(each),
        ...this.#from(each),
      })),
    ];
  }

  link(link: Link): LinkView {
    return {
      name: link.name,
      kind: link.kind,
      ends: [this.#deviceName(link.a), this.#deviceName(link.b)],
      cost: link.cost,
      bandwidth: link.bandwidth,
      latency: link.latency,
      options: [
        ...(link.latencyEstimate === undefined ? [] : [estimateText(link.latencyEstimate)]),
        ...(link.peering === undefined ? [] : [`${link.peering} peering`]),
        ...(link.igp === undefined ? [] : [`interior routing ${link.igp}`]),
        ...(link.area === undefined ? [] : [`area ${link.area}`]),
        ...(link.loss === undefined ? [] : [`loss ${percentText(link.loss)}`]),
        ...(link.utilisation === undefined ? [] : [`in use ${percentText(link.utilisation)}`]),
        ...(link.encrypted === true ? ['encrypted'] : []),
        ...(link.qos === true ? ['keeps markings'] : []),
        ...(link.mtu === undefined ? [] : [`MTU ${link.mtu}`]),
        ...(link.carriedBy === undefined ? [] : [`over ${link.carriedBy.map((ix) => this.#linkName(ix)).join(', ')}`]),
      ],
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
      options: [
        ...(session.timers === undefined
          ? []
          : [`keepalive ${session.timers.keepalive} ms, hold ${session.timers.hold} ms`]),
        ...(session.bfd === undefined ? [] : [`BFD ${session.bfd.interval} ms, ${session.bfd.multiplier} missed`]),
        ...(session.authenticated === true ? ['MD5 signature'] : []),
      ],
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
      when: term.when.map((condition) => conditionText(condition, (ix) => this.#deviceName(ix))),
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
        ...(end.localAs === undefined ? [] : [`local AS: ${end.localAs}`]),
        ...(end.conditionalAdvertisement === undefined
          ? []
          : [
              `announces ${entriesText(end.conditionalAdvertisement.routes)} ${routeConditionText(end.conditionalAdvertisement.condition)} (${this.#from(end.conditionalAdvertisement).from.join(', ')})`,
            ]),
        ...(end.maximumPrefixes === undefined
          ? []
          : [
              `at most ${end.maximumPrefixes.limit} prefixes${end.maximumPrefixes.limit6 === undefined ? '' : `, ${end.maximumPrefixes.limit6} of IPv6`}, then ${end.maximumPrefixes.action} (${this.#from(end.maximumPrefixes).from.join(', ')})`,
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

function percentText(fraction: number): string {
  return `${Math.round(fraction * 10_000) / 100} percent`;
}

/** An estimate is said to be one, with the distance it rests on. */
function estimateText({ kilometres, milliseconds }: NonNullable<Link['latencyEstimate']>): string {
  return `about ${milliseconds} ms one way, estimated from ${kilometres} km as the crow flies`;
}
