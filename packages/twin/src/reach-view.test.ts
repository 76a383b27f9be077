import { flows } from '@bothways/facts';
import { describe, expect, it } from 'vitest';
import { describeHostName, isHostName } from './host-names.ts';
import type { Reach } from './reach-model.ts';
import { reachFor } from './reach-view.ts';

function reach(query: string): Reach {
  const result = reachFor(query);
  if (!result.ok) throw new Error(result.problem);
  return result.reach;
}

const communitiesOf = (query: string): readonly (string | undefined)[] =>
  reach(query).communities.map(({ community }) => community);

describe('addresses', () => {
  it.each<[string, Reach['answer'], readonly string[], readonly (string | undefined)[]]>([
    ['20.50.1.1', 'yes', ['AzureCloud', 'AzureCloud.westeurope'], ['12076:51002']],
    ['2603:1020:200::5', 'yes', ['AzureCloud.westeurope'], ['12076:51002']],
    ['20.190.128.5', 'yes', ['AzureActiveDirectory', 'Microsoft365.56'], ['12076:5060', '12076:51008', '12076:5100']],
    ['40.92.0.1', 'conditional', ['Microsoft365.9', 'Microsoft365.10'], ['12076:5010']],
    ['13.107.246.10', 'no', ['AzureFrontDoor.Frontend'], [undefined]],
    ['8.8.8.8', 'unknown', [], []],
    ['10.1.2.3', 'no', [], []],
    ['fd00::1', 'no', [], []],
  ])('%s: %s', (query, answer, sets, communities) => {
    const found = reach(query);
    expect(found).toMatchObject({ kind: 'address', answer });
    expect(found.sets.map(({ name }) => name)).toEqual(expect.arrayContaining([...sets]));
    expect(communitiesOf(query)).toEqual(communities);
    expect(found.because).not.toBe('');
  });

  it('unknown names the file that was searched', () => {
    expect(reach('8.8.8.8').because).toMatch(/change 376 of 2025-11-10/);
  });

  it('names the longest published prefix', () => {
    const sets = new Map(reach('20.50.1.1').sets.map(({ name, match }) => [name, match]));
    expect(sets.get('AzureCloud.westeurope')).toBe('20.50.0.0/18');
    expect(sets.get('StorageSyncService')).toBe('20.50.1.0/29');
  });

  it('marks flows that only share all addresses of a region', () => {
    const found = reach('20.50.1.1').flows;
    expect(found.length).toBeGreaterThan(5);
    expect(found.every(({ specific }) => !specific)).toBe(true);
    expect(reach('20.190.128.5').flows.filter(({ specific }) => specific)[0]?.id).toBe('PP-F11');
  });
});

describe('prefixes', () => {
  it('with several owners are told apart, and the parts are the whole', () => {
    const { parts, answer } = reach('52.112.0.0/14');
    expect(answer).toBe('conditional');
    const total = parts.reduce((sum, part) => sum + BigInt(part.addresses), 0n);
    expect(total).toBe(1n << 18n);
    expect(parts.some(({ sets }) => sets.includes('AzureCloud.westeurope'))).toBe(true);
  });

  it('with one owner have its answer', () => {
    expect(reach('20.50.1.0/29')).toMatchObject({ kind: 'prefix', answer: 'yes', parts: [] });
  });

  it.each([
    ['0.0.0.0/0', /too large/],
    ['20.50.1.1/16', /20\.50\.0\.0\/16/],
    ['20.50.1.1/33', /33/],
    ['300.1.1.1', /300/],
    ['::zz', /.+/],
    ['', /name an address/],
    ['nonsense', /no address, host name/],
    ['AzureClod', /did you mean 'AzureCloud'/],
    ['x'.repeat(5000), /longer than any name/],
  ])('%s is refused with what is wrong', (query, problem) => {
    expect(reachFor(query)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });
});

describe('host names', () => {
  it('of an environment lead to its geography, its regions and their communities', () => {
    const found = reach('contoso.crm4.dynamics.com');
    expect(found.subject).toMatch(/Europe/);
    expect(found.flows.filter(({ specific }) => specific).map(({ id }) => id)).toEqual(['PP-F01', 'PP-F03', 'PP-F22']);
    expect(communitiesOf('contoso.crm4.dynamics.com')).toEqual(['12076:51002', '12076:51003']);
    expect(reach('contoso.api.crm4.dynamics.com')).toMatchObject({ answer: 'yes' });
    expect(reach('contoso.api.crm4.dynamics.com').flows[0]?.id).toBe('PP-F02');
  });

  it.each<[string, Reach['answer']]>([
    ['login.microsoftonline.com', 'conditional'],
    ['make.powerapps.com', 'conditional'],
    ['res.cdn.office.net', 'no'],
    ['outlook.office365.com', 'conditional'],
    ['*.sharepoint.com', 'conditional'],
    ['admin.microsoft.com', 'no'],
    ['contoso.crm10.dynamics.com', 'unknown'],
    ['www.example.org', 'unknown'],
    ['contoso.crm.microsoftdynamics.us', 'conditional'],
  ])('%s: %s', (query, answer) => {
    expect(reach(query)).toMatchObject({ kind: 'name', answer });
  });

  it('show what the sources disagree on', () => {
    const disputed = reach('make.powerapps.com').statements.find(({ id }) => id === 'X17');
    expect(disputed?.claims.length).toBeGreaterThan(1);
  });

  it('take the endpoint sets with the name itself', () => {
    expect(reach('*.sharepoint.com').sets.map(({ name }) => name)).toEqual(['Microsoft365.31']);
  });

  it('of the catalogue all lead back to their flow', () => {
    for (const { id, names } of flows()) {
      for (const pattern of Object.values(names).flat()) {
        const name = pattern.replaceAll('{org}', 'contoso').replaceAll('{n}', '4');
        if (!isHostName(name)) continue;
        const found = describeHostName(name).flows.map(({ flow }) => flow.id);
        expect([name, found.includes(id)]).toEqual([name, true]);
      }
    }
  });

  it('answer at once for hostile wildcards', () => {
    const before = performance.now();
    reachFor('*a*a*a.crm.dynamics.com');
    reachFor(`${'a.'.repeat(100)}com`);
    reachFor('*'.repeat(200));
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('services, sets, regions and flows', () => {
  it.each<[string, Reach['kind'], Reach['answer']]>([
    ['PP-F01', 'flow', 'yes'],
    ['f5', 'flow', 'no'],
    ['PP-F48', 'flow', 'inside-microsoft'],
    ['PP-F29', 'flow', 'not-applicable'],
    ['powerplatforminfra.westeurope', 'set', 'yes'],
    ['AzureFrontDoor.Frontend', 'set', 'no'],
    ['AzureCloud', 'set', 'unknown'],
    ['West Europe', 'set', 'yes'],
    ['Exchange', 'service', 'yes'],
    ['Power BI', 'service', 'yes'],
    ['Intune', 'service', 'no'],
  ])('%s is a %s: %s', (query, kind, answer) => {
    expect(reach(query)).toMatchObject({ kind, answer });
  });

  it('every flow of the catalogue has an answer', () => {
    for (const { id } of flows()) expect(reach(id).because, id).not.toBe('');
  });

  it('a flow takes the sets of the regions of the environments', () => {
    const result = reachFor('PP-F01', 'public', ['westeurope', 'northeurope']);
    expect(result.ok && result.reach.sets.map(({ name }) => name)).toEqual([
      'PowerPlatformInfra.WestEurope',
      'PowerPlatformInfra.NorthEurope',
      'AzureCloud.westeurope',
      'AzureCloud.northeurope',
    ]);
  });
});
