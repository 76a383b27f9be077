import { expect, it } from 'vitest';
import { curatedOn, inexpressibleOn } from './suite.ts';

it('BIRD can express all but what it has no word for', () => {
  const words = [...inexpressibleOn('bird').values()].flat().map((line) => line.replace(/^[^:]*: /, ''));
  expect([...new Set(words)].sort()).toEqual([
    'bird does not decide as frr does',
    'bird has no aggregation',
    'bird has no conditional advertisement',
    'bird originates without conditions',
    'bird: a static route that gives way to another protocol is redistributed either way',
    'bird: redistribution of the IGP is not rendered',
  ]);
});

await curatedOn('bird');
