/** The routing daemons a lab can use: which programs they are, how they start, how their tables are read. */
import { formatPrefix, parsePrefix } from '@bothways/net';
import type { LabNode, LabPlan, LabSession } from './plan.ts';
import { readBirdRoutes, readBirdSessions } from './read-bird.ts';
import { peersOf, readFrrRoutes, readFrrSessions } from './read-frr.ts';
import { readGobgpRoutes, readGobgpSessions } from './read-gobgp.ts';
import { readKernel } from './read-kernel.ts';
import { birdProtocol, renderBird } from './render-bird.ts';
import { renderFrr } from './render-frr.ts';
import { gobgpOriginations, renderGobgp } from './render-gobgp.ts';
import type { Rendered } from './rendered.ts';
import type { Ask, Daemon, Run } from './requests.ts';
import type { Sandbox } from './sandbox.ts';
import { type DeviceTable, NextHops, type Row } from './tables.ts';
import type { VariantName } from './variants.ts';

export type DaemonName = 'bird' | 'frr' | 'gobgp';
/** Those that can express every network; GoBGP takes part where it can. */
export const daemonNames: readonly DaemonName[] = ['bird', 'frr'];

/** Control sockets allow 107 characters, so folders are short. */
export function folderOf(node: LabNode): string {
  return `/run/lab/${node.name}`;
}

interface Adapter {
  readonly title: string;
  readonly programs: readonly { readonly program: string; readonly debianPackage: string }[];
  readonly render: (plan: LabPlan, asShipped?: ReadonlySet<VariantName>) => Rendered;
  /** Ends with another status than 0 and says what is wrong with a configuration; undefined: the log tells. */
  readonly check: ((node: LabNode) => Run) | undefined;
  /** It does not start with a configuration that is wrong, so that `check` is needed only for what is wrong then. */
  readonly checksItself: boolean;
  /** Daemons of one stage start before those of the next. */
  readonly stages: readonly ((node: LabNode) => Daemon)[];
  /** Run once all daemons are there. */
  readonly afterwards?: (node: LabNode) => readonly Run[];
  /** Takes in a configuration that was written anew; undefined: the daemon has to start again. */
  readonly reload: ((node: LabNode) => Ask) | undefined;
  /** Shell lines for a node that has lost a link. */
  readonly afterLoss: readonly string[];
  /** Ends a session at one of its ends, whose other end it has lost; nothing where the daemon sees that by itself. */
  readonly end: (session: LabSession, own: 0 | 1, node: LabNode) => readonly Ask[];
  readonly hasKernel: boolean;
  readonly asks: (plan: LabPlan, node: LabNode) => readonly Ask[];
  readonly read: (plan: LabPlan, node: LabNode, answers: readonly string[]) => Omit<DeviceTable, 'kernel'>;
}

const bird: Adapter = {
  title: 'BIRD',
  programs: [{ program: 'bird', debianPackage: 'bird2' }],
  render: renderBird,
  hasKernel: true,
  check: (node) => ({ argv: ['bird', '-p', '-c', `${folderOf(node)}/bird.conf`] }),
  checksItself: true,
  stages: [
    (node) => ({
      key: `${node.name} bird`,
      namespace: node.name,
      folder: folderOf(node),
      argv: ['bird', '-f', '-c', 'bird.conf', '-s', 'bird.ctl', '-P', 'bird.pid'],
      // Written once the configuration is read; the socket is there before.
      ready: `${folderOf(node)}/bird.pid`,
    }),
  ],
  reload: (node) => birdAsk(node, 'configure'),
  // It takes a route back by naming its next hops. Of a shared route the kernel has marked some as dead by then, finds no
  // such route, and the next one "exists" already.
  afterLoss: [
    "ip -o -4 route show table main proto 12 | sed -n 's/^\\([^ ]*\\) .* dead.*/route del \\1 proto 12/p' | ip -force -batch - 2> /dev/null",
  ],
  end: endBird,
  asks: (plan, node) => [
    birdAsk(node, 'show protocols'),
    ...plan.families.map((family) => birdAsk(node, `show route table bgp${family} all`)),
  ],
  read: (plan, _, [protocols = '', ...tables]) => {
    const nextHops = new NextHops(plan);
    return {
      up: readBirdSessions(protocols),
      candidates: canonical(tables.flatMap((text) => [...readBirdRoutes(text, nextHops)])),
    };
  },
};

/** It watches the interface of a session on a link. */
function endBird({ session, pairs }: LabSession, _: 0 | 1, node: LabNode): readonly Ask[] {
  if (session.link !== undefined) return [];
  return pairs.map(({ family }) => birdAsk(node, `restart "${birdProtocol(session.ix, family)}_*"`));
}

function birdAsk(node: LabNode, command: string): Ask {
  return { socket: `${folderOf(node)}/bird.ctl`, dialect: 'bird', command };
}

