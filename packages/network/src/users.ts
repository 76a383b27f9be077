/**
 * Users who are not at a site. Roaming users are a device on the internet with a stand-in address. VPN users are a
 * device whose tunnels run over the internet edge they dial into and whose packets come out at the router of a site;
 * flows outside the tunnel (split tunnel) are steered to the device's own way to the internet.
 */
import type { Estate, UserGroup } from '@bothways/estate';
import type { Prefix } from '@bothways/net';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import type { CustomerHalf } from './customer-half.ts';
import { tunnelSize } from './encapsulation.ts';
import { attachHosts, defaultRoutes, need } from './inside.ts';
import type { Internet } from './internet.ts';
import type { LinkIx, Origin } from './model.ts';
import { derived, fromDocument } from './origin.ts';
import { StandIns } from './stand-ins.ts';

export interface CompiledUsers {
  readonly group: UserGroup;
  readonly device: DeviceDraft;
  /** Source addresses of their sessions. */
  readonly sources: readonly Prefix[];
}

export function compileUsers(
  estate: Estate,
  customer: CustomerHalf,
  internet: Internet,
  builder: NetworkBuilder,
): readonly CompiledUsers[] {
  const standIns = StandIns.roaming();
  return estate.users.map((group) => {
    const device =
      group.vpn === undefined
        ? builder.addDevice({
            name: group.name,
            role: 'roaming-users',
            half: 'internet',
            asn: internet.asns.next(),
            origins: [fromDocument(group.path)],
          })
        : builder.addDevice({
            name: group.name,
            role: 'vpn-users',
            half: 'customer',
            asn: customer.asns.next(),
            origins: [fromDocument(group.path)],
          });
    if (group.vpn === undefined) {
      const address = standIns.next();
      const link = joinInternet(group, device, address, internet, builder);
      attachHosts(device, group.name, address, [
        fromDocument(group.path),
        derived('a stand-in: a roaming user can have any address of the internet'),
      ]);
      for (const prefix of defaultRoutes()) addDefault(device, prefix, link, internet, group);
      return { group, device, sources: address };
    }
    const { vpn } = group;
    const origins: Origin[] = [fromDocument(vpn.path)];
    attachHosts(device, group.name, vpn.clients, [fromDocument([...vpn.path, 'clients'])]);
    const router = need(customer.siteRouters, vpn.site);
    const link = builder.addLink(router.ix, device.ix, {
      name: `${vpn.site}-${group.name}`,
      kind: 'vpn',
      encrypted: true,
      ...tunnelSize('ipsec'),
      carriedBy: need(customer.fronts, vpn.edge).outside,
      origins,
    });
    const { acceptAll } = customer.policies;
    builder.addSession(
      `${vpn.site}-${group.name}`,
      link,
      { device: router.ix, import: acceptAll, export: acceptAll },
      { device: device.ix, import: acceptAll, export: acceptAll },
      origins,
    );
    if (vpn.splitTunnel.length > 0) addSplitTunnel(group, vpn.splitTunnel, device, standIns, internet, builder);
    return { group, device, sources: vpn.clients };
  });
}

function joinInternet(
  group: UserGroup,
  device: DeviceDraft,
  address: readonly Prefix[],
  internet: Internet,
  builder: NetworkBuilder,
): LinkIx {
  const origins: Origin[] = [fromDocument(group.path)];
  const name = `${group.name}-internet`;
  const link = builder.addLink(device.ix, internet.device.ix, { name, kind: 'internet', origins });
  for (const prefix of address) {
    internet.device.statics.push({
      prefix,
      next: { kind: 'forward', link, device: device.ix },
      distance: 1,
      origins,
    });
  }
  internet.device.originations.push({
    name: `${group.name} on the internet`,
    prefixes: address,
    communities: [],
    largeCommunities: [],
    med: 0,
    originCode: 'igp',
    origins,
  });
  return link;
}

function addDefault(device: DeviceDraft, prefix: Prefix, link: LinkIx, internet: Internet, { path }: UserGroup): void {
  device.statics.push({
    prefix,
    next: { kind: 'forward', link, device: internet.device.ix },
    distance: 254,
    origins: [fromDocument(path), derived('a user on the internet has a default route')],
  });
}

function addSplitTunnel(
  group: UserGroup,
  flows: readonly string[],
  device: DeviceDraft,
  standIns: StandIns,
  internet: Internet,
  builder: NetworkBuilder,
): void {
  const address = standIns.next();
  const link = joinInternet(group, device, address, internet, builder);
  const origins: Origin[] = [fromDocument([...(group.vpn?.path ?? group.path), 'splitTunnel'])];
  const clients = group.vpn?.clients ?? [];
  device.steering.push({
    flows,
    sources: clients,
    next: { link, device: internet.device.ix },
    edge: `${group.name}-internet`,
    origins,
  });
  for (const pool of address) {
    const sources = clients.filter((each) => each.family === pool.family);
    if (sources.length > 0) device.sourceNat.push({ link, sources, pool: [pool], origins });
    device.statics.push({ prefix: pool, next: { kind: 'discard' }, distance: 254, origins });
  }
}
