/** Recomputing after an edit of the network, against computing from nothing. */
import { prefix, Random } from '@bothways/net';
import type { Network } from '@bothways/network';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planeText } from '../test/plane-text.ts';
import { randomEdit } from '../test/random-edit.ts';
import { type RandomNetworkOptions, randomFailures, randomNetwork } from '../test/random-network.ts';
import { classIxOf, fibText, type NetworkLiteral, sessionNamed, smallNetwork } from '../test/small-network.ts';
import { settlementOf } from './control-plane.ts';
import { type ControlPlane, converge, type Failures, reconverge } from './index.ts';

/** Without what an edit removed. */
function within(failed: Failures, { links, sessions }: Network): Failures {
  return {
    ...failed,
    links: (failed.links ?? []).filter((ix) => ix < links.length),
    sessions: (failed.sessions ?? []).filter((ix) => ix < sessions.length),
  };
}

interface Tally {
  classes: number;
  takenOver: number;
}

/** Classes of `next` whose tables are those that `plane` had. */
function count(tally: Tally, plane: ControlPlane, next: ControlPlane): void {
  const held = new Set(settlementOf(plane).final.settled);
  const { settled } = settlementOf(next).final;
  tally.classes += settled.length;
  tally.takenOver += settled.filter((item) => held.has(item)).length;
}

function compareOn(options: RandomNetworkOptions, seed: number, runs: number): Tally {
  const tally: Tally = { classes: 0, takenOver: 0 };
  const property = fc.property(fc.nat(), (networkSeed) => {
    const random = new Random(networkSeed);
    const first = randomNetwork(networkSeed, options);
    let failed = randomFailures(networkSeed, first);
    let plane = converge(first, { failed });
    for (let n = 0; n < 4; n++) {
      // Two edits of one network: what the first leaves behind must not be seen by the second.
      const edits = [0, 1].map((): Network => randomEdit(random, plane.network, options));
      const planes = edits.map((network) => {
        const next = reconverge(plane, { network });
        expect(planeText(next)).toBe(planeText(converge(network, { failed: within(failed, network) })));
        count(tally, plane, next);
        return next;
      });
      expect(planeText(plane)).toBe(planeText(converge(plane.network, { failed })));
      plane = planes[random.below(2)] ?? plane;
      failed = within(failed, plane.network);
      const [session] = failed.sessions ?? [];
      if (session === undefined) continue;
      plane = reconverge(plane, { restore: { sessions: [session] } });
      failed = { ...failed, sessions: (failed.sessions ?? []).filter((ix) => ix !== session) };
    }
  });
  fc.assert(property, { seed, numRuns: runs });
  return tally;
}

describe('tables after an edit are those from nothing', { timeout: 60_000 }, () => {
  it('on 70 networks whose policies leave preferences alone, 8 edits each, seed 71', () => {
    const { classes, takenOver } = compareOn({ policies: 'plain' }, 71, 70);
    expect(takenOver).toBeGreaterThan(classes / 3);
  });

  it('on 70 networks with wild policies, 8 edits each, seed 72', () => {
    const { classes, takenOver } = compareOn({ policies: 'wild' }, 72, 70);
    expect(takenOver).toBeGreaterThan(classes / 3);
  });

  it('on 70 networks whose prefixes depend on each other, 8 edits each, seed 73', () => {
    const { classes, takenOver } = compareOn({ policies: 'plain', coupled: true }, 73, 70);
    expect(takenOver).toBeGreaterThan(classes / 4);
  });
});

const TEN = '10.0.0.0/8';
const TWELVE = '172.16.0.0/12';

describe('an edit that parts two prefixes of one class', () => {
  const between = (terms: NonNullable<NonNullable<NetworkLiteral['sessions'][string]['first']>['export']>) =>
    smallNetwork({
      devices: { A: { asn: 65001, originate: [{ prefixes: [TEN, TWELVE] }] }, B: { asn: 65002 }, C: { asn: 65003 } },
      links: { 'A-B': {}, 'B-C': {} },
      sessions: { 'A-B': { first: { export: terms } }, 'B-C': {} },
    });
  const without = (text: string) =>
    between([{ when: [{ kind: 'prefix-list', entries: [{ prefix: prefix(text) }] }], then: 'reject' }]);
  const together = between([]);

  // Routes remember what became of them; were those of the one class to serve both new ones, one would get the other's.
  it.each([TEN, TWELVE])('stops %s and lets the other one pass', (stopped) => {
    const parted = reconverge(converge(together), { network: without(stopped) });
    expect(planeText(parted)).toBe(planeText(converge(without(stopped))));
    for (const text of [TEN, TWELVE]) {
      expect(fibText(parted, 'C', text)).toBe(text === stopped ? 'none' : 'ebgp B-C>B');
    }
  });

  it('and one that brings them together again are both as from nothing', () => {
    const parted = reconverge(converge(together), { network: without(TWELVE) });
    const again = reconverge(parted, { network: together });
    expect(planeText(again)).toBe(planeText(converge(together)));
    const other = reconverge(again, { network: without(TEN) });
    expect(planeText(other)).toBe(planeText(converge(without(TEN))));
  });
});

