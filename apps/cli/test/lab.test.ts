import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeHost, probePackets } from '@bothways/lab';
import { describe, expect, it } from 'vitest';
import { bothways, command, contoso, root, temporaryFolder } from './bothways.ts';

const daemons = await probeHost(['bird']);
const host = daemons.ok ? await probePackets() : daemons;

describe('the plan of a lab', () => {
  it('says what would be built', async () => {
    const { code, stdout } = await bothways(['lab', 'plan', contoso]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^18 nodes on BIRD$/m);
    expect(stdout).toMatch(/BGP sessions {2}19/);
  });

  it('says what cannot be built', async () => {
    const { code, stderr } = await bothways(['lab', 'plan', 'no-such-folder']);
    expect(code).toBe(2);
    expect(stderr).toContain('no-such-folder');
  });
});

describe('labs that are up', () => {
  it('are none in a folder of its own', async () => {
    const env = { XDG_RUNTIME_DIR: temporaryFolder() };
    expect(await bothways(['lab', 'status'], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^No lab is up/),
    });
    expect(await bothways(['lab', 'shell', 'hq'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no lab is up/),
    });
    expect(await bothways(['lab', 'down'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no lab is up/),
    });
  });

  it.skipIf(process.platform !== 'linux')('are not looked for in a folder that others can write to', async () => {
    const runtime = temporaryFolder();
    mkdirSync(join(runtime, 'bothways'));
    chmodSync(join(runtime, 'bothways'), 0o777);
    const { code, stderr } = await bothways(['lab', 'status'], { env: { XDG_RUNTIME_DIR: runtime } });
    expect(code).toBe(2);
    expect(stderr).toContain('only this user can write to');
  });
});

describe.skipIf(!host.ok)(`a lab on BIRD${host.ok ? '' : ` (not run: ${host.problem})`}`, { timeout: 90_000 }, () => {
  it('shows the drop and the client that gets no answer', async () => {
    const { code, stdout } = await bothways(['lab', 'verify', 'scenarios/PP-S10-asymmetric-routing']);
    expect(stdout).toMatch(/^Predicted and observed agree\.$/m);
    expect(stdout).toMatch(/fw-er +no session in the connection table +(\d+) +\1$/m);
    const [, before, after] = /Counter +fw-er, .*: (\d+) before, (\d+) after/.exec(stdout) ?? [];
    expect(Number(after)).toBeGreaterThanOrEqual(Number(before) + 3);
    expect(stdout).toMatch(
      /Client +10\.\S+ behind \S+ to \S+ port \d+: no answer in 4\.\d s, the connection times out/,
    );
    expect(code).toBe(0);
  });

  it('opens connections by the proxy that a script names, and the service sees what the proxy leaves with', async () => {
    const { code, stdout } = await bothways(['lab', 'verify', 'scenarios/PP-S19-client-routing', '--json']);
    const { connections } = JSON.parse(stdout);
    const proxied = connections.filter((each: { readonly byProxy: boolean }) => each.byProxy);
    expect(proxied.length).toBeGreaterThan(0);
    for (const each of proxied) {
      expect(each).toMatchObject({ agrees: true, observed: { end: 'connected' } });
      // Any address of the pool.
      expect(each.observed.seen).toMatch(/^198\.51\.100\.\d+$/);
    }
    expect(code).toBe(0);
  });

  it('stays up, is entered, and goes down without a trace', async () => {
    const env = { XDG_RUNTIME_DIR: temporaryFolder() };
    const child = spawn(process.execPath, [command, 'lab', 'up', contoso, '--name', 'kept'], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    expect(await bothways(['lab', 'status'], { env })).toMatchObject({
      stdout: expect.stringMatching(/^kept +examples\/contoso +bird +18 +nothing$/m),
    });
    const inside = await bothways(['lab', 'shell', 'er-ce1', '--', 'ip', '-br', 'link'], { env });
    expect(inside).toMatchObject({ code: 0, stdout: expect.stringMatching(/^h5@/m) });
    const wrong = await bothways(['lab', 'shell', 'er-ce'], { env });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/did you mean 'er-ce1'/) });
    const vague = await bothways(['lab', 'fail', 'hq'], { env });
    expect(vague).toMatchObject({ code: 2, stderr: expect.stringMatching(/say which: device hq, site hq/) });
    const file = join(temporaryFolder(), 'er-ce2.pcapng');
    const captured = bothways(['lab', 'capture', 'er-ce2', '-o', file, '--packets', '20'], { env });
    const failed = await bothways(['lab', 'fail', 'device', 'er-ce1', '--json'], { env });
    expect(failed.code).toBe(0);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      failed: ['device er-ce1'],
      convergence: { differences: [] },
      verified: { agrees: true },
    });
    expect(await captured).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(file).readUInt32LE(0)).toBe(0x0a0d0d0a);
    expect(await bothways(['lab', 'status'], { env })).toMatchObject({
      stdout: expect.stringMatching(/18 +device er-ce1$/m),
    });
    const restored = await bothways(['lab', 'restore', '--no-verify'], { env });
    expect(restored).toMatchObject({ code: 0, stdout: expect.stringMatching(/Failed +nothing/) });
    expect(await bothways(['lab', 'down'], { env })).toMatchObject({ code: 0 });
    expect(await ended).toEqual([0, null]);
    expect(await bothways(['lab', 'status'], { env })).toMatchObject({
      stdout: expect.stringMatching(/^No lab is up/),
    });
  });

  it('is cancelled cleanly while it is built', async () => {
    const child = spawn(process.execPath, [command, 'lab', 'verify', contoso], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString();
    });
    const ended = once(child, 'exit');
    setTimeout(() => child.kill('SIGTERM'), 2200);
    const [code, signal] = await ended;
    // Before the lab begins, a signal ends the program as it ends any other.
    if (signal === null)
      expect([code, said]).toEqual([2, expect.stringMatching(/cancelled; nothing of the lab is left/)]);
  });
});
