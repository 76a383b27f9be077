import { readFileSync } from 'node:fs';
import { loadEstate } from '@bothways/estate';
import { describe, expect, it } from 'vitest';
import { compileNetwork } from './index.ts';

const contoso = readFileSync(new URL('../../../examples/contoso/estate.yaml', import.meta.url), 'utf8');

function linkOf(text: string, name: string) {
  const { estate, findings } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error(findings.map((each) => each.message).join('; '));
  return compileNetwork(estate).network.links.find((link) => link.name === name);
}

describe('latency of lines', () => {
  it('is what the document says, where it says something', () => {
    const link = linkOf(contoso, 'mpls-hq');
    expect(link?.latency).toBe(6);
    expect(link?.latencyEstimate).toBeUndefined();
  });

  it('is estimated from the two cities, where it says nothing', () => {
    const link = linkOf(contoso.replace(', latency: 6 ms', ''), 'mpls-hq');
    expect(link?.latency).toBeUndefined();
    // Munich to Frankfurt, 305 km as the crow flies.
    expect(link?.latencyEstimate).toEqual({ kilometres: 304, milliseconds: 2.2 });
  });

  it('is not estimated where a site has no place', () => {
    const text = contoso.replace(', latency: 6 ms', '').replace('city: Munich, ', '');
    expect(linkOf(text, 'mpls-hq')?.latencyEstimate).toBeUndefined();
  });
});
