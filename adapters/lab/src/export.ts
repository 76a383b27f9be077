/**
 * The planned network as files for other labs: a containerlab topology of FRR containers, and a netlab topology with the
 * same configurations as custom templates. Pure: the same plan gives the same files.
 *
 * What is inside a node is what Bothways' own lab has there: addresses, kernel routes for statics and the IGP, BGP in FRR.
 * Left out: firewalls, translation, proxies and hosts, which need more than a router's image; `expected-routes.tsv` says
 * what the routers must hold.
 *
 * Sources: containerlab, topology definition and node kinds (kind linux, binds, exec, network-mode); netlab, custom
 * configuration templates (a template that starts with a shell's name is run as a script) and link definitions.
 */
import type { Network } from '@bothways/network';
import { converge } from '@bothways/routing';
import { buildScript } from './build-script.ts';
import { type LabNode, type LabPlan, plan } from './plan.ts';
import { renderFrr } from './render-frr.ts';
import { predictedTables, type Tables } from './tables.ts';

export type ExportFormat = 'containerlab' | 'netlab';

export interface ExportOptions {
  /** Name of the lab; what a topology cannot have in a name becomes a hyphen. */
  readonly name: string;
  /** Container image of FRR. */
  readonly image?: string;
}

/** The release that these configurations are compared with, as a container. */
const frrImage = 'frrouting/frr:v8.4.1';

/** Path → text, in the order in which they are to be written; or what FRR cannot be told, a line each. */
export function exportNetwork(
  network: Network,
  format: ExportFormat,
  options: ExportOptions,
): ReadonlyMap<string, string> | { readonly cannot: readonly string[] } {
  const lab = plan(network, { prefix: 'lab' });
  if ('problem' in lab) return { cannot: [lab.problem] };
  return exportLab(lab, predictedTables(converge(network), lab), format, options);
}

/** The same for a network that is planned already. */
export function exportLab(
  lab: LabPlan,
  tables: Tables,
  format: ExportFormat,
  { name, image = frrImage }: ExportOptions,
): ReadonlyMap<string, string> | { readonly cannot: readonly string[] } {
  const rendered = renderFrr(lab);
  if (rendered.cannot.length > 0) return { cannot: rendered.cannot };
  const configurations = new Map(
    rendered.nodes.map(({ device, files }) => [
      device,
      oneFile(Object.values(files), lab.nodes[device]?.device.name ?? ''),
    ]),
  );
  const script = buildScript([lab]);
  const nodes = lab.nodes.flatMap((node, at): readonly ExportedNode[] => {
    const configuration = configurations.get(node.device.ix);
    const shell = script.nodes[at]?.shell;
    if (configuration === undefined || shell === undefined) return [];
    return [{ node, configuration, shell: withOwnNames(node, shell) }];
  });
  const exported: ExportedLab = { plan: lab, nodes, names: nodeNames(lab), name: topologyName(name), image };
  const files = format === 'containerlab' ? containerlab(exported) : netlab(exported);
  return new Map([...files, ['expected-routes.tsv', expectedRoutes(exported, tables)]]);
}

interface ExportedNode {
  readonly node: LabNode;
  readonly configuration: string;
  /** Addresses and kernel routes, as a shell script. */
  readonly shell: string;
}

interface ExportedLab {
  readonly plan: LabPlan;
  readonly nodes: readonly ExportedNode[];
  /** By device. */
  readonly names: readonly string[];
  readonly name: string;
  readonly image: string;
}

function topologyName(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name === '' ? 'estate' : name.slice(0, 40);
}

/** netlab takes names of up to sixteen characters. */
const longestName = 16;

/** Names of the estate as far as a topology can have them; else the number of the device. */
function nodeNames({ nodes }: LabPlan): readonly string[] {
  const taken = new Set<string>();
  return nodes.map(({ device }) => {
    const plain = device.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '');
    const fits = /^[a-z]/.test(plain) && plain.length <= longestName && !taken.has(plain);
    const name = fits ? plain : `device-${device.ix}`;
    taken.add(name);
    return name;
  });
}

/** eth1, eth2, ... in the order of the node's links; eth0 is the management interface of both. */
function interfaceOf({ interfaces }: LabNode, link: number): string {
  return `eth${interfaces.findIndex((each) => each.link === link) + 1}`;
}

/** Hardware addresses are set because the neighbours are entered for good. */
function withOwnNames(node: LabNode, shell: string): string {
  const own = (name: string): string => {
    const found = node.interfaces.find((each) => each.name === name);
    return found === undefined ? name : interfaceOf(node, found.link);
  };
  const links = node.interfaces.map(({ link, mac }) => {
    const name = interfaceOf(node, link);
    return `ip link set dev ${name} down; ip addr flush dev ${name} scope global; ip link set dev ${name} address ${mac}\n`;
  });
  return links.join('') + shell.replaceAll(/\bdev (e\d+)\b/g, (_, name: string) => `dev ${own(name)}`);
}

/** zebra and bgpd as one file for vtysh; what only stands for the lab's own folders is gone. */
function oneFile(files: readonly string[], name: string): string {
  const lines = files.flatMap((text) => text.split('\n')).filter((line) => !/^(hostname|log file) /.test(line));
  return [`! ${name}`, 'log syslog warnings', ...lines.filter((line) => line !== ''), ''].join('\n');
}

