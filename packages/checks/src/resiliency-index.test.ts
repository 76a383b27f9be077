import { describe, expect, it } from 'vitest';
import { checkText, exampleText } from '../test/example.ts';
import { privatePeering, secondCircuit } from './example-parts.ts';
import { type ResiliencyIndex, resiliencyIndices } from './resiliency-index.ts';

type Change = readonly [text: string, by: string];

function indices(...changes: readonly Change[]): readonly ResiliencyIndex[] {
  const { view, document } = checkText(exampleText({ replace: changes.map(([text, by]) => ({ text, by })) }));
  if (view === undefined) throw new Error(document.map(({ message }) => message).join('\n'));
  return resiliencyIndices(view);
}

/** A second circuit with private peering to the same network, in the location stated. */
function twoPrivate(location: string, advertises = ''): readonly Change[] {
  const peering = `    privatePeering: { vlan: 201, links: [10.254.1.0/30, 10.254.1.4/30], vnets: [west]${advertises} }\n`;
  return [...secondCircuit({ location, lines: peering }), ...privatePeering()];
}

function brief({ of, lowest, highest, most, reading }: ResiliencyIndex): string {
  return `${of} (${reading}): ${lowest} to ${highest} of ${most}`;
}

describe('the resiliency index', () => {
  it('of one circuit: 5 for the routes, whatever is tested', () => {
    expect(indices(...privatePeering()).map(brief)).toEqual([
      'the gateway of west (published): 13 to 25 of 100',
      'Microsoft peering (ours): 5 to 15 of 90',
    ]);
  });

  it.each([
    ['Standard', 5, 15],
    ['HighPerformance', 5, 15],
    ['UltraPerformance', 7, 17],
    ['ErGw3AZ', 13, 25],
    ['{ sku: ErGwScale, scaleUnits: 2 }', 13, 23],
    ['{ sku: ErGwScale, scaleUnits: 3 }', 15, 25],
  ])('counts a gateway of size %s', (sku, lowest, highest) => {
    const [gateway] = indices(...privatePeering(sku));
    expect([gateway?.lowest, gateway?.highest]).toEqual([lowest, highest]);
  });

  it('of two circuits in two locations: 20, by 4 when tested lately: 100 at best', () => {
    expect(indices(...twoPrivate('Amsterdam')).map(brief)).toEqual([
      'the gateway of west (published): 28 to 100 of 100',
      'Microsoft peering (ours): 20 to 90 of 90',
    ]);
  });

  it('does not count a second circuit in the same location', () => {
    expect(indices(...twoPrivate('Frankfurt')).map(({ lowest }) => lowest)).toEqual([13, 5]);
  });

  it('goes by the routes that arrive in fewest ways', () => {
    const [gateway] = indices(...twoPrivate('Amsterdam', ', advertises: [10.10.0.0/16]'));
    expect(gateway?.lowest).toBe(13);
    expect(gateway?.parts[0]?.because).toBe('some routes arrive through frankfurt alone, over er-fra');
  });

  it('of a metro circuit: 10', () => {
    const [microsoft] = indices(['location: Frankfurt', 'location: Frankfurt Metro']);
    expect(microsoft).toMatchObject({ of: 'Microsoft peering', lowest: 10, highest: 20 });
  });

  it('is a sum of its parts, and nothing where no circuit is used', () => {
    for (const { parts, lowest, highest } of indices(...twoPrivate('Amsterdam'))) {
      const total = (end: 'lowest' | 'highest'): number =>
        parts.reduce((sum, each) => {
          if (each.part === 'tests') return sum;
          const times = each.part === 'routes' ? (parts.find(({ part }) => part === 'tests')?.[end] ?? 1) : 1;
          return sum + each[end] * times;
        }, 0);
      expect([total('lowest'), total('highest')]).toEqual([lowest, highest]);
    }
    expect(indices(['      routeFilter: [West Europe, North Europe]\n', ''])).toEqual([]);
  });
});
