/**
 * Programs from outside npm that a test suite needs (routing daemons, a browser). The list below is the one place that
 * names them: a suite that needs a program adds a row. Missing ones are installed through apt where that is possible
 * (root on a Debian machine); otherwise the run says which suite could not run and what to install.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Need {
  /** The suite as the reader of a test run knows it. */
  readonly suite: string;
  /** Program that must be on the PATH. */
  readonly program: string;
  /** Debian package that brings it. */
  readonly debianPackage: string;
}

export const needs: readonly Need[] = [
  { suite: 'routing against BIRD', program: 'bird', debianPackage: 'bird2' },
  { suite: 'routing against FRR', program: 'vtysh', debianPackage: 'frr' },
  { suite: 'routing against GoBGP', program: 'gobgpd', debianPackage: 'gobgpd' },
  { suite: 'routing against real routers', program: 'ip', debianPackage: 'iproute2' },
  { suite: 'the workbench on PostgreSQL', program: 'initdb', debianPackage: 'postgresql' },
  { suite: 'packets against the Linux kernel', program: 'nft', debianPackage: 'nftables' },
  { suite: 'workbench in a browser', program: 'chromium', debianPackage: 'chromium' },
];

/** What the machine can do; tests pass their own. */
export interface Machine {
  readonly has: (program: string) => boolean;
  /** Undefined where packages cannot be installed; otherwise returns what went wrong, or undefined. */
  readonly install: ((packages: readonly string[]) => string | undefined) | undefined;
}

/** Installs what is missing, if it can. Returns one line for each suite that still cannot run. */
export function satisfy(wanted: readonly Need[], machine: Machine): readonly string[] {
  const missing = wanted.filter(({ program }) => !machine.has(program));
  if (missing.length === 0) return [];
  const problem = machine.install?.([...new Set(missing.map(({ debianPackage }) => debianPackage))].sort());
  return missing
    .filter(({ program }) => !machine.has(program))
    .map(
      ({ suite, program, debianPackage }) =>
        `${suite}: not run, ${program} is missing (Debian: apt-get install ${debianPackage})${problem === undefined ? '' : `; ${problem}`}`,
    );
}

export const thisMachine: Machine = {
  has: onPath,
  install: process.getuid?.() === 0 && onPath('apt-get') ? installWithApt : undefined,
};

function onPath(program: string): boolean {
  // Daemons live in sbin, PostgreSQL by its version, which are not on every user's PATH.
  const versions = globSync('/usr/lib/postgresql/*/bin');
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', ...versions];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function installWithApt(packages: readonly string[]): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0) return `apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  }
  return undefined;
}
