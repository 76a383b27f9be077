/**
 * A PostgreSQL for tests: started from the installed programs in a temporary folder, on a free port of this machine, as
 * somebody without rights, and gone afterwards.
 */
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, chownSync, constants, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export interface TemporaryPostgres {
  /** Connection string with a password in it. */
  readonly url: string;
  /** An own, empty database on the same server. */
  readonly database: (name: string) => string;
  /** Runs a statement as the owner, in the database of `url`. */
  readonly run: (sql: string) => Promise<void>;
  /** Ends it at once, as a power cut would. */
  readonly stop: () => Promise<void>;
}

const folders = [
  ...globSync('/usr/lib/postgresql/*/bin').sort().reverse(),
  ...(process.env['PATH'] ?? '').split(delimiter),
];

/** Why it cannot be started here, for the title of tests; undefined: it can. */
export function postgresMissing(): string | undefined {
  return programs() === undefined ? 'PostgreSQL is not installed' : undefined;
}

function programs(): { readonly initdb: string; readonly postgres: string } | undefined {
  const folder = folders.find((each) => ['initdb', 'postgres'].every((name) => isProgram(join(each, name))));
  return folder === undefined ? undefined : { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
}

export async function temporaryPostgres(): Promise<TemporaryPostgres> {
  const found = programs();
  if (found === undefined) throw new Error('PostgreSQL is not installed');
  const somebody = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'bothways-postgres-'));
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  for (const path of [folder, passwordFile])
    if (somebody.uid !== undefined) chownSync(path, somebody.uid, somebody.gid);
  const data = join(folder, 'data');
  const init = ['-D', data, '-U', 'bothways', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '-N'];
  // The folder that the tests run in may be closed to somebody else.
  execFileSync(found.initdb, [...init, '--locale=C'], { ...somebody, cwd: folder, stdio: 'ignore' });
  const port = await freePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off'];
  const server = spawn(found.postgres, ['-D', data, ...settings.flatMap((each) => ['-c', each])], {
    ...somebody,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((done) => server.on('exit', () => done()));
  await new Promise<void>((ready, failed) => {
    let said = '';
    server.stderr.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('ready to accept connections')) ready();
    });
    server.on('exit', () => failed(new Error(`PostgreSQL did not start:\n${said}`)));
  });
  const urlOf = (name: string): string => `postgresql://bothways:${password}@127.0.0.1:${port}/${name}`;
  return {
    url: urlOf('postgres'),
    database(name) {
      const psql = join(found.postgres, '..', 'createdb');
      execFileSync(psql, ['-h', '127.0.0.1', '-p', String(port), '-U', 'bothways', name], {
        env: { ...process.env, PGPASSWORD: password },
        cwd: folder,
      });
      return urlOf(name);
    },
    async run(sql) {
      const where = ['-h', '127.0.0.1', '-p', String(port), '-U', 'bothways', '-d', 'postgres', '-q', '-c', sql];
      const env = { ...process.env, PGPASSWORD: password };
      await promisify(execFile)(join(found.postgres, '..', 'psql'), where, { env, cwd: folder });
    },
    async stop() {
      server.kill('SIGQUIT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | { readonly uid?: undefined } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number | undefined => {
    const { status, stdout } = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  };
  return { uid: id('-u') ?? 65_534, gid: id('-g') ?? 65_534 };
}

async function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
