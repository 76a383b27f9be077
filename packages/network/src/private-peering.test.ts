import { asn, formatPrefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, deviceNamed, linkNamed, policyOf, sessionNamed } from '../test/contoso.ts';
import {
  circuit,
  estateOf,
  expressRouteEdge,
  firewall,
  microsoftPeering,
  prefixes,
  privatePeering,
  site,
  virtualNetwork,
} from '../test/estates.ts';
import { compileNetwork } from './index.ts';

const hub = virtualNetwork({ name: 'hub' });
const withPrivate = (
  parts: Parameters<typeof privatePeering>[0] = {},
  more: Partial<Parameters<typeof circuit>[0]> = {},
) =>
  estateOf({ vnets: [hub], circuits: [circuit({ name: 'er-fra', privatePeering: privatePeering(parts), ...more })] });
const { network } = compileNetwork(withPrivate());

describe('private peering', () => {
  it('is a routing domain of its own at both ends', () => {
    expect(deviceNamed(network, 'er-fra-msee1-private')).toMatchObject({ role: 'msee', half: 'microsoft', asn: 12076 });
    expect(deviceNamed(network, 'er-ce1-private')).toMatchObject({ role: 'customer-edge', half: 'customer' });
    expect(sessionNamed(network, 'er-fra-private-primary').ends.map(({ asn }) => Number(asn))).toEqual([64500, 12076]);
    expect(linkNamed(network, 'er-fra-private-primary')).toMatchObject({
      kind: 'circuit',
      owner: 'er-fra',
      peering: 'private',
    });
    expect(linkNamed(network, 'er-fra-primary').peering).toBe('microsoft');
  });

  it('ends in the core and not behind the firewall of Microsoft peering (ER-044)', () => {
    const link = linkNamed(network, 'dc-er-ce1-private');
    expect([link.a, link.b]).toEqual([deviceNamed(network, 'dc').ix, deviceNamed(network, 'er-ce1-private').ix]);
    expect(cited(link.origins)).toContain('ER-044');
    const firewallIx = deviceNamed(network, 'fw-er').ix;
    const neighbours = network.links.flatMap(({ a, b }) => (a === firewallIx ? [b] : b === firewallIx ? [a] : []));
    expect(neighbours).not.toContain(deviceNamed(network, 'er-ce1-private').ix);
  });

  it('takes private space and a default route, without a source filter (ER-033, ER-124)', () => {
    const policy = policyOf(network, 'er-fra-private-primary', 'er-fra-msee1-private', 'import');
    expect([policy.terms, policy.otherwise]).toEqual([[], 'accept']);
    expect(cited(policy.origins)).toEqual(['ER-033', 'ER-124']);
    expect(deviceNamed(network, 'er-fra-msee1-private').sourceFilters).toEqual([]);
  });

  it.each([
    ['standard', 4000],
    ['premium', 10_000],
  ] as const)('counts prefixes: %s takes %d of IPv4 and 100 of IPv6 (ER-028)', (sku, limit) => {
    const [, msee] = sessionNamed(compileNetwork(withPrivate({}, { sku })).network, 'er-fra-private-primary').ends;
    expect(msee.maximumPrefixes).toMatchObject({ limit, limit6: 100, action: 'drop-session' });
    expect(cited(msee.maximumPrefixes?.origins ?? [])).toEqual(['ER-028', 'ER-030', 'circuits.er-fra.sku']);
  });

  it('carries timers, BFD and authentication of the document', () => {
    const session = sessionNamed(network, 'er-fra-private-primary');
    expect(session.timers).toEqual({ keepalive: 60_000, hold: 180_000 });
    expect(session.bfd).toEqual({ interval: 300, multiplier: 3 });
    expect('authenticated' in session).toBe(false);
    const plain = compileNetwork(withPrivate({ bfd: false, md5: { reveal: () => 'x' } })).network;
    expect('bfd' in sessionNamed(plain, 'er-fra-private-primary')).toBe(false);
    expect(sessionNamed(plain, 'er-fra-private-primary').authenticated).toBe(true);
  });

  it('announces aggregates as statics towards the core, a default route only when it is learned', () => {
    const advertises = prefixes('10.0.0.0/8', '0.0.0.0/0');
    const forced = compileNetwork(withPrivate({ advertises })).network;
    const router = deviceNamed(forced, 'er-ce1-private');
    expect(router.statics.map((each) => formatPrefix(each.prefix))).toEqual(['10.0.0.0/8']);
    expect(router.originations.flatMap((each) => each.prefixes.map(formatPrefix))).toEqual(['10.0.0.0/8']);
    const term = policyOf(forced, 'er-fra-private-primary', 'er-ce1-private', 'export').terms.at(-1);
    expect(term?.when).toEqual([{ kind: 'prefix-list', entries: advertises.map((prefix) => ({ prefix })) }]);
  });

  it('carries IPv6 only with IPv6 link subnets (ER-039)', () => {
    const [term] = policyOf(network, 'er-fra-private-primary', 'er-ce1-private', 'export').terms;
    expect(term).toMatchObject({ then: 'reject', when: [{ kind: 'family', family: 6 }] });
    const links6 = [prefixes('2001:db8::/126')[0], prefixes('2001:db8::4/126')[0]] as const;
    const [first, second] = links6;
    if (first === undefined || second === undefined) throw new Error('no link subnets');
    const dual = compileNetwork(withPrivate({ links6: [first, second] })).network;
    const [only] = policyOf(dual, 'er-fra-private-primary', 'er-ce1-private', 'export').terms;
    expect(only?.then).toBe('accept');
  });

  it('links the gateway of a network at both edge routers, at 1,000 prefixes (ER-031), with the weight (ER-098)', () => {
    const gateway = deviceNamed(network, 'hub-gateway');
    expect(gateway).toMatchObject({ asn: 65515, role: 'vnet-gateway', decision: { maximumPaths: 4 } });
    for (const side of [1, 2]) {
      const [msee] = sessionNamed(network, `er-fra-hub-${side}`).ends;
      expect(msee.maximumPrefixes).toMatchObject({ limit: 1000, limit6: 100 });
      expect(policyOf(network, `er-fra-hub-${side}`, 'hub-gateway', 'export').otherwise).toBe('reject');
    }
    const heavy = compileNetwork(withPrivate({ weight: 10 })).network;
    const [term] = policyOf(heavy, 'er-fra-hub-1', 'hub-gateway', 'import').terms;
    expect(term?.set).toEqual([{ kind: 'weight', value: 10 }]);
    expect(cited(term?.origins ?? [])).toEqual(['circuits.er-fra.privatePeering.weight', 'ER-098']);
  });

  it('says so when a linked network has no gateway', () => {
    const bare = { ...withPrivate(), vnets: [virtualNetwork({ name: 'hub', gateway: undefined })] };
    expect(compileNetwork(bare).findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['network/no-gateway', 'hub is linked to er-fra, but has no gateway'],
    ]);
  });

  it('its routes are marked, and a local breakout leaves them alone', () => {
    const base = withPrivate();
    const sites = base.sites.map((each) => (each.name === 'dc' ? { ...each, breakout: 'inet' } : each));
    const broken = compileNetwork({ ...base, sites }).network;
    const [spared, refused] = policyOf(broken, 'dc-er-ce1-private', 'dc', 'import').terms;
    expect(spared).toMatchObject({ then: 'accept', when: [{ kind: 'large-community' }] });
    expect(refused).toMatchObject({ then: 'reject', when: [{ kind: 'as-path-contains', any: [12076] }] });
    const [mark] = policyOf(broken, 'er-fra-private-primary', 'er-ce1-private', 'import').terms;
    expect(mark?.set[0]?.kind).toBe('large-community-add');
  });

  it('nothing is up before the circuit is provisioned (ER-181)', () => {
    const waiting = compileNetwork(withPrivate({}, { provisioning: 'provisioning' })).network;
    for (const name of ['er-fra-primary', 'er-fra-private-secondary']) {
      const { down } = sessionNamed(waiting, name);
      expect(cited(down?.origins ?? []), name).toEqual(['circuits.er-fra.provisioning', 'ER-181']);
    }
  });

  it('a circuit may have private peering alone', () => {
    const alone = compileNetwork(withPrivate({}, { microsoftPeering: undefined })).network;
    const names = alone.devices.filter(({ role }) => role === 'msee').map(({ name }) => name);
    expect(names).toEqual(['er-fra-msee1-private', 'er-fra-msee2-private']);
  });
});

