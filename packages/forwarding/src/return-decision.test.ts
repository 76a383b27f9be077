/** Which way Microsoft answers: the documented order in both families, and both ways where no document decides. */
import { loadEstate } from '@bothways/estate';
import { compileNetwork } from '@bothways/network';
import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { shippedEstate } from '../test/shipped-estates.ts';
import { branchesOfTrip, type RoundTrip, roundTrips, viaText } from './index.ts';

interface Answered {
  readonly trip: RoundTrip;
  readonly families: readonly number[];
  /** Every circuit or edge that an answer comes by. */
  readonly back: readonly string[];
}

function answered(text: string, id: string, family: 4 | 6 = 4): Answered {
  const { estate, findings } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error(findings.map(({ message }) => message).join('; '));
  const compiled = compileNetwork(estate);
  const { input, roundTrips: all } = roundTrips(compiled, converge(compiled.network));
  const mine = all.filter((trip) => trip.demand.id.startsWith(id));
  const trip = mine.find((each) => each.family === family);
  if (trip === undefined) throw new Error(`no round trip ${id}`);
  const back = branchesOfTrip(compiled, input, trip).map((each) =>
    each.back === undefined ? '' : viaText(each.back.via),
  );
  return { trip, families: mine.map((each) => each.family), back: [...new Set(back)].toSorted() };
}

function edited(text: string, ...edits: readonly (readonly [string, string])[]): string {
  return edits.reduce((sum, [from, to]) => {
    if (!sum.includes(from)) throw new Error(`the estate has no '${from}'`);
    return sum.replace(from, to);
  }, text);
}

const contoso = shippedEstate('examples/contoso');
const pool = shippedEstate('scenarios/A5-one-pool-two-circuits');
const oneLength = edited(pool, ['      prepend: 1\n', '']);

describe('the way back from Microsoft between circuits', () => {
  it('is the shorter AS path (ER-095)', () => {
    const { trip, back } = answered(pool, 'PP-F01/berlin');
    expect([back, trip.outcome]).toEqual([['expressroute:er-par'], 'broken']);
  });

  it('is every circuit of equal length, distant ones too, really used and no guess (ER-035, ER-100)', () => {
    const { trip, back } = answered(oneLength, 'PP-F01/berlin');
    expect(back).toEqual(['expressroute:er-fra', 'expressroute:er-par']);
    expect([trip.outcome, trip.because]).toEqual(['broken', undefined]);
  });
});

describe('where no document decides', () => {
  const med = 'routing:\n  er-fr-ce1:\n    neighbours:\n      er-par-msee1: { export: [{ set: { med: 50 } }] }\n';
  const both = `${med}  er-fr-ce2:\n    neighbours:\n      er-par-msee2: { export: [{ set: { med: 50 } }] }\n`;

  it('MED at Microsoft counts in one possibility and not in the other (ER-250)', () => {
    const { trip, back } = answered(edited(oneLength, ['demands:\n', `${both}\ndemands:\n`]), 'PP-F01/berlin');
    expect(back).toEqual(['expressroute:er-fra', 'expressroute:er-par']);
    expect(trip.outcome).toBe('unknown');
    expect(trip.because).toContain('MED that its customers send is not documented (ER-250)');
  });

  it('MED does not matter where the lengths of the paths differ', () => {
    const { trip, back } = answered(edited(pool, ['demands:\n', `${both}\ndemands:\n`]), 'PP-F01/berlin');
    expect([back, trip.outcome, trip.because]).toEqual([['expressroute:er-par'], 'broken', undefined]);
  });

  it('a public AS that a private peer prepends counts in one possibility and not in the other (ER-052, ER-096)', () => {
    const privatePeer = edited(oneLength, [
      '      vlan: 101\n',
      '      vlan: 101\n      asn: 65010\n      prepend: { times: 2, asn: 64500 }\n',
    ]);
    const { trip, back } = answered(privatePeer, 'PP-F01/berlin');
    expect(back).toEqual(['expressroute:er-fra', 'expressroute:er-par']);
    expect(trip.outcome).toBe('unknown');
    expect(trip.because).toContain('(ER-052, ER-096)');
  });

  it('private ASNs behind a public peer are taken out, as documented (ER-052)', () => {
    const prepended = edited(oneLength, [
      '      vlan: 101\n',
      '      vlan: 101\n      prepend: { times: 2, asn: 64512 }\n',
    ]);
    const { trip, back } = answered(prepended, 'PP-F01/berlin');
    expect(back).toEqual(['expressroute:er-fra', 'expressroute:er-par']);
    expect([trip.outcome, trip.because]).toEqual(['broken', undefined]);
  });
});

describe.each([4, 6] as const)('the way back from Microsoft between media, over IPv%i', (family) => {
  const [whole, wide, half, other] =
    family === 4
      ? ['198.51.100.0/28', '198.51.100.0/24', '198.51.100.0/29', '198.51.100.8/29']
      : ['2001:db8:5:10::/60', '2001:db8:5::/48', '2001:db8:5:10::/61', '2001:db8:5:18::/61'];
  const clients = family === 4 ? '10.10.0.0/16' : '[10.10.0.0/16, 2001:db8:10::/48]';
  const shared = (advertises: string, internet: string): string =>
    edited(
      contoso,
      ['clients: 10.10.0.0/16 }', `clients: ${clients} }`],
      [
        'nat: 198.51.100.0/28',
        `nat: ${family === 4 ? whole : `[198.51.100.0/28, ${whole}]`}, advertises: [${internet}]`,
      ],
      ['advertises: [203.0.113.0/28]', `advertises: [203.0.113.0/28, ${advertises}]`],
      ['      vlan: 100\n', '      vlan: 100\n      links6: [2a01:1111:0:1::/126, 2a01:1111:0:1::4/126]\n'],
    );
  const back = (text: string): readonly string[] => answered(text, 'PP-F11/hq', family).back;

  it('is ExpressRoute at equal prefix length (ER-091)', () => {
    expect(back(shared(whole, whole))).toEqual(['expressroute:er-fra']);
  });

  it('is ExpressRoute also where its AS path is longer: prefix lengths are what is compared (ER-091)', () => {
    const longer = edited(shared(whole, whole), ['      vlan: 100\n', '      vlan: 100\n      prepend: 3\n']);
    expect(back(longer)).toEqual(['expressroute:er-fra']);
  });

  it('is the longer prefix before ExpressRoute (ER-092)', () => {
    expect(back(shared(wide, whole))).toEqual(['internet:inet']);
    expect(back(shared(`${half}, ${other}`, whole))).toEqual(['expressroute:er-fra']);
  });

  it('is the internet where ExpressRoute has no prefix (ER-090)', () => {
    const only = edited(
      contoso,
      ['clients: 10.10.0.0/16 }', `clients: ${clients} }`],
      ['nat: 198.51.100.0/28', `nat: ${family === 4 ? whole : `[198.51.100.0/28, ${whole}]`}`],
    );
    expect(back(only)).toEqual(['internet:inet']);
  });
});
