import { formatPrefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { contoso } from '../test/contoso.ts';

const FLOWS = 'flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]';

describe('demands', () => {
  const { concrete, skipped } = contoso().demands;

  it('a flow of the environment goes from each site to each of its regions', () => {
    const ids = concrete.map(({ id }) => id).filter((id) => id.startsWith('PP-F01/'));
    expect(ids).toEqual([
      'PP-F01/hq/production/westeurope',
      'PP-F01/branch/production/westeurope',
      'PP-F01/hq/production/northeurope',
      'PP-F01/branch/production/northeurope',
    ]);
  });

  it('a flow that does not depend on the environment appears once for each site', () => {
    const two = contoso(
      ['production: { region: Europe }', 'test: { region: Europe }\n  production: { region: Europe }'],
      ['to: production\n\nintents', 'to: [production, test]\n\nintents'],
    ).demands.concrete;
    expect(two.filter(({ flow }) => flow.id === 'PP-F05').map(({ id }) => id)).toEqual([
      'PP-F05/hq/azure-front-door',
      'PP-F05/branch/azure-front-door',
    ]);
    expect(two.filter(({ flow }) => flow.id === 'PP-F01')).toHaveLength(8);
  });

  it('the sources are the clients of the site', () => {
    expect(concrete[0]?.sources.map(formatPrefix)).toEqual(['10.10.0.0/16']);
    expect(concrete[1]?.sources.map(formatPrefix)).toEqual(['10.20.0.0/16']);
  });

  it('ids are unique', () => {
    expect(new Set(concrete.map(({ id }) => id)).size).toBe(concrete.length);
    expect(skipped).toEqual([]);
  });

  it('a demand that is asked twice is followed once', () => {
    const twice = contoso([FLOWS, 'flows: [PP-F01, PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]']).demands.concrete;
    expect(twice.map(({ id }) => id)).toEqual(concrete.map(({ id }) => id));
  });

  it('what cannot be followed is kept with the reason', () => {
    const some = contoso([FLOWS, 'flows: [PP-F01, PP-F48]']).demands;
    expect(some.skipped.map(({ flow, because }) => [flow.id, because])).toEqual([['PP-F48', 'inside-microsoft']]);
    expect(some.concrete.some(({ flow }) => flow.id === 'PP-F48')).toBe(false);
  });

  it('clients do not open what rides the sessions of a data gateway or of desktop-flow machines (PP-N11)', () => {
    const none = contoso([FLOWS, 'flows: [PP-F01, PP-F33, PP-F44]']).demands;
    expect(none.skipped.map(({ flow, because }) => [flow.id, because])).toEqual([
      ['PP-F33', 'no-data-gateway'],
      ['PP-F44', 'no-desktop-flow-machines'],
    ]);
    expect(new Set(none.concrete.map(({ flow }) => flow.id))).toEqual(new Set(['PP-F01']));
  });
});
