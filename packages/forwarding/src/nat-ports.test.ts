import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { compiledFrom, shippedEstate, withText } from '../test/shipped-estates.ts';
import {
  branchesOver,
  exhaustedPools,
  type PoolUse,
  poolUses,
  roundTrips,
  type SessionAssumptions,
  type SessionUse,
  sessionUses,
  type TableUse,
  tableUses,
} from './index.ts';

interface Used {
  readonly uses: readonly SessionUse[];
  readonly pool: (name: string, assumptions?: SessionAssumptions) => PoolUse;
  readonly table: (name: string, assumptions?: SessionAssumptions) => TableUse;
  readonly exhausted: (assumptions: SessionAssumptions) => readonly string[];
}

function used(text: string): Used {
  const compiled = compiledFrom(text);
  const data = roundTrips(compiled, converge(compiled.network));
  const uses = sessionUses(compiled, data.roundTrips, branchesOver(compiled, data.input));
  return {
    uses,
    pool: (name, assumptions) => {
      const found = poolUses(compiled, uses, assumptions).find((each) => each.pool.name.endsWith(name));
      if (found === undefined) throw new Error(`no pool ${name}`);
      return found;
    },
    table: (name, assumptions) => {
      const found = tableUses(compiled, uses, assumptions).find((each) => each.stateGroup === name);
      if (found === undefined) throw new Error(`no table ${name}`);
      return found;
    },
    exhausted: (assumptions) => exhaustedPools(poolUses(compiled, uses, assumptions)).map(({ name }) => name),
  };
}

const contoso = shippedEstate('examples/contoso');
const appsOnly = withText(contoso, 'flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]', 'flows: [PP-F01, PP-F02]');

describe('pools', () => {
  it('without a figure for sessions: what each user may hold, and no verdict', () => {
    const pool = used(contoso).pool('at fw-er');
    // 16 addresses with the ports 1024 to 65535, 900 + 120 users.
    expect(pool.capacity).toBe(16 * 64_512);
    expect(pool.users).toEqual({ low: 1020, high: 1020 });
    expect(pool.sessionsEach).toBe(1011);
    expect(pool.verdict).toBe('unknown');
    expect(pool.unknownFlows).toContain('PP-F01');
    // (64,000 - 4,000) / (6 + 4) for each of 16 addresses, as Microsoft 365 is planned.
    expect(pool.guidance).toMatchObject({ verdict: 'fits', usersServed: 96_000, facts: ['ER-251', 'ER-252'] });
  });

  it('users of several flows are counted once, their sessions by flow', () => {
    const pool = used(appsOnly).pool('at fw-er', { sessionsPerUser: (flow) => (flow === 'PP-F01' ? 6 : 2) });
    expect(pool.users.high).toBe(1020);
    expect(pool.sessions).toEqual({ low: 1020 * 8, high: 1020 * 8 });
    expect(pool.verdict).toBe('fits');
  });

  it('between the conservative and the optimistic figure the verdict is open, above it certain', () => {
    const one = withText(
      withText(appsOnly, 'nat: 203.0.113.0/28 }', 'nat: 203.0.113.0/32 }'),
      'advertises: [203.0.113.0/28]',
      'advertises: [203.0.113.0/32]',
    );
    const { pool, exhausted } = used(one);
    // 1,020 users with 2 x 40 sessions are 81,600: more than one address has ports, less than for every destination.
    const busy = { sessionsPerUser: () => 40 };
    expect(pool('at fw-er', busy)).toMatchObject({ capacity: 64_512, verdict: 'unknown' });
    expect(pool('at fw-er', busy).destinations).toBeGreaterThan(1000n);
    expect(exhausted(busy)).toEqual([]);
    const absurd = { sessionsPerUser: () => 1e9 };
    expect(exhausted(absurd)).toEqual(['203.0.113.0/32 at fw-er']);
  });

  it('a product that gives out fewer ports has less', () => {
    const { pool } = used(appsOnly);
    expect(pool('at fw-er', { portsPerAddress: 1000 })).toMatchObject({ capacity: 16_000, sessionsEach: 15 });
  });

  it('a pool that users may or may not pass has an interval', () => {
    const { pool } = used(contoso);
    // Of PP-F05 some addresses lie inside a regional prefix and follow it onto the circuit; PP-F16 never does.
    const each = (flow: string): SessionAssumptions => ({ sessionsPerUser: (other) => (other === flow ? 1 : 0) });
    expect(pool('at fw-inet', each('PP-F05')).sessions).toEqual({ low: 0, high: 1020 });
    expect(pool('at fw-inet', each('PP-F16')).sessions).toEqual({ low: 1020, high: 1020 });
  });

  it('machines come on top and keep the verdict open', () => {
    const { pool } = used(shippedEstate('scenarios/PP-S31-hairpin-through-the-datacentre'));
    const count = pool('at fw-er', { sessionsPerUser: () => 1 });
    expect([count.uncounted, count.verdict, count.users.high]).toEqual([['west/app1'], 'unknown', 900]);
  });

  it('more users than the guidance for Microsoft 365 gives an address are named, and nothing is lost for it', () => {
    const crowded = withText(
      withText(
        withText(appsOnly, 'nat: 203.0.113.0/28 }', 'nat: 203.0.113.0/32 }'),
        'advertises: [203.0.113.0/28]',
        'advertises: [203.0.113.0/32]',
      ),
      'users: 900',
      'users: 6900',
    );
    const { pool, exhausted } = used(crowded);
    expect(pool('at fw-er')).toMatchObject({ verdict: 'unknown', guidance: { verdict: 'above', usersServed: 6000 } });
    expect(exhausted({})).toEqual([]);
  });

  it('a pool nobody uses fits', () => {
    expect(used(appsOnly).pool('at fw-inet')).toMatchObject({ verdict: 'fits', sessionsEach: undefined });
  });
});

describe('session tables', () => {
  const limited = withText(
    contoso,
    'bandwidth: 1 Gbps, firewall: fw-inet,',
    'bandwidth: 1 Gbps, firewall: fw-inet, maximumSessions: 1000,',
  );

  it('have the limit of the document', () => {
    const { table } = used(limited);
    expect(table('fw-inet')).toMatchObject({ maximumSessions: 1000, sessionsEach: 0, verdict: 'unknown' });
    const one = { sessionsPerUser: (flow: string) => (flow === 'PP-F16' ? 1 : 0) };
    // 1,020 users with one session each for certificates alone.
    expect(table('fw-inet', one)).toMatchObject({ verdict: 'exhausted', users: { high: 1020 } });
  });

  it('are unknown without one', () => {
    expect(used(limited).table('fw-er', { sessionsPerUser: () => 1 })).toMatchObject({
      maximumSessions: undefined,
      verdict: 'unknown',
    });
  });
});
