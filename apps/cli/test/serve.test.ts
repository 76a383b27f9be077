import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { postgresMissing, temporaryPostgres } from '../../../scripts/temporary-postgres.ts';
import { bothways, command, root, temporaryFolder } from './bothways.ts';

interface Serving {
  readonly child: ChildProcess;
  /** Without a slash at the end. */
  readonly base: string;
  /** Everything that it printed so far. */
  readonly said: () => string;
  /** Milliseconds from its start to the line with the address. */
  readonly took: number;
}

async function serving(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Serving> {
  const started = performance.now();
  const child = spawn(process.execPath, [command, 'serve', ...args, '--port', '0'], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  const url = await new Promise<string>((found, failed) => {
    const listen = (data: Buffer): void => {
      said += data.toString();
      const address = /Bothways is at (\S+)\//.exec(said)?.[1];
      if (address !== undefined) found(address);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', (code) => failed(new Error(`ended with ${code}: ${said}`)));
  });
  return { child, base: url.replace(/\/sign-in.*$/, ''), said: () => said, took: performance.now() - started };
}

async function killed({ child }: Serving): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

interface File {
  readonly name: string;
  readonly text: string;
}

interface Content {
  readonly revision: number;
  readonly files: readonly File[];
}

async function asked<Body>(base: string, path: string): Promise<Body> {
  let answer = await fetch(base + path);
  while (answer.status === 429) {
    await pause(200);
    answer = await fetch(base + path);
  }
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  const body: Body = JSON.parse(await answer.text());
  return body;
}

function saved(base: string, id: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-bothways': '1' };
  return fetch(`${base}/api/estates/${id}`, { method: 'PUT', headers, body: JSON.stringify(body) });
}

interface Acknowledged {
  readonly id: string;
  readonly revision: number;
  readonly text: string;
}

/** A tab that saves as fast as it can until the server is gone. */
async function tab(base: string, id: string, line: string, mark: string, kept: Acknowledged[]): Promise<void> {
  try {
    let { revision, files } = await asked<Content>(base, `/api/estates/${id}`);
    for (let turn = 0; ; turn += 1) {
      const text = (files[0]?.text ?? '').replace(new RegExp(`^# ${line}.*$`, 'm'), `# ${line} ${mark} ${turn}`);
      const wanted = [{ name: 'estate.yaml', text }, ...files.slice(1)];
      const answer = await saved(base, id, { base: revision, files: wanted, label: 'Edited', edit: randomUUID() });
      if (answer.status === 200) {
        const body: { revision: number } = JSON.parse(await answer.text());
        ({ revision, files } = { revision: body.revision, files: wanted });
        kept.push({ id, revision, text });
      } else if (answer.status === 409) {
        const body: { current: Content; merged?: readonly File[] } = JSON.parse(await answer.text());
        ({ revision, files } = { revision: body.current.revision, files: body.merged ?? body.current.files });
      } else if (answer.status === 429) {
        await pause(50);
      } else throw new Error(`a save was answered with ${answer.status}`);
    }
  } catch (error) {
    // The server was killed: what was under way is not acknowledged.
    if (!(error instanceof TypeError)) throw error;
  }
}

const document = '# a\n# b\n# c\n# d\n# e\nbothways: 1\n# f\n# g\n# h\n';
const missing = postgresMissing();
/** More of them by hand: BOTHWAYS_KILLS=100 npx vitest run apps/cli/test/serve.test.ts */
const KILLS = Number(process.env['BOTHWAYS_KILLS'] ?? 5);

describe.each(missing === undefined ? ['PGlite', 'PostgreSQL'] : ['PGlite'])('a server on %s', (kind) => {
  it(`that is killed ${KILLS} times in the middle of saves has every acknowledged edit`, {
    timeout: 60_000 + KILLS * 5000,
  }, async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'estate');
    mkdirSync(path);
    writeFileSync(join(path, 'estate.yaml'), document);
    const postgres = kind === 'PostgreSQL' ? await temporaryPostgres() : undefined;
    if (postgres !== undefined) onTestFinished(() => postgres.stop());
    const args = [path, '--data', join(folder, 'data')];
    const env: Record<string, string> = postgres === undefined ? {} : { BOTHWAYS_DATABASE: postgres.url };
    const kept: Acknowledged[] = [];
    let copy: string | undefined;
    let checked = 0;
    for (let round = 0; round < KILLS; round += 1) {
      const server = await serving(args, env);
      const main = await asked<Content>(server.base, '/api/estates/main');
      expect(readFileSync(join(path, 'estate.yaml'), 'utf8')).toBe(main.files[0]?.text);
      expect(readdirSync(path)).toEqual(['estate.yaml']);
      await expectKept(server.base, kept.slice(checked));
      checked = kept.length;
      copy ??= await newCopy(server.base, main.files);
      const tabs = [
        tab(server.base, 'main', 'a', `one ${round}`, kept),
        tab(server.base, 'main', 'c', `two ${round}`, kept),
        tab(server.base, copy, 'e', `copy ${round}`, kept),
      ];
      // When saves are under way, however busy the machine is; then not at the same moment each time.
      const enough = kept.length + 4;
      for (let wait = 0; wait < 2000 && kept.length < enough; wait += 1) await pause(10);
      await pause((round * 37) % 90);
      await killed(server);
      await Promise.all(tabs);
    }
    const server = await serving(args, env);
    expect(kept.length).toBeGreaterThanOrEqual(KILLS * 3);
    await expectKept(server.base, kept);
    const main = await asked<Content>(server.base, '/api/estates/main');
    expect(readFileSync(join(path, 'estate.yaml'), 'utf8')).toBe(main.files[0]?.text);
    const ended = once(server.child, 'exit');
    server.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    console.log(`${kind}: ${KILLS} kills, ${kept.length} acknowledged saves, all there`);
  });
});

async function expectKept(base: string, kept: readonly Acknowledged[]): Promise<void> {
  for (const { id, revision, text } of kept) {
    const found = await asked<Content>(base, `/api/estates/${id}/history/${revision}`);
    expect(found.files[0]?.text).toBe(text);
  }
}

async function newCopy(base: string, files: readonly File[]): Promise<string> {
  const answer = await fetch(`${base}/api/estates`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-bothways': '1' },
    body: JSON.stringify({ name: 'Copy', from: { files } }),
  });
  const { id }: { id: string } = JSON.parse(await answer.text());
  return id;
}

