import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bothways, temporaryFolder } from './bothways.ts';

/** Runs `check` on a file with this content; gives what it printed. */
async function checkFile(
  content: string | Uint8Array,
  name = 'estate.yaml',
): Promise<{ code: number | null; stdout: string }> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), content);
  const { code, stdout, stderr } = await bothways(['check', name], { cwd: folder });
  expect(stderr).toBe('');
  return { code, stdout };
}

describe('what cannot be read ends with exit code 2 and a way out', () => {
  it('a file that is not there', async () => {
    const { code, stdout } = await bothways(['check', 'no-such.yaml'], { cwd: temporaryFolder() });
    expect(code).toBe(2);
    expect(stdout).toMatch(/'no-such\.yaml' does not exist/);
    expect(stdout).toMatch(/bothways init no-such\.yaml/);
  });

  it('a misspelt name', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'network.yaml'), '');
    const { code, stdout } = await bothways(['check', 'netwrok.yaml'], { cwd: folder });
    expect(code).toBe(2);
    expect(stdout).toMatch(/did you mean 'network\.yaml'\?/);
  });

  it('a folder without an estate', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'readme.txt'), 'nothing here');
    const { code, stdout } = await bothways(['check'], { cwd: folder });
    expect(code).toBe(2);
    expect(stdout).toMatch(/holds no \.yaml, \.yml or \.json file/);
  });

  it('a path through a file', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'estate.yaml'), '');
    const { code, stdout } = await bothways(['check', 'estate.yaml/inner.yaml'], { cwd: folder });
    expect(code).toBe(2);
    expect(stdout).toMatch(/a part of the path is a file/);
  });

  it('a link that leads to itself', async () => {
    const folder = temporaryFolder();
    symlinkSync('estate.yaml', join(folder, 'estate.yaml'));
    const { code, stdout } = await bothways(['check', 'estate.yaml'], { cwd: folder });
    expect(code).toBe(2);
    expect(stdout).toMatch(/leads back to itself/);
  });

  it('50 MB, without reading them', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'estate.yaml');
    writeFileSync(path, 'bothways: 1\n');
    truncateSync(path, 50 * 1024 * 1024);
    const started = performance.now();
    const { code, stdout } = await bothways(['check', path]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/larger than 10 megabytes and was\s+not\s+read/);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('a folder whose files are too large together', async () => {
    const folder = temporaryFolder();
    for (const name of ['a.yaml', 'b.yaml']) writeFileSync(join(folder, name), Buffer.alloc(6 * 1024 * 1024, '#'));
    const { code, stdout } = await bothways(['check', folder]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/the estate, with '.*b\.yaml', is\s+larger/);
  });

  it('a device that never ends', async () => {
    const { code, stdout } = await bothways(['check', '/dev/zero']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/larger\s+than\s+10\s+megabytes/);
  });

  it('standard input that is too large', async () => {
    const { code, stdout } = await bothways(['check', '-'], { input: Buffer.alloc(11 * 1024 * 1024, '#') });
    expect(code).toBe(2);
    expect(stdout).toMatch(/standard input is larger than 10 megabytes/);
  });

  it('a binary file', async () => {
    const { code, stdout } = await checkFile(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]));
    expect(code).toBe(2);
    expect(stdout).toMatch(/'estate\.yaml' is not text: byte 8 is zero/);
  });

  it('text in another encoding', async () => {
    const latin = await checkFile(Buffer.from('name: M\u00fcnchen', 'latin1'));
    expect(latin.code).toBe(2);
    expect(latin.stdout).toMatch(/byte 8 is not UTF-8/);
    const utf16 = await checkFile(Buffer.from('\ufeffbothways: 1', 'utf16le'));
    expect(utf16.code).toBe(2);
    expect(utf16.stdout).toMatch(/is UTF-16 text/);
  });

  it('an empty file', async () => {
    const { code, stdout } = await checkFile('');
    expect(code).toBe(2);
    expect(stdout).toMatch(/estate\.yaml/);
  });

  it('a list where a document should be', async () => {
    expect((await checkFile('[1, 2, 3]')).code).toBe(2);
  });

  it('an alias bomb', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`,
    );
    const started = performance.now();
    const { code, stdout } = await checkFile(['bothways: 1', 'a0: &a0 [x]', ...levels].join('\n'));
    expect(code).toBe(2);
    expect(stdout).toMatch(/alias/);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('nesting without end', async () => {
    expect((await checkFile(`bothways: 1\nsites: ${'['.repeat(20_000)}`)).code).toBe(2);
    expect((await checkFile('{"a":'.repeat(20_000), 'estate.json')).code).toBe(2);
  });

  it('one bad file among good ones, reported together with its neighbours', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.yaml'), new Uint8Array([0]));
    writeFileSync(join(folder, 'b.yaml'), new Uint8Array([0xff]));
    const { code, stdout } = await bothways(['check', folder]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/a\.yaml/);
    expect(stdout).toMatch(/b\.yaml/);
  });

  it('the same for a program that asks in JSON', async () => {
    const { code, stdout } = await bothways(['check', 'no-such.yaml', '--format', 'json'], { cwd: temporaryFolder() });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      summary: { errors: 1 },
      findings: [{ rule: 'input/unreadable', severity: 'error' }],
    });
  });

  it('terminal escapes in a file name do not reach the terminal', async () => {
    const folder = temporaryFolder();
    const name = '\u001b[2Jestate.yaml';
    writeFileSync(join(folder, name), 'bothways: 1\n\u0007: x\n');
    const { stdout, stderr } = await bothways(['check', name], { cwd: folder });
    expect(stdout + stderr).not.toMatch(/[\u0007\u001b]/);
  });

  it('trace and routes say the same on standard error', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'empty'));
    for (const verb of ['trace', 'routes']) {
      const { code, stdout, stderr } = await bothways([verb, 'empty'], { cwd: folder });
      expect({ verb, code, stdout }).toEqual({ verb, code: 2, stdout: '' });
      expect(stderr).toMatch(/holds no \.yaml/);
    }
  });
});

describe('arguments that make no sense', () => {
  it.each([
    [['chekc'], /Did you mean check\?|unknown command|too many arguments/i],
    [['check', '--fromat', 'json'], /unknown option '--fromat'/],
    [['check', '--format', 'xml'], /Allowed choices are text, json/],
    [['check', '--fail-on', 'panic'], /Allowed choices are error, warning, note/],
    [['check', 'a', 'b'], /too many arguments/],
    [['--color', 'sometimes', 'schema'], /Allowed choices are auto, always, never/],
    [['completion'], /missing required argument/],
    [['completion', 'tcsh'], /Allowed choices are bash, zsh, fish/],
    [['explain', 'no-such-rule-at-all'], /there is no rule 'no-such-rule-at-all'/],
    [['check', 'examples/contoso', '--sessions-per-user', 'many'], /'many' is not a number of sessions/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await bothways(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
