import { describe, expect, it } from 'vitest';
import { isStale, pageText } from './generate-distributed-users.ts';

describe('the page about distributed users', () => {
  it('is what the tool computes for the seven designs', () => {
    const text = pageText();
    expect(isStale(text)).toBe(false);
    expect(isStale(`${text} `)).toBe(true);
    expect(text.match(/examples\/distributed-users\//g)).toHaveLength(7);
  });
});
