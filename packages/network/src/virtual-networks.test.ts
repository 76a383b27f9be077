import { azureRegion } from '@bothways/facts';
import { formatPrefix, prefix, prefixEquals } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, deviceNamed, linkNamed, sessionNamed } from '../test/contoso.ts';
import { addressOfText, circuit, estateOf, prefixes, privatePeering, virtualNetwork } from '../test/estates.ts';
import { compileNetwork, type Network, type StaticRoute } from './index.ts';

function compiled(...vnets: readonly ReturnType<typeof virtualNetwork>[]) {
  return compileNetwork(
    estateOf({ vnets, circuits: [circuit({ name: 'er-fra', privatePeering: privatePeering({ vnets: [] }) })] }),
  );
}

function nextOf(network: Network, device: string, text: string): readonly (readonly [string, number])[] {
  const wanted = prefix(text);
  const words = (next: StaticRoute['next']): string =>
    next.kind === 'discard' ? 'discard' : (network.devices[next.device]?.name ?? '');
  return deviceNamed(network, device)
    .statics.filter((each) => prefixEquals(each.prefix, wanted))
    .map((each) => [words(each.next), each.distance]);
}

const route = (text: string, next: ReturnType<typeof virtualNetwork>['routes'][number]['next']) => ({
  prefix: prefix(text),
  next,
  path: ['azure', 'vnets', 'hub', 'routes', 0],
});

describe('a virtual network', () => {
  const { network } = compiled(
    virtualNetwork({
      name: 'hub',
      addressSpace: prefixes('10.100.0.0/16', 'fd00:100::/48'),
      privateEndpoints: [{ service: 'Storage', address: addressOfText('10.100.8.4'), path: ['e'] }],
    }),
  );

  it('delivers its address space and its private endpoints', () => {
    const device = deviceNamed(network, 'hub');
    expect(device).toMatchObject({ role: 'vnet', half: 'microsoft', place: { azureRegion: 'westeurope' } });
    expect(device.connected.map(({ prefixes }) => prefixes.map(formatPrefix))).toEqual([
      ['10.100.0.0/16', 'fd00:100::/48'],
      ['10.100.8.4/32'],
    ]);
  });

  it('speaks iBGP with its gateway, over a link of 1,400 bytes (ER-061)', () => {
    const { ends } = sessionNamed(network, 'hub-hub-gateway');
    expect(ends.map(({ asn }) => Number(asn))).toEqual([65515, 65515]);
    expect(linkNamed(network, 'hub-hub-gateway').mtu).toBe(1400);
  });

  it('goes to the internet last of all, from a public address with the community of the region', () => {
    expect(nextOf(network, 'hub', '0.0.0.0/0')).toEqual([['microsoft', 254]]);
    expect(nextOf(network, 'hub', '::/0')).toEqual([['microsoft', 254]]);
    const pools = deviceNamed(network, 'hub').sourceNat.map(({ pool }) => pool.map(formatPrefix));
    expect(pools).toEqual([['198.19.0.1/32'], ['2001:2:0:2::1/128']]);
    const announced = deviceNamed(network, 'microsoft').originations.find(({ name }) => name.includes('hub'));
    expect(announced?.communities).toEqual([azureRegion('westeurope')?.communities.microsoftPeering]);
    expect(announced?.prefixes.map(formatPrefix)).toEqual(['198.19.0.1/32', '2001:2:0:2::1/128']);
  });

  it('without IPv6 space has no IPv6 way out', () => {
    expect(nextOf(compiled(virtualNetwork({ name: 'hub' })).network, 'hub', '::/0')).toEqual([]);
  });
});