function containerlab({ plan, nodes, names, name, image }: ExportedLab): readonly (readonly [string, string])[] {
  const topology = [
    `name: ${name}`,
    '',
    'topology:',
    '  defaults:',
    '    kind: linux',
    `    image: ${image}`,
    '    # Without the management network: its default route would stand beside the routes of the network.',
    '    network-mode: none',
    '  nodes:',
    ...nodes.flatMap(({ node }) => [
      `    ${names[node.device.ix]}:`,
      '      binds:',
      `        - nodes/${names[node.device.ix]}/daemons:/etc/frr/daemons`,
      `        - nodes/${names[node.device.ix]}/vtysh.conf:/etc/frr/vtysh.conf`,
      `        - nodes/${names[node.device.ix]}/frr.conf:/etc/frr/frr.conf`,
      `        - nodes/${names[node.device.ix]}/setup.sh:/setup.sh`,
      '      exec:',
      '        - sh /setup.sh',
    ]),
    '  links:',
    ...linksOf(plan, names).map(
      ({ ends }) => `    - endpoints: [${ends.map((end) => `"${end.join(':')}"`).join(', ')}]`,
    ),
    '',
  ].join('\n');
  return [
    [
      'README.md',
      readme(name, `sudo containerlab deploy -t ${name}.clab.yml`, `sudo containerlab destroy -t ${name}.clab.yml`),
    ],
    [`${name}.clab.yml`, topology],
    ...nodes.flatMap(({ node, configuration, shell }): readonly (readonly [string, string])[] => {
      const folder = `nodes/${names[node.device.ix]}`;
      return [
        [`${folder}/daemons`, daemons],
        [`${folder}/vtysh.conf`, 'service integrated-vtysh-config\n'],
        [`${folder}/frr.conf`, configuration],
        [`${folder}/setup.sh`, shell],
      ];
    }),
  ];
}

const daemons = [
  'zebra=yes',
  'bgpd=yes',
  'vtysh_enable=yes',
  'zebra_options="-A 127.0.0.1 -s 90000000"',
  'bgpd_options="-A 127.0.0.1"',
  '',
].join('\n');

function netlab({ plan, nodes, names, name, image }: ExportedLab): readonly (readonly [string, string])[] {
  const topology = [
    `name: ${name.slice(0, 12).replace(/-+$/, '')}`,
    'provider: clab',
    'defaults.device: frr',
    `defaults.devices.frr.clab.image: ${image}`,
    '',
    'nodes:',
    ...nodes.map(({ node }) => `  ${names[node.device.ix]}: { config: [ bothways ] }`),
    '',
    '# Addresses come with the templates: a session has a pair of its own, which a link of netlab cannot say.',
    'links:',
    ...linksOf(plan, names).map(
      ({ ends }) => `- { interfaces: [ ${ends.map(([node]) => `{ node: ${node} }`).join(', ')} ], prefix: false }`,
    ),
    '',
  ].join('\n');
  const template = ({ configuration, shell }: ExportedNode): string =>
    [
      '#!/bin/bash',
      '{% raw %}',
      shell.trimEnd(),
      'pgrep -x bgpd > /dev/null || /usr/lib/frr/bgpd -d -A 127.0.0.1',
      "cat > /tmp/bothways.conf <<'CONFIGURATION'",
      configuration.trimEnd(),
      'CONFIGURATION',
      'vtysh -f /tmp/bothways.conf',
      '{% endraw %}',
      '',
    ].join('\n');
  return [
    ['README.md', readme(name, 'netlab up', 'netlab down')],
    ['topology.yml', topology],
    ...nodes.map((each) => [`bothways/${names[each.node.device.ix]}.j2`, template(each)] as const),
  ];
}

/** Links of one device with itself do not exist in either; the model has none. */
function linksOf(
  { links, nodes }: LabPlan,
  names: readonly string[],
): readonly { readonly ends: readonly (readonly [node: string, name: string])[] }[] {
  return links
    .filter(({ up }) => up)
    .map(({ link }) => ({
      ends: [link.a, link.b].flatMap((ix) => {
        const [node, name] = [nodes[ix], names[ix]];
        return node === undefined || name === undefined ? [] : [[name, interfaceOf(node, link.ix)] as const];
      }),
    }));
}

/** What every router must hold: the best candidate of every prefix after import. */
function expectedRoutes({ plan, names }: ExportedLab, tables: Tables): string {
  const lines = ['node\tprefix\tbest path\tnext hop\tas path'];
  for (const { device, alive } of plan.nodes) {
    if (!alive) continue;
    const found = [...(tables.get(device.ix)?.candidates ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [prefix, rows] of found) {
      const best = rows.find((row) => row.best === 'true') ?? rows[0];
      if (best === undefined) continue;
      const from = best.session === undefined ? 'originated here' : `session ${best.session}`;
      lines.push([names[device.ix], prefix, from, readableHop(best.nextHop, names), best.asPath].join('\t'));
    }
  }
  return `${lines.join('\n')}\n`;
}

function readableHop(text: string, names: readonly string[]): string {
  return text.replace(/^device (\d+)/, (all, ix: string) => names[Number(ix)] ?? all);
}

function readme(name: string, start: string, stop: string): string {
  return [
    `# ${name}`,
    '',
    'The routers of an estate, both halves, written by `bothways lab export`: addresses, routes and BGP as Bothways computed',
    'them, in FRR. Firewalls, translation, proxies and hosts are not in it.',
    '',
    '```',
    start,
    stop,
    '```',
    '',
    'When the sessions are up, `show bgp` of every node has to agree with `expected-routes.tsv`: the best path of every',
    'prefix, the node it leads to, its AS path. Sessions are numbered as in `bothways show --network`.',
    '',
  ].join('\n');
}