/** It watches the interface of an eBGP session on a link (bgp fast-external-failover). */
function endFrr({ session, pairs }: LabSession, own: 0 | 1, node: LabNode): readonly Ask[] {
  const [first, second] = session.ends;
  if (session.link !== undefined && first.asn !== second.asn) return [];
  return pairs.map(({ addresses }) => ({
    socket: `${folderOf(node)}/bgpd.vty`,
    dialect: 'frr',
    command: `clear bgp ${addresses[own === 0 ? 1 : 0]}`,
  }));
}

const frr: Adapter = {
  title: 'FRR',
  programs: [
    { program: 'zebra', debianPackage: 'frr' },
    { program: 'bgpd', debianPackage: 'frr' },
  ],
  render: renderFrr,
  hasKernel: true,
  // FRR starts with lines it does not understand; its log names them.
  check: undefined,
  checksItself: false,
  stages: [(node) => frrDaemon(node, 'zebra'), (node) => frrDaemon(node, 'bgpd')],
  reload: undefined,
  afterLoss: [],
  end: endFrr,
  asks: (plan, node) => [
    { socket: `${folderOf(node)}/bgpd.vty`, dialect: 'frr', command: 'show bgp summary json' },
    ...plan.families.map(
      (family): Ask => ({
        socket: `${folderOf(node)}/bgpd.vty`,
        dialect: 'frr',
        command: `show bgp ipv${family} unicast json detail`,
      }),
    ),
  ],
  read: (plan, node, [summary = '', ...tables]) => {
    const nextHops = new NextHops(plan);
    const peers = peersOf(plan, node.device.ix);
    return {
      up: readFrrSessions(summary, peers),
      candidates: canonical(tables.flatMap((text) => [...readFrrRoutes(text, nextHops, peers)])),
    };
  },
};

function frrDaemon(node: LabNode, program: 'zebra' | 'bgpd'): Daemon {
  const folder = folderOf(node);
  const place = ['-f', `${folder}/${program}.conf`, '-i', `${folder}/${program}.pid`, '-z', `${folder}/zserv.api`];
  return {
    key: `${node.name} ${program}`,
    namespace: node.name,
    folder,
    argv: [program, '-u', 'root', '-g', 'root', ...place, '--vty_socket', folder, '-P', '0'],
    ready: `${folder}/${program}.vty`,
  };
}

const gobgp: Adapter = {
  title: 'GoBGP',
  programs: [
    { program: 'gobgpd', debianPackage: 'gobgpd' },
    { program: 'gobgp', debianPackage: 'gobgpd' },
  ],
  render: renderGobgp,
  hasKernel: false,
  check: (node) => ({ argv: ['gobgpd', '-d', '-f', `${folderOf(node)}/gobgpd.toml`] }),
  checksItself: false,
  stages: [
    (node) => ({
      key: `${node.name} gobgpd`,
      namespace: node.name,
      folder: folderOf(node),
      argv: ['gobgpd', '-f', 'gobgpd.toml', '--api-hosts', `unix://${folderOf(node)}/api`, '--pprof-disable'],
      ready: `${folderOf(node)}/api`,
    }),
  ],
  afterwards: (node) =>
    gobgpOriginations(node).map((words) => ({
      argv: ['gobgp', '--target', `unix://${folderOf(node)}/api`, ...words],
    })),
  reload: undefined,
  afterLoss: [],
  end: () => [],
  asks: (plan, node) =>
    ['neighbor', ...plan.families.map((family) => `global rib -a ipv${family}`)].map((command) => ({
      socket: `${folderOf(node)}/api`,
      dialect: 'gobgp',
      command,
    })),
  read: (plan, node, [neighbours = '', ...tables]) => {
    const nextHops = new NextHops(plan);
    const peers = peersOf(plan, node.device.ix);
    return {
      up: readGobgpSessions(neighbours, peers),
      candidates: canonical(tables.flatMap((text) => [...readGobgpRoutes(text, nextHops, peers)])),
    };
  },
};

export const adapters: Readonly<Record<DaemonName, Adapter>> = { bird, frr, gobgp };

/** Prefix texts as this product writes them. */
function canonical(entries: readonly (readonly [string, readonly Row[]])[]): ReadonlyMap<string, readonly Row[]> {
  return new Map(
    entries.map(([text, rows]) => {
      const read = parsePrefix(text);
      return [read.ok ? formatPrefix(read.value) : text, rows];
    }),
  );
}

/** The kernel tables of nodes, in their order. */
export async function readKernels(
  sandbox: Sandbox,
  nodes: readonly { readonly plan: LabPlan; readonly node: LabNode }[],
): Promise<readonly ReadonlyMap<string, string>[]> {
  const shell = 'ip -4 -j route show table main; echo; echo ===; exec ip -6 -j route show table main';
  const results = await sandbox.runAll(nodes.map(({ node }) => ({ namespace: node.name, argv: ['sh', '-c', shell] })));
  return nodes.map(({ plan, node }, at) => {
    const [four = '', six = ''] = (results[at]?.output ?? '').split('\n===\n');
    const both = plan.families.flatMap((family) => [...readKernel(family === 4 ? four : six, family, plan, node)]);
    return new Map(both);
  });
}
