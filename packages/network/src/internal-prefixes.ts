/**
 * The address space of the inside: what the edges translate and what may start sessions there. One list for the whole
 * network, so that 5,000 sites behind 50 edges are not 50 lists of 5,000 prefixes.
 */
import type { Estate } from '@bothways/estate';
import { type Family, hostPrefix, type Prefix, PrefixTrie } from '@bothways/net';

export interface InternalPrefixes {
  readonly all: readonly Prefix[];
  readonly byFamily: Readonly<Record<Family, readonly Prefix[]>>;
}

/** Clients and servers of the sites in document order, then whatever else stands inside and is not covered by them. */
export function internalPrefixes(estate: Estate): InternalPrefixes {
  const all: Prefix[] = [];
  const held = new PrefixTrie<true>();
  const addExtra = (prefix: Prefix): void => {
    if (held.longestMatch(prefix) !== undefined) return;
    held.set(prefix, true);
    all.push(prefix);
  };
  for (const site of estate.sites) {
    for (const prefix of site.clients) all.push(prefix);
    for (const prefix of site.servers) all.push(prefix);
  }
  const extras: readonly Prefix[] = [
    ...estate.services.map((service) => hostPrefix(service.address)),
    ...estate.proxies.map((proxy) => hostPrefix(proxy.address)),
    ...estate.dataGateways.flatMap((gateway) => gateway.clients),
    ...estate.desktopFlowMachines.flatMap((machines) => machines.clients),
    ...estate.users.flatMap((group) => group.vpn?.clients ?? []),
    ...estate.vnets.flatMap((vnet) => vnet.addressSpace),
  ];
  if (extras.length > 0) {
    for (const prefix of all) held.set(prefix, true);
    for (const prefix of extras) addExtra(prefix);
  }
  return {
    all,
    byFamily: {
      4: all.filter((prefix) => prefix.family === 4),
      6: all.filter((prefix) => prefix.family === 6),
    },
  };
}
