import { asnKind, formatPrefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, contoso, deviceNamed, linkNamed, policyOf, sessionNamed } from '../test/contoso.ts';

const { network } = contoso();

describe('sites and WAN', () => {
  it('each site has a router that delivers and announces its clients', () => {
    const hq = deviceNamed(network, 'hq');
    expect(hq.role).toBe('site-router');
    expect(hq.connected.map((each) => each.prefixes.map(formatPrefix))).toEqual([['10.10.0.0/16']]);
    expect(hq.originations.map((each) => each.prefixes.map(formatPrefix))).toEqual([['10.10.0.0/16']]);
    expect(cited(hq.connected.flatMap((each) => each.origins))).toEqual(['sites.hq.clients']);
    expect(deviceNamed(network, 'dc').connected).toEqual([]);
  });

  it('a WAN link is a link and a session with the line it came from', () => {
    const link = linkNamed(network, 'mpls-hq');
    expect(link).toMatchObject({ kind: 'wan', owner: 'mpls-hq', bandwidth: 1e9, latency: 6, cost: 1 });
    expect(cited(link.origins)).toEqual(['wan.mpls-hq']);
    const session = sessionNamed(network, 'mpls-hq');
    expect(session.link).toBe(link.ix);
    expect(session.ends.map((end) => network.devices[end.device]?.name)).toEqual(['hq', 'dc']);
  });

  it('every internal device has a private AS of its own, so that sessions inside are eBGP', () => {
    const inside = network.devices.filter(({ role }) => role === 'site-router' || role === 'firewall');
    expect(inside.length).toBe(5);
    for (const { asn } of inside) expect(asnKind(asn)).toBe('private');
    expect(new Set(inside.map(({ asn }) => asn)).size).toBe(inside.length);
  });

  it('router ids are unique', () => {
    expect(new Set(network.devices.map(({ routerId }) => routerId)).size).toBe(network.devices.length);
  });
});

describe('edges', () => {
  it('a firewall starts sessions from the inside only and is stateful', () => {
    const { firewall } = deviceNamed(network, 'fw-inet');
    expect(firewall).toMatchObject({
      stateful: true,
      inside: [linkNamed(network, 'dc-fw-inet').ix],
      permitInbound: [],
      stateGroup: 'fw-inet',
    });
  });

  it('the ExpressRoute edge translates clients to its pool towards each of its two routers', () => {
    const { sourceNat } = deviceNamed(network, 'fw-er');
    expect(sourceNat.map(({ link }) => network.links[link]?.name)).toEqual(['fw-er-er-ce1', 'fw-er-er-ce2']);
    for (const { pool, sources, origins } of sourceNat) {
      expect(pool.map(formatPrefix)).toEqual(['203.0.113.0/28']);
      expect(sources.map(formatPrefix)).toEqual(['10.10.0.0/16', '10.20.0.0/16']);
      expect(cited(origins)).toEqual(['expressRouteEdges.er.nat']);
    }
  });

  it('a pool without a translation ends at its firewall', () => {
    const pools = deviceNamed(network, 'fw-er').statics.filter(({ next }) => next.kind === 'discard');
    expect(pools.map(({ prefix, distance }) => [formatPrefix(prefix), distance])).toEqual([['203.0.113.0/28', 254]]);
  });

  it('routers speak for the AS of the organisation, and hold the announced prefixes towards the firewall', () => {
    for (const name of ['er-ce1', 'er-ce2']) {
      const router = deviceNamed(network, name);
      expect(router.asn).toBe(64500);
      expect(router.statics.map(({ prefix, next }) => [formatPrefix(prefix), next.kind])).toEqual([
        ['203.0.113.0/28', 'forward'],
      ]);
    }
  });

  it('no translation without a pool', () => {
    const plain = contoso([', nat: 203.0.113.0/28', '']).network;
    expect(deviceNamed(plain, 'fw-er').sourceNat).toEqual([]);
  });

  it('one router where both links end on it', () => {
    const single = contoso(['firewall: fw-er, nat', 'firewall: fw-er, routers: [core], nat']).network;
    expect(single.devices.filter(({ role }) => role === 'customer-edge').map(({ name }) => name)).toEqual(['core']);
    expect(linkNamed(single, 'er-fra-primary').a).toBe(linkNamed(single, 'er-fra-secondary').a);
  });

  it('one firewall where both edges name the same', () => {
    const shared = contoso(['firewall: fw-inet', 'firewall: fw-er']).network;
    expect(shared.devices.filter(({ role }) => role === 'firewall').map(({ name }) => name)).toEqual(['fw-er']);
    expect(deviceNamed(shared, 'fw-er').firewall?.inside).toHaveLength(1);
  });

  it('firewalls that share state have one state group, also around a corner', () => {
    const clustered = contoso([
      'circuits:\n',
      'firewalls:\n  fw-er: { sharesStateWith: fw-inet }\n\ncircuits:\n',
    ]).network;
    const groups = ['fw-er', 'fw-inet'].map((name) => deviceNamed(clustered, name).firewall?.stateGroup);
    expect(groups).toEqual(['fw-er', 'fw-er']);
  });

  it('a firewall may keep no state', () => {
    const stateless = contoso(['circuits:\n', 'firewalls:\n  fw-er: { stateful: false }\n\ncircuits:\n']).network;
    expect(deviceNamed(stateless, 'fw-er').firewall?.stateful).toBe(false);
  });
});

describe('a local breakout', () => {
  const { network: broken } = contoso(['dc: { city: Frankfurt }', 'dc: { city: Frankfurt, breakout: inet }']);

  it('refuses routes with AS 12076 on every session but that of its own edge', () => {
    for (const session of ['mpls-hq', 'mpls-branch', 'dc-fw-er']) {
      const [term] = policyOf(broken, session, 'dc', 'import').terms;
      expect(term).toMatchObject({ then: 'reject', when: [{ kind: 'as-path-contains', any: [12076] }] });
      expect(cited(term?.origins ?? [])).toEqual(['sites.dc.breakout']);
    }
    expect(policyOf(broken, 'dc-fw-inet', 'dc', 'import').terms).toEqual([]);
  });

  it('does not concern other sites', () => {
    expect(policyOf(broken, 'mpls-hq', 'hq', 'import').terms).toEqual([]);
  });
});
