/** Every session of every user takes a port of the pool. */
import { limits } from '@bothways/facts';
import { natPools, type PoolUse, poolUses } from '@bothways/forwarding';
import { sessionsOf } from '../measures.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Crowded {
  readonly use: PoolUse;
  readonly path: readonly (string | number)[];
}

export const natPoolHasPorts = defineRule<Crowded>({
  name: 'nat-pool-has-ports',
  title: 'A NAT pool serves more users than its ports allow',
  family: 'addresses and NAT',
  severity: 'warning',
  ids: ['PP-C04', 'PP-C05', 'CHK-PP-05', 'CHK-GAP-17', 'ER-108', 'ER-251', 'ER-252'],
  what: 'Counts the users whose sessions are translated to each pool. Where the sessions of a user are stated (`--sessions-per-user`) they are compared with the ports of the pool; where they are not, the guidance for Microsoft 365 is taken, and the finding is a note that says so. No source gives a figure for Power Platform.',
  why: 'A pool without free ports drops new sessions of everybody, at the busiest hour, and the firewall counts it as nothing special.',
  fix: 'give the pool more addresses, and announce them by the same way',
  status: 'preview',
  since: '0.1.0',
  fires: example(
    'ninety thousand users behind one address',
    ['users: 900,', 'users: 90000,'],
    ['nat: 203.0.113.0/28', 'nat: 203.0.113.0/32'],
  ),
  silent: example('nine hundred users behind sixteen addresses'),
  find: (view) => {
    if (isRoomy(view)) return [];
    return poolUses(view.compiled, sessionsOf(view), view.sessions ?? {}).flatMap((use) => {
      const path = use.pool.origins.find((origin) => origin.kind === 'document')?.path;
      return path !== undefined && isCrowded(view, use) ? [{ use, path }] : [];
    });
  },
  word: ({ use, path }, view) => {
    const { pool, users, sessions, capacity, guidance } = use;
    if (view.sessions?.sessionsPerUser === undefined) {
      return {
        message: `${pool.name} serves ${users.high} users and by the guidance for Microsoft 365 ${guidance?.usersServed ?? 0}, if ${guidance?.assumption ?? 'nothing else is known'}`,
        path,
        severity: 'note',
      };
    }
    const certain = use.verdict === 'exhausted';
    return {
      message: certain
        ? `${pool.name} has to hold ${sessions.low} sessions and has ${capacity} ports, too few for the destinations of the demands`
        : `${pool.name} has to hold ${sessions.high ?? sessions.low} sessions and has ${capacity} ports: enough only if the firewall gives a port again for another destination`,
      path,
      severity: certain ? 'warning' : 'note',
    };
  },
});

function isCrowded(view: CheckView, { verdict, guidance, sessions, capacity }: PoolUse): boolean {
  if (view.sessions?.sessionsPerUser === undefined) return guidance?.verdict === 'above';
  return verdict === 'exhausted' || (sessions.high ?? sessions.low) > capacity;
}

/** True where all users of the estate fit behind its smallest pool by the guidance: nobody has to be counted. */
function isRoomy({ compiled, estate, sessions }: CheckView): boolean {
  if (sessions?.sessionsPerUser !== undefined) return false;
  const users = [...estate.sites, ...estate.users].reduce((sum, each) => sum + each.users, 0);
  const smallest = natPools(compiled).reduce(
    (least, { addresses }) => (addresses < least ? addresses : least),
    2n ** 128n,
  );
  const { microsoft365PortsPerAddress: ports, microsoft365PortsKept: kept } = limits;
  const each = limits.microsoft365PortsPerDevice.value + limits.microsoft365PeakFactor.value;
  return users <= Number(smallest) * Math.floor((ports.value - kept.value) / each);
}
