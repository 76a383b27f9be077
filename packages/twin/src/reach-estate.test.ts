import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reachInEstate } from './reach-estate.ts';

const text = readFileSync(new URL('../../../examples/contoso/estate.yaml', import.meta.url), 'utf8');
const files = [{ name: 'estate.yaml', text }];

const ways = (query: string) =>
  reachInEstate(files, query).ways.map(({ target, sites, trip }) => [
    target,
    sites.join(' '),
    trip.forward.via,
    trip.outcome,
  ]);

describe('reach in the example', () => {
  it('follows an address of an admitted region over the circuit, from every site', () => {
    expect(ways('20.50.1.1')).toEqual([['20.50.1.1', 'hq branch', 'expressroute:er-fra', 'holds']]);
  });

  it('follows an address of another region over the internet', () => {
    expect(ways('51.140.1.1')).toEqual([['51.140.1.1', 'hq branch', 'internet:inet', 'holds']]);
  });

  it('follows the sets of a name, split where they take different ways', () => {
    const found = ways('login.microsoftonline.com').filter(([target]) => target === 'AzureActiveDirectory');
    expect(new Set(found.map(([, , via]) => via))).toEqual(new Set(['expressroute:er-fra', 'internet:inet']));
    const covered = reachInEstate(files, 'login.microsoftonline.com')
      .ways.filter(({ target, trip }) => target === 'AzureActiveDirectory' && trip.family === 4)
      .reduce((sum, { trip }) => sum + BigInt(trip.covers.addresses), 0n);
    expect(covered).toBe(56_820n);
  });

  it('takes the regions of the environments for a flow', () => {
    const targets = new Set(ways('PP-F01').map(([target]) => target));
    expect([...targets]).toEqual([
      'PowerPlatformInfra.WestEurope',
      'PowerPlatformInfra.NorthEurope',
      'AzureCloud.westeurope',
      'AzureCloud.northeurope',
    ]);
    expect(new Set(ways('PP-F01').map(([, , via]) => via))).toEqual(new Set(['expressroute:er-fra']));
  });

  it('says when addresses are its own, of another cloud, or not published', () => {
    expect(reachInEstate(files, '10.10.3.4').notes).toEqual([expect.stringMatching(/clients of hq/)]);
    expect(reachInEstate(files, 'contoso.crm.microsoftdynamics.us').notes).toEqual([expect.stringMatching(/usgov/)]);
    expect(reachInEstate(files, 'PP-F17').notes).toEqual([expect.stringMatching(/no published addresses/)]);
  });

  it('passes on what is wrong with the question or the document', () => {
    expect(reachInEstate(files, '300.1.1.1')).toMatchObject({ usable: true, problem: expect.stringMatching(/300/) });
    expect(reachInEstate([{ name: 'e.yaml', text: 'sites: 3' }], '8.8.8.8')).toMatchObject({ usable: false });
  });
});
