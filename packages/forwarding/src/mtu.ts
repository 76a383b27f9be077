/**
 * Packet sizes: what a link takes, what a tunnel leaves of it, and whether the sender hears of it.
 *
 * Senders start with packets of 1,500 bytes and never fragment (RFC 1191, RFC 8201): whoever cannot forward one says so
 * by ICMP, "fragmentation needed" or "packet too big". The message goes back from that device to the sender through the
 * tables; translation on the way is undone by the state of the packet that it quotes, in the quotation too (RFC 5508
 * section 4.2). Where it arrives, the sender goes on with the smaller size; where it does not, the packet is lost for good.
 *
 * A router's own address is not in the document, so it is in no declared prefix: Microsoft's edge drops its messages like
 * any other packet from an address that is not declared, for that rule knows no exception (ER-047). They pass only after
 * translation. On equal-cost ways the message has to arrive on all of them.
 */
import type { Address } from '@bothways/net';
import type { DeviceIx, LinkIx, Network } from '@bothways/network';
import { errorPasses } from './firewall.ts';
import { answerTo, type Packet, sameAddress, samePacket } from './packet.ts';
import type { PacketPath, SessionState } from './path.ts';
import { insideAny } from './prefix-lists.ts';
import { translates } from './translation.ts';
import type { WalkInput } from './walk-input.ts';

/** Bytes of the largest IP packet that a host sends on Ethernet (RFC 894). */
export const LARGEST_PACKET = 1500;

export interface TooBig {
  readonly from: DeviceIx;
  readonly arrivedOn: LinkIx | undefined;
  /** The packet as it arrived there. */
  readonly quoted: Packet;
  /** Where the sender of this leg stands, and its address. */
  readonly home: DeviceIx;
  readonly sender: Address;
  /** What the session of the packet has left behind so far. */
  readonly sessions: readonly SessionState[];
}

interface ErrorMessage {
  readonly device: DeviceIx;
  readonly arrivedOn: LinkIx | undefined;
  /** Undefined: the address of some router. */
  readonly source: Address | undefined;
  readonly quoted: Packet;
  readonly visited: readonly string[];
}

/** True where the message that a packet was too big reaches the sender. */
export function errorReturns(input: WalkInput, tooBig: TooBig): boolean {
  const { from, arrivedOn, quoted } = tooBig;
  // The sender's own device tells it at once.
  if (arrivedOn === undefined) return true;
  return arrives(input, tooBig, { device: from, arrivedOn: undefined, source: undefined, quoted, visited: [] });
}

function arrives(input: WalkInput, tooBig: TooBig, message: ErrorMessage): boolean {
  const device = input.network.devices[message.device];
  if (device === undefined) throw new RangeError(`device ${message.device} of ${input.network.devices.length}`);
  const { arrivedOn } = message;
  let { source, quoted } = message;
  const visit = `${device.ix} ${quoted.source.bits}`;
  if (message.visited.includes(visit)) return false;
  if (arrivedOn !== undefined) {
    const filter = device.sourceFilters.find((each) => each.link === arrivedOn);
    if (filter !== undefined && (source === undefined || !insideAny(filter.permit, source))) return false;
    const { firewall } = device;
    if (firewall?.stateful === false && !errorPasses(firewall, arrivedOn, { destination: quoted.source })) return false;
    if (firewall?.stateful === true || translates(device)) {
      const found = related(tooBig.sessions, firewall?.stateGroup ?? device.name, quoted);
      if (found === undefined) {
        if (firewall?.stateful === true) return false;
      } else {
        // The far end of the session, as the sender's side knows it, stands for the router behind the translation.
        if (!sameAddress(found.destination, quoted.destination)) source = found.destination;
        quoted = found;
      }
    }
  }
  const { family } = quoted.source;
  const entry = input.space.entry(device.ix, family, input.space.atomOf(quoted.source));
  if (entry?.action.kind === 'deliver') {
    return device.ix === tooBig.home && sameAddress(quoted.source, tooBig.sender);
  }
  if (entry?.action.kind !== 'forward' || entry.action.next.length === 0) return false;
  const visited = [...message.visited, visit];
  return entry.action.next.every((way) =>
    arrives(input, tooBig, { device: way.device, arrivedOn: way.link, source, quoted, visited }),
  );
}

/** The quoted packet as it was before the device with this state changed it; undefined without a session. */
function related(sessions: readonly SessionState[], group: string, quoted: Packet): Packet | undefined {
  for (const { stateGroup, before, after } of sessions) {
    if (stateGroup !== group) continue;
    if (samePacket(quoted, after)) return before;
    if (samePacket(quoted, answerTo(before))) return answerTo(after);
  }
  return undefined;
}

/** The largest packet that a way takes, and how that comes about. */
export interface PathMtu {
  readonly bytes: number;
  /** The narrowest link; undefined: none says less than 1,500 bytes. */
  readonly link: LinkIx | undefined;
  /** '1500 - 20 outer IPv4 header - 8 UDP header - … = 1438'. */
  readonly sum: string;
}

export function pathMtu(network: Network, path: PacketPath): PathMtu {
  let least: PathMtu = { bytes: LARGEST_PACKET, link: undefined, sum: `${LARGEST_PACKET}` };
  for (const { leftOn } of path.hops) {
    const link = leftOn === undefined ? undefined : network.links[leftOn];
    if (link?.mtu === undefined || link.mtu >= least.bytes) continue;
    const { ix, mtu, encapsulation = [] } = link;
    const carrier = mtu + encapsulation.reduce((sum, each) => sum + each.bytes, 0);
    const parts = [`${carrier}`, ...encapsulation.map((each) => `${each.bytes} ${each.name}`)];
    least = {
      bytes: mtu,
      link: ix,
      sum: encapsulation.length === 0 ? `${mtu}` : `${parts.join(' - ')} = ${mtu}`,
    };
  }
  return least;
}
