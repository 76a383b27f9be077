import {
  formatPrefix,
  type Prefix,
  parsePrefix,
  prefixContains,
  prefixesOverlap,
  Random,
  valueOrThrow,
} from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { overlapsOf } from './overlaps.ts';

const prefix = (text: string): Prefix => valueOrThrow(parsePrefix(text));

describe('prefixes that overlap', () => {
  const held = overlapsOf(
    ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.0/24', '10.2.0.0/16', '2001:db8::/32'].map((text, at) => ({
      prefix: prefix(text),
      value: at,
    })),
  );

  it('are those around and those inside', () => {
    expect(held.overlapping(prefix('10.1.0.0/16')).map(({ value }) => value)).toEqual([0, 1, 2, 3]);
    expect(held.overlapping(prefix('10.3.0.0/16')).map(({ value }) => value)).toEqual([0]);
    expect(held.overlapping(prefix('2001:db8:1::/48')).map(({ value }) => value)).toEqual([5]);
    expect(held.overlapping(prefix('11.0.0.0/8'))).toEqual([]);
  });

  it('enclose when they are as short or shorter', () => {
    expect(held.enclosing(prefix('10.1.2.0/24')).map(({ value }) => value)).toEqual([0, 1, 2, 3]);
    expect(held.enclosing(prefix('10.1.0.0/17')).map(({ value }) => value)).toEqual([0, 1]);
  });

  it('are those that comparing all of them finds, seed 7', () => {
    const random = new Random(7);
    const any = (): Prefix => {
      const length = 4 + random.below(8);
      return prefix(
        formatPrefix({ family: 4, bits: BigInt(random.below(2 ** length)) << BigInt(32 - length), length }),
      );
    };
    for (let round = 0; round < 50; round += 1) {
      const entries = Array.from({ length: 30 }, (_, value) => ({ prefix: any(), value }));
      const found = overlapsOf(entries);
      const wanted = any();
      const values = (list: readonly { readonly value: number }[]): readonly number[] =>
        list.map(({ value }) => value).sort((a, b) => a - b);
      expect(values(found.overlapping(wanted))).toEqual(
        values(entries.filter((each) => prefixesOverlap(each.prefix, wanted))),
      );
      expect(values(found.enclosing(wanted))).toEqual(
        values(entries.filter((each) => prefixContains(each.prefix, wanted))),
      );
    }
  });
});
