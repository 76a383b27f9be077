import { expect, it } from 'vitest';
import { curatedOn, inexpressibleOn } from './suite.ts';

it('FRR can express every network of the suite', () => {
  expect([...inexpressibleOn('frr')]).toEqual([]);
});

await curatedOn('frr');
