import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bothways, root, temporaryFolder } from './bothways.ts';

const scenarios = join(root, 'scenarios');

describe('init --from', () => {
  it('writes the estate of the scenario, which checks clean', async () => {
    const folder = temporaryFolder();
    expect(await bothways(['init', 'net', '--from', 'two-hubs'], { cwd: folder })).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'net/estate.yaml'), 'utf8')).toBe(
      readFileSync(join(scenarios, 'PP-S08-two-countries-two-circuits/estate.yaml'), 'utf8'),
    );
    expect(await bothways(['check', 'net'], { cwd: folder })).toMatchObject({ code: 0 });
  });

  it('takes the id of a scenario, too', async () => {
    const folder = temporaryFolder();
    expect(await bothways(['init', 'net', '--from', 'PP-S33'], { cwd: folder })).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'net/estate.yaml'), 'utf8')).toContain('resiliency: maximum');
  });

  it('starts from a broken figure, too, and says so', async () => {
    const folder = temporaryFolder();
    const { code, stdout } = await bothways(['init', 'net', '--from', 'pp-s10'], { cwd: folder });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('broken on purpose') });
    expect(await bothways(['check', 'net'], { cwd: folder })).toMatchObject({ code: 1 });
  });

  it('refuses an unknown name and answers beside it, and writes nothing', async () => {
    const folder = temporaryFolder();
    for (const [args, message] of [
      [['--from', 'two-hub'], /did you mean 'two-hubs'\?/],
      [['--from', 'q'], /--list names them/],
      [['--from', 'PP-S99'], /did you mean 'PP-S\d9'\?/],
      [['--from', 'direct', '--region', 'Europe'], /leave --region out/],
    ] as const) {
      const { code, stderr } = await bothways(['init', 'net', ...args], { cwd: folder });
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toMatch(message);
      expect(statSync(join(folder, 'net'), { throwIfNoEntry: false })).toBeUndefined();
    }
  });

  it('lists every starting point with its title, also where an estate is already', async () => {
    const folder = temporaryFolder();
    await bothways(['init', '--yes'], { cwd: folder });
    const { code, stdout } = await bothways(['init', '--list'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^branch-over-wan +\S/m);
    expect(stdout).toMatch(/^vpn-beside-private-peering +\S/m);
    expect(stdout).toMatch(/^PP-S10 +.*broken, to learn from$/m);
  });
});
