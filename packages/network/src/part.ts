/**
 * A compiled network cut down to some of its devices, as a network of its own: positions are counted anew, names, router
 * ids, AS numbers and policies stay, so that what remains decides as before. Links and sessions that end at a device that
 * is gone are gone, and so is whatever stood on such a link.
 *
 * Left out: whether the part behaves as the whole does; that is `subsetFor` of the data plane. Estates with explicit
 * proxies: what clients are told refers to the whole.
 */
import type { CompiledNetwork } from './compile.ts';
import type { Device, DeviceIx, Link, LinkIx, Network, Policy, PolicyCondition, Session, SessionIx } from './model.ts';
import type { Maintenance, RiskGroup } from './risks.ts';
import type { Steering } from './steering.ts';

/** Positions of the whole → positions in the part. */
interface Places {
  readonly devices: ReadonlyMap<DeviceIx, DeviceIx>;
  readonly links: ReadonlyMap<LinkIx, LinkIx>;
  readonly sessions: ReadonlyMap<SessionIx, SessionIx>;
}

/** @throws RangeError for an estate with explicit proxies, and where a session of a demand starts at a device that is gone */
export function partOf(compiled: CompiledNetwork, inside: ReadonlySet<DeviceIx>): CompiledNetwork {
  const { network, demands, risks, steering, siteRouters } = compiled;
  if (steering !== undefined && steering.proxies.length > 0) {
    throw new RangeError('a part of an estate with explicit proxies: what their clients are told refers to the whole');
  }
  const places = placesOf(network, inside);
  const device = (ix: DeviceIx): DeviceIx => {
    const now = places.devices.get(ix);
    if (now === undefined) throw new RangeError(`device ${ix} is not in the part`);
    return now;
  };
  const { inbound = [] } = demands;
  return {
    ...compiled,
    network: networkPart(network, places),
    demands: {
      ...demands,
      inbound: inbound.map((each) => ({
        ...each,
        home: device(each.home),
        from: { ...each.from, device: device(each.from.device) },
        ...(each.backends === undefined
          ? {}
          : { backends: each.backends.map((backend) => ({ ...backend, home: device(backend.home) })) }),
      })),
    },
    siteRouters: new Map(
      [...siteRouters].flatMap(([name, ix]) => {
        const now = places.devices.get(ix);
        return now === undefined ? [] : [[name, now] as const];
      }),
    ),
    ...(risks === undefined
      ? {}
      : {
          risks: {
            groups: risks.groups.map((each) => riskPart(each, places)).filter(concernsSomething),
            maintenance: risks.maintenance.map((each) => riskPart(each, places)).filter(concernsSomething),
          },
        }),
    ...(steering === undefined ? {} : { steering: steeringPart(steering, device) }),
  };
}

function placesOf({ devices, links, sessions }: Network, inside: ReadonlySet<DeviceIx>): Places {
  const numbered = (all: readonly { readonly ix: number }[]): ReadonlyMap<number, number> =>
    new Map(all.map(({ ix }, at) => [ix, at]));
  const kept = links.filter(({ a, b }) => inside.has(a) && inside.has(b));
  const carried = new Set(kept.map(({ ix }) => ix));
  const standing = kept.filter(({ carriedBy = [] }) => carriedBy.every((ix) => carried.has(ix)));
  const onLink = new Set(standing.map(({ ix }) => ix));
  return {
    devices: numbered(devices.filter(({ ix }) => inside.has(ix))),
    links: numbered(standing),
    sessions: numbered(
      sessions.filter(
        ({ link, ends }) => ends.every((end) => inside.has(end.device)) && (link === undefined || onLink.has(link)),
      ),
    ),
  };
}

