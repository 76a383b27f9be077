import { azureRegion, azureRegions } from '@bothways/facts';
import { formatCommunity, formatPrefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, contoso, deviceNamed, linkNamed, policyOf, sessionNamed } from '../test/contoso.ts';
import type { Network, PolicyTerm } from './index.ts';

const { network } = contoso();

function announceTerms(of: Network): readonly PolicyTerm[] {
  return policyOf(of, 'er-fra-primary', 'er-fra-msee1', 'export').terms;
}

function communitiesOf(term: PolicyTerm | undefined): readonly string[] {
  return (term?.when ?? []).flatMap((each) => (each.kind === 'community' ? each.any.map(formatCommunity) : []));
}

function communityOf(region: string): string {
  const community = azureRegion(region)?.communities.microsoftPeering;
  return community === undefined ? 'none' : formatCommunity(community);
}

describe('a circuit', () => {
  it('ends on two MSEEs of AS 12076, one for each link', () => {
    const msees = network.devices.filter(({ role }) => role === 'msee');
    expect(msees.map(({ name, asn, half }) => [name, Number(asn), half])).toEqual([
      ['er-fra-msee1', 12076, 'microsoft'],
      ['er-fra-msee2', 12076, 'microsoft'],
    ]);
    for (const name of ['er-fra-primary', 'er-fra-secondary']) {
      expect(linkNamed(network, name)).toMatchObject({ kind: 'circuit', owner: 'er-fra', bandwidth: 5e8 });
      expect(sessionNamed(network, name).down).toBeUndefined();
    }
    expect(cited(linkNamed(network, 'er-fra-secondary').origins)).toEqual([
      'circuits.er-fra.microsoftPeering.links.1',
      'ER-038',
    ]);
  });

  it('has the latency of the line where the document gives it, on both links', () => {
    const given = contoso(['    bandwidth: 500 Mbps\n', '    bandwidth: 500 Mbps\n    latency: 7 ms\n']).network;
    for (const name of ['er-fra-primary', 'er-fra-secondary']) {
      expect(linkNamed(given, name).latency).toBe(7);
      expect(linkNamed(network, name).latency).toBeUndefined();
    }
  });

  it('speaks the AS of the peering at the customer end, and that of the MSEE at the other', () => {
    const { ends } = sessionNamed(network, 'er-fra-primary');
    expect(ends.map(({ asn }) => Number(asn))).toEqual([64500, 12076]);
  });

  it('sources outside the declared prefixes are refused at each MSEE (ER-047)', () => {
    for (const name of ['er-fra-msee1', 'er-fra-msee2']) {
      const [filter] = deviceNamed(network, name).sourceFilters;
      expect(filter?.permit.map(formatPrefix)).toEqual(['203.0.113.0/28']);
      expect(cited(filter?.origins ?? [])).toEqual(['circuits.er-fra.microsoftPeering.advertises', 'ER-047']);
    }
  });

  it('drops the session when more than 200 prefixes are announced (ER-028, ER-030)', () => {
    const [, msee] = sessionNamed(network, 'er-fra-primary').ends;
    expect(msee.maximumPrefixes).toMatchObject({ limit: 200, action: 'drop-session' });
    expect(cited(msee.maximumPrefixes?.origins ?? [])).toEqual(['ER-028', 'ER-030']);
  });

  it('strips private AS numbers on the way into the backbone (ER-052)', () => {
    const session = sessionNamed(network, 'er-fra-msee1-microsoft');
    expect(session.ends[0].removePrivateAs).toBe('all');
    expect(cited(session.origins)).toContain('ER-052');
  });

  it('is preferred by Microsoft to the internet at equal length (ER-091)', () => {
    const [term] = policyOf(network, 'er-fra-msee1-microsoft', 'microsoft', 'import').terms;
    expect(term?.set).toEqual([{ kind: 'local-preference', value: 150 }]);
    expect(cited(term?.origins ?? [])).toEqual(['ER-091']);
    expect(policyOf(network, 'microsoft-internet', 'microsoft', 'import').terms).toEqual([]);
  });

  it('stays down while validation is open, with the line and the fact', () => {
    const waiting = contoso(['vlan: 100', 'vlan: 100\n      validation: validation-needed']).network;
    const { down } = sessionNamed(waiting, 'er-fra-primary');
    expect(down?.because).toContain('not validated');
    expect(cited(down?.origins ?? [])).toEqual(['circuits.er-fra.microsoftPeering.validation', 'ER-184']);
  });

  it('prepends the AS of the peering as often as the document says', () => {
    const prepended = contoso(['vlan: 100', 'vlan: 100\n      prepend: 2']).network;
    const [, term] = policyOf(prepended, 'er-fra-primary', 'er-ce1', 'export').terms;
    expect(term?.set).toEqual([{ kind: 'prepend', asn: 64500, times: 2 }]);
    expect(policyOf(network, 'er-fra-primary', 'er-ce1', 'export').terms[1]?.set).toEqual([]);
  });

  it('carries IPv6 only where it has IPv6 link subnets (ER-039)', () => {
    const dual = contoso(['vlan: 100', 'vlan: 100\n      links6: [2001:db8:ffff::/126, 2001:db8:ffff::4/126]']).network;
    for (const [device, here] of [
      ['er-fra-msee1', network],
      ['er-ce1', network],
    ] as const) {
      const [term] = policyOf(here, 'er-fra-primary', device, 'export').terms;
      expect(term).toMatchObject({ then: 'reject', when: [{ kind: 'family', family: 6 }] });
      expect(cited(term?.origins ?? [])).toEqual(['circuits.er-fra.microsoftPeering.links', 'ER-039']);
      const kinds = policyOf(dual, 'er-fra-primary', device, 'export').terms.flatMap(({ when }) => when);
      expect(kinds.some(({ kind }) => kind === 'family')).toBe(false);
    }
  });

  it('without a peering has no MSEE', () => {
    const bare = contoso([
      [
        '    microsoftPeering:',
        '      vlan: 100',
        '      links: [192.0.2.0/30, 192.0.2.4/30]',
        '      advertises: [203.0.113.0/28]',
        '      routeFilter: [West Europe, North Europe]',
        '',
      ].join('\n'),
      '',
    ]).network;
    expect(bare.devices.some(({ role }) => role === 'msee')).toBe(false);
  });
});

