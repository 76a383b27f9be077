/** Whether this machine can run a lab; if not, one line that names all that is missing and the remedy. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { adapters, type DaemonName, daemonNames } from './daemons.ts';
import { Sandbox } from './sandbox.ts';

export type HostProbe = { readonly ok: true } | { readonly ok: false; readonly problem: string };

export interface Program {
  readonly program: string;
  readonly debianPackage: string;
}

/** What every lab needs, whatever its daemons. */
const common: readonly Program[] = [
  { program: 'unshare', debianPackage: 'util-linux' },
  { program: 'nsenter', debianPackage: 'util-linux' },
  { program: 'mount', debianPackage: 'mount' },
  { program: 'ip', debianPackage: 'iproute2' },
];

/** What packets need on top. */
const forPackets: readonly Program[] = [{ program: 'nft', debianPackage: 'nftables' }];

/** Daemons live in folders that are not on every user's PATH. */
const folders = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  '/usr/sbin',
  '/sbin',
  '/usr/lib/frr',
  '/usr/libexec/frr',
];

function programsFor(daemons: readonly DaemonName[]): readonly Program[] {
  return [...common, ...daemons.flatMap((name) => adapters[name].programs)];
}

function isThere(program: string): boolean {
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The line for what is missing; undefined when nothing is. */
export function missingLine(programs: readonly Program[], there: (program: string) => boolean): string | undefined {
  const missing = programs.filter(({ program }) => !there(program));
  if (missing.length === 0) return undefined;
  const names = [...new Set(missing.map(({ program }) => program))].join(', ');
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))].join(' ');
  return `the lab needs ${names}; on Debian: apt-get install ${packages}`;
}

/** Tools first, then a sandbox that is really opened, with two namespaces and a link in it. */
export function probeHost(daemons: readonly DaemonName[] = daemonNames): Promise<HostProbe> {
  return probe(programsFor(daemons), async (sandbox) => {
    const batch = 'netns add p0\nnetns add p1\nlink add name e0 netns p0 type veth peer name e0 netns p1\n';
    const { status, errors } = await sandbox.run({ argv: ['ip', '-batch', '-'], input: batch });
    return status === 0 ? undefined : `the kernel refuses namespaces or veth links in a sandbox: ${errors.trim()}`;
  });
}

/** The same for packets through the kernel's own forwarding: everything that the lab uses of nftables, and a VXLAN. */
export function probePackets(): Promise<HostProbe> {
  return probe([...common, ...forPackets], async (sandbox) => {
    const tunnel = 'link add name h0 type vxlan id 1 remote 192.0.2.1 dstport 4789 nolearning\n';
    const made = await sandbox.run({ argv: ['ip', '-batch', '-'], input: tunnel });
    if (made.status !== 0) return `the kernel refuses VXLAN links in a sandbox: ${made.errors.trim()}`;
    const { status, errors } = await sandbox.run({ argv: ['nft', '-f', '-'], input: everything });
    return status === 0 ? undefined : `the kernel has not all that the lab uses of nftables: ${errors.trim()}`;
  });
}

const everything = [
  ['ip', '169.254.0.1', '192.0.2.1'],
  ['ip6', 'fe80::1', '2001:db8::1'],
]
  .map(
    ([family, neighbour, pool]) => `table ${family} probe {
  counter c { }
  chain a {
    type filter hook prerouting priority -150;
    ct state invalid counter name "c" drop
    fib daddr . mark oif missing dup to ${neighbour} device "lo" drop
  }
  chain b {
    type nat hook prerouting priority -100;
    dnat to ${pool}
  }
  chain c {
    type nat hook postrouting priority 100;
    snat to ${pool}
  }
}
`,
  )
  .join('');

async function probe(
  programs: readonly Program[],
  problemIn: (sandbox: Sandbox) => Promise<string | undefined>,
): Promise<HostProbe> {
  if (process.platform !== 'linux') {
    return { ok: false, problem: `the lab needs Linux, this is ${process.platform}` };
  }
  const missing = missingLine(programs, isThere);
  if (missing !== undefined) return { ok: false, problem: missing };
  let sandbox: Sandbox;
  try {
    sandbox = await Sandbox.open({ lifetime: 20 });
  } catch (error) {
    return { ok: false, problem: sandboxLine(textOf(error)) };
  }
  try {
    const problem = await problemIn(sandbox);
    return problem === undefined ? { ok: true } : { ok: false, problem };
  } finally {
    await sandbox.close();
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the kernel says when it forbids namespaces, in words that name the remedy. */
export function sandboxLine(problem: string): string {
  if (problem.includes('No space left on device')) {
    return 'user namespaces are switched off (user.max_user_namespaces is 0); start the lab as root or allow them';
  }
  if (problem.includes('Operation not permitted') || problem.includes('Permission denied')) {
    return 'this machine forbids namespaces to this user; start the lab as root or allow unprivileged user namespaces';
  }
  return `no sandbox can be made here: ${problem}`;
}
