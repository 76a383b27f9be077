import { addressSet, regionalTag } from '@bothways/facts';
import {
  formatAddress,
  formatPrefix,
  prefixSet,
  setContains,
  setEquals,
  setIsEmpty,
  setPrefixes,
  unionOf,
} from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, deviceNamed } from '../test/contoso.ts';
import { demandOf, wholeEstate } from '../test/whole.ts';
import { compileNetwork, type InboundDemand } from './index.ts';

const { network, demands } = compileNetwork(wholeEstate());

function demandNamed(id: string, all: readonly InboundDemand[] = demands.inbound ?? []): InboundDemand {
  const found = all.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no '${id}' among ${all.map((each) => each.id).join(', ')}`);
  return found;
}

const start = ({ from }: InboundDemand): readonly unknown[] => [
  from.kind,
  from.name,
  network.devices[from.device]?.name,
];

describe('sessions that Microsoft opens', () => {
  it('start in each region of each environment, at every address of the flow, towards each public address', () => {
    const demand = demandNamed('PP-F28/web/er/production/westeurope');
    expect(start(demand)).toEqual(['microsoft', 'westeurope', 'azure-westeurope']);
    const cloud = regionalTag('public', 'AzureCloud', 'westeurope');
    expect(setContains(cloud?.set ?? prefixSet([]), demand.sources)).toBe(true);
    expect(formatAddress(demand.address)).toBe('203.0.113.9');
    expect(demand.home).toBe(deviceNamed(network, 'dc').ix);
    expect(demand.ports).toEqual([{ protocol: 'tcp', first: 443, last: 443 }]);
    expect(cited(demand.origins)).toEqual(['services.web.calledBy', 'services.web.published.er', 'PP-N10']);
    expect(formatAddress(demandNamed('PP-F28/web/inet/production/northeurope').address)).toBe('192.0.2.200');
  });

  it('of an environment come from its regions, also where the catalogue names tags of the world (PP-C23)', () => {
    const demand = demandNamed('PP-F31/web/er/production/westeurope');
    expect(start(demand)).toEqual(['microsoft', 'westeurope', 'azure-westeurope']);
    const tags = ['LogicApps.WestEurope', 'PowerPlatformPlex.WestEurope', 'PowerPlatformInfra.WestEurope'];
    const sets = tags.map((tag) => addressSet('public', tag)?.set ?? prefixSet([]));
    expect(setEquals(demand.sources, unionOf(...sets))).toBe(true);
    expect(demand.environment).toBe('production');
    expect(demands.inbound?.some(({ flow, from }) => flow.id === 'PP-F31' && from.name === 'LogicApps')).toBe(false);
  });

  it('for sign-in come from Entra ID, mail from Exchange Online', () => {
    expect(start(demandNamed('PP-F37/web/er/AzureActiveDirectory'))[2]).toBe('microsoft-azureactivedirectory');
    const mail = demandNamed('PP-F38/web/inet/Microsoft365.Exchange');
    expect(start(mail)[2]).toBe('microsoft-microsoft365-exchange');
    expect(setIsEmpty(mail.sources)).toBe(false);
  });

  it('of a connector to a public endpoint are those of PP-F32', () => {
    expect(demandNamed('PP-F32/web/er/production/westeurope').flow.id).toBe('PP-F32');
  });

  it('that a demand asks for are said to be skipped until somebody follows them', () => {
    expect(demands.skipped.map(({ flow, because }) => [flow.id, because])).toContainEqual([
      'PP-F28',
      'opened-by-microsoft',
    ]);
  });

  it('every start device delivers what it may be answered at, or is a virtual network or a place', () => {
    for (const demand of demands.inbound ?? []) {
      if (demand.from.kind !== 'microsoft') continue;
      const device = network.devices[demand.from.device];
      expect(device?.half, demand.id).toBe('microsoft');
    }
  });
});

describe('sessions inside', () => {
  it('from a delegated subnet go to the inside address over private peering', () => {
    const demand = demandNamed('PP-F64/web/production/hub/platform');
    expect(start(demand)).toEqual(['subnet', 'hub/platform', 'hub']);
    expect(setPrefixes(demand.sources).map(formatPrefix)).toEqual(['10.100.9.0/24']);
    expect([formatAddress(demand.address), demand.publication]).toEqual(['10.30.0.10', undefined]);
  });

  it('from a machine in Azure too', () => {
    const demand = demandNamed('PP-F64/web/spoke/vm');
    expect(start(demand)).toEqual(['machine', 'spoke/vm', 'spoke']);
  });

  it('from sites and VPN users use the inside address, roaming users each public one', () => {
    expect(demandNamed('PP-F01/web/hq').publication).toBeUndefined();
    expect(demandNamed('PP-F01/web/homeworkers').publication).toBeUndefined();
    expect(['er', 'inet'].map((edge) => formatAddress(demandNamed(`PP-F01/web/${edge}/roaming`).address))).toEqual([
      '203.0.113.9',
      '192.0.2.200',
    ]);
  });

  it('that Microsoft opens keep the environments of their demand', () => {
    const base = wholeEstate();
    const services = base.services.map((service) => ({ ...service, calledBy: [] }));
    const asked = demandOf({ flows: ['PP-F30', 'PP-F64'], services: ['web'] });
    const { demands } = compileNetwork({
      ...base,
      services,
      connectors: [],
      vnets: base.vnets.map((vnet) => ({ ...vnet, machines: [] })),
      demands: [asked],
    });
    expect((demands.inbound ?? []).map(({ id }) => id)).toEqual([
      'PP-F30/web/er/production/westeurope',
      'PP-F30/web/inet/production/westeurope',
      'PP-F30/web/er/production/northeurope',
      'PP-F30/web/inet/production/northeurope',
      'PP-F64/web/production/hub/platform',
    ]);
  });
});
