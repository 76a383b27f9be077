/** A connection table has an end. */

import { limits } from '@bothways/facts';
import { type TableUse, tableUses } from '@bothways/forwarding';
import { sessionsOf } from '../measures.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Full {
  readonly use: TableUse;
  readonly most: number;
  readonly path: readonly (string | number)[];
}

export const firewallHoldsItsSessions = defineRule<Full>({
  name: 'firewall-holds-its-sessions',
  title: 'A firewall can hold fewer sessions than its users open',
  family: 'load and latency',
  severity: 'warning',
  ids: ['CHK-GAP-17', 'CHK-PP-05', 'ER-252'],
  what: 'Counts the users whose sessions a stateful firewall has to remember and compares them with the `maximumSessions` of the document. Where the sessions of a user are not stated (`--sessions-per-user`), the ports that the guidance for Microsoft 365 counts with are taken, and the finding is a note that says so.',
  why: 'A full table refuses new sessions, or forgets old ones whose answers it then drops: both look like asymmetric routing.',
  fix: 'use a larger firewall, or share the users out over several edges',
  status: 'preview',
  since: '0.1.0',
  fires: example('the firewall of the internet edge holds 5,000 sessions for 1,020 users', [
    'nat: 198.51.100.0/28 }',
    'nat: 198.51.100.0/28, maximumSessions: 5000 }',
  ]),
  silent: example('it holds 100,000', ['nat: 198.51.100.0/28 }', 'nat: 198.51.100.0/28, maximumSessions: 100000 }']),
  find: (view) => {
    if (view.estate.internetEdges.every(({ maximumSessions }) => maximumSessions === undefined)) return [];
    return tableUses(view.compiled, sessionsOf(view), view.sessions ?? {}).flatMap((use) => {
      const path = use.origins.find((origin) => origin.kind === 'document')?.path;
      const { maximumSessions: most } = use;
      return most !== undefined && path !== undefined && isFull(view, use, most) ? [{ use, most, path }] : [];
    });
  },
  word: ({ use: { stateGroup, users, sessions }, most, path }, view) => {
    const stated = view.sessions?.sessionsPerUser !== undefined;
    return {
      message: stated
        ? `${stateGroup} holds ${most} sessions, and the demands open up to ${sessions.high ?? sessions.low}`
        : `${stateGroup} holds ${most} sessions for ${users.high} users, ${Math.floor(most / users.high)} each; the guidance for Microsoft 365 counts with ${GUIDANCE}`,
      path,
      severity: stated && sessions.low > most ? 'warning' : 'note',
    };
  },
});

const GUIDANCE = limits.microsoft365PortsPerDevice.value + limits.microsoft365PeakFactor.value;

function isFull(view: CheckView, { users, sessions }: TableUse, most: number): boolean {
  if (view.sessions?.sessionsPerUser === undefined) return users.high > 0 && users.high * GUIDANCE > most;
  return (sessions.high ?? sessions.low) > most;
}
