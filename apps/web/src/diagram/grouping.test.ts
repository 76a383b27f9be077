import { type TopologyView, Workbench } from '@bothways/twin';
import { describe, expect, it } from 'vitest';
import { shownOf } from './grouping.ts';

function estateOf(sites: number): TopologyView {
  const lines = ['bothways: 1', 'organisation: { name: Contoso, asn: 64500 }', 'sites:', '  hub: { city: Frankfurt }'];
  for (let ix = 0; ix < sites; ix++) {
    lines.push(`  s${ix}: { city: Munich, users: 10, clients: 10.${ix >> 8}.${ix & 255}.0/24 }`);
  }
  lines.push('wan:');
  for (let ix = 0; ix < sites; ix++)
    lines.push(`  w${ix}: { between: [s${ix}, hub], bandwidth: 10 Mbps, latency: 5 ms }`);
  lines.push('internetEdges:', '  inet: { site: hub, isp: Northwind, bandwidth: 1 Gbps, nat: 198.51.100.0/28 }');
  lines.push('environments: { production: { region: Europe } }');
  lines.push('demands:', '  all: { flows: [PP-F01], from: [s0], to: production }');
  const topology = new Workbench([{ name: 'estate.yaml', text: lines.join('\n') }]).topology();
  if (topology === undefined) throw new Error('the estate has errors');
  return topology;
}

const none: ReadonlySet<string> = new Set();

describe('what of a topology is shown', () => {
  it('a few sites each, many as one box that counts them and their users', () => {
    expect(shownOf(estateOf(5), none, none).nodes.filter(({ role }) => role === 'site-router')).toHaveLength(6);
    const shown = shownOf(estateOf(300), none, none);
    const [bundle, ...others] = shown.nodes.filter(({ role }) => role === 'bundle');
    expect(others).toEqual([]);
    expect(bundle).toMatchObject({ title: '300 sites', subtitle: '3,000 users', members: 300 });
    expect(shown.nodes.length).toBeLessThan(20);
  });

  it('one that is looked for stands outside, with its own line', () => {
    const shown = shownOf(estateOf(300), none, new Set(['s17']));
    expect(shown.nodes.find(({ id }) => id === 's17')).toBeDefined();
    expect(shown.nodes.find(({ role }) => role === 'bundle')?.title).toBe('299 more sites');
    expect(shown.lines.find(({ from, to }) => [from, to].includes('s17'))?.id).toBe('w17');
    expect(shown.boxOf.get('s17')).toBe('s17');
  });

  it('an opened box shows some and keeps the rest', () => {
    const closed = shownOf(estateOf(300), none, none);
    const bundle = closed.nodes.find(({ role }) => role === 'bundle');
    const opened = shownOf(estateOf(300), new Set([bundle?.id ?? '']), none);
    expect(opened.nodes.find(({ role }) => role === 'bundle')?.members).toBe(260);
  });

  it('every device and line of the network is in something that is shown, whatever is opened', () => {
    const topology = estateOf(40);
    for (const wanted of [none, new Set(['s3']), new Set(topology.nodes.map(({ id }) => id))]) {
      const shown = shownOf(topology, none, wanted);
      const ids = new Set(shown.nodes.map(({ id }) => id));
      for (const { id } of topology.nodes) expect(ids.has(shown.boxOf.get(id) ?? '')).toBe(true);
      const drawn = new Set(shown.lines.map(({ id }) => id));
      for (const { id } of topology.lines) expect(drawn.has(shown.lineOf.get(id) ?? '')).toBe(true);
    }
  });
});
