import { describe, expect, it } from 'vitest';
import { checklist, checklistItem } from './checklist.ts';
import { flows } from './flows.ts';

describe('checklist', () => {
  it('has evidence for every item', () => {
    expect(checklist().filter((item) => !/^.{20,}[.]$/.test(item.evidence))).toEqual([]);
  });

  it('takes the first ten items from the readiness checklist', () => {
    expect(
      checklist()
        .filter((item) => item.source.id === 'D4')
        .map((item) => item.id),
    ).toEqual(['01', '02', '03', '04', '05', '06', '07', '08', '09', '10'].map((number) => `PP-C${number}`));
  });

  it('leaves only organisational items to people', () => {
    expect(
      checklist()
        .filter((item) => item.proof === 'manual')
        .map((item) => item.id),
    ).toEqual(['PP-C50', 'PP-C51']);
  });

  it('asks for no circuit on exactly the flows PP-F48 to PP-F60, which are internal', () => {
    const item = checklistItem('PP-C33');
    expect(item?.flows).toEqual(Array.from({ length: 13 }, (_, index) => `PP-F${index + 48}`));
    const internal = new Set(
      flows()
        .filter((flow) => flow.expressRoute === 'internal')
        .map((flow) => flow.id),
    );
    expect(item?.flows.filter((id) => !internal.has(id))).toEqual([]);
  });

  it('demands internet for internet-only flows alone', () => {
    const internetOnly = new Set(
      flows()
        .filter((flow) => flow.expressRoute === 'internet-only')
        .map((flow) => flow.id),
    );
    expect(checklistItem('PP-C02')?.flows.filter((id) => !internetOnly.has(id))).toEqual([]);
  });

  it('knows nothing of an item 52', () => {
    expect(checklistItem('PP-C52')).toBeUndefined();
  });
});
