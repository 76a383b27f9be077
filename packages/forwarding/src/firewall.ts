/**
 * What a firewall or packet filter lets pass. A device filters what arrives on a link; what starts at the device itself
 * passes.
 *
 * The first packet of a session, at every firewall: ordered rules of the document, then everything that arrives on an
 * inside link, then what `permitInbound` names; the rest is denied. Rules see the packet as it arrives, before
 * translation. Ports are the destination ports of the packet.
 *
 * An answer, at a stateful firewall: passes when a session is known (see walk.ts), whatever the rules say.
 *
 * An answer, at a stateless one: the ordered rules are applied to it as the packet that it is. Its source is the server
 * and its destination port is the client's, so a rule that lets requests to port 443 in from one side says nothing about
 * their answers from the other. Where no rule fits, it passes: that is the entry for established sessions which ends such
 * lists, and which cannot tell whether there is a session (ER-116).
 *
 * An ICMP error, at a stateful firewall: passes with the session of the packet that it quotes (RFC 5508 section 4.2). At
 * a stateless one: by the ordered rules; one that names ports or sources does not fit, because an error has no port and
 * its source is an address of a router that nobody wrote down. Where no rule fits, it passes.
 */
import type { FirewallPolicy, FirewallPolicyRule, LinkIx, Origin } from '@bothways/network';
import { type Packet, portsFit } from './packet.ts';
import { insideAny } from './prefix-lists.ts';

/** What denies the first packet of a session; undefined: it passes. */
export function requestDeniedBy(
  firewall: FirewallPolicy,
  arrivedOn: LinkIx,
  packet: Packet,
): readonly Origin[] | undefined {
  const fromInside = firewall.inside.includes(arrivedOn);
  const rule = firewall.rules?.find((each) => ruleFits(each, fromInside, packet));
  if (rule !== undefined) return rule.action === 'deny' ? rule.origins : undefined;
  if (fromInside) return undefined;
  const permitted = firewall.permitInbound.some(
    (each) => insideAny(each.destinations, packet.destination) && portsFit(each.ports, packet),
  );
  return permitted ? undefined : firewall.origins;
}

/** What a stateless filter denies an answer with; undefined: it passes. */
export function answerDeniedBy(
  firewall: FirewallPolicy,
  arrivedOn: LinkIx,
  packet: Packet,
): readonly Origin[] | undefined {
  const fromInside = firewall.inside.includes(arrivedOn);
  const rule = firewall.rules?.find((each) => ruleFits(each, fromInside, packet));
  return rule?.action === 'deny' ? rule.origins : undefined;
}

/** Whether a stateless filter lets an ICMP error pass. */
export function errorPasses(firewall: FirewallPolicy, arrivedOn: LinkIx, packet: Pick<Packet, 'destination'>): boolean {
  const fromInside = firewall.inside.includes(arrivedOn);
  const rule = firewall.rules?.find(
    (each) =>
      zoneFits(each, fromInside) &&
      each.from.length === 0 &&
      each.ports.length === 0 &&
      (each.to.length === 0 || insideAny(each.to, packet.destination)),
  );
  return rule?.action !== 'deny';
}

function ruleFits(rule: FirewallPolicyRule, fromInside: boolean, packet: Packet): boolean {
  return (
    zoneFits(rule, fromInside) &&
    (rule.from.length === 0 || insideAny(rule.from, packet.source)) &&
    (rule.to.length === 0 || insideAny(rule.to, packet.destination)) &&
    portsFit(rule.ports, packet)
  );
}

function zoneFits({ zone }: FirewallPolicyRule, fromInside: boolean): boolean {
  return zone === 'any' || (zone === 'inside') === fromInside;
}
