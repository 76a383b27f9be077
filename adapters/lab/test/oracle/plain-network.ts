/**
 * Small networks whose tables are written down: devices by name, static routes only, so that a test says where every
 * packet goes. A route names the neighbour; one to 'nowhere' discards.
 */
import { address, asn, type Prefix, prefix } from '@bothways/net';
import type { Device, FirewallPolicyRule, Half, Link, LinkKind, Network, PortRange } from '@bothways/network';

export interface PlainDevice {
  readonly half?: Half;
  readonly hosts?: readonly string[];
  /** Prefix → neighbours; several share. */
  readonly routes?: Readonly<Record<string, string>>;
  readonly firewall?: {
    readonly stateless?: true;
    /** Neighbours on the inside. */
    readonly inside: readonly string[];
    readonly permit?: readonly { readonly to: string; readonly ports?: readonly PortRange[] }[];
    readonly rules?: readonly Partial<FirewallPolicyRule>[];
    readonly group?: string;
  };
  /** Sources accepted from a neighbour. */
  readonly accepts?: Readonly<Record<string, readonly string[]>>;
  readonly translates?: readonly { readonly to: string; readonly from: string; readonly pool: readonly string[] }[];
  readonly publishes?: readonly {
    readonly from: readonly string[];
    readonly outside: string;
    readonly inside: string;
    readonly ports?: readonly PortRange[];
  }[];
  readonly hides?: readonly {
    readonly from: readonly string[];
    readonly to: string;
    readonly pool: readonly string[];
  }[];
  readonly steers?: readonly { readonly flows: readonly string[]; readonly from: string; readonly to: string }[];
}

/** Links are 'a-b', with a kind where it matters: 'a-b circuit'. */
export function plainNetwork(described: Readonly<Record<string, PlainDevice>>, drawn: readonly string[]): Network {
  const names = Object.keys(described);
  const links = drawn.map((text, ix): Link => {
    const [ends = '', kind = 'lan'] = text.split(' ');
    const [a, b] = ends.split('-').map((name) => names.indexOf(name));
    if (a === undefined || b === undefined || a < 0 || b < 0) throw new Error(`no such link: ${text}`);
    return {
      ix,
      name: ends,
      kind: kinds[kind] ?? 'lan',
      a,
      b,
      cost: 1,
      bandwidth: undefined,
      latency: undefined,
      origins: [],
    };
  });
  const devices = names.map((name, ix): Device => {
    const text = described[name] ?? {};
    const way = (neighbour: string): { readonly link: number; readonly device: number } => {
      const device = names.indexOf(neighbour);
      const link = links.find(({ a, b }) => (a === ix && b === device) || (b === ix && a === device));
      if (link === undefined) throw new Error(`${name} has no link to ${neighbour}`);
      return { link: link.ix, device };
    };
    const linksTo = (neighbours: readonly string[]): readonly number[] => neighbours.map((each) => way(each).link);
    const { firewall, translates = [], publishes, hides, steers } = text;
    return {
      ix,
      name,
      role: firewall === undefined ? 'site-router' : 'firewall',
      half: text.half ?? 'customer',
      asn: asn(65_000 + ix),
      routerId: ix + 1,
      connected: [{ name: `hosts of ${name}`, prefixes: prefixes(text.hosts ?? []), origins: [] }],
      statics: Object.entries(text.routes ?? {}).flatMap(([to, neighbours]) =>
        neighbours.split(' ').map((neighbour) => ({
          prefix: prefix(to),
          next:
            neighbour === 'nowhere' ? { kind: 'discard' as const } : { kind: 'forward' as const, ...way(neighbour) },
          distance: 1,
          origins: [],
        })),
      ),
      originations: [],
      sourceFilters: Object.entries(text.accepts ?? {}).map(([neighbour, permit]) => ({
        link: way(neighbour).link,
        permit: prefixes(permit),
        origins: [],
      })),
      firewall:
        firewall === undefined
          ? undefined
          : {
              stateful: firewall.stateless !== true,
              inside: linksTo(firewall.inside),
              rules: (firewall.rules ?? []).map((rule) => ({
                action: 'allow',
                zone: 'any',
                from: [],
                to: [],
                ports: [],
                origins: [],
                ...rule,
              })),
              permitInbound: (firewall.permit ?? []).map(({ to, ports }) => ({
                destinations: [prefix(to)],
                ...(ports === undefined ? {} : { ports }),
                origins: [],
              })),
              stateGroup: firewall.group ?? name,
              origins: [],
            },
      sourceNat: translates.map(({ to, from, pool }) => ({
        link: way(to).link,
        sources: [prefix(from)],
        pool: prefixes(pool),
        origins: [],
      })),
      ...(publishes === undefined
        ? {}
        : {
            destinationNat: publishes.map(({ from, outside, inside, ports = [] }) => ({
              service: 'web',
              links: linksTo(from),
              publicAddress: address(outside),
              insideAddress: address(inside),
              ports,
              origins: [],
            })),
          }),
      ...(hides === undefined
        ? {}
        : {
            inboundSourceNat: hides.map(({ from, to, pool }) => ({
              links: linksTo(from),
              destinations: [prefix(to)],
              pool: prefixes(pool),
              origins: [],
            })),
          }),
      ...(steers === undefined
        ? {}
        : {
            steering: steers.map(({ flows, from, to }) => ({
              flows,
              sources: [prefix(from)],
              next: way(to),
              edge: to,
              origins: [],
            })),
          }),
      decision: { maximumPaths: 4 },
      origins: [],
    };
  });
  return { devices, links, sessions: [], policies: [] };
}

const kinds: Readonly<Record<string, LinkKind>> = { internet: 'internet', circuit: 'circuit', microsoft: 'microsoft' };

function prefixes(texts: readonly string[]): readonly Prefix[] {
  return texts.map((text) => prefix(text));
}
