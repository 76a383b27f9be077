/**
 * How long a daemon takes for a full table from recorded UPDATE messages, and how much memory: for the benchmarks. One
 * router in a namespace of its own, its peers in another, the same bytes for every daemon. The router installs nothing
 * in the kernel and sends nothing on.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DaemonName } from './daemons.ts';
import type { Ask, Daemon } from './requests.ts';
import { field, Sandbox, valuesOf } from './sandbox.ts';

export interface TablePeerStream {
  readonly asn: number;
  /** In 192.0.2.0/24, the NEXT_HOP of its routes; not 192.0.2.1. */
  readonly address: string;
  readonly stream: Uint8Array;
  readonly routes: number;
}

export interface TableLoad {
  /** Milliseconds from the first UPDATE until the daemon counts every route and has chosen; undefined: not in time. */
  readonly milliseconds: number | undefined;
  /** Resident bytes more than before the first UPDATE. */
  readonly memory: number;
  /** Routes that the daemon counts at the end. */
  readonly routes: number;
}

const ROUTER = '192.0.2.1';
const FOLDER = '/run/lab/table';
/** Above every AS number that a stream may hold. */
const ROUTER_AS = 400_000;

interface Subject {
  readonly files: (peers: readonly TablePeerStream[]) => Readonly<Record<string, string>>;
  readonly stages: readonly Daemon[];
  readonly ask: Ask;
  /** Routes counted, and a text that stands still once the daemon has chosen. */
  readonly read: (answer: string) => { readonly routes: number; readonly state: string };
}

function daemon(key: string, argv: readonly string[], ready: string): Daemon {
  return { key, namespace: 'router', folder: FOLDER, argv, ready: `${FOLDER}/${ready}` };
}

function frrDaemon(program: 'zebra' | 'bgpd', more: readonly string[]): Daemon {
  const files = ['-f', `${FOLDER}/${program}.conf`, '-i', `${FOLDER}/${program}.pid`, '-z', `${FOLDER}/zserv.api`];
  const argv = [program, '-u', 'root', '-g', 'root', ...files, '--vty_socket', FOLDER, '-P', '0', ...more];
  return daemon(program, argv, `${program}.vty`);
}

const subjects: Readonly<Record<DaemonName, Subject>> = {
  bird: {
    files: (peers) => ({
      'bird.conf': [
        'router id 203.0.113.1;',
        'protocol device {}',
        'protocol direct { ipv4; }',
        ...peers.map(
          ({ asn, address }, at) =>
            `protocol bgp p${at} { local ${ROUTER} as ${ROUTER_AS}; neighbor ${address} as ${asn}; passive on; hold time 240; ipv4 { import all; export none; }; }`,
        ),
        '',
      ].join('\n'),
    }),
    stages: [daemon('bird', ['bird', '-f', '-c', 'bird.conf', '-s', 'bird.ctl', '-P', 'bird.pid'], 'bird.ctl')],
    ask: { socket: `${FOLDER}/bird.ctl`, dialect: 'bird', command: 'show protocols all "p*"' },
    read: (answer) => {
      const counts = [...answer.matchAll(/Routes:\s+(\d+) imported/g)].map((match) => Number(match[1]));
      const routes = counts.reduce((sum, count) => sum + count, 0);
      return { routes, state: String(routes) };
    },
  },
  frr: {
    files: (peers) => ({
      'zebra.conf': 'hostname table\n',
      'bgpd.conf': [
        'hostname table',
        'route-map nothing deny 10',
        `router bgp ${ROUTER_AS}`,
        ' bgp router-id 203.0.113.1',
        ' no bgp ebgp-requires-policy',
        ' no bgp default ipv4-unicast',
        ' bgp bestpath compare-routerid',
        ' bgp deterministic-med',
        ' coalesce-time 0',
        ' timers bgp 60 240',
        ...peers.flatMap(({ asn, address }) => [
          ` neighbor ${address} remote-as ${asn}`,
          ` neighbor ${address} passive`,
        ]),
        ' address-family ipv4 unicast',
        ...peers.flatMap(({ address }) => [
          `  neighbor ${address} activate`,
          `  neighbor ${address} route-map nothing out`,
        ]),
        ' exit-address-family',
        '',
      ].join('\n'),
    }),
    // Without the kernel: zebra resolves next hops and gets no routes.
    stages: [frrDaemon('zebra', []), frrDaemon('bgpd', ['--no_kernel'])],
    ask: { socket: `${FOLDER}/bgpd.vty`, dialect: 'frr', command: 'show bgp ipv4 unicast summary json' },
    read: (answer) => {
      const summary: unknown = JSON.parse(answer);
      const routes = valuesOf(field(summary, 'peers'))
        .map((peer) => Number(field(peer, 'pfxRcd') ?? 0))
        .reduce((sum, count) => sum + count, 0);
      return { routes, state: `${routes} ${String(field(summary, 'tableVersion'))}` };
    },
  },
  gobgp: {
    files: (peers) => ({
      'gobgpd.toml': [
        '[global.config]',
        `  as = ${ROUTER_AS}`,
        '  router-id = "203.0.113.1"',
        '[global.apply-policy.config]',
        '  default-export-policy = "reject-route"',
        ...peers.flatMap(({ asn, address }) => [
          '[[neighbors]]',
          '  [neighbors.config]',
          `    neighbor-address = "${address}"`,
          `    peer-as = ${asn}`,
          '  [neighbors.transport.config]',
          '    passive-mode = true',
          '  [neighbors.timers.config]',
          '    hold-time = 240',
        ]),
        '',
      ].join('\n'),
    }),
    stages: [
      daemon(
        'gobgpd',
        ['gobgpd', '-f', 'gobgpd.toml', '--api-hosts', `unix://${FOLDER}/api`, '--pprof-disable'],
        'api',
      ),
    ],
    ask: { socket: `${FOLDER}/api`, dialect: 'gobgp', command: 'global rib summary' },
    read: (answer) => {
      const summary: unknown = JSON.parse(answer);
      const routes = Number(field(summary, 'num_path') ?? field(summary, 'numPath') ?? 0);
      return { routes, state: String(routes) };
    },
  },
};

