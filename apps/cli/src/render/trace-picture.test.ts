import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainStyle } from '@bothways/diagnostics';
import { type RoundTripView, type TraceQuery, traceEstate } from '@bothways/twin';
import { describe, expect, it } from 'vitest';
import { tracePicture } from './trace-picture.ts';

const root = join(import.meta.dirname, '../../../..');
const scenarios = readdirSync(join(root, 'scenarios')).map((each) => `scenarios/${each}`);

function pictureOf(
  folder: string,
  query: TraceQuery,
  width = 100,
  openedBy: RoundTripView['openedBy'] = 'customer',
): readonly string[] {
  const place = scenarios.find((each) => each.startsWith(`scenarios/${folder}`)) ?? folder;
  const text = readFileSync(join(root, place, 'estate.yaml'), 'utf8');
  const { trips } = traceEstate([{ name: 'estate.yaml', text }], query);
  const trip = trips.find((each) => each.openedBy === openedBy);
  return trip === undefined ? ['no trip'] : tracePicture(trip, { style: plainStyle, width, invocation: 'bothways' });
}

describe('the picture of a round trip', () => {
  it('has the customer left, the request above and the answer below', () => {
    expect(pictureOf('examples/contoso', { from: 'branch', flow: 'PP-F01' })).toMatchInlineSnapshot(`
      [
        "                       translated",
        "  there  1 ─────▶ 2 ─▶ 3 ─────────▶ 4 ─────▶ 5 ───────────▶ 6 ────────▶ 7●",
        "         branch   dc   fw-er        er-ce1   er-fra-msee1   microsoft   azure-westeurope",
        "  back   7● ◀──── 6 ◀─ 5 ◀───────── 4 ◀───── 3 ◀─────────── 2 ◀──────── 1",
        "                       translated",
      ]
    `);
  });

  it('says in words which device drops the packet', () => {
    expect(pictureOf('A1', { from: 'hq', flow: 'PP-F01' })).toMatchInlineSnapshot(`
      [
        "                   translated            DROPPED",
        "  there  1 ─▶ 2 ─▶ 3 ─────────▶ 4 ─────▶ 5✗",
        "         hq   dc   fw-er        er-ce1   er-fra-msee1",
        "  back   nothing to answer",
      ]
    `);
  });

  it('lets the ways part and meet again', () => {
    expect(pictureOf('PP-S22', { flow: 'PP-F01' }, 140)).toMatchInlineSnapshot(`
      [
        "                  translated",
        "  there  1 ─────▶ 2 ─────────▶ 3 ────────────────▶ 4 ─────────────────────────────────────────▶ 5 ────────▶ 6●",
        "         office   fw-inet      Northwind Telecom   internet   fw-er     er-ce1   er-fra-msee1   microsoft   azure-westeurope",
        "  back                                                        5✗ ◀───── 4 ◀───── 3 ◀─────────── 2 ◀──────── 1",
        "                                                              DROPPED",
      ]
    `);
  });

  it('has Microsoft on the right where Microsoft opens the session', () => {
    expect(pictureOf('PP-S39', {}, 140, 'microsoft')).toMatchInlineSnapshot(`
      [
        "               translated",
        "  there  6● ◀─ 5 ◀───────── 4 ◀───── 3 ◀─────────── 2 ◀──────── 1",
        "         dc    fw-er        er-ce1   er-fra-msee1   microsoft   azure-westeurope",
        "  back   1 ──▶ 2 ─────────▶ 3 ─────▶ 4 ───────────▶ 5 ────────▶ 6●",
        "               translated",
      ]
    `);
  });

  it('is a ladder where the terminal is narrow, never wider than it', () => {
    const narrow = pictureOf('A1', { from: 'hq', flow: 'PP-F01' }, 40);
    expect(narrow).toMatchInlineSnapshot(`
      [
        "                there  back",
        "  hq              ↓",
        "  dc              ↓",
        "  fw-er           ↓",
        "  er-ce1          ↓",
        "  er-fra-msee1    ✗          DROPPED",
      ]
    `);
    for (const line of narrow) expect(line.length).toBeLessThanOrEqual(40);
  });
});
