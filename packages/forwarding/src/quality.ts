/**
 * How good the two ways of a round trip are: latency, loss, the narrowest line, what is encrypted, what is private, and
 * how far it goes round. "Only as good as the slowest link" (PP-Z46): what one line spoils nothing behind it repairs
 * (ER-232).
 *
 * Each figure says what it rests on. What nobody stated is named, never taken to be zero or endless.
 *
 * Left out: jitter, the time that devices take, what load does to latency (see load.ts for the loads), TLS inside the
 * packets, WAN optimisers (named, because their effect is not public).
 */
import type { CompiledNetwork, Link, LinkIx } from '@bothways/network';
import type { PacketPath } from './path.ts';
import { type Detour, detourOf, type Hairpin, hairpinsOf, type Stretch, stretchesOf } from './quality-detour.ts';
import {
  type LatencyBasis,
  type LatencyPart,
  type LatencySum,
  latencyParts,
  latencySum,
  type Portion,
  rounded,
} from './quality-latency.ts';
import { connectionThroughput, UNSCALED_WINDOW_BYTES } from './quality-throughput.ts';
import type { RoundTrip } from './round-trip.ts';
import { linkAt } from './walk.ts';
import type { Way } from './ways.ts';
import { bitsInUse } from './whole-bits.ts';

export interface PathQuality {
  readonly there: WayQuality;
  /** Undefined where nothing answers. */
  readonly back: WayQuality | undefined;
  /** Both ways; undefined unless both arrive. */
  readonly roundTrip: LatencySum | undefined;
  /** Fraction of exchanges that lose a packet on one of the stated lines; undefined unless both ways arrive. */
  readonly roundTripLoss: number | undefined;
  /** Undefined where latency is incomplete. */
  readonly perConnection: ConnectionBound | undefined;
}

export interface WayQuality {
  readonly latency: LatencySum;
  readonly parts: readonly LatencyPart[];
  readonly loss: LossSum;
  /** Of the lines and the LAN with a stated bandwidth: least and most free; ties go to the first on the way. */
  readonly narrowest: LineWidth | undefined;
  readonly widest: LineWidth | undefined;
  /** Lines that cross the customer's border or the WAN whose bandwidth nobody stated. */
  readonly bandwidthUnknown: readonly LinkIx[];
  readonly encrypted: readonly LinkIx[];
  /** Lines outside the customer's buildings without encryption of their own. */
  readonly unencrypted: readonly LinkIx[];
  /** WAN links with optimisers at both ends: what they do to latency and load is not public. */
  readonly optimised: readonly LinkIx[];
  readonly portions: readonly PortionShare[];
  readonly detour: Detour | undefined;
  readonly hairpins: readonly Hairpin[];
}

export interface LossSum {
  /** Fraction of packets, over the lines that state one. */
  readonly stated: number;
  /** Lines without a stated loss. */
  readonly unknown: readonly LinkIx[];
}

export interface LineWidth {
  /** Undefined: the LAN of the site, `name`. */
  readonly link: LinkIx | undefined;
  readonly name: string;
  /** Bit/s. */
  readonly bandwidth: number;
  /** Bit/s left when the stated use is taken off; whole, rounded down. */
  readonly free: number;
}

/** What one carrier, or several that one figure covers, have of the way. */
export interface PortionShare {
  readonly portions: readonly Portion[];
  /** Private: the customer's, a provider's, ExpressRoute. Shared: Microsoft's network (PP-N06). Public: the internet. */
  readonly reach: 'private' | 'shared' | 'public';
  readonly links: readonly LinkIx[];
  /** Undefined where a part is unknown. */
  readonly likelyMs: number | undefined;
  /** Part of the latency of the way, 0 to 1; undefined where the latency of the way is incomplete or zero. */
  readonly share: number | undefined;
  /** Great circles; undefined where a stretch between two places belongs to it only in part, or has an end nowhere. */
  readonly kilometres: number | undefined;
}

/** What a single TCP connection can carry at most (RFC 5348, RFC 7323). */
export interface ConnectionBound {
  /** Bit/s by the loss of the stated lines; undefined: no line states one above zero. */
  readonly byLoss: number | undefined;
  /** Bit/s of a connection without window scaling. */
  readonly byUnscaledWindow: number | undefined;
  readonly basis: LatencyBasis;
}

/** IPv4 and TCP headers without options (RFC 791, RFC 9293); the larger header of IPv6 changes little. */
const HEADERS = 40;
const ETHERNET_PAYLOAD = 1500;

export function pathQuality(compiled: CompiledNetwork, trip: RoundTrip): PathQuality {
  const site = trip.demand.site.name;
  const there = wayQuality(compiled, trip.forward, site);
  const back = trip.back === undefined ? undefined : wayQuality(compiled, trip.back, site);
  const arrives = trip.forward.disposition === 'delivered' && trip.back?.disposition === 'delivered';
  if (!arrives || back === undefined) {
    return { there, back, roundTrip: undefined, roundTripLoss: undefined, perConnection: undefined };
  }
  const roundTrip = latencySum([...there.parts, ...back.parts]);
  const loss = fraction(1 - (1 - there.loss.stated) * (1 - back.loss.stated));
  const bytes = Math.min(...[trip.forward, trip.back].map((way) => packetSize(compiled, way?.path)));
  return {
    there,
    back,
    roundTrip,
    roundTripLoss: loss,
    perConnection: connectionBound(roundTrip, loss, bytes - HEADERS),
  };
}

