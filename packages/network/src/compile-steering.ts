/** Compiles what the document says about proxies, PAC files, resolvers and names. Pure; nothing is evaluated before it is asked. */
import type { Estate, VirtualNetwork } from '@bothways/estate';
import { hostPrefix } from '@bothways/net';
import type { NetworkBuilder } from './builder.ts';
import type { CompilerFindings } from './compiler-findings.ts';
import type { CustomerHalf } from './customer-half.ts';
import { attachHosts, need } from './inside.ts';
import type { Origin } from './model.ts';
import { fromDocument } from './origin.ts';
import { machineName } from './places.ts';
import { layPolicyRoutes } from './policy-routes.ts';
import type { CompiledProxy, DescribedSteering, SiteSteering } from './steering.ts';

export function compileSteering(
  estate: Estate,
  customer: CustomerHalf,
  findings: CompilerFindings,
  builder: NetworkBuilder,
): DescribedSteering {
  const proxies = estate.proxies.map((proxy): CompiledProxy => {
    const origins: Origin[] = [fromDocument(proxy.path)];
    const router = need(customer.siteRouters, proxy.site);
    const device = builder.addDevice({
      name: proxy.name,
      role: 'proxy',
      half: 'customer',
      asn: customer.asns.next(),
      place: { site: proxy.site },
      origins,
    });
    attachHosts(device, proxy.name, [hostPrefix(proxy.address)], [fromDocument([...proxy.path, 'address'])]);
    const name = `${proxy.site}-${proxy.name}`;
    const link = builder.addLink(router.ix, device.ix, { name, kind: 'lan', origins });
    const { acceptAll } = customer.policies;
    builder.addSession(
      name,
      link,
      { device: router.ix, import: acceptAll, export: acceptAll },
      { device: device.ix, import: acceptAll, export: acceptAll },
      origins,
    );
    const { site, address, port, reach, rewrites, edges } = proxy;
    return { name: proxy.name, device: device.ix, site, address, port, reach, rewrites, edges, origins };
  });
  layPolicyRoutes(estate, customer, findings, builder);
  return {
    sites: siteSteering(estate),
    proxies,
    names: estate.services.flatMap((service) =>
      service.names.map((name, position) => ({
        name,
        service: service.name,
        outside: service.published.map((each) => each.address),
        inside: service.address,
        split: service.splitDns,
        origins: [fromDocument([...service.path, 'names', position])],
      })),
    ),
    privateNames: estate.vnets.flatMap((vnet) =>
      vnet.privateEndpoints.map(({ service, address, path }) => ({
        vnet: vnet.name,
        service,
        address,
        origins: [fromDocument(path)],
      })),
    ),
  };
}

function siteSteering(estate: Estate): ReadonlyMap<string, SiteSteering> {
  const sites = new Map<string, SiteSteering>();
  for (const { name, path, proxy, pac, resolver } of estate.sites) {
    if (proxy === undefined && pac === undefined && resolver === undefined) continue;
    sites.set(name, {
      site: name,
      proxy,
      pac,
      resolver:
        resolver === undefined
          ? undefined
          : 'site' in resolver
            ? { kind: 'site', site: resolver.site }
            : { kind: 'public' },
      origins: [
        ...(proxy === undefined ? [] : [fromDocument([...path, 'proxy'])]),
        ...(pac === undefined ? [] : [fromDocument(pac.path)]),
        ...(resolver === undefined ? [] : [fromDocument([...path, 'resolver'])]),
      ],
    });
  }
  for (const vnet of estate.vnets) {
    for (const { name, steering } of machineSteering(vnet)) sites.set(name, steering);
  }
  return sites;
}

function machineSteering(vnet: VirtualNetwork): readonly { readonly name: string; readonly steering: SiteSteering }[] {
  const { resolver } = vnet;
  return vnet.machines.flatMap((machine) => {
    const { proxy, path } = machine;
    if (proxy === undefined && resolver === undefined) return [];
    const name = machineName(vnet, machine);
    const origins = [
      ...(proxy === undefined ? [] : [fromDocument([...path, 'proxy'])]),
      ...(resolver === undefined ? [] : [fromDocument([...vnet.path, 'resolver'])]),
    ];
    const steering: SiteSteering = {
      site: name,
      proxy,
      pac: undefined,
      resolver:
        resolver === undefined
          ? undefined
          : 'site' in resolver
            ? { kind: 'site', site: resolver.site }
            : { kind: 'vnet', vnet: resolver.vnet },
      origins,
    };
    return [{ name, steering }];
  });
}
