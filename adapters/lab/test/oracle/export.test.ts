/** Files for other labs: raised the way containerlab would, from nothing but the files, the routers hold what was predicted. */
import { join } from 'node:path';
import { converge } from '@bothways/routing';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { adapters, folderOf, readKernels } from '../../src/daemons.ts';
import {
  compareTables,
  compiledEstate,
  exportLab,
  formatDifference,
  type LabPlan,
  plan,
  probeHost,
} from '../../src/index.ts';
import { Sandbox } from '../../src/sandbox.ts';
import { type DeviceTable, predictedTables, type Tables } from '../../src/tables.ts';
import { notRun } from './suite.ts';

const host = await probeHost(['frr']);
const root = join(import.meta.dirname, '../../../..');

function planned(folder: string): { readonly lab: LabPlan; readonly tables: Tables } {
  const { network } = compiledEstate(join(root, folder));
  const lab = plan(network, { prefix: 'exp' });
  if ('problem' in lab) throw new Error(lab.problem);
  return { lab, tables: predictedTables(converge(network), lab) };
}

function filesFor(folder: string, format: 'containerlab' | 'netlab'): ReadonlyMap<string, string> {
  const { lab, tables } = planned(folder);
  const files = exportLab(lab, tables, format, { name: 'Contoso (Europe)' });
  if ('cannot' in files) throw new Error(files.cannot.join('; '));
  return files;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Node names in their order, and the ends of the links, from a containerlab topology. */
function topologyOf(files: ReadonlyMap<string, string>): {
  readonly nodes: readonly string[];
  readonly links: readonly (readonly [node: string, name: string])[][];
} {
  const { topology } = recordOf(load(files.get('contoso-europe.clab.yml') ?? ''));
  const { nodes, links } = recordOf(topology);
  return {
    nodes: Object.keys(recordOf(nodes)),
    links: listOf(links).map((link) =>
      listOf(recordOf(link)['endpoints']).map((end) => {
        const [node = '', name = ''] = String(end).split(':');
        return [node, name] as const;
      }),
    ),
  };
}

describe('files for containerlab', () => {
  const files = filesFor('examples/contoso', 'containerlab');
  const { nodes, links } = topologyOf(files);

  it('every link ends at two nodes of the topology, and no interface is used twice', () => {
    expect(nodes.length).toBeGreaterThan(10);
    expect(links.length).toBeGreaterThanOrEqual(nodes.length - 1);
    const ends = links.flatMap((link) => link.map(([node, name]) => `${node}:${name}`));
    expect(new Set(ends).size).toBe(ends.length);
    for (const [node, name] of links.flat()) {
      expect(nodes).toContain(node);
      expect(name).toMatch(/^eth[1-9]\d*$/);
    }
  });

  it('every file that a node binds is there, and none that is not bound', () => {
    const bound = nodes.flatMap((node) =>
      ['daemons', 'vtysh.conf', 'frr.conf', 'setup.sh'].map((each) => `nodes/${node}/${each}`),
    );
    expect([...files.keys()].filter((path) => path.startsWith('nodes/')).sort()).toEqual([...bound].sort());
  });

  it('says what the routers must hold', () => {
    const lines = (files.get('expected-routes.tsv') ?? '').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    expect(lines).toContainEqual(expect.stringMatching(/^er-ce1\t[\d.]+\/\d+\tsession \d+\t\S.*\t.*12076/));
  });
});

describe('files for netlab', () => {
  it('has the same nodes and links, and in each template the same configuration', () => {
    const [clab, netlab] = [filesFor('examples/contoso', 'containerlab'), filesFor('examples/contoso', 'netlab')];
    const { nodes, links } = topologyOf(clab);
    const topology = recordOf(load(netlab.get('topology.yml') ?? ''));
    expect(Object.keys(recordOf(topology['nodes']))).toEqual(nodes);
    expect(
      listOf(topology['links']).map((link) =>
        listOf(recordOf(link)['interfaces']).map((each) => String(recordOf(each)['node'])),
      ),
    ).toEqual(links.map((link) => link.map(([node]) => node)));
    for (const node of nodes) {
      const template = netlab.get(`bothways/${node}.j2`) ?? '';
      expect(template.startsWith('#!/bin/bash\n')).toBe(true);
      expect(template).toContain(clab.get(`nodes/${node}/frr.conf`)?.trimEnd());
      expect(template).toContain(clab.get(`nodes/${node}/setup.sh`)?.trimEnd());
    }
  });
});

describe.skipIf(!host.ok)(`exported files on FRR${host.ok ? '' : notRun(host)}`, () => {
  it.each(['examples/contoso', 'scenarios/PP-S08-two-countries-two-circuits'])(
    'raised as containerlab would, %s holds every predicted route',
    { timeout: 120_000 },
    async (folder) => {
      const { lab, tables } = planned(folder);
      const files = filesFor(folder, 'containerlab');
      const { nodes, links } = topologyOf(files);
      const spaceOf = new Map(nodes.map((name, at) => [name, lab.nodes[at]?.name ?? '']));
      const sandbox = await Sandbox.open({ lifetime: 120 });
      try {
        const batch = [
          ...[...spaceOf.values()].map((space) => `netns add ${space}`),
          ...links.map(([a, b]) => {
            const [one, other] = [spaceOf.get(a?.[0] ?? ''), spaceOf.get(b?.[0] ?? '')];
            return `link add name ${a?.[1]} netns ${one} type veth peer name ${b?.[1]} netns ${other}`;
          }),
        ];
        const built = await sandbox.run({ argv: ['ip', '-batch', '-'], input: `${batch.join('\n')}\n` });
        expect(built.errors).toBe('');
        const set = await sandbox.runAll(
          nodes.map((node) => ({
            namespace: spaceOf.get(node) ?? '',
            argv: ['sh', '-s'],
            input: files.get(`nodes/${node}/setup.sh`) ?? '',
          })),
        );
        expect(set.map(({ errors }) => errors).filter((each) => each !== '')).toEqual([]);
        await sandbox.write(
          lab.nodes.flatMap((node, at) => [
            { path: `${folderOf(node)}/zebra.conf`, text: 'log file zebra.log\n' },
            { path: `${folderOf(node)}/bgpd.conf`, text: 'log file bgpd.log\n' },
            { path: `${folderOf(node)}/frr.conf`, text: files.get(`nodes/${nodes[at]}/frr.conf`) ?? '' },
          ]),
        );
        for (const stage of adapters.frr.stages) {
          expect(await sandbox.start(lab.nodes.map((node) => stage(node)))).toEqual([]);
        }
        const read = await sandbox.runAll(
          lab.nodes.map((node) => ({
            argv: ['vtysh', '--vty_socket', folderOf(node), '-f', `${folderOf(node)}/frr.conf`],
          })),
        );
        expect(read.filter(({ status }) => status !== 0)).toEqual([]);
        let differences: readonly string[] = ['never asked'];
        for (const end = performance.now() + 45_000; differences.length > 0 && performance.now() < end; ) {
          const observed = await observedIn(sandbox, lab);
          differences = compareTables(tables, observed).map((each) => formatDifference(each));
        }
        expect(differences.slice(0, 5)).toEqual([]);
      } finally {
        await sandbox.close();
      }
    },
  );
});

/** The kernels name interfaces as the exported files do. */
function asExported(lab: LabPlan): LabPlan {
  const nodes = lab.nodes.map((node) => ({
    ...node,
    interfaces: node.interfaces.map((each, at) => ({ ...each, name: `eth${at + 1}` })),
  }));
  return { ...lab, nodes };
}

async function observedIn(sandbox: Sandbox, planned: LabPlan): Promise<Tables> {
  const lab = asExported(planned);
  const kernels = await readKernels(
    sandbox,
    lab.nodes.map((node) => ({ plan: lab, node })),
  );
  const tables = new Map<number, DeviceTable>();
  for (const [at, node] of lab.nodes.entries()) {
    const answers = await sandbox.ask(adapters.frr.asks(lab, node));
    tables.set(node.device.ix, { ...adapters.frr.read(lab, node, answers), kernel: kernels[at] });
  }
  return tables;
}