describe('local preference of a peering', () => {
  it('is honoured in the whole inside through a mark', () => {
    const peering = microsoftPeering({ localPreference: 200 });
    const { network } = compileNetwork(
      estateOf({ circuits: [circuit({ name: 'er-fra', microsoftPeering: peering })] }),
    );
    const [learn] = policyOf(network, 'er-fra-primary', 'er-ce1', 'import').terms;
    expect(learn?.set.map(({ kind }) => kind)).toEqual(['local-preference', 'large-community-add']);
    expect(cited(learn?.origins ?? [])).toEqual(['circuits.er-fra.microsoftPeering.localPreference']);
    const [inside] = policyOf(network, 'mpls', 'hq', 'import').terms;
    expect(inside).toMatchObject({ then: 'next', set: [{ kind: 'local-preference', value: 200 }] });
  });
});

describe('Global Reach', () => {
  const far = { path: ['circuits', 'er-nyc', 'privatePeering'], vnets: [], advertises: prefixes('10.20.0.0/16') };
  const second = circuit({
    name: 'er-nyc',
    edge: 'er2',
    location: 'new-york',
    bandwidth: 2e8,
    privatePeering: privatePeering(far),
  });
  const base = estateOf({
    sites: [site({ name: 'hq', clients: prefixes('10.10.0.0/16') }), site({ name: 'dc' }), site({ name: 'us' })],
    expressRouteEdges: [
      expressRouteEdge({ name: 'er' }),
      expressRouteEdge({ name: 'er2', site: 'us', firewall: 'fw-us' }),
    ],
    firewalls: ['fw-inet', 'fw-er', 'fw-us'].map((name) => firewall({ name })),
    vnets: [hub],
  });
  const first = circuit({ name: 'er-fra', privatePeering: privatePeering(), globalReach: ['er-nyc'] });
  const joined = compileNetwork({ ...base, circuits: [first, { ...second, globalReach: ['er-fra'] }] });

  it('is one pair of iBGP sessions, also when both circuits name it', () => {
    const sessions = joined.network.sessions.filter(({ name }) => name.includes('global-reach'));
    expect(sessions.map(({ name }) => name)).toEqual(['er-fra-er-nyc-global-reach-1', 'er-fra-er-nyc-global-reach-2']);
    for (const { ends } of sessions) expect(ends.map((end) => Number(end.asn))).toEqual([12076, 12076]);
  });

  it('is as wide as the smaller circuit (ER-177)', () => {
    expect(linkNamed(joined.network, 'er-fra-er-nyc-global-reach-1').bandwidth).toBe(2e8);
  });

  it('leaves virtual networks out, on the way out and towards gateways (ER-175)', () => {
    const [out] = policyOf(joined.network, 'er-fra-er-nyc-global-reach-1', 'er-fra-msee1-private', 'export').terms;
    expect(out).toMatchObject({ then: 'reject', when: [{ kind: 'as-path-contains', any: [65515] }] });
    const [gateways] = policyOf(joined.network, 'er-fra-hub-1', 'er-fra-msee1-private', 'export').terms;
    expect(gateways).toMatchObject({ then: 'reject', when: [{ kind: 'large-community' }] });
  });

  it('lets a site of the same AS hear the other one, and only then', () => {
    const allowed = (network: typeof joined.network): number | undefined =>
      sessionNamed(network, 'er-fra-private-primary').ends[0].allowAsIn;
    expect(allowed(joined.network)).toBe(1);
    const other = { ...second, privatePeering: privatePeering({ ...far, asn: asn(64501) }) };
    expect(allowed(compileNetwork({ ...base, circuits: [first, other] }).network)).toBe(0);
  });

  it('needs private peering on both circuits', () => {
    const { findings } = compileNetwork({ ...base, circuits: [first, { ...second, privatePeering: undefined }] });
    expect(findings.map(({ rule, ids }) => [rule, ids])).toEqual([['network/global-reach', ['ER-175']]]);
  });
});

