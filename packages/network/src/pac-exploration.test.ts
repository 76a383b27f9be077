import { addressOf, formatAddress, parseAddress, prefix, prefixSet, setHas, setSize } from '@bothways/net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StandIn, standIn } from '../test/pac-stand-in.ts';
import { explorePac, PacCuts, type PacRegion } from './pac-exploration.ts';

const HOST = 'a.example';
const SOURCES = '10.0.0.0/28';
const TARGETS = '20.0.0.0/28';

/** A decision: compares the address of one side with a network, or the hour with a range, or answers. */
type Tree =
  | { readonly kind: 'leaf'; readonly text: string }
  | {
      readonly kind: 'net';
      readonly side: 'source' | 'target';
      readonly bits: number;
      readonly length: number;
      readonly yes: Tree;
      readonly no: Tree;
    }
  | { readonly kind: 'hour'; readonly first: number; readonly yes: Tree; readonly no: Tree };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    fc.record({ kind: fc.constant('leaf' as const), text: fc.constantFrom('DIRECT', 'PROXY a:1', 'PROXY b:1') }),
    fc.record({
      kind: fc.constant('net' as const),
      side: fc.constantFrom('source' as const, 'target' as const),
      bits: fc.nat(15),
      length: fc.integer({ min: 28, max: 31 }),
      yes: tie('tree'),
      no: tie('tree'),
    }),
    fc.record({ kind: fc.constant('hour' as const), first: fc.nat(23), yes: tie('tree'), no: tie('tree') }),
  ),
}));

function networkOf(node: Extract<Tree, { kind: 'net' }>): string {
  return `${node.side === 'source' ? '10' : '20'}.0.0.${node.bits}/${node.length}`;
}

function isInside(node: Extract<Tree, { kind: 'net' }>, text: string): boolean {
  const parsed = parseAddress(text);
  const length = node.length;
  const base = parseAddress(networkOf(node).split('/')[0] ?? '');
  if (!parsed.ok || !base.ok) throw new Error(text);
  const shift = BigInt(32 - length);
  return parsed.value.bits >> shift === base.value.bits >> shift;
}

function scriptFor(node: Tree): (machine: StandIn) => string {
  return ({ ask, reads }) => {
    const walk = (at: Tree): string => {
      if (at.kind === 'leaf') return at.text;
      if (at.kind === 'hour') {
        reads.seconds.push(at.first * 3600);
        return walk(Number(ask('seconds')) >= at.first * 3600 ? at.yes : at.no);
      }
      reads.networks.push(networkOf(at));
      const value = at.side === 'source' ? ask('my-address') : ask('resolve', HOST);
      return walk(isInside(at, String(value)) ? at.yes : at.no);
    };
    return walk(node);
  };
}

/** What the tree says for one client and one destination at every hour. */
function brute(node: Tree, source: string, target: string): ReadonlySet<string> {
  const at = (hour: number, here: Tree): string => {
    if (here.kind === 'leaf') return here.text;
    if (here.kind === 'hour') return at(hour, hour >= here.first ? here.yes : here.no);
    return at(hour, isInside(here, here.side === 'source' ? source : target) ? here.yes : here.no);
  };
  return new Set(Array.from({ length: 24 }, (_, hour) => at(hour, node)));
}

function explored(node: Tree): readonly PacRegion[] {
  const world = {
    sources: prefixSet([prefix(SOURCES)]),
    targets: prefixSet([prefix(TARGETS)]),
    addressesOf: () => undefined,
  };
  return explorePac(standIn({ it: scriptFor(node) }), { script: 'it', host: HOST, url: '' }, world, new PacCuts());
}

const each16 = (first: number) =>
  Array.from({ length: 16 }, (_, ix) => addressOf(4, BigInt(first) * 0x1_00_00_00n + BigInt(ix)));

