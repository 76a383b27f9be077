/**
 * Where demands start: the sites, and whatever stands for one: a group of users, a machine in a virtual network. A
 * stand-in has the shape of a site, so that everything that asks where clients are needs no case of its own.
 */
import type { Coordinates, Estate, Machine, Path, Site, VirtualNetwork } from '@bothways/estate';
import { hostPrefix, type Prefix } from '@bothways/net';
import type { CompiledUsers } from './users.ts';

export interface Place {
  readonly kind: 'site' | 'users' | 'machine';
  readonly site: Site;
  /** Addresses that sessions of clients start from. */
  readonly sources: readonly Prefix[];
}

/** Name of the place of a machine: 'hub/app-server'. */
export function machineName(vnet: VirtualNetwork, machine: Machine): string {
  return `${vnet.name}/${machine.name}`;
}

/** By name, in document order: sites, user groups, machines. */
export function compilePlaces(estate: Estate, users: readonly CompiledUsers[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const site of estate.sites) places.set(site.name, { kind: 'site', site, sources: site.clients });
  for (const { group, sources } of users) {
    places.set(group.name, { kind: 'users', site: standIn({ ...group, clients: sources }), sources });
  }
  for (const vnet of estate.vnets) {
    for (const machine of vnet.machines) {
      const name = machineName(vnet, machine);
      const sources = [hostPrefix(machine.address)];
      places.set(name, {
        kind: 'machine',
        site: standIn({ name, path: machine.path, users: 0, clients: sources, proxy: machine.proxy }),
        sources,
      });
    }
  }
  return places;
}

interface StandInParts {
  readonly name: string;
  readonly path: Path;
  readonly users: number;
  readonly clients: readonly Prefix[];
  readonly city?: string | undefined;
  readonly country?: string | undefined;
  readonly location?: Coordinates | undefined;
  readonly proxy?: string | undefined;
}

function standIn({ name, path, users, clients, city, country, location, proxy }: StandInParts): Site {
  return {
    name,
    path,
    city,
    country,
    location,
    users,
    lan: undefined,
    clients,
    servers: [],
    breakout: undefined,
    applicationBreakout: [],
    resolver: undefined,
    proxy,
    pac: undefined,
  };
}
