import { flow as flowOf } from '@bothways/facts';
import { formatAddress } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited } from '../test/contoso.ts';
import { estateOf, service, site } from '../test/estates.ts';
import { wholeEstate } from '../test/whole.ts';
import { compileNetwork, type Steering } from './index.ts';

const whole = compileNetwork(wholeEstate());
const { steering, network } = whole;

function resolver(place: string, from: Steering = steering): string {
  const { kind, name, device } = from.resolverDevice(place);
  return `${kind} ${name ?? '-'} at ${network.devices[device]?.name ?? '?'}`;
}

function address(place: string, name: string): string {
  const answer = steering.addressFor(place, name);
  if (answer === undefined) return 'nobody said';
  return answer.kind === 'addresses' ? `${answer.view} ${answer.addresses.map(formatAddress).join(' ')}` : answer.kind;
}

describe('the resolver of a place', () => {
  it.each([
    ['hq', 'site dc at dc'],
    ['dc', 'site dc at dc'],
    ['shop', 'public - at internet'],
    ['roaming', 'public - at internet'],
    ['homeworkers', 'site dc at dc'],
    ['spoke/vm', 'vnet hub at hub'],
    ['hub', 'azure hub at hub'],
    ['px', 'site dc at dc'],
  ])('of %s is %s', (place, expected) => {
    expect(resolver(place)).toBe(expected);
  });

  it('comes with the line that says so', () => {
    expect(cited(steering.resolverDevice('hq').origins)).toContain('sites.hq.resolver');
    expect(cited(steering.resolverDevice('spoke/vm').origins)).toEqual(['azure.vnets.spoke.resolver']);
    expect(steering.resolverDevice('hq').because).toBe('hq resolves names at dc');
  });
});

describe('a name of the customer', () => {
  it.each([
    ['hq', 'inside 10.30.0.20'],
    ['homeworkers', 'inside 10.30.0.20'],
    ['spoke/vm', 'inside 10.30.0.20'],
    ['shop', 'outside 203.0.113.9 192.0.2.200'],
    ['roaming', 'outside 203.0.113.9 192.0.2.200'],
    ['hub', 'outside 203.0.113.9 192.0.2.200'],
  ])('is at %s the address %s', (place, expected) => {
    const [name] = steering.names;
    expect(address(place, 'WEB.contoso.example')).toBe(
      expected.replace('10.30.0.20', formatAddress(name?.inside ?? { family: 4, bits: 0n })),
    );
  });

  it('that is not published does not resolve outside', () => {
    const estate = estateOf({
      sites: [site({ name: 'shop', resolver: { public: true } }), site({ name: 'dc' })],
      wan: [],
      services: [service({ name: 'intranet', names: ['intranet.contoso.example'], published: [] })],
      demands: [],
    });
    const { steering: here } = compileNetwork(estate);
    expect(here.addressFor('shop', 'intranet.contoso.example')).toMatchObject({ kind: 'unresolvable' });
    expect(here.addressFor('dc', 'intranet.contoso.example')).toMatchObject({ kind: 'addresses', view: 'inside' });
  });

  it('that nobody described is not made up', () => {
    expect(address('hq', 'unknown.example')).toBe('nobody said');
  });
});

describe('a private endpoint', () => {
  it('is known to the resolver of its network only', () => {
    expect(address('hub', 'Storage')).toBe('private-endpoint 10.100.8.4');
    expect(address('spoke/vm', 'storage')).toBe('private-endpoint 10.100.8.4');
    expect(address('hq', 'Storage')).toBe('nobody said');
  });

  it('is lost on a network that asks a site', () => {
    const base = wholeEstate();
    const vnets = base.vnets.map((vnet) => ({ ...vnet, resolver: { site: 'dc' } }));
    const { steering: here } = compileNetwork({ ...base, vnets });
    expect(here.addressFor('spoke/vm', 'Storage')).toBeUndefined();
  });
});

describe('which front end name resolution picks', () => {
  const located = wholeEstate();
  const placed = compileNetwork({
    ...located,
    sites: located.sites.map((each) =>
      each.name === 'dc' ? { ...each, location: { latitude: 50.1, longitude: 8.7 } } : each,
    ),
  }).steering;
  const answer = (place: string, id: string, azureRegion?: string) => {
    const flow = flowOf(id);
    if (flow === undefined) throw new Error(id);
    return placed.dnsAnswer(place, flow, { id: 'x', set: { ipv4: [], ipv6: [] }, azureRegion });
  };

  it('for content and Microsoft 365 the one near the resolver, not the client', () => {
    expect(answer('hq', 'PP-F05')).toMatchObject({
      near: 'resolver',
      where: { name: 'dc', location: { latitude: 50.1, longitude: 8.7 } },
      fact: undefined,
    });
    expect(answer('hq', 'PP-F26')).toMatchObject({ near: 'resolver', fact: 'ER-089' });
    expect(answer('spoke/vm', 'PP-F11')).toMatchObject({ near: 'resolver', where: { name: 'West Europe' } });
  });

  it('for a proxied connection the one near the resolver of the proxy', () => {
    expect(answer('px', 'PP-F11').where?.name).toBe('dc');
  });

  it('for Dataverse none: the region is the same everywhere', () => {
    expect(answer('hq', 'PP-F01', 'westeurope')).toMatchObject({ near: 'region', fact: 'PP-F01' });
    expect(answer('hq', 'PP-F01', 'westeurope').because).toMatch(/West Europe/);
  });

  it('is not claimed where nothing says it', () => {
    expect(answer('hq', 'PP-F18')).toMatchObject({ near: 'unknown', fact: undefined });
    expect(answer('shop', 'PP-F05')).toMatchObject({
      where: undefined,
      because: expect.stringMatching(/nobody said where/),
    });
  });
});