describe('the exploration of a script', () => {
  it('finds for every client and destination what trying each of them at every hour finds (seed 11)', () => {
    fc.assert(
      fc.property(tree, (node) => {
        const regions = explored(node);
        for (const source of each16(10)) {
          for (const target of each16(20)) {
            const here = regions.filter((region) => setHas(region.sources, source) && setHas(region.targets, target));
            expect(here).toHaveLength(1);
            const texts = new Set(here[0]?.outcomes.map((outcome) => (outcome.kind === 'answer' ? outcome.text : '')));
            expect(texts).toEqual(brute(node, formatAddress(source), formatAddress(target)));
          }
        }
      }),
      { seed: 11, numRuns: 40 },
    );
  });

  it('says what decides', () => {
    const yes: Tree = { kind: 'leaf', text: 'DIRECT' };
    const no: Tree = { kind: 'leaf', text: 'PROXY a:1' };
    const [region] = explored({ kind: 'hour', first: 8, yes, no });
    expect(region?.open).toEqual(['the time of day']);
    expect(region?.outcomes).toHaveLength(2);
    expect(explored({ kind: 'hour', first: 8, yes, no: yes })[0]?.outcomes).toHaveLength(1);
  });

  it('leaves sets whole that the script does not ask for', () => {
    const [region, ...others] = explored({ kind: 'leaf', text: 'DIRECT' });
    expect(others).toEqual([]);
    expect([setSize(region?.sources ?? prefixSet([]), 4), setSize(region?.targets ?? prefixSet([]), 4)]).toEqual([
      16n,
      16n,
    ]);
  });

  it('sees that a script takes an address apart if the two ends of a class differ', () => {
    const script = ({ ask }: StandIn): string => (String(ask('my-address')).endsWith('15') ? 'DIRECT' : 'PROXY a:1');
    const world = { sources: prefixSet([prefix(SOURCES)]), targets: prefixSet([]), addressesOf: () => undefined };
    const [region] = explorePac(standIn({ it: script }), { script: 'it', host: HOST, url: '' }, world, new PacCuts());
    expect(region?.open).toEqual(['an address that the script takes apart by itself']);
  });

  it('is limited to given times, which fit together', () => {
    const script = ({ ask }: StandIn): string =>
      `${ask('weekday')} ${ask('date', 'GMT')} ${ask('seconds')} ${ask('now')}`;
    // Leap day, the end of a year, the start of a century, before 1970.
    const texts = ['2024-02-29T23:59:59Z', '2026-12-31T00:00:00Z', '2000-01-01T12:30:00Z', '1969-07-20T20:17:00Z'];
    const instants = texts.map((text) => Date.parse(text));
    const world = { sources: prefixSet([]), targets: prefixSet([]), addressesOf: () => undefined, instants };
    const [region] = explorePac(standIn({ it: script }), { script: 'it', host: HOST, url: '' }, world, new PacCuts());
    const said = new Set(region?.outcomes.map((outcome) => (outcome.kind === 'answer' ? outcome.text : '')));
    const expected = instants.map((instant) => {
      const date = new Date(instant);
      const day = `${date.getUTCFullYear()}-${date.getUTCMonth() + 1}-${date.getUTCDate()}`;
      const seconds = date.getUTCHours() * 3600 + date.getUTCMinutes() * 60 + date.getUTCSeconds();
      return `${date.getUTCDay()} ${day} ${seconds} ${instant}`;
    });
    expect(said).toEqual(new Set(expected));
  });

  it.each([
    ['10.0.0.0 255.255.255.248', '10.0.0.0/29'],
    ['10.0.0.9 255.255.255.255', '10.0.0.9/32'],
    ['10.0.0.0/30', '10.0.0.0/30'],
    ['10.0.*', '10.0.0.0/16'],
    ['10.0.0.*', '10.0.0.0/24'],
    ['10.0.0.7', '10.0.0.7/32'],
    ['2001:db8::/32', '2001:db8::/32'],
  ])('cuts at %s', (text, expected) => {
    const cuts = new PacCuts();
    cuts.add({ networks: [text], seconds: [], days: [], months: [], years: [] });
    expect([...cuts.networks.values()]).toEqual([prefix(expected)]);
  });

  it.each(['10.0.0.0 255.0.255.0', '*.example', '1*', '10.0.0.0/64', 'x y'])('does not cut at %s', (text) => {
    const cuts = new PacCuts();
    cuts.add({ networks: [text], seconds: [], days: [], months: [], years: [] });
    expect(cuts.size).toBe(0);
  });
});