describe('bothways serve', () => {
  it('opens on the example, keeps edits between runs, and refuses a second one with the same data', async () => {
    const data = join(temporaryFolder(), 'data');
    const first = await serving(['--data', data]);
    expect(first.said()).toMatch(/^Bothways is at http:\/\/127\.0\.0\.1:\d+\/\nCtrl-C ends it\.\n$/m);
    const example = await asked<Content>(first.base, '/api/estates/main');
    expect(example.files[0]?.text).toBe(readFileSync(join(root, 'examples/contoso/estate.yaml'), 'utf8'));
    const files = [{ name: 'estate.yaml', text: `${example.files[0]?.text}# mine\n` }];
    const answer = await saved(first.base, 'main', { base: 1, files, label: 'Mine', edit: randomUUID() });
    expect(await answer.json()).toEqual({ revision: 2 });

    const second = await bothways(['serve', '--data', data, '--port', '0']);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`is in use by process ${first.child.pid} at ${first.base}/; stop that one`);

    const report = await fetch(`${first.base}/api/estates/main/report?format=docx`);
    expect(report.headers.get('content-disposition')).toContain('Contoso-report.docx');
    expect((await report.arrayBuffer()).byteLength).toBeGreaterThan(10_000);

    const ended = once(first.child, 'exit');
    first.child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    const again = await serving(['--data', data]);
    expect((await asked<Content>(again.base, '/api/estates/main')).files).toEqual(files);
  });

  it('takes an estate on disk, and asks for a token when others can reach it', async () => {
    const folder = temporaryFolder();
    cpSync(join(root, 'scenarios/PP-S10-asymmetric-routing'), join(folder, 'mine'), { recursive: true });
    const server = await serving([join(folder, 'mine'), '--data', join(folder, 'data'), '--host', '0.0.0.0']);
    expect(server.said()).toMatch(/sign-in#token=[\w-]{43}\n.*put a proxy with TLS/);
    const { port } = new URL(server.base);
    expect((await fetch(`http://127.0.0.1:${port}/api/estates/main`)).status).toBe(401);
  });

  it('says what is wrong with its arguments', async () => {
    const data = temporaryFolder();
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['no-such-folder'], /'no-such-folder' cannot be read \(ENOENT\)/],
      [['docs'], /holds no estate document/],
      [['--port', '99999'], /must be a port/],
      [['--url', 'ftp://x'], /is no address of a server/],
      [['--oidc-issuer', 'https://login.example'], /needs both --oidc-issuer and --oidc-client-id/],
      [['--database', 'postgresql://u:secret1234@127.0.0.1:9/x', '--port', '0'], /127\.0\.0\.1:9\/x cannot be opened/],
      [['--host', '203.0.113.1', '--port', '0'], /this machine has no address 203\.0\.113\.1/],
    ];
    for (const [args, said] of cases) {
      const { code, stderr, stdout } = await bothways(['serve', ...args, '--data', join(data, 'x')]);
      expect({ args, code, stderr }).toEqual({ args, code: 2, stderr: expect.stringMatching(said) });
      expect(stdout + stderr).not.toContain('secret1234');
    }
  });
});
