/** An IP firewall takes a limited number of ranges, and private ones never match. */
import { type Environment, editRemove } from '@bothways/estate';
import { sizing } from '@bothways/facts';
import { formatPrefix, type Prefix, scopeOf } from '@bothways/net';
import { defineRule, example } from '../rule.ts';

interface Useless {
  readonly environment: Environment;
  /** Undefined: there are too many. */
  readonly range: { readonly prefix: Prefix; readonly at: number } | undefined;
  readonly count: number;
}

export const ipFirewallWithinItsLimits = defineRule<Useless>({
  name: 'ip-firewall-within-its-limits',
  title: 'An IP firewall has ranges that it does not take or that never match',
  family: 'clients',
  severity: 'warning',
  ids: ['PP-C42', 'PP-G19', 'PP-Z38'],
  what: 'Counts the ranges of each IP firewall and looks for private ones among them.',
  why: 'The environment sees the public address behind the NAT, never the private one in front of it; a private range gives a false sense that clients are admitted.',
  fix: 'name the public pools that clients are translated to, summarised where there are many',
  status: 'stable',
  since: '0.1.0',
  fires: example('the private range of headquarters', [
    '{ region: Europe }',
    '{ region: Europe, ipFirewall: [198.51.100.0/28, 203.0.113.0/28, 10.10.0.0/16] }',
  ]),
  silent: example('the public pools', [
    '{ region: Europe }',
    '{ region: Europe, ipFirewall: [198.51.100.0/28, 203.0.113.0/28] }',
  ]),
  find: (view) =>
    view.estate.environments.flatMap((environment): readonly Useless[] => {
      const ranges = environment.ipFirewall ?? [];
      const count = ranges.length;
      return [
        ...(count > sizing.ipFirewallRanges.value ? [{ environment, range: undefined, count }] : []),
        ...[...ranges.entries()]
          .filter(([, prefix]) => ['private', 'shared', 'unique-local'].includes(scopeOf(prefix)))
          .map(([at, prefix]) => ({ environment, range: { prefix, at }, count })),
      ];
    }),
  word: ({ environment, range, count }) =>
    range === undefined
      ? {
          severity: 'error',
          message: `the IP firewall of environment ${environment.name} has ${count} ranges and takes ${sizing.ipFirewallRanges.value}`,
          path: [...environment.path, 'ipFirewall'],
        }
      : {
          message: `the IP firewall of environment ${environment.name} admits ${formatPrefix(range.prefix)}, a private range that it never sees`,
          path: [...environment.path, 'ipFirewall', range.at],
        },
  mend: ({ environment, range, count }, view) =>
    range === undefined || count < 2
      ? []
      : [
          {
            title: `take ${formatPrefix(range.prefix)} out of the IP firewall of ${environment.name}`,
            safe: true,
            edits: editRemove(view.document, [...environment.path, 'ipFirewall', range.at]),
          },
        ],
});
