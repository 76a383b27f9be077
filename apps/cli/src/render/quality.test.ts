import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainStyle } from '@bothways/diagnostics';
import { type TraceQuery, traceEstate } from '@bothways/twin';
import { describe, expect, it } from 'vitest';
import { qualityLines } from './quality.ts';

const scenarios = join(import.meta.dirname, '../../../../scenarios');
const terminal = { style: plainStyle, width: 100, invocation: 'bothways' };

function textOf(id: string, query: TraceQuery): readonly string[] {
  const folder = readdirSync(scenarios).find((each) => each.startsWith(id)) ?? '';
  const text = readFileSync(join(scenarios, folder, 'estate.yaml'), 'utf8');
  const [trip] = traceEstate([{ name: 'estate.yaml', text }], query).trips;
  return trip === undefined ? ['no trip'] : qualityLines(trip.quality, terminal).join('\n').split('\n');
}

describe('the quality of a trace', () => {
  it('says how long, how narrow, how lossy, whose, and how far round', () => {
    expect(textOf('PP-S05', { from: 'reykjavik', flow: 'PP-F01' })).toMatchInlineSnapshot(`
      [
        "Quality",
        "  Latency       about 285.4 ms both ways, 283.6 ms at least: 142.7 ms there, 142.7 ms back",
        "                er-fra-msee1 to azure-westeurope 2.7 ms, estimated from 364 km as the crow flies",
        "  Narrowest     radio, 2 Mbps, 0.3 Mbps of it free",
        "  Loss          3.96 % both ways; one TCP connection gets about 0.18 Mbps",
        "  Carried by    the customer (private) 98 % of the latency, 2,378 km; Microsoft (shared) 2 % of the",
        "                latency, 364 km",
        "  Detour        724 km more than the 2,018 km straight on, by dc, 127.9 ms more",
      ]
    `);
  });

  it('names what nobody can know instead of a figure', () => {
    expect(textOf('PP-S05', { from: 'milan', flow: 'PP-F16' })).toMatchInlineSnapshot(`
      [
        "Quality",
        "  Latency       at least 22 ms both ways; fw-inet to internet is not known: nobody said where",
        "                internet stands, or how long the line takes",
        "  Narrowest     mpls-milan, 100 Mbps",
        "  Carried by    the customer (private) 518 km; the internet (public)",
      ]
    `);
  });

  it('shows a hairpin and the way that would have been enough', () => {
    expect(textOf('PP-S31', { flow: 'PP-F68' })).toMatchInlineSnapshot(`
      [
        "Quality",
        "  Latency       about 10.8 ms both ways, 7.1 ms at least: 5.4 ms there, 5.4 ms back",
        "                west-gateway to er-fra-msee1-private 2.7 ms, estimated from 364 km as the crow",
        "                flies; er-fra-msee1 to azure-westeurope 2.7 ms, estimated from 364 km as the crow",
        "                flies",
        "  Narrowest     er-fra-west-1, 500 Mbps",
        "  Carried by    Microsoft (shared) 100 % of the latency, 728 km",
        "  Detour        crosses er-fra twice; 728 km more than the 0 km straight on, by dc, 5.4 ms more; the",
        "                shortest way described takes 0 ms, by west, azure-westeurope",
      ]
    `);
  });

  it('is silent about a packet that is lost', () => {
    expect(textOf('A1', { flow: 'PP-F01' })).toEqual(['']);
  });
});
