/** Names of a virtual network that nobody can be asked for. */
import type { VirtualNetwork } from '@bothways/estate';
import { comparePrefixes, type Prefix, prefixContains } from '@bothways/net';
import type { DeviceIx } from '@bothways/network';
import { privatePeering } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Unreachable {
  readonly vnet: VirtualNetwork;
  readonly resolver: string;
  readonly direction: 'there' | 'back';
}

const servers = ['  dc: { city: Frankfurt }', '  dc: { city: Frankfurt, servers: 10.30.0.0/24 }'] as const;

export const vnetResolverReachable = defineRule<Unreachable>({
  name: 'vnet-resolver-reachable',
  title: 'A virtual network has its names resolved where it has no route to',
  family: 'virtual networks',
  severity: 'error',
  ids: ['PP-C35'],
  what: 'Where the document says that a site or another network resolves the names of a virtual network, looks for a route there in the table of the network, and for one back in the table of the resolver.',
  why: 'Without names nothing in the network works, delegated subnets of Power Platform included: the address is right and nobody learns it.',
  fix: 'announce the prefix of the resolver to the network, link both to one circuit or peer them, or use the resolver of Azure',
  status: 'preview',
  since: '0.1.0',
  fires: example(
    'the resolver stands among servers that private peering does not announce',
    ...privatePeering('ErGw1AZ', '      advertises: [10.10.0.0/16]\n', ', resolver: dc'),
    servers,
  ),
  silent: example('private peering announces the servers', ...privatePeering('ErGw1AZ', '', ', resolver: dc'), servers),
  find: (view) =>
    view.estate.vnets.flatMap((vnet): readonly Unreachable[] => {
      const resolver = resolverOf(view, vnet);
      const own = deviceOf(view, vnet.name);
      if (resolver === undefined || own === undefined) return [];
      const { name, device, prefixes } = resolver;
      // Nobody said at which address the resolver is: nothing to look up.
      if (prefixes.length === 0) return [];
      if (!prefixes.some((prefix) => hasRoute(view, own, prefix)))
        return [{ vnet, resolver: name, direction: 'there' }];
      return vnet.addressSpace.every((prefix) => hasRoute(view, device, prefix))
        ? []
        : [{ vnet, resolver: name, direction: 'back' }];
    }),
  word: ({ vnet, resolver, direction }) => ({
    message:
      direction === 'there'
        ? `${vnet.name} has its names resolved at ${resolver} and no route there`
        : `${vnet.name} has its names resolved at ${resolver}, which has no route back`,
    path: [...vnet.path, 'resolver'],
  }),
});

interface Resolver {
  readonly name: string;
  readonly device: DeviceIx;
  readonly prefixes: readonly Prefix[];
}

function resolverOf(view: CheckView, { resolver }: VirtualNetwork): Resolver | undefined {
  if (resolver === undefined) return undefined;
  const name = 'site' in resolver ? resolver.site : resolver.vnet;
  const device = deviceOf(view, name);
  if (device === undefined) return undefined;
  if ('vnet' in resolver) {
    const far = view.estate.vnets.find((each) => each.name === name);
    return far === undefined ? undefined : { name, device, prefixes: far.addressSpace };
  }
  const site = view.index.site(name);
  return site === undefined
    ? undefined
    : { name, device, prefixes: site.servers.length > 0 ? site.servers : site.clients };
}

function deviceOf(view: CheckView, name: string): DeviceIx | undefined {
  return view.index.device(name)?.ix;
}

/** A route that is more than a default: what it leads to is known. */
function hasRoute({ plane }: CheckView, device: DeviceIx, prefix: Prefix): boolean {
  for (const entry of plane.fibs[device]?.entries() ?? []) {
    if (entry.action.kind === 'discard') continue;
    const { prefixes = [] } = plane.classes[entry.classIx] ?? {};
    if (
      prefixes.some(
        (held) =>
          held.length > 0 &&
          held.family === prefix.family &&
          (prefixContains(held, prefix) || prefixContains(prefix, held) || comparePrefixes(held, prefix) === 0),
      )
    ) {
      return true;
    }
  }
  return false;
}