describe('peering', () => {
  const spoke = virtualNetwork({
    name: 'spoke',
    addressSpace: prefixes('10.101.0.0/16'),
    gateway: undefined,
    gatewayOf: 'hub',
    peeredWith: ['hub'],
  });
  const third = virtualNetwork({
    name: 'third',
    addressSpace: prefixes('10.102.0.0/16'),
    gateway: undefined,
    peeredWith: ['hub'],
  });

  it('is one link with a route at either end, and not transitive', () => {
    const hub = virtualNetwork({ name: 'hub', peeredWith: ['spoke'] });
    const { network } = compiled(hub, spoke, third);
    expect(network.links.filter(({ name }) => name === 'hub-spoke' || name === 'spoke-hub')).toHaveLength(1);
    expect(nextOf(network, 'hub', '10.101.0.0/16')).toEqual([['spoke', 3]]);
    expect(nextOf(network, 'spoke', '10.100.0.0/16')).toEqual([['hub', 3]]);
    expect(nextOf(network, 'spoke', '10.102.0.0/16')).toEqual([]);
  });

  it('lets a network use the gateway of another', () => {
    const { network } = compiled(virtualNetwork({ name: 'hub' }), spoke);
    expect(sessionNamed(network, 'spoke-hub-gateway').ends.map((end) => network.devices[end.device]?.name)).toEqual([
      'spoke',
      'hub-gateway',
    ]);
  });

  it('finds a gateway that is not there', () => {
    const { findings } = compiled(virtualNetwork({ name: 'hub', gateway: undefined }), spoke);
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['network/no-gateway', 'spoke uses the gateway of hub, which has none'],
    ]);
  });
});

describe('user-defined routes', () => {
  const vnetWith = (next: Parameters<typeof route>[1]) =>
    virtualNetwork({ name: 'hub', routes: [route('0.0.0.0/0', next)] });

  it.each([
    ['none', { kind: 'none' }, 'discard'],
    ['internet', { kind: 'internet' }, 'microsoft'],
    ['gateway', { kind: 'gateway' }, 'hub-gateway'],
  ] as const)('to %s come before everything else', (_, next, expected) => {
    const { network } = compiled(vnetWith(next));
    expect(nextOf(network, 'hub', '0.0.0.0/0')).toContainEqual([expected, 1]);
    const rule = deviceNamed(network, 'hub').statics.find(({ distance }) => distance === 1);
    expect(cited(rule?.origins ?? [])).toEqual(['azure.vnets.hub.routes.0']);
  });

  it('to an appliance lead through it and out by its own public address', () => {
    const address = addressOfText('10.100.0.4');
    const two = virtualNetwork({
      name: 'hub',
      routes: [route('0.0.0.0/0', { kind: 'address', address }), route('10.0.0.0/8', { kind: 'address', address })],
    });
    const { network } = compiled(two);
    expect(nextOf(network, 'hub', '0.0.0.0/0')).toContainEqual(['hub-appliance-1', 1]);
    expect(nextOf(network, 'hub', '10.0.0.0/8')).toEqual([['hub-appliance-1', 1]]);
    expect(network.devices.filter(({ role }) => role === 'vnet-appliance')).toHaveLength(1);
    const pools = ['hub', 'hub-appliance-1'].map((name) =>
      deviceNamed(network, name).sourceNat[0]?.pool.map(formatPrefix),
    );
    expect(pools).toEqual([['198.19.0.1/32'], ['198.19.0.2/32']]);
    expect(nextOf(network, 'hub-appliance-1', '10.100.0.0/16')).toEqual([['hub', 3]]);
  });

  it('to an address nowhere in the estate is a finding, and drops', () => {
    const { network, findings } = compiled(vnetWith({ kind: 'address', address: addressOfText('192.168.1.1') }));
    expect(findings.map(({ rule }) => rule)).toEqual(['network/next-hop-elsewhere']);
    expect(nextOf(network, 'hub', '0.0.0.0/0')).toContainEqual(['discard', 1]);
  });
});

it('leads to public hosts behind Microsoft, behind everything that was announced (ER-127)', () => {
  const { network } = compiled(virtualNetwork({ name: 'hub' }));
  expect(nextOf(network, 'microsoft', '0.0.0.0/0')).toEqual([['internet', 254]]);
});

describe('service endpoints', () => {
  it('lead to the service in the region directly, past a default route (ER-128)', () => {
    const { network, findings } = compiled(virtualNetwork({ name: 'hub', serviceEndpoints: ['Microsoft.Storage'] }));
    const rules = deviceNamed(network, 'hub').statics.filter(({ distance }) => distance === 2);
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.every(({ prefix }) => prefix.family === 4)).toBe(true);
    expect(cited(rules[0]?.origins ?? [])).toEqual(['azure.vnets.hub.serviceEndpoints.0', 'ER-128']);
    expect(findings).toEqual([]);
  });

  it('that nobody knows are a finding', () => {
    const { findings } = compiled(virtualNetwork({ name: 'hub', serviceEndpoints: ['Microsoft.Nowhere'] }));
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([['network/service-endpoint', 'warning']]);
  });
});
