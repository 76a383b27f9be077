import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bothways, root, temporaryFolder } from './bothways.ts';

const scenarios = join(root, 'scenarios');

describe('init --template', () => {
  it('writes the estate of the scenario, which checks clean', async () => {
    const folder = temporaryFolder();
    expect(await bothways(['init', 'net', '--template', 'two-hubs'], { cwd: folder })).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'net/estate.yaml'), 'utf8')).toBe(
      readFileSync(join(scenarios, 'PP-S08-two-countries-two-circuits/estate.yaml'), 'utf8'),
    );
    expect(await bothways(['check', 'net'], { cwd: folder })).toMatchObject({ code: 0 });
  });

  it('takes the id of a scenario, too', async () => {
    const folder = temporaryFolder();
    expect(await bothways(['init', 'net', '--template', 'PP-S33'], { cwd: folder })).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'net/estate.yaml'), 'utf8')).toContain('resiliency: maximum');
  });

  it('refuses an unknown name and answers beside it, and writes nothing', async () => {
    const folder = temporaryFolder();
    for (const [args, message] of [
      [['--template', 'two-hub'], /did you mean 'two-hubs'\?/],
      [['--template', 'q'], /--list names them/],
      [['--template', 'direct', '--region', 'Europe'], /leave --region out/],
    ] as const) {
      const { code, stderr } = await bothways(['init', 'net', ...args], { cwd: folder });
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toMatch(message);
      expect(statSync(join(folder, 'net'), { throwIfNoEntry: false })).toBeUndefined();
    }
  });

  it('lists every template with its title, also where an estate is already', async () => {
    const folder = temporaryFolder();
    await bothways(['init', '--yes'], { cwd: folder });
    const { code, stdout } = await bothways(['init', '--list'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^branch-over-wan +\S/m);
    expect(stdout).toMatch(/^vpn-beside-private-peering +\S/m);
  });
});