describe('an edit', () => {
  const literal: NetworkLiteral = {
    devices: {
      A: { asn: 65001, originate: [TEN] },
      B: { asn: 65002, originate: [TWELVE] },
      C: { asn: 65003 },
    },
    links: { 'A-C': {}, 'B-C': {} },
    sessions: {
      'A-C': { second: { export: [{ then: 'reject' }] } },
      'B-C': { second: { export: [{ then: 'reject' }] } },
    },
  };
  const before = converge(smallNetwork(literal));
  const takenOver = (after: ControlPlane): readonly boolean[] =>
    [TEN, TWELVE].map((text) => {
      const of = (plane: ControlPlane): unknown => {
        const { foundation, final } = settlementOf(plane);
        return final.settled[foundation.table.bgpClassOf[classIxOf(plane, text)] ?? -1];
      };
      return of(before) === of(after);
    });

  it('that adds a session, or removes it again, computes what crosses it', () => {
    const network = smallNetwork({
      ...literal,
      links: { ...literal.links, 'A-C/2': {} },
      sessions: { ...literal.sessions, 'A-C/2': { second: { export: [{ then: 'reject' }] } } },
    });
    const more = reconverge(before, { network });
    expect(planeText(more)).toBe(planeText(converge(network)));
    expect(takenOver(more)).toEqual([false, true]);
    const less = reconverge(more, { network: smallNetwork(literal) });
    expect(planeText(less)).toBe(planeText(before));
    const held = new Set(settlementOf(more).final.settled);
    expect(settlementOf(less).final.settled.map((item) => held.has(item))).toEqual([false, true]);
  });

  it('that moves positions is computed from nothing', () => {
    const { 'A-C': _, ...sessions } = literal.sessions;
    const network = smallNetwork({ ...literal, sessions });
    const moved = reconverge(before, { network });
    expect(planeText(moved)).toBe(planeText(converge(network)));
    expect(takenOver(moved)).toEqual([false, false]);
  });

  it('of a policy line computes what crosses its session', () => {
    const { sessions } = literal;
    const first = { import: [], export: [{ set: [{ kind: 'med', value: 5 }] as const }] };
    const network = smallNetwork({ ...literal, sessions: { ...sessions, 'A-C': { ...sessions['A-C'], first } } });
    const after = reconverge(before, { network });
    expect(takenOver(after)).toEqual([false, true]);
    expect(after.decision(2, classIxOf(after, TEN))?.best[0]?.attributes.med).toBe(5);
    expect(before.decision(2, classIxOf(before, TEN))?.best[0]?.attributes.med).toBe(0);
  });

  it('of an announcement computes that announcement', () => {
    const { devices } = literal;
    const A = { asn: 65001, originate: [{ prefixes: [TEN], med: 9 }] };
    const after = reconverge(before, { network: smallNetwork({ ...literal, devices: { ...devices, A } }) });
    expect(takenOver(after)).toEqual([false, true]);
  });

  it('of a session property computes what crosses it', () => {
    const { sessions } = literal;
    const network = smallNetwork({
      ...literal,
      sessions: { ...sessions, 'B-C': { ...sessions['B-C'], down: 'not validated' } },
    });
    const after = reconverge(before, { network });
    expect(takenOver(after)).toEqual([true, false]);
    expect(after.sessions[sessionNamed(network, 'B-C')]?.kind).toBe('down');
  });

  it('that changes nothing computes nothing', () => {
    expect(takenOver(reconverge(before, { network: structuredClone(before.network) }))).toEqual([true, true]);
  });

  it('that moves things about starts from nothing', () => {
    const { devices } = literal;
    const network = smallNetwork({ ...literal, devices: { ...devices, D: { asn: 65004 } } });
    const after = reconverge(before, { network });
    expect(takenOver(after)).toEqual([false, false]);
    expect(planeText(after)).toBe(planeText(converge(network)));
  });

  it('may be the two thousandth', () => {
    let plane = before;
    for (let n = 0; n < 2000; n++) {
      const [session, ...others] = plane.network.sessions;
      if (session === undefined) throw new Error('no session');
      const [first, second] = session.ends;
      const ends = [{ ...first, allowAsIn: n % 7 }, second] as const;
      plane = reconverge(plane, { network: { ...plane.network, sessions: [{ ...session, ends }, ...others] } });
    }
    expect(planeText(plane)).toBe(planeText(converge(plane.network)));
  });
});
