/**
 * What the two links of a circuit have in common whatever peering runs over them: where they end, who carries them, what
 * the port can do, and whether they are up at all.
 */
import type { BgpTimers, Circuit, Path } from '@bothways/estate';
import { findPeeringLocation, timers as microsoftTimers } from '@bothways/facts';
import type { Prefix } from '@bothways/net';
import type { LinkSeed, SessionSeed } from './builder.ts';
import type { Placement, PolicyTerm, Session } from './model.ts';
import { fromDocument, fromFact } from './origin.ts';

/** Position of a link: 0 is the primary, 1 the secondary. */
export type LinkPosition = 0 | 1;

export const LINK_POSITIONS: readonly LinkPosition[] = [0, 1];

export function linkWord(position: LinkPosition): string {
  return position === 0 ? 'primary' : 'secondary';
}

/** Name of the Microsoft edge router of a link; private peering is a routing domain of its own on the same router. */
export function mseeName(circuit: Circuit, position: LinkPosition, peering: 'microsoft' | 'private'): string {
  return `${circuit.name}-msee${position + 1}${peering === 'private' ? '-private' : ''}`;
}

/** Where a link ends at Microsoft: with metro resiliency the secondary stands in another building (ER-138). */
export function portPlace(circuit: Circuit, position: LinkPosition): Placement {
  const isMetro = circuit.resiliency === 'metro';
  const elsewhere = position === 1 && isMetro ? circuit.secondaryLocation : undefined;
  const location = findPeeringLocation(elsewhere ?? circuit.location);
  const site = isMetro && position === 1 && elsewhere === undefined ? 'second building' : 'first building';
  return {
    peeringLocation: location?.id ?? elsewhere ?? circuit.location,
    ...(isMetro && circuit.secondaryLocation === undefined ? { facility: `${circuit.location}, ${site}` } : {}),
    ...(location?.metro === undefined ? {} : { metro: location.metro }),
    ...(circuit.provider === undefined ? {} : { provider: circuit.provider }),
  };
}

/** Everything of a circuit link but its ends, name and origins. */
export function portSeed(
  circuit: Circuit,
  position: LinkPosition,
  peering: 'microsoft' | 'private',
): Partial<LinkSeed> {
  return {
    owner: circuit.name,
    bandwidth: circuit.bandwidth,
    latency: circuit.latency,
    peering,
    ...(circuit.direct === undefined ? {} : { portSpeed: circuit.direct.portSpeed }),
    ...(circuit.direct?.macsec === true ? { encrypted: true } : {}),
    // Markings are honoured on Microsoft peering alone (ER-129).
    ...(circuit.qos && peering === 'microsoft' ? { qos: true } : {}),
    place: portPlace(circuit, position),
  };
}

interface PeeringSettings {
  readonly timers: BgpTimers;
  readonly bfd: boolean;
  readonly md5: unknown;
}

/** Timers, detection and authentication of the sessions of a peering; `down` from the peering itself. */
export function sessionSeed(circuit: Circuit, peering: PeeringSettings, down: Session['down']): SessionSeed {
  const unprovisioned: Session['down'] =
    circuit.provisioning === 'provisioned'
      ? undefined
      : {
          because: 'the provider has not provisioned the circuit yet',
          origins: [fromDocument([...circuit.path, 'provisioning']), fromFact('ER-181')],
        };
  return {
    down: unprovisioned ?? down,
    timers: peering.timers,
    ...(peering.bfd
      ? { bfd: { interval: microsoftTimers.bfdInterval.value, multiplier: microsoftTimers.bfdMultiplier.value } }
      : {}),
    ...(peering.md5 === undefined ? {} : { authenticated: true }),
  };
}

/** IPv6 routes go over a BGP session of their own, between the addresses of IPv6 link subnets (ER-039). */
export function withoutIpv6(peering: {
  readonly path: Path;
  readonly links6?: readonly [Prefix, Prefix];
}): readonly PolicyTerm[] {
  if (peering.links6 !== undefined) return [];
  return [
    {
      name: 'the peering has no IPv6 link subnets, so no IPv6 session',
      when: [{ kind: 'family', family: 6 }],
      set: [],
      then: 'reject',
      origins: [fromDocument([...peering.path, 'links']), fromFact('ER-039')],
    },
  ];
}
