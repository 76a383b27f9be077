/**
 * How long routers need to notice a failure and to agree on what to do, from the timers of the sessions it takes down.
 *
 * A link that goes dark is seen by the interface at both its ends at once. A device that fails behind a link that stays
 * lit (an exchange, a provider's Ethernet) is seen by BFD after the interval times the multiplier (RFC 5880 section
 * 6.8.4), otherwise when the hold timer runs out (RFC 4271 section 6.5). Which of the two a failure looks like is not
 * known for a circuit, whose provider may or may not pass the loss of light on: a range then. What comes after, updates
 * and table writes at every router on the way, depends on the routers; the only figure published is that Microsoft's
 * gateways may add about a minute (ER-060). Where nobody states timers, Microsoft's 180 s hold time counts (ER-056).
 *
 * Left out: MRAI, dampening, graceful restart, IGP timers.
 */
import type { Link, Network, Session } from '@bothways/network';
import type { Failures } from '@bothways/routing';

/** Milliseconds. */
export interface TimeRange {
  readonly least: number;
  readonly most: number;
}

export interface DetectionTime {
  /** Until the last router that has to notices; undefined: no session is lost, so that nothing has to be noticed. */
  readonly detect: TimeRange | undefined;
  /** The session that takes longest. */
  readonly session: string | undefined;
  readonly because: string;
  readonly facts: readonly string[];
  /** What may come on top, where it is published. */
  readonly afterwards: TimeRange | undefined;
}

/** Hold time of Microsoft's edge routers, milliseconds (ER-056). */
const MICROSOFT_HOLD = 180_000;
/** What a gateway may add, milliseconds (ER-060). */
const GATEWAY_CONVERGENCE = 60_000;

interface Noticed extends TimeRange {
  readonly because: string;
  readonly facts: readonly string[];
}

/** Until every session that the failures take down is known to be down, at the ends that still stand. */
export function detectionTime(network: Network, { devices = [], links = [], sessions = [] }: Failures): DetectionTime {
  const dead = new Set(devices);
  const cut = new Set(links);
  const reset = new Set(sessions);
  let slowest: (Noticed & { readonly session: Session }) | undefined;
  let crossesGateway = false;
  for (const session of network.sessions) {
    if (session.down !== undefined) continue;
    const failing = session.ends.filter((end) => dead.has(end.device)).length;
    // Nobody is left to notice.
    if (failing === 2) continue;
    const link = session.link === undefined ? undefined : network.links[session.link];
    const isCut = session.link !== undefined && cut.has(session.link);
    if (failing === 0 && !isCut && !reset.has(session.ix)) continue;
    const noticed = reset.has(session.ix) ? AT_ONCE_BY_RESET : noticedBy(session, link, isCut);
    if (session.ends.some((end) => network.devices[end.device]?.role === 'vnet-gateway')) crossesGateway = true;
    if (slowest === undefined || noticed.most > slowest.most) slowest = { ...noticed, session };
  }
  if (slowest === undefined) {
    return {
      detect: undefined,
      session: undefined,
      because: 'no session is lost',
      facts: [],
      afterwards: undefined,
    };
  }
  const { least, most, because, facts, session } = slowest;
  return {
    detect: { least, most },
    session: session.name,
    because,
    facts: crossesGateway ? [...facts, 'ER-060'] : facts,
    afterwards: crossesGateway ? { least: 0, most: GATEWAY_CONVERGENCE } : undefined,
  };
}

const AT_ONCE_BY_RESET: Noticed = { least: 0, most: 0, because: 'the session is taken down at both ends', facts: [] };

function noticedBy(session: Session, link: Link | undefined, isCut: boolean): Noticed {
  const direct = link?.kind === 'lan' || link?.kind === 'microsoft' || link?.kind === 'azure';
  if (isCut && direct) {
    return { least: 0, most: 0, because: 'both ends see that the link is dark', facts: [] };
  }
  const least = isCut ? 0 : undefined;
  const { bfd, timers } = session;
  if (bfd !== undefined) {
    const most = bfd.interval * bfd.multiplier;
    const because = `BFD misses ${bfd.multiplier} packets ${bfd.interval} ms apart`;
    return { least: least ?? most, most, because, facts: link?.kind === 'circuit' ? ['ER-059'] : [] };
  }
  const hold = timers?.hold ?? MICROSOFT_HOLD;
  const stated = timers === undefined ? 'nobody states timers, so the published one counts' : 'as negotiated';
  return {
    least: least ?? Math.max(0, hold - (timers?.keepalive ?? hold / 3)),
    most: hold,
    because: `the hold timer of ${hold / 1000} s runs out (${stated})`,
    facts: timers === undefined || link?.kind === 'circuit' ? ['ER-056'] : [],
  };
}
