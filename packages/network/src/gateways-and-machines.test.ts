import { regionalTag } from '@bothways/facts';
import { formatPrefix, prefixSet, setContains, setsOverlap } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { deviceNamed } from '../test/contoso.ts';
import { estateOf, prefixes, site } from '../test/estates.ts';
import { demandOf, wholeEstate } from '../test/whole.ts';
import { type ConcreteDemand, compileNetwork } from './index.ts';

const { network, demands, siteRouters } = compileNetwork(wholeEstate());

function demandNamed(id: string, all: readonly ConcreteDemand[] = demands.concrete): ConcreteDemand {
  const found = all.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no '${id}' among ${all.map((each) => each.id).join(', ')}`);
  return found;
}

describe('a data gateway', () => {
  it('dials the region it is registered in, without anybody asking', () => {
    const demand = demandNamed('PP-F40/dc/gw/production/uksouth');
    expect(demand.by).toEqual({ kind: 'data-gateway', name: 'gw' });
    expect(demand.sources.map(formatPrefix)).toEqual(['10.30.0.40/31']);
    expect(demand.site.name).toBe('dc');
    const cloud = regionalTag('public', 'AzureCloud', 'uksouth')?.set;
    expect(setContains(cloud ?? prefixSet([]), demand.target.set)).toBe(true);
    expect(deviceNamed(network, 'azure-uksouth').role).toBe('azure-region');
  });

  it('has its control plane, sign-in and work flows as well', () => {
    const flows = new Set(demands.concrete.filter(({ by }) => by?.name === 'gw').map(({ flow }) => flow.id));
    expect([...flows]).toEqual(['PP-F40', 'PP-F41', 'PP-F42', 'PP-F43']);
  });

  it('in HTTPS mode uses port 443 alone', () => {
    const https = [{ protocol: 'tcp', first: 443, last: 443 }];
    expect(demandNamed('PP-F40/dc/gw/production/uksouth').ports).toEqual(https);
    const base = wholeEstate();
    const tcp = compileNetwork({ ...base, dataGateways: base.dataGateways.map((each) => ({ ...each, mode: 'tcp' })) });
    expect('ports' in demandNamed('PP-F40/dc/gw/production/uksouth', tcp.demands.concrete)).toBe(false);
  });

  it('that a demand speaks of is followed once', () => {
    const base = wholeEstate();
    const asked = compileNetwork({ ...base, demands: [demandOf({ flows: ['PP-F40', 'PP-F33'], from: ['dc'] })] });
    const ids = asked.demands.concrete.filter(({ by }) => by?.kind === 'data-gateway').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toBe('PP-F40/dc/gw/production/uksouth');
    expect(ids).toContain('PP-F33/dc/gw/production/westeurope');
  });

  it('leaves every region of the estate its own addresses, though its control plane may be anywhere in Azure', () => {
    const elsewhere = prefixSet(
      deviceNamed(network, 'microsoft-azurecloud').connected.flatMap((each) => each.prefixes),
    );
    for (const region of ['westeurope', 'northeurope', 'uksouth']) {
      const cloud = regionalTag('public', 'AzureCloud', region)?.set ?? prefixSet([]);
      expect(setsOverlap(elsewhere, cloud), region).toBe(false);
    }
    expect(deviceNamed(network, 'azure-westeurope').connected[0]?.prefixes.length).toBeGreaterThan(100);
  });
});

describe('desktop-flow machines', () => {
  it('start their flows at their own addresses, to the regions of every environment unless they name some', () => {
    const mine = demands.concrete.filter(({ by }) => by?.name === 'robots');
    expect(mine.map(({ id }) => id)).toEqual([
      'PP-F44/hq/robots/production/westeurope',
      'PP-F44/hq/robots/production/northeurope',
      'PP-F45/hq/robots/production/westeurope',
      'PP-F45/hq/robots/production/northeurope',
      'PP-F46/hq/robots/public-internet',
    ]);
    expect(mine[0]?.sources.map(formatPrefix)).toEqual(['10.10.200.0/24']);
  });

  it('with addresses outside their site are hosts of the site all the same', () => {
    const base = wholeEstate();
    const machines = base.desktopFlowMachines.map((each) => ({ ...each, clients: prefixes('10.77.0.0/24') }));
    const { network } = compileNetwork({ ...base, desktopFlowMachines: machines });
    expect(deviceNamed(network, 'hq').connected.map(({ name }) => name)).toEqual(['hq clients', 'robots']);
    expect(deviceNamed(network, 'fw-er').sourceNat[0]?.sources.map(formatPrefix)).toContain('10.77.0.0/24');
  });
});

describe('a machine in a virtual network', () => {
  it('is a place, and a hairpin goes to what Microsoft peering offers (PP-F68)', () => {
    const demand = demandNamed('PP-F68/spoke/vm/production/westeurope');
    expect(demand.site.name).toBe('spoke/vm');
    expect(demand.sources.map(formatPrefix)).toEqual(['10.101.1.4/32']);
    expect(siteRouters.get('spoke/vm')).toBe(deviceNamed(network, 'spoke').ix);
  });

  it('whose flow stays inside Microsoft is skipped with the reason', () => {
    expect(demands.skipped.map(({ flow, because }) => [flow.id, because])).toContainEqual([
      'PP-F56',
      'inside-microsoft',
    ]);
  });
});

describe('other starts and ends', () => {
  it('a virtual network in `to` is reached at its address space', () => {
    const demand = demandNamed('PP-F01/hq/hub');
    expect(demand.target).toMatchObject({ id: 'hub', name: 'hub' });
    expect(demand.environment).toBeUndefined();
  });

  it('servers start the flows that servers start, and no others', () => {
    const base = estateOf();
    const sites = [
      site({ name: 'hq', clients: prefixes('10.10.0.0/16'), servers: prefixes('10.11.0.0/24') }),
      site({ name: 'dc' }),
    ];
    const { concrete } = compileNetwork({
      ...base,
      sites,
      demands: [demandOf({ flows: ['PP-F01', 'PP-F02'] })],
    }).demands;
    const sources = (id: string) => demandNamed(id, concrete).sources.map(formatPrefix);
    expect(sources('PP-F01/hq/production/westeurope')).toEqual(['10.10.0.0/16']);
    expect(sources('PP-F02/hq/production/westeurope')).toEqual(['10.10.0.0/16', '10.11.0.0/24']);
  });
});