/** Rejects where the daemon cannot be started. */
export async function measureTableLoad(
  name: DaemonName,
  peers: readonly TablePeerStream[],
  seconds = 60,
): Promise<TableLoad> {
  const subject = subjects[name];
  const folder = await mkdtemp(join(tmpdir(), 'table-load-'));
  const sandbox = await Sandbox.open({ lifetime: seconds + 60 });
  try {
    for (const [at, { stream }] of peers.entries()) await writeFile(join(folder, `${at}.updates`), stream);
    const started = join(folder, 'started');
    const settings = {
      router: ROUTER,
      started,
      peers: peers.map(({ asn, address }, at) => ({ asn, address, stream: join(folder, `${at}.updates`) })),
    };
    await writeFile(join(folder, 'speaker.json'), JSON.stringify(settings));
    const { errors } = await sandbox.run({ argv: ['sh', '-s'], input: wires(peers) });
    if (errors !== '') throw new Error(errors.trim());
    const files = Object.entries(subject.files(peers)).map(([file, text]) => ({ path: `${FOLDER}/${file}`, text }));
    await sandbox.write(files);
    for (const stage of subject.stages) await start(stage);
    const before = await residentMemory(sandbox);
    const speaker = fileURLToPath(new URL('./speaker.ts', import.meta.url));
    const argv = [process.execPath, speaker, join(folder, 'speaker.json')];
    await start({ key: 'speaker', namespace: 'peers', folder: FOLDER, argv, ready: started });
    const { output } = await sandbox.run({ argv: ['cat', started] });
    const first = Number(output);
    const expected = peers.reduce((sum, { routes }) => sum + routes, 0);
    let last = { routes: 0, state: '', at: 0 };
    let milliseconds: number | undefined;
    while (milliseconds === undefined && Date.now() - first < seconds * 1000) {
      await pause(name === 'gobgp' ? 250 : 50);
      const [answer = ''] = await sandbox.ask([subject.ask], seconds);
      const now = subject.read(answer);
      if (now.state !== last.state) last = { ...now, at: Date.now() };
      else if (now.routes >= expected) milliseconds = last.at - first;
    }
    return { milliseconds, routes: last.routes, memory: (await residentMemory(sandbox)) - before };
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }

  async function start(item: Daemon): Promise<void> {
    const problems = await sandbox.start([item], 30);
    if (problems.length > 0) throw new Error(problems.join('; '));
  }
}

function wires(peers: readonly TablePeerStream[]): string {
  return [
    'set -e',
    'ip netns add router',
    'ip netns add peers',
    'ip link add name wire netns router type veth peer name wire netns peers',
    ...['router', 'peers'].map((name) => `ip -n ${name} link set lo up; ip -n ${name} link set wire up`),
    `ip -n router addr add ${ROUTER}/24 dev wire`,
    ...peers.map(({ address }) => `ip -n peers addr add ${address}/24 dev wire`),
    '',
  ].join('\n');
}

/** Of the daemons in the sandbox, bytes. */
async function residentMemory(sandbox: Sandbox): Promise<number> {
  const shell =
    'for p in /proc/[0-9]*; do case $(cat $p/comm) in bird|bgpd|zebra|gobgpd) grep ^Rss: $p/smaps_rollup;; esac; done';
  const { output } = await sandbox.run({ argv: ['sh', '-c', shell] });
  const kibibytes = [...output.matchAll(/^Rss:\s+(\d+) kB$/gm)].map((match) => Number(match[1]));
  return kibibytes.reduce((sum, size) => sum + size, 0) * 1024;
}
