/** A declared fate that takes every circuit at once is the single point of failure of the design. */
import type { FailureGroup, MaintenanceWindow } from '@bothways/estate';
import type { LinkIx, RiskGroup } from '@bothways/network';
import { listText } from '../causes.ts';
import { ANY_FAILURE, secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface TakesAll {
  readonly group: FailureGroup | MaintenanceWindow;
  readonly kind: 'failure group' | 'maintenance window';
  readonly circuits: readonly string[];
}

export const failureGroupLeavesACircuit = defineRule<TakesAll>({
  name: 'failure-group-leaves-a-circuit',
  title: 'One declared event takes every circuit down',
  family: 'resilience',
  severity: 'warning',
  ids: ['PP-C37', 'PP-C38', 'CHK-APRL-02', 'CHK-RC-01', 'CHK-WAF-R01', 'CHK-WAF-R02', 'ER-143', 'ER-149'],
  what: 'Looks for failure groups and maintenance windows of the document that hold a link or router of every path over Microsoft peering.',
  why: 'Circuits that share a conduit, a building or a date are one circuit when it matters.',
  fix: 'lead one of the links another way, or move the window of one circuit to another date',
  status: 'stable',
  since: '0.1.0',
  fires: example('both circuits lie in one conduit', ...secondCircuit(), [
    'demands:\n',
    'failureGroups:\n  conduit: [er-fra, er-ams]\n\ndemands:\n',
  ]),
  silent: example(
    'the conduit holds one of them',
    ...secondCircuit(),
    ['demands:\n', 'failureGroups:\n  conduit: [er-fra]\n\ndemands:\n'],
    ANY_FAILURE,
  ),
  find: (view) => {
    const ports = circuitPorts(view);
    const total = new Set(ports.values()).size;
    // With a single circuit, one event taking it is a matter of other rules.
    if (total === 0) return [];
    const { groups, maintenance } = view.compiled.risks ?? { groups: [], maintenance: [] };
    const declared = new Map(groups.filter(({ kind }) => kind === 'declared').map((each) => [each.name, each]));
    return [
      ...view.estate.failureGroups.flatMap((group) =>
        takesAll(view, group, 'failure group', declared.get(group.name), ports),
      ),
      ...view.estate.maintenance
        .filter(({ kind }) => kind === 'down')
        .flatMap((window) =>
          takesAll(
            view,
            window,
            'maintenance window',
            maintenance.find(({ name }) => name === window.name),
            ports,
          ),
        ),
    ].filter(({ circuits, kind }) => total > 1 || kind === 'maintenance window' || circuits.length > 1);
  },
  word: ({ group, kind, circuits }) => ({
    message:
      circuits.length === 1
        ? `${kind} ${group.name} takes ${listText(circuits)} down, the only circuit there is`
        : `${kind} ${group.name} takes ${listText(circuits)} down at once, and there is no other circuit`,
    path: [...group.path, ...(kind === 'maintenance window' ? ['elements'] : [])],
  }),
});

/** Circuit links of Microsoft peering, by position, with the circuit they belong to. */
function circuitPorts({ compiled }: CheckView): ReadonlyMap<LinkIx, string> {
  return new Map(
    compiled.network.links.flatMap(({ ix, kind, peering, owner }) =>
      kind === 'circuit' && peering === 'microsoft' && owner !== undefined ? [[ix, owner] as const] : [],
    ),
  );
}

function takesAll(
  view: CheckView,
  group: FailureGroup | MaintenanceWindow,
  kind: TakesAll['kind'],
  parts: Pick<RiskGroup, 'devices' | 'links'> | undefined,
  ports: ReadonlyMap<LinkIx, string>,
): readonly TakesAll[] {
  if (parts === undefined) return [];
  const links = new Set(parts.links);
  const devices = new Set(parts.devices);
  const stands = [...ports.keys()].some((ix) => {
    const link = view.compiled.network.links[ix];
    return link !== undefined && !links.has(ix) && !devices.has(link.a) && !devices.has(link.b);
  });
  return stands ? [] : [{ group, kind, circuits: [...new Set(ports.values())] }];
}
