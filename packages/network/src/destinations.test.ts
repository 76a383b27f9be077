import { azureRegion, regionalTag } from '@bothways/facts';
import { formatCommunity, parseAddress, prefix, prefixSet, setContains, setEquals, setHas } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, contoso, deviceNamed } from '../test/contoso.ts';

const compiled = contoso();
const { network, demands } = compiled;

function targetOf(id: string) {
  const found = demands.concrete.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no demand ${id}`);
  return found.target;
}

function hosted(name: string) {
  return prefixSet(deviceNamed(network, name).connected.flatMap((each) => each.prefixes));
}

describe('regions', () => {
  it.each(['westeurope', 'northeurope'])('%s delivers and announces exactly its AzureCloud tag', (region) => {
    const tag = regionalTag('public', 'AzureCloud', region);
    const device = deviceNamed(network, `azure-${region}`);
    expect(setContains(hosted(device.name), tag?.set ?? prefixSet([]))).toBe(true);
    const [origination] = device.originations;
    const community = azureRegion(region)?.communities.microsoftPeering;
    expect(origination?.communities).toEqual([community]);
    expect(cited(device.origins)).toEqual(['ER-071']);
  });

  it('a demand on a region targets every address of the tag', () => {
    const tag = regionalTag('public', 'AzureCloud', 'westeurope');
    const target = targetOf('PP-F01/hq/production/westeurope');
    expect(setContains(tag?.set ?? prefixSet([]), target.set)).toBe(true);
    expect(target.sources.join()).toMatch(/AzureCloud\.\w+ \(change \d+, \d{4}-\d{2}-\d{2}\)/);
  });

  it('a region that only the route filter names is there as well', () => {
    const more = contoso(['[West Europe, North Europe]', '[West Europe, North Europe, UK South]']).network;
    expect(more.devices.map(({ name }) => name)).toContain('azure-uksouth');
    expect(network.devices.map(({ name }) => name)).not.toContain('azure-uksouth');
  });
});

describe('services', () => {
  it('no prefix is delivered at two devices of Microsoft', () => {
    const seen = new Map<string, string>();
    for (const device of network.devices.filter(({ half }) => half === 'microsoft')) {
      for (const each of device.connected.flatMap(({ prefixes }) => prefixes)) {
        const key = `${each.family}:${each.bits}/${each.length}`;
        expect(seen.get(key) ?? device.name, key).toBe(device.name);
        seen.set(key, device.name);
      }
    }
  });

  it('what Microsoft 365 does not mark for ExpressRoute is delivered too, and carries no community of a service', () => {
    const intune = contoso(['PP-F16]', 'PP-F16, PP-F25]']);
    const target = intune.demands.concrete.find((each) => each.id === 'PP-F25/hq/microsoft-365-mem')?.target;
    if (target === undefined) throw new Error('no demand for Intune');
    const devices = intune.network.devices.filter(({ half }) => half === 'microsoft');
    const delivered = prefixSet(devices.flatMap((each) => each.connected.flatMap(({ prefixes }) => prefixes)));
    expect(setContains(delivered, target.set)).toBe(true);
    const device = deviceNamed(intune.network, 'microsoft-microsoft365-mem-internet');
    const sets = device.originations.map(({ communities }) => communities.map(formatCommunity).join());
    expect(sets).toContain('');
    expect(sets.filter((each) => /12076:5(0\d\d|100)\b/.test(each))).toEqual([]);
  });

  it('sign-in carries its own community, and inside a region that of the region too', () => {
    const device = deviceNamed(network, 'microsoft-azureactivedirectory');
    const sets = device.originations.map(({ communities }) => communities.map(formatCommunity));
    expect(sets.every((each) => each.includes('12076:5060'))).toBe(true);
    expect(sets.some((each) => each.length === 2)).toBe(true);
    expect(cited(device.origins)).toEqual(['ER-072']);
  });

  it('the delivery network has no community, so no filter can select it', () => {
    const names = network.devices.map(({ name }) => name).filter((name) => name.includes('frontdoor'));
    expect(names.length).toBeGreaterThan(0);
    const plain = names
      .flatMap((name) => deviceNamed(network, name).originations)
      .map((each) => each.communities.length);
    expect(Math.min(...plain)).toBe(0);
  });
});

describe('the public internet', () => {
  const { set } = targetOf('PP-F16/hq/public-internet');
  const has = (text: string): boolean => {
    const parsed = parseAddress(text);
    return parsed.ok && setHas(set, parsed.value);
  };

  it('has public addresses, and no special-purpose or private ones', () => {
    expect(['9.9.9.9', '8.8.8.8', '2620:fe::fe'].map(has)).toEqual([true, true, true]);
    const never = ['10.0.0.1', '127.0.0.1', '169.254.1.1', '192.0.2.1', '224.0.0.1', '255.255.255.255', '0.0.0.0'];
    expect(never.map(has)).toEqual(never.map(() => false));
    expect(['::1', 'fe80::1', 'fc00::1', 'ff02::1', '2001:db8::1'].map(has)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('has no address of Microsoft that this estate describes, and none of the customer', () => {
    for (const device of network.devices.filter(({ half }) => half === 'microsoft')) {
      const rest = device.connected.flatMap(({ prefixes }) => prefixes);
      for (const each of rest) expect(setHas(set, { family: each.family, bits: each.bits })).toBe(false);
    }
    expect(setEquals(prefixSet([prefix('198.51.100.0/28')]), set)).toBe(false);
    expect(has('203.0.113.1')).toBe(false);
  });
});
