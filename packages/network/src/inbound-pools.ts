/**
 * Addresses that fronts translate the sources of inbound sessions to. The document only says that it is done
 * (`natInbound`, `inboundNat`); the address itself is the front's own and appears in no announcement to the outside, so
 * stand-ins serve: one host of the shared address space (RFC 6598) and one unique local address (RFC 4193) per front.
 */
import type { Estate, ExpressRouteEdge, InternetEdge } from '@bothways/estate';
import { hostPrefix, nthAddress, type Prefix, prefix } from '@bothways/net';

const SHARED_SPACE = prefix('100.64.0.0/10');
const UNIQUE_LOCAL = prefix('fd62:6f74:6877::/48');

export interface InboundPools {
  /** The pool of the front's device when this edge translates on the way in. */
  readonly forFront: (edge: InternetEdge | ExpressRouteEdge, device: string) => readonly Prefix[] | undefined;
  readonly ofDevice: (name: string) => readonly Prefix[] | undefined;
}

export function inboundPools(estate: Estate): InboundPools {
  const published = new Set(
    estate.services.flatMap((service) => service.published.filter((each) => each.inboundNat).map((each) => each.edge)),
  );
  const translating = [...estate.internetEdges, ...estate.expressRouteEdges].filter(
    (edge) => edge.natInbound || published.has(edge.name),
  );
  const edges = new Set(translating.map((edge) => edge.name));
  const pools = new Map<string, readonly Prefix[]>();
  for (const edge of translating) {
    const device = edge.firewall ?? edge.site ?? ('cloud' in edge ? edge.cloud : undefined);
    if (device === undefined || pools.has(device)) continue;
    const n = BigInt(pools.size + 1);
    pools.set(device, [hostPrefix(nthAddress(SHARED_SPACE, n)), hostPrefix(nthAddress(UNIQUE_LOCAL, n))]);
  }
  return {
    forFront: (edge, device) => (edges.has(edge.name) ? pools.get(device) : undefined),
    ofDevice: (name) => pools.get(name),
  };
}