function connectionBound(
  { likelyMs, basis }: LatencySum,
  loss: number,
  segmentBytes: number,
): ConnectionBound | undefined {
  if (likelyMs === undefined || likelyMs === 0) return undefined;
  const question = { roundTripMs: likelyMs, segmentBytes };
  return {
    byLoss: connectionThroughput({ ...question, loss }),
    byUnscaledWindow: connectionThroughput({ ...question, loss: 0, windowBytes: UNSCALED_WINDOW_BYTES }),
    basis,
  };
}

function packetSize({ network }: CompiledNetwork, path: PacketPath | undefined): number {
  const links = (path?.hops ?? []).flatMap(({ leftOn }) => (leftOn === undefined ? [] : [linkAt(network, leftOn)]));
  return Math.min(ETHERNET_PAYLOAD, ...links.map(({ mtu }) => mtu ?? ETHERNET_PAYLOAD));
}

function wayQuality(compiled: CompiledNetwork, { path }: Way, site: string): WayQuality {
  const { network } = compiled;
  const links = path.hops.flatMap(({ leftOn }) => (leftOn === undefined ? [] : [linkAt(network, leftOn)]));
  // A tunnel has the width and the loss of the lines below it.
  const lines = links
    .flatMap((link) => [link, ...(link.carriedBy ?? []).map((ix) => linkAt(network, ix))])
    .filter((link) => isLine(link) && (link.carriedBy ?? []).length === 0);
  const parts = latencyParts(compiled, path);
  const latency = latencySum(parts);
  const carrying = new Set([...links, ...lines]);
  const widths = [...lanWidth(compiled, site), ...[...carrying].flatMap(widthOf)];
  const optimised = new Set(compiled.estate.wan.filter((wan) => wan.optimised).map(({ name }) => name));
  const ixOf = ({ ix }: Link): LinkIx => ix;
  return {
    latency,
    parts,
    loss: {
      stated: fraction(1 - lines.reduce((kept, { loss }) => kept * (1 - (loss ?? 0)), 1)),
      unknown: lines.filter(({ loss }) => loss === undefined).map(ixOf),
    },
    narrowest: best(widths, (a, b) => a.free < b.free),
    widest: best(widths, (a, b) => a.free > b.free),
    bandwidthUnknown: lines.filter(({ bandwidth }) => bandwidth === undefined).map(ixOf),
    encrypted: links.filter(({ encrypted }) => encrypted === true).map(ixOf),
    unencrypted: links.filter(({ kind, encrypted }) => kind !== 'lan' && encrypted !== true).map(ixOf),
    optimised: links
      .filter(({ kind, owner }) => kind === 'wan' && owner !== undefined && optimised.has(owner))
      .map(ixOf),
    portions: portionShares(parts, latency, stretchesOf(compiled, path)),
    detour: detourOf(compiled, path, latency.likelyMs),
    hairpins: hairpinsOf(compiled, path),
  };
}

/** Something that is ordered, with a bandwidth and a quality of its own; the rest is inside a building or a backbone. */
export function isLine({ kind, owner }: Link): boolean {
  return kind === 'wan' || kind === 'circuit' || kind === 'vpn' || (kind === 'internet' && owner !== undefined);
}

/** Free bit/s of a link; none where nobody said how wide it is. */
function widthOf({ ix, name, bandwidth, utilisation }: Link): readonly LineWidth[] {
  if (bandwidth === undefined) return [];
  return [{ link: ix, name, bandwidth, free: bandwidth - bitsInUse(bandwidth, utilisation) }];
}

function lanWidth({ estate }: CompiledNetwork, site: string): readonly LineWidth[] {
  const lan = estate.sites.find(({ name }) => name === site)?.lan;
  if (lan?.bandwidth === undefined) return [];
  const { bandwidth, utilisation } = lan;
  return [{ link: undefined, name: `LAN of ${site}`, bandwidth, free: bandwidth - bitsInUse(bandwidth, utilisation) }];
}

function best(widths: readonly LineWidth[], isBetter: (a: LineWidth, b: LineWidth) => boolean): LineWidth | undefined {
  let found: LineWidth | undefined;
  for (const width of widths) if (found === undefined || isBetter(width, found)) found = width;
  return found;
}

function fraction(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

function portionShares(
  parts: readonly LatencyPart[],
  { likelyMs: whole }: LatencySum,
  stretches: readonly Stretch[],
): readonly PortionShare[] {
  const groups = new Map<string, LatencyPart[]>();
  for (const part of parts) {
    const key = part.portions.join('+');
    const held = groups.get(key);
    if (held === undefined) groups.set(key, [part]);
    else held.push(part);
  }
  return [...groups.values()].map((members) => {
    const { likelyMs } = latencySum(members);
    const portions = members[0]?.portions ?? [];
    const links = members.flatMap((part) => part.links);
    return {
      portions,
      reach: portions.includes('internet') ? 'public' : portions.includes('microsoft') ? 'shared' : 'private',
      links,
      likelyMs,
      share: whole === undefined || whole === 0 || likelyMs === undefined ? undefined : rounded(likelyMs / whole),
      kilometres: kilometresOf(links, stretches),
    };
  });
}

/** The kilometres of stretches that lie in these links altogether; undefined where one lies in them in part. */
function kilometresOf(links: readonly LinkIx[], stretches: readonly Stretch[]): number | undefined {
  const own = new Set(links);
  let sum = 0;
  for (const { links: crossed, kilometres } of stretches) {
    if (!crossed.some((ix) => own.has(ix))) continue;
    if (kilometres === undefined || !crossed.every((ix) => own.has(ix))) return undefined;
    sum += kilometres;
  }
  return Math.round(sum);
}
