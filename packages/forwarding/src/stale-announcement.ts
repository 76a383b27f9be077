/**
 * A router that announces a prefix as long as it is up, and whose own static route for it leads over a link that is
 * down: neighbours go on sending, and the router has no way. Announcements here follow the router and not the route, as
 * with `no bgp network import-check` on FRR, a discard route beside the static one on others, or a firewall behind a
 * switch, whose loss takes no interface down. Where the announcement follows a route that follows its interface or a
 * tracked next hop, the other router of a pair carries on; the finding says so.
 */
import { type Address, formatPrefix, prefixContains, prefixEquals } from '@bothways/net';
import type { Device, Network, Origin } from '@bothways/network';
import type { NetworkState } from './network-state.ts';

const NOTHING: readonly Origin[] = [];

/** Why a packet that finds no route was sent here at all: origins of the announcement; empty: not for this reason. */
export function staleAnnouncement(
  { links }: Network,
  state: NetworkState,
  device: Device,
  destination: Address,
): readonly Origin[] {
  for (const { prefix, next } of device.statics) {
    if (next.kind === 'discard' || !prefixContains(prefix, destination) || state.isUp(next.link)) continue;
    const announced = device.originations.find(({ prefixes }) => prefixes.some((each) => prefixEquals(each, prefix)));
    if (announced === undefined) continue;
    const because = `it still announces ${formatPrefix(prefix)}, to which its own route leads over ${links[next.link]?.name ?? 'a link'}: an announcement that follows the route would leave it to others`;
    return [...announced.origins, { kind: 'derived', because }];
  }
  return NOTHING;
}
