import { describe, expect, it } from 'vitest';
import { fileOf } from '../test/shipped-estates.ts';
import { routesOf, ruleNames, rulePage, type TraceQuery, traceEstate } from './index.ts';

const files = [{ name: 'estate.yaml', text: fileOf('examples/contoso', 'estate.yaml') }];
const trace = (query: TraceQuery) => traceEstate(files, query);

describe('tracing', () => {
  it('follows the demands of a site, flow and region', () => {
    const { trips, problem } = trace({ from: 'hq', flow: 'PP-F01', to: 'West Europe' });
    expect(problem).toBeUndefined();
    expect(trips.map((trip) => [trip.id, trip.forward.via, trip.return?.via])).toEqual([
      ['PP-F01/hq/production/westeurope', 'expressroute:er-fra', 'expressroute:er-fra'],
    ]);
  });

  it('follows any address, also one that no demand mentions', () => {
    const public1 = trace({ from: 'branch', address: '9.9.9.9' }).trips;
    expect(public1.map((trip) => [trip.forward.via, trip.outcome])).toEqual([['internet:inet', 'holds']]);
    const azure = trace({ from: 'branch', address: '4.175.0.1' }).trips;
    expect(azure.map((trip) => [trip.forward.via, trip.outcome])).toEqual([['expressroute:er-fra', 'holds']]);
  });

  it.each<[string, TraceQuery, RegExp]>([
    ['a site', { from: 'hk' }, /no site 'hk'; did you mean 'hq'/],
    ['a flow', { flow: 'PP-F99' }, /no flow 'PP-F99'/],
    ['a destination', { to: 'West Europa' }, /no destination 'West Europa'; did you mean 'West Europe'/],
    ['an address', { address: '1.2.3' }, /1\.2\.3/],
    ['a demand', { from: 'dc' }, /no demand of the estate fits/],
  ])('says what is wrong with %s', (_, query, expected) => {
    const { problem, trips, usable } = trace(query);
    expect(usable).toBe(true);
    expect(trips).toEqual([]);
    expect(problem).toMatch(expected);
  });

  it('says nothing about an unusable document but its findings', () => {
    const { usable, trips, findings } = traceEstate([{ name: 'estate.yaml', text: 'bothways: 9' }], {});
    expect([usable, trips]).toEqual([false, []]);
    expect(findings.length).toBeGreaterThan(0);
  });
});

describe('routes', () => {
  it('gives the longest match of an address, with the reason of the choice', () => {
    const { devices } = routesOf(files, { device: 'dc', prefix: '4.175.0.1' });
    expect(devices.map((each) => each.routes.map((route) => [route.prefix, route.protocol, route.next]))).toEqual([
      [['4.175.0.0/16', 'ebgp', ['fw-er over dc-fw-er']]],
    ]);
  });

  it('says why a route is absent: the route filter, with its line', () => {
    const text = fileOf('examples/contoso', 'estate.yaml').replace('[West Europe, North Europe]', '[North Europe]');
    const { devices } = routesOf([{ name: 'estate.yaml', text }], { device: 'er-ce1', prefix: '4.175.0.1' });
    expect(devices.flatMap((each) => each.absent).join('\n')).toMatch(/4\.175\.0\.0\/16 is known to er-fra-msee1/);
    expect(devices.flatMap((each) => each.absent).join('\n')).toMatch(/line 38, ER-078/);
  });

  it('suggests a device', () => {
    expect(routesOf(files, { device: 'fw-inett' }).problem).toBe(
      "there is no device 'fw-inett'; did you mean 'fw-inet'?",
    );
  });

  it('says what is wrong with a prefix', () => {
    expect(routesOf(files, { prefix: '1.2.3.4/33' }).problem).toContain('33');
  });
});

describe('rule pages', () => {
  it.each(ruleNames().map((name) => [name]))('%s cites a fact with source and date for each id', (name) => {
    const page = rulePage(name);
    const cited = [...(page?.answers ?? []), ...(page?.facts ?? [])];
    expect(cited.map(({ id }) => id).sort()).toEqual([...(page?.ids ?? [])].sort());
    for (const { source, date } of cited) {
      expect(source.length).toBeGreaterThan(5);
      expect(date).toMatch(/^\d{4}(?:-\d{2}){0,2}$|^undated$/);
    }
  });

  it('there is none for an unknown name', () => {
    expect(rulePage('no-such-rule')).toBeUndefined();
  });
});
