import { describe, expect, it } from 'vitest';
import { checkText, EXAMPLE, exampleText } from '../test/example.ts';
import { checkRules } from './index.ts';

/** Findings of a rule where each user holds so many sessions. */
function saying(rule: string, sessionsPerUser: number, ...changes: readonly (readonly [string, string])[]) {
  const text = exampleText({ replace: changes.map(([from, by]) => ({ text: from, by })) }, EXAMPLE);
  const { view, document } = checkText(text);
  if (view === undefined) throw new Error(document.map(({ message }) => message).join('\n'));
  return checkRules({ ...view, sessions: { sessionsPerUser: () => sessionsPerUser } })
    .findings.filter((each) => each.rule === rule)
    .map(({ severity, message }) => `${severity}: ${message}`);
}

describe('with the sessions of a user stated', () => {
  const oneAddress = ['nat: 203.0.113.0/28', 'nat: 203.0.113.0/32'] as const;

  it('a pool with ports enough says nothing, whatever the guidance says of it', () => {
    expect(saying('nat-pool-has-ports', 10, oneAddress)).toEqual([]);
    expect(saying('nat-pool-has-ports', 10, oneAddress, ['users: 900,', 'users: 9000,'])).toEqual([
      'note: 203.0.113.0/32 at fw-er has to hold 364800 sessions and has 64512 ports: enough only if the firewall gives a port again for another destination',
    ]);
  });

  it('a firewall is judged by its table', () => {
    const table = ['nat: 198.51.100.0/28 }', 'nat: 198.51.100.0/28, maximumSessions: 5000 }'] as const;
    expect(saying('firewall-holds-its-sessions', 1, table)).toEqual([]);
    expect(saying('firewall-holds-its-sessions', 5, table)).toEqual([
      'warning: fw-inet holds 5000 sessions, and the demands open up to 15300',
    ]);
  });
});
