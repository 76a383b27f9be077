/** The IP firewall of an environment judges the source that Microsoft sees: the pool of whatever edge was used. */
import { type Environment, editInsert, editSet, type Path } from '@bothways/estate';
import { formatPrefix, type Prefix, prefixContains } from '@bothways/net';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';
import { type CheckView, placeOf } from '../view.ts';

interface ShutOut {
  readonly environment: Environment;
  readonly pools: readonly [Pool, ...Pool[]];
  /** False: only a failover would use them. */
  readonly used: boolean;
}

interface Pool {
  readonly prefix: Prefix;
  readonly what: string;
  readonly path: Path;
}

export const ipFirewallAdmitsEgressPools = defineRule<ShutOut>({
  name: 'ip-firewall-admits-egress-pools',
  title: 'The IP firewall of an environment turns away a NAT pool of the organisation',
  family: 'clients',
  severity: 'error',
  ids: ['PP-C04', 'PP-C38', 'PP-C42', 'CHK-PP-04', 'PP-R18', 'PP-G19'],
  what: 'Compares the ranges of each IP firewall with the NAT pools of the edges that the round trips to the environment use, and with those that a failover would use.',
  why: 'Requests from an address outside of the ranges are refused after sign-in, which looks like a broken application; a pool that only a failover uses is found out on the worst day.',
  fix: 'add the pools of all edges that clients may leave by, after a week in audit mode',
  status: 'stable',
  since: '0.1.0',
  fires: example('the pool of the circuit is not among the ranges', [
    '{ region: Europe }',
    '{ region: Europe, ipFirewall: [198.51.100.0/28] }',
  ]),
  silent: example('both pools are among the ranges', [
    '{ region: Europe }',
    '{ region: Europe, ipFirewall: [198.51.100.0/28, 203.0.113.0/28] }',
  ]),
  find: (view) =>
    view.estate.environments.flatMap((environment) => {
      const admitted = environment.ipFirewall;
      if (admitted === undefined) return [];
      const edges = edgesTowards(view, environment.name);
      const shut = view.index
        .pools()
        .all.filter(({ prefix }) => !admitted.some((each) => prefixContains(each, prefix)))
        .map(({ prefix, value: { kind, owner, what, path } }) => ({
          used: edges.has(`${kind}:${owner}`),
          pool: { prefix, what, path },
        }));
      return [true, false].flatMap((used): readonly ShutOut[] => {
        const [first, ...rest] = shut.filter((each) => each.used === used).map(({ pool }) => pool);
        return first === undefined ? [] : [{ environment, pools: [first, ...rest], used }];
      });
    }),
  word: ({ environment, pools, used }, view) => {
    const [first, ...more] = pools;
    const which =
      more.length === 0
        ? `${formatPrefix(first.prefix)}, ${first.what}`
        : `the NAT pools ${listText(pools.map(({ prefix }) => formatPrefix(prefix)))}`;
    return {
      severity: used ? 'error' : 'warning',
      message: `environment ${environment.name} turns away ${which}${used ? '' : ', which a failover would use'}`,
      path: [...environment.path, 'ipFirewall'],
      related: [{ message: first.what, place: placeOf(view, first.path) }],
    };
  },
  mend: ({ environment, pools }, view) => [
    {
      title: `admit ${listText(pools.map(({ prefix }) => formatPrefix(prefix)))} to environment ${environment.name}`,
      // It opens the environment to more sources.
      safe: false,
      edits:
        pools.length === 1
          ? editInsert(view.document, [...environment.path, 'ipFirewall'], formatPrefix(pools[0].prefix))
          : editSet(
              view.document,
              [...environment.path, 'ipFirewall'],
              [...(environment.ipFirewall ?? []), ...pools.map(({ prefix }) => prefix)].map(formatPrefix),
            ),
    },
  ],
  unknown: {
    example: example(
      'an internet edge without a pool',
      ['{ region: Europe }', '{ region: Europe, ipFirewall: [203.0.113.0/28] }'],
      [', nat: 198.51.100.0/28', ''],
    ),
    find: (view) =>
      view.estate.environments.some(({ ipFirewall }) => ipFirewall !== undefined)
        ? view.estate.internetEdges
            .filter(({ nat }) => nat.length === 0)
            .map((edge) => ({
              input: 'internetEdges.*.nat',
              message: `whether IP firewalls admit clients that leave by ${edge.name}`,
              path: edge.path,
            }))
        : [],
  },
});

/** Edges that a round trip to the environment leaves by, as kind and name. */
function edgesTowards(view: CheckView, environment: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { demand, forward, otherVias } of view.data.roundTrips) {
    if (demand.environment !== environment) continue;
    for (const via of [forward.via, ...otherVias]) {
      if (via.kind === 'internet') names.add(`internet:${via.name}`);
      const edge = via.kind === 'expressroute' ? view.index.circuit(via.name)?.edge : undefined;
      if (edge !== undefined) names.add(`expressroute:${edge}`);
    }
  }
  return names;
}
