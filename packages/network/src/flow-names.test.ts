import { flow as flowOf, flows } from '@bothways/facts';
import { describe, expect, it } from 'vitest';
import { environment, estateOf } from '../test/estates.ts';
import { representativeNames } from './flow-names.ts';

function names(id: string, ...regions: readonly string[]): readonly string[] {
  const flow = flowOf(id);
  if (flow === undefined) throw new Error(id);
  const environments = regions.map((region) => environment({ name: region, region }));
  return representativeNames(flow, estateOf({ environments }), undefined);
}

describe('the names that stand for a flow', () => {
  it.each([
    ['PP-F01', ['europe'], ['contoso.crm4.dynamics.com']],
    ['PP-F02', ['europe'], ['contoso.api.crm4.dynamics.com']],
    ['PP-F01', ['unitedstates'], ['contoso.crm.dynamics.com']],
    ['PP-F01', ['europe', 'uk'], ['contoso.crm4.dynamics.com', 'contoso.crm11.dynamics.com']],
    ['PP-F05', ['europe'], ['contoso.azureedge.net', 'contoso.azurefd.net', 'res.cdn.office.net']],
    ['PP-F68', ['europe'], ['contoso.crm4.dynamics.com']],
    ['PP-F17', ['europe'], []],
  ])('%s in %s', (id, regions, expected) => {
    expect(names(id, ...regions)).toEqual(expected);
  });

  it('are names without placeholders, for every flow and without an environment too', () => {
    for (const flow of flows()) {
      for (const regions of [['europe'], []]) {
        for (const name of names(flow.id, ...regions)) expect(name, flow.id).toMatch(/^[a-z0-9.-]+$/);
      }
    }
  });
});
