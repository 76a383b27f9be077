import { expect, it } from 'vitest';

it('the tests run on Node 24, not on whatever the shell finds first', () => {
  expect(Number(process.versions.node.split('.')[0])).toBe(24);
});