describe('what Microsoft announces', () => {
  it('is what the route filter names, and cites its line and fact', () => {
    const filter = announceTerms(network).find(({ name }) => name === 'route filter');
    expect(filter?.then).toBe('accept');
    expect(communitiesOf(filter)).toEqual([communityOf('westeurope'), communityOf('northeurope')]);
    expect(cited(filter?.origins ?? [])).toEqual(['circuits.er-fra.microsoftPeering.routeFilter', 'ER-078']);
    expect(policyOf(network, 'er-fra-primary', 'er-fra-msee1', 'export').otherwise).toBe('reject');
  });

  it('stops where the SKU does not reach, before the filter', () => {
    const [, reach, ...rest] = announceTerms(network);
    expect(reach?.then).toBe('reject');
    expect(communitiesOf(reach)).toContain(communityOf('westus'));
    expect(communitiesOf(reach)).not.toContain(communityOf('westeurope'));
    expect(cited(reach?.origins ?? [])).toEqual(expect.arrayContaining(['circuits.er-fra.sku', 'ER-023']));
    expect(rest.at(-1)?.name).toBe('route filter');
  });

  it('reaches every region of its cloud with Premium, and none of another cloud', () => {
    const premium = contoso(['sku: standard', 'sku: premium']).network;
    const beyond = communitiesOf(announceTerms(premium)[1]);
    const clouds = azureRegions().filter(({ id }) => beyond.includes(communityOf(id)));
    expect(beyond.length).toBeGreaterThan(0);
    expect(clouds.every(({ cloud }) => cloud !== 'public')).toBe(true);
  });

  it('Microsoft 365 needs Premium (ER-025) and an authorisation (ER-076)', () => {
    const cites = (of: Network): readonly string[] => announceTerms(of).flatMap(({ origins }) => cited(origins));
    expect(cites(network)).toEqual(expect.arrayContaining(['ER-025', 'ER-076']));
    const allowed = contoso(
      ['sku: standard', 'sku: premium'],
      ['asn: 64500', 'asn: 64500\n  microsoft365: { authorised: true }'],
    ).network;
    expect(cites(allowed)).not.toContain('ER-025');
    expect(cites(allowed)).not.toContain('ER-076');
  });

  it('is nothing without a route filter (ER-077)', () => {
    const silent = contoso(['\n      routeFilter: [West Europe, North Europe]', '']).network;
    const policy = policyOf(silent, 'er-fra-primary', 'er-fra-msee1', 'export');
    expect([policy.terms, policy.otherwise]).toEqual([[], 'reject']);
    expect(cited(policy.origins)).toEqual(['circuits.er-fra.microsoftPeering', 'ER-077']);
  });

  it('is never a route of another customer (ER-007)', () => {
    for (const session of ['microsoft-internet', 'er-fra-msee1-microsoft']) {
      const policy = policyOf(network, session, 'microsoft', 'export');
      expect([policy.otherwise, policy.terms[0]?.when]).toEqual(['reject', [{ kind: 'as-path-empty' }]]);
      expect(cited(policy.origins)).toEqual(['ER-007']);
    }
  });
});

describe('what Microsoft accepts', () => {
  const policy = policyOf(network, 'er-fra-primary', 'er-fra-msee1', 'import');

  it('no default route (ER-125), no private space (ER-033), then what is declared', () => {
    expect(policy.terms.map(({ then, origins }) => [then, cited(origins)])).toEqual([
      ['reject', ['ER-125']],
      ['reject', ['ER-033']],
      ['accept', ['circuits.er-fra.microsoftPeering.advertises', 'ER-047', 'ER-033']],
    ]);
    expect(policy.otherwise).toBe('reject');
  });

  it('more specifics of a declared prefix too', () => {
    expect(policy.terms[2]?.when).toMatchObject([
      { kind: 'prefix-list', entries: [{ atLeast: 28, atMost: 32, prefix: { length: 28 } }] },
    ]);
  });
});
