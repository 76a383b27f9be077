/** Both engines on the network that the example estate compiles to, with a few prefixes of each kind. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEstate } from '@bothways/estate';
import type { Prefix } from '@bothways/net';
import { compileNetwork, type Network } from '@bothways/network';
import { describe, expect, it } from 'vitest';
import { planeText } from '../test/plane-text.ts';
import { fibEntryText, referenceFibText, referenceTable } from '../test/reference-view.ts';
import { converge, type Failures, reconverge } from './index.ts';
import { Reference, routeText } from './reference.ts';

const text = readFileSync(join(import.meta.dirname, '../../../examples/contoso/estate.yaml'), 'utf8');

function exampleNetwork(): Network {
  const { estate } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error('the example does not load');
  return fewPrefixes(compileNetwork(estate).network);
}

/** The first two prefixes of each origination and connected entry, and these of each longer list. */
function fewPrefixes(network: Network): Network {
  const few = (prefixes: readonly Prefix[]): readonly Prefix[] => prefixes.slice(0, 2);
  const devices = network.devices.map((device) => ({
    ...device,
    connected: device.connected.map((item) => ({ ...item, prefixes: few(item.prefixes) })),
    originations: device.originations.map((item) => ({ ...item, prefixes: few(item.prefixes) })),
  }));
  return { ...network, devices };
}

describe('the example', { timeout: 60_000 }, () => {
  const network = exampleNetwork();
  const normal = converge(network);
  const cases: readonly (readonly [string, Failures])[] = [
    ['nothing', {}],
    ...network.devices.map((device) => [device.name, { devices: [device.ix] }] as const),
    ...network.links.map((link) => [`link ${link.name}`, { links: [link.ix] }] as const),
    ...network.sessions.map((session) => [`session ${session.name}`, { sessions: [session.ix] }] as const),
  ];

  it.each(cases)('has the tables of the reference when %s fails', (_, failed) => {
    const plane = reconverge(normal, { fail: failed });
    const reference = new Reference(network, failed);
    expect(plane.outcome).toEqual({ kind: 'stable' });
    for (const { ix: classIx, prefixes } of plane.classes) {
      const [prefix] = prefixes;
      if (prefix === undefined) continue;
      const table = referenceTable(plane, classIx);
      expect(table.map(routeText)).toEqual(reference.settle(prefix)?.map(routeText));
      for (const device of network.devices) {
        const expected = referenceFibText(reference.fib(prefix, table, device));
        expect(fibEntryText(plane.fibs[device.ix]?.get(classIx))).toBe(expected);
      }
    }
  });

  it('is the same after any failure from cold', () => {
    for (const [name, failed] of cases) {
      expect(planeText(reconverge(normal, { fail: failed })), name).toBe(planeText(converge(network, { failed })));
    }
  });
});
