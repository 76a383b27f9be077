import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { bothways, contoso, root, temporaryFolder } from './bothways.ts';

const asymmetric = readFileSync(join(root, 'scenarios/PP-S10-asymmetric-routing/estate.yaml'), 'utf8');

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('check --format', () => {
  it.each([
    ['sarif', /^\{\n {2}"\$schema"/],
    ['junit', /^<\?xml version="1.0"/],
    ['markdown', /^## Contoso is broken/],
    ['github', /^::error file=estate.yaml,line=37,/],
  ])('%s: the same bytes each time, and the exit code of the check', async (format, start) => {
    const cwd = folderWith({ 'estate.yaml': asymmetric });
    const [first, second] = [
      await bothways(['check', '--format', format], { cwd }),
      await bothways(['check', '--format', format], { cwd }),
    ];
    expect(first).toMatchObject({ code: 1, stderr: '' });
    expect(first.stdout).toMatch(start);
    expect(second.stdout).toBe(first.stdout);
  });
});

describe('check --fix', () => {
  it('mends the file, keeps its mode and every other byte, and the check then holds', async () => {
    const cwd = folderWith({ 'estate.yaml': `\ufeff${asymmetric.replaceAll('\n', '\r\n')}` });
    const path = join(cwd, 'estate.yaml');
    chmodSync(path, 0o640);
    const { code, stdout } = await bothways(['check', '--fix', '.'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 safe fix applied in estate.yaml:/);
    const after = readFileSync(path, 'utf8');
    expect(after).toBe(
      `\ufeff${asymmetric.replaceAll('\n', '\r\n')}`.replace('[203.0.113.0/28, 198.51.100.0/28]', '[203.0.113.0/28]'),
    );
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(cwd)).toEqual(['estate.yaml']);
    expect((await bothways(['check', '--fix'], { cwd })).stdout).toMatch(/^No safe fix to apply/);
    expect(readFileSync(path, 'utf8')).toBe(after);
  });

  it('follows a symbolic link and leaves it one', async () => {
    const cwd = folderWith({ 'real.txt': asymmetric });
    symlinkSync('real.txt', join(cwd, 'estate.yaml'));
    expect((await bothways(['check', 'estate.yaml', '--fix'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'real.txt'), 'utf8')).not.toBe(asymmetric);
  });

  it('=show prints a diff and writes nothing; colours only where they are wanted', async () => {
    const cwd = folderWith({ 'estate.yaml': asymmetric });
    const { code, stdout } = await bothways(['check', '--fix=show'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^--- estate.yaml\n\+\+\+ estate.yaml\n@@ -34,7 \+34,7 @@\n/);
    expect(readFileSync(join(cwd, 'estate.yaml'), 'utf8')).toBe(asymmetric);
    const coloured = await bothways(['check', '--fix=show'], { cwd, env: { FORCE_COLOR: '1' } });
    expect(coloured.stdout).toContain('\u001b[31m-');
    const plain = await bothways(['check', '--fix=show'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(plain.stdout).toBe(stdout);
  });

  it('shows no secret', async () => {
    const cwd = folderWith({ 'estate.yaml': asymmetric.replace('vlan: 100', 'vlan: 100\n      md5: hunter2secret') });
    const { stdout, stderr } = await bothways(['check', '--fix=show'], { cwd });
    expect(stdout).toContain('-      advertises');
    expect(stdout + stderr).not.toContain('hunter2secret');
  });

  it('refuses standard input', async () => {
    expect((await bothways(['check', '-', '--fix'], { input: asymmetric })).code).toBe(2);
  });
});

describe('baselines', () => {
  it('show only what came since, and count what is gone', async () => {
    const cwd = folderWith({ 'estate.yaml': asymmetric });
    expect((await bothways(['check', '--write-baseline', 'known.json'], { cwd })).code).toBe(0);
    const same = await bothways(['check', '--since', 'known.json'], { cwd });
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(same.stdout).toMatch(/Since the baseline: 0 new findings, 2 known, 0 gone\./);
    writeFileSync(
      join(cwd, 'estate.yaml'),
      `# moved\n${asymmetric.replace('routeFilter: [West Europe, North Europe]', 'routeFilter: [West Europe]')}`,
    );
    const more = await bothways(['check', '--since', 'known.json', '--format', 'json'], { cwd });
    expect(JSON.parse(more.stdout)).toMatchObject({ findings: [{ rule: 'route-filter-covers-region-pair' }] });
    await bothways(['check', '--fix'], { cwd });
    const mended = await bothways(['check', '--since', 'known.json'], { cwd });
    expect(mended.stdout).toMatch(/1 gone\.\n {2}gone: error\[no-shared-nat-pool\]/);
  });

  it('refuses a file that is none', async () => {
    for (const text of ['{}', 'x']) {
      const cwd = folderWith({ 'estate.yaml': asymmetric, 'known.txt': text });
      expect((await bothways(['check', '--since', 'known.txt'], { cwd })).code).toBe(2);
    }
  });
});

describe('accepted risks', () => {
  const accepted = `${asymmetric}\nacceptedRisks:\n  lease: { rule: no-shared-nat-pool, because: the lease ends, until: 2026-03-31 }\n`;

  it('are listed every time, and count again after their day', async () => {
    const cwd = folderWith({ 'estate.yaml': accepted });
    const before = await bothways(['check', '--as-of', '2026-03-31'], { cwd });
    expect(before.code).toBe(0);
    expect(before.stdout).toMatch(/Accepted: 1 finding\n/);
    expect(before.stdout).toMatch(/until 2026-03-31: the lease ends/);
    const after = await bothways(['check', '--as-of', '2026-04-01'], { cwd });
    expect(after.code).toBe(1);
    expect(after.stdout).toMatch(/that day is over/);
    expect((await bothways(['check', '--as-of', 'soon'], { cwd })).code).toBe(2);
  });
});

describe('the workflow in docs/pipelines', () => {
  const workflow = readFileSync(join(root, 'docs/pipelines/github-actions.yaml'), 'utf8');

  it('is YAML, and its commands and options exist', async () => {
    const { jobs }: { jobs: { check: { steps: { run?: string }[] } } } = JSON.parse(JSON.stringify(load(workflow)));
    const commands = jobs.check.steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/npx bothways ([^|>\n]+)/g)].map((match) => match[1] ?? ''),
    );
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) {
      const [verb = '', ...words] = command.trim().split(/\s+/);
      const { code, stdout } = await bothways([verb, '--help']);
      expect(code, verb).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: bothways ${verb}`));
      for (const option of words.filter((word) => word.startsWith('-'))) expect(stdout, option).toContain(option);
    }
  });

  it('checks a network that is there', async () => {
    expect((await bothways(['check', contoso, '--format', 'github'])).code).toBe(0);
  });
});
