import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainStyle } from '@bothways/diagnostics';
import { type LoadView, loadInEstate, type OpenOptions } from '@bothways/twin';
import { describe, expect, it } from 'vitest';
import { overloadLines, overloads, renderLoad } from './load.ts';

const terminal = { style: plainStyle, width: 100, invocation: 'bothways' };

function loadOf(folder: string, options: OpenOptions = {}): LoadView {
  const text = readFileSync(join(import.meta.dirname, '../../../..', folder, 'estate.yaml'), 'utf8');
  const { load } = loadInEstate([{ name: 'estate.yaml', text }], options);
  if (load === undefined) throw new Error(`${folder} has errors`);
  return load;
}

describe('the load of an estate', () => {
  it('names what is too much, and what the figures rest on', () => {
    expect(overloadLines(loadOf('scenarios/PP-S05-poor-wan-link'), terminal)).toEqual([
      [
        'Overloaded in the busy hour',
        '  ! radio, reykjavik → dc: 24 Mbps beside 1.7 Mbps in use on 2 Mbps, 1,285 %',
        '  ! radio, dc → reykjavik: 24 Mbps beside 1.7 Mbps in use on 2 Mbps, 1,285 %',
        '  Users without a rate in the document count with the published figure for one client (PP-Z01).',
      ].join('\n'),
    ]);
  });

  it('is silent where everything fits', () => {
    expect(overloadLines(loadOf('examples/contoso'), terminal)).toEqual([]);
  });

  it('says of pools what is assumed, and decides once sessions are stated', () => {
    const text = renderLoad(loadOf('examples/contoso'), terminal).replaceAll(/\s+/g, ' ');
    expect(text).toContain('sessions per user not known; assuming that every user has one device');
    expect(text).toContain('(ER-251, ER-252)');
    expect(overloads(loadOf('examples/contoso', { sessionsPerUser: 40 }))).toEqual([]);
    const none = overloads(loadOf('examples/contoso', { sessionsPerUser: 100_000_000_000 }));
    expect(none.length).toBeGreaterThan(0);
    expect(none.every((each) => each.includes('no free ports'))).toBe(true);
  });
});