function networkPart({ devices, links, sessions, policies }: Network, places: Places): Network {
  return {
    devices: devices.flatMap((each) => {
      const ix = places.devices.get(each.ix);
      return ix === undefined ? [] : [{ ...devicePart(each, places), ix }];
    }),
    links: links.flatMap((each): readonly Link[] => {
      const ix = places.links.get(each.ix);
      const [a, b] = [places.devices.get(each.a), places.devices.get(each.b)];
      if (ix === undefined || a === undefined || b === undefined) return [];
      const { carriedBy, ...rest } = each;
      return [{ ...rest, ix, a, b, ...(carriedBy === undefined ? {} : { carriedBy: linksIn(carriedBy, places) }) }];
    }),
    sessions: sessions.flatMap((each): readonly Session[] => {
      const ix = places.sessions.get(each.ix);
      const [first, second] = each.ends;
      const [a, b] = [places.devices.get(first.device), places.devices.get(second.device)];
      if (ix === undefined || a === undefined || b === undefined) return [];
      const link = each.link === undefined ? undefined : places.links.get(each.link);
      return [
        {
          ...each,
          ix,
          link,
          ends: [
            { ...first, device: a },
            { ...second, device: b },
          ],
        },
      ];
    }),
    policies: policies.map((each) => policyPart(each, places)),
  };
}

function linksIn(links: readonly LinkIx[], places: Places): readonly LinkIx[] {
  return links.flatMap((ix) => places.links.get(ix) ?? []);
}

function onLinkIn<T extends { readonly link: LinkIx }>(items: readonly T[], places: Places): readonly T[] {
  return items.flatMap((item) => {
    const link = places.links.get(item.link);
    return link === undefined ? [] : [{ ...item, link }];
  });
}

function onLinksIn<T extends { readonly links: readonly LinkIx[] }>(items: readonly T[], places: Places): readonly T[] {
  return items.map((item) => ({ ...item, links: linksIn(item.links, places) }));
}

function devicePart(device: Device, places: Places): Device {
  const { statics, sourceFilters, sourceNat, destinationNat, inboundSourceNat, steering, firewall } = device;
  const handedOn = (next: {
    readonly link: LinkIx;
    readonly device: DeviceIx;
  }): { readonly link: LinkIx; readonly device: DeviceIx } | undefined => {
    const [link, neighbour] = [places.links.get(next.link), places.devices.get(next.device)];
    return link === undefined || neighbour === undefined ? undefined : { link, device: neighbour };
  };
  return {
    ...device,
    statics: statics.flatMap((each) => {
      if (each.next.kind === 'discard') return [each];
      const next = handedOn(each.next);
      return next === undefined ? [] : [{ ...each, next: { kind: 'forward', ...next } as const }];
    }),
    sourceFilters: onLinkIn(sourceFilters, places),
    sourceNat: onLinkIn(sourceNat, places),
    ...(destinationNat === undefined ? {} : { destinationNat: onLinksIn(destinationNat, places) }),
    ...(inboundSourceNat === undefined ? {} : { inboundSourceNat: onLinksIn(inboundSourceNat, places) }),
    ...(steering === undefined
      ? {}
      : {
          steering: steering.flatMap((rule) => {
            const next = handedOn(rule.next);
            return next === undefined ? [] : [{ ...rule, next }];
          }),
        }),
    firewall: firewall === undefined ? undefined : { ...firewall, inside: linksIn(firewall.inside, places) },
  };
}

function policyPart(policy: Policy, places: Places): Policy {
  const terms = policy.terms.map((term) => ({ ...term, when: term.when.map((each) => conditionPart(each, places)) }));
  return { ...policy, terms };
}

function conditionPart(condition: PolicyCondition, places: Places): PolicyCondition {
  if (condition.kind === 'not') return { kind: 'not', condition: conditionPart(condition.condition, places) };
  if (condition.kind !== 'next-hop') return condition;
  return { kind: 'next-hop', any: condition.any.flatMap((ix) => places.devices.get(ix) ?? []) };
}

function riskPart<T extends RiskGroup | Maintenance>(risk: T, places: Places): T {
  return {
    ...risk,
    devices: risk.devices.flatMap((ix) => places.devices.get(ix) ?? []),
    links: linksIn(risk.links, places),
    sessions: risk.sessions.flatMap((ix) => places.sessions.get(ix) ?? []),
  };
}

function concernsSomething({ devices, links, sessions }: RiskGroup | Maintenance): boolean {
  return devices.length + links.length + sessions.length > 0;
}

function steeringPart(steering: Steering, device: (ix: DeviceIx) => DeviceIx): Steering {
  return {
    ...steering,
    resolverDevice: (place) => {
      const answer = steering.resolverDevice(place);
      return { ...answer, device: device(answer.device) };
    },
  };
}
