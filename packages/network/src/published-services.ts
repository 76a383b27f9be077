/**
 * Published services: what an edge does with a session that comes in for a public address of the customer. The address
 * is translated to the inside one, the firewall lets it pass, and, where the document says so, the source is translated
 * as well, so that the answer returns to the same device (ER-117).
 *
 * A session from the inside to a public address (hairpin) is translated where the publication says so: with its source as
 * well, or the server would answer it directly, with an address that nobody asked (RFC 4787 section 6).
 *
 * Both cases compile: a public address inside a prefix that the edge announces, and one outside of all of them, to
 * which no packet ever comes (ER-118). A service whose public address is its own needs no translation (ER-113).
 */
import type { Estate, Firewall, PublishedService } from '@bothways/estate';
import { compareAddresses, hostPrefix } from '@bothways/net';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import type { CustomerHalf } from './customer-half.ts';
import type { EdgeFront } from './edges.ts';
import { need } from './inside.ts';
import type { InboundPermit, LinkIx, Origin } from './model.ts';
import { derived, fromDocument, fromFact } from './origin.ts';

/** Call after every link of the edges exists. */
export function publishServices(estate: Estate, customer: CustomerHalf, builder: NetworkBuilder): void {
  const services = new Map(estate.services.map((service) => [service.name, service]));
  for (const front of customer.fronts.values()) ownPool(front);
  for (const service of estate.services) {
    for (const publication of service.published) {
      const front = need(customer.fronts, publication.edge);
      const origins: Origin[] = [fromDocument(publication.path)];
      // Translated on every side where sessions are turned round; a sender inside is to see no other address than it asked.
      const links = publication.hairpin ? [...front.outside, ...insideOf(front, builder)] : front.outside;
      if (compareAddresses(publication.address, service.address) !== 0) {
        front.device.destinationNat.push({
          service: service.name,
          links,
          publicAddress: publication.address,
          insideAddress: service.address,
          ports: service.ports,
          origins,
        });
      }
      if (publication.inboundNat && front.inboundPool !== undefined) {
        front.device.inboundSourceNat.push({
          links,
          destinations: [hostPrefix(service.address)],
          pool: front.inboundPool,
          origins: [...origins, fromFact('ER-117')],
        });
      }
    }
  }
  for (const firewall of estate.firewalls) permitServices(firewall, services, customer);
  for (const front of customer.fronts.values()) {
    if (!front.edge.natInbound || front.inboundPool === undefined) continue;
    front.device.inboundSourceNat.push({
      links: front.outside,
      destinations: customer.internal.all,
      pool: front.inboundPool,
      origins: [fromDocument([...front.edge.path, 'natInbound']), fromFact('ER-117')],
    });
  }
}

/** Links towards the trusted side: those that the firewall names; without one, lines that are not of the edge. */
function insideOf({ device, outside }: EdgeFront, builder: NetworkBuilder): readonly LinkIx[] {
  if (device.firewall !== undefined) return device.firewall.inside;
  const mine = builder.links.filter(({ a, b, kind }) => (a === device.ix || b === device.ix) && kind !== 'internet');
  return mine.map(({ ix }) => ix).filter((ix) => !outside.includes(ix));
}

/** By the public addresses on the edges behind the firewall; a service published elsewhere by its own address. */
function permitServices(
  firewall: Firewall,
  services: ReadonlyMap<string, PublishedService>,
  customer: CustomerHalf,
): void {
  const device = customer.firewalls.get(firewall.name);
  if (device === undefined) return;
  for (const [position, name] of firewall.permitInbound.entries()) {
    const service = need(services, name);
    const here = service.published.filter((each) => customer.fronts.get(each.edge)?.device === device);
    const addresses = here.length === 0 ? [service.address] : here.map((each) => each.address);
    permit(device, {
      destinations: addresses.map(hostPrefix),
      ...(service.ports.length === 0 ? {} : { ports: service.ports }),
      origins: [fromDocument([...firewall.path, 'permitInbound', position]), fromDocument(service.path)],
    });
  }
}

function permit(device: DeviceDraft, added: InboundPermit): void {
  if (device.firewall === undefined) return;
  device.firewall = { ...device.firewall, permitInbound: [...device.firewall.permitInbound, added] };
}

/** The address that sources become is the device's own: it ends there, and the inside knows the way to it. */
function ownPool({ device, inboundPool, edge }: EdgeFront): void {
  if (inboundPool === undefined) return;
  const origins = [fromDocument(edge.path), derived('a stand-in for the inside address of the translating device')];
  const name = `${device.name} inbound translation`;
  if (device.originations.some((each) => each.name === name)) return;
  for (const prefix of inboundPool) {
    device.statics.push({ prefix, next: { kind: 'discard' }, distance: 254, origins });
  }
  device.originations.push({
    name,
    prefixes: inboundPool,
    communities: [],
    largeCommunities: [],
    med: 0,
    originCode: 'igp',
    origins,
  });
}
