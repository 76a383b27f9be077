import { describe, expect, it } from 'vitest';
import { cited, sessionNamed } from '../test/contoso.ts';
import { circuit, estateOf } from '../test/estates.ts';
import { wholeEstate } from '../test/whole.ts';
import { compileNetwork, drainedNetwork, type RiskGroup } from './index.ts';

const { network, risks, findings } = compileNetwork(wholeEstate());

function groupOf(id: string, groups: readonly RiskGroup[] = risks.groups): RiskGroup {
  const found = groups.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no '${id}' among ${groups.map((each) => each.id).join(', ')}`);
  return found;
}

const deviceNames = (group: RiskGroup): readonly string[] => group.devices.map((ix) => network.devices[ix]?.name ?? '');
const linkNames = (group: RiskGroup): readonly string[] => group.links.map((ix) => network.links[ix]?.name ?? '');

describe('risk groups', () => {
  it('have ids of their own, and name what exists', () => {
    expect(new Set(risks.groups.map(({ id }) => id)).size).toBe(risks.groups.length);
    for (const { id, devices, links } of risks.groups) {
      expect(devices.length + links.length, id).toBeGreaterThan(0);
      expect([...deviceNames(groupOf(id)), ...linkNames(groupOf(id))], id).not.toContain('');
    }
    expect(findings).toEqual([]);
  });

  it('a box is one group, with every routing domain on it', () => {
    expect(deviceNames(groupOf('device er-ce1'))).toEqual(['er-ce1', 'er-ce1-private']);
    expect(deviceNames(groupOf('msee er-fra-msee1'))).toEqual(['er-fra-msee1', 'er-fra-msee1-private']);
    expect(risks.groups.map(({ id }) => id)).not.toContain('device er-ce1-private');
  });

  it('a port carries both peerings, a circuit both ports', () => {
    expect(linkNames(groupOf('port er-fra-primary'))).toEqual(['er-fra-primary', 'er-fra-private-primary']);
    expect(linkNames(groupOf('circuit er-fra'))).toHaveLength(4);
    expect(deviceNames(groupOf('circuit er-fra'))).toHaveLength(4);
  });

  it('a tunnel fails with the line it runs over', () => {
    expect(linkNames(groupOf('link inet'))).toEqual(['inet', 'dc-homeworkers', 's2s']);
    expect(linkNames(groupOf('link s2s'))).toEqual(['s2s']);
  });

  it('a pair of firewalls is no single device', () => {
    expect(groupOf('firewall pair fw-er').kind).toBe('firewall-pair');
    expect(groupOf('device fw-inet').kind).toBe('device');
  });

  it('a metro circuit ends in two peering locations, which are one metro', () => {
    expect(deviceNames(groupOf('peering location frankfurt'))).toEqual(['er-fra-msee1', 'er-fra-msee1-private']);
    expect(deviceNames(groupOf('peering location frankfurt2'))).toEqual(['er-fra-msee2', 'er-fra-msee2-private']);
    expect(deviceNames(groupOf('metro frankfurt-metro'))).toHaveLength(4);
  });

  it('a metro whose second building is no location of its own has two facilities', () => {
    const metro = compileNetwork(estateOf({ circuits: [circuit({ name: 'er-fra', resiliency: 'metro' })] })).risks
      .groups;
    const buildings = metro.filter(({ kind }) => kind === 'facility').map(({ name }) => name);
    expect(buildings).toEqual(['frankfurt, first building', 'frankfurt, second building']);
    const standard = compileNetwork(estateOf()).risks.groups;
    expect(standard.filter(({ kind }) => kind === 'facility' || kind === 'metro')).toEqual([]);
  });

  it('a provider takes its lines, its cloud and the links of its circuits along', () => {
    expect(linkNames(groupOf('provider Fabrikam'))).toEqual(['mpls', 'shop-cloud', 'dc-cloud', 'us-cloud']);
    expect(deviceNames(groupOf('provider Fabrikam'))).toEqual(['cloud']);
    expect(linkNames(groupOf('provider Equinix'))).toHaveLength(4);
    expect(deviceNames(groupOf('provider Equinix'))).toEqual([]);
  });

  it('a site takes everything that stands there along', () => {
    expect(deviceNames(groupOf('site dc'))).toEqual([
      'dc',
      'fw-inet',
      'fw-er',
      'er-ce1',
      'er-ce2',
      'px',
      'er-ce1-private',
      'er-ce2-private',
    ]);
  });

  it('a declared group is the union of what its names stand for', () => {
    const group = groupOf('declared conduit');
    expect(linkNames(group)).toEqual(['mpls', 'er-fra-primary', 'er-fra-private-primary']);
    expect(deviceNames(group)).toEqual(['er-fra-msee1', 'er-fra-msee1-private']);
    expect(cited(group.origins)).toEqual(['failureGroups.conduit']);
  });

  it('a name that nothing has is a finding with a suggestion', () => {
    const group = { name: 'x', path: ['failureGroups', 'x'], elements: ['mplss'] };
    const found = compileNetwork(estateOf({ failureGroups: [group] })).findings;
    expect(found).toMatchObject([
      {
        rule: 'network/unknown-name',
        message: "there is no element 'mplss' in the compiled network",
        help: "did you mean 'mpls'?",
      },
    ]);
  });

  it('Microsoft and the internet at large are in none', () => {
    const covered = new Set(risks.groups.flatMap((group) => deviceNames(group)));
    for (const name of ['microsoft', 'internet', 'azure-westeurope']) expect(covered.has(name), name).toBe(false);
  });
});

describe('maintenance', () => {
  it('knows the sessions of the links and devices concerned', () => {
    const [drain, down] = risks.maintenance;
    expect(drain?.sessions.map((ix) => network.sessions[ix]?.name)).toEqual([
      'er-fra-primary',
      'er-fra-private-primary',
    ]);
    expect(cited(drain?.origins ?? [])).toEqual(['maintenance.spring', 'ER-149']);
    expect(down?.kind).toBe('down');
    expect(down?.devices.length).toBeGreaterThan(5);
  });

  it('drains by a longer path of AS 12076 on the way in at both ends', () => {
    const [drain, down] = risks.maintenance;
    if (drain === undefined || down === undefined) throw new Error('no windows');
    const drained = drainedNetwork(network, drain);
    const { ends } = sessionNamed(drained, 'er-fra-primary');
    for (const end of ends) {
      const [term] = drained.policies[end.import]?.terms ?? [];
      expect(term).toMatchObject({ then: 'next', set: [{ kind: 'prepend', asn: 12076, times: 8 }] });
      expect(cited(term?.origins ?? [])).toContain('ER-149');
    }
    expect(sessionNamed(drained, 'er-fra-secondary')).toBe(sessionNamed(network, 'er-fra-secondary'));
    expect(drained.policies.map(({ ix }) => ix)).toEqual(drained.policies.map((_, at) => at));
    expect(drainedNetwork(network, down)).toBe(network);
  });
});