describe('a site-to-site VPN', () => {
  const vpn = {
    name: 's2s',
    path: ['azure', 'vpns', 's2s'],
    site: 'dc',
    vnet: 'hub',
    bandwidth: 1e8,
    over: 'inet',
    backupOf: 'er-fra',
  };
  const { network, findings } = compileNetwork({ ...withPrivate(), vpns: [vpn] });

  it('is a tunnel over the internet edge, from its firewall to a gateway of its own', () => {
    const link = linkNamed(network, 's2s');
    expect(link).toMatchObject({ kind: 'vpn', owner: 's2s', encrypted: true, bandwidth: 1e8 });
    expect(link.carriedBy).toEqual([linkNamed(network, 'inet').ix]);
    expect([link.a, link.b]).toEqual([deviceNamed(network, 'fw-inet').ix, deviceNamed(network, 'hub-vpn-gateway').ix]);
    expect(deviceNamed(network, 'fw-inet').firewall?.inside).toContain(link.ix);
    expect(findings).toEqual([]);
  });

  it('is less preferred than the circuit on both sides', () => {
    const [learned] = policyOf(network, 's2s', 'fw-inet', 'import').terms;
    expect(learned?.set.at(-1)).toEqual({ kind: 'prepend', asn: 65515, times: 4 });
    const [azure] = policyOf(network, 'hub-hub-vpn-gateway', 'hub', 'import').terms;
    expect(azure?.set).toEqual([{ kind: 'local-preference', value: 90 }]);
    expect(cited(azure?.origins ?? [])).toEqual(['ER-148']);
  });

  it('announces what the circuit announces, and nothing Microsoft or a provider announced', () => {
    const [first, second] = policyOf(network, 's2s', 'fw-inet', 'export').terms;
    expect(first).toMatchObject({ then: 'reject', when: [{ kind: 'as-path-contains', any: [12076, 65515] }] });
    expect(second?.when).toMatchObject([{ entries: [{ prefix: prefixes('10.10.0.0/16')[0] }] }]);
    expect(policyOf(network, 's2s', 'fw-inet', 'export').otherwise).toBe('reject');
  });

  it('alone announces the inside and is not made longer', () => {
    const alone = compileNetwork({ ...estateOf({ vnets: [hub] }), vpns: [{ ...vpn, backupOf: undefined }] }).network;
    const [learned] = policyOf(alone, 's2s', 'fw-inet', 'import').terms;
    expect(learned?.set.map(({ kind }) => kind)).toEqual(['large-community-add']);
  });

  it('ends on the router of the site when the edge stands elsewhere', () => {
    const elsewhere = compileNetwork({ ...withPrivate(), vpns: [{ ...vpn, site: 'hq' }] }).network;
    expect(linkNamed(elsewhere, 's2s').a).toBe(deviceNamed(elsewhere, 'hq').ix);
  });

  it('never stands in for a circuit whose private peering leads elsewhere (ER-148)', () => {
    const found = compileNetwork({ ...withPrivate({ vnets: [] }), vpns: [vpn] }).findings;
    expect(found.map(({ rule, ids }) => [rule, ids])).toEqual([['network/vpn-without-circuit', ['ER-148']]]);
  });
});
