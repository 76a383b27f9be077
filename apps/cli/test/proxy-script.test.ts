import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bothways, root, temporaryFolder } from './bothways.ts';

/** The estate of a scenario with a script in a file of its own. */
function estateWith(script: string): string {
  const folder = temporaryFolder();
  const text = readFileSync(join(root, 'scenarios/PP-S19-client-routing/estate.yaml'), 'utf8');
  const replaced = text.replace(/ {4}pac: \|\n(?: {6}.*\n)+/, '    pac: { from: proxy.pac }\n');
  writeFileSync(join(folder, 'estate.yaml'), replaced);
  writeFileSync(join(folder, 'proxy.pac'), script);
  return folder;
}

describe('a proxy script', () => {
  it('of a scenario leads its clients as the folder expects', async () => {
    const { code, stdout } = await bothways([
      'check',
      join(root, 'scenarios/PP-S19-client-routing'),
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/network\/script-names-address/);
    expect(stdout).toMatch(/"id": ?"PP-F01\/hq\/production\/westeurope"/);
    expect(stdout).not.toMatch(/client-steering-followed/);
    expect(stdout).toMatch(/web-proxy/);
  });

  it('runs on the thread beside the bundle, and what is wrong is shown where it stands', async () => {
    expect(existsSync(join(root, 'apps/cli/dist/pac-worker.js'))).toBe(true);
    const folder = estateWith('function FindProxyForURL(url, host) {\n  return "PROXY web-prxy:8080";\n}\n');
    const { code, stdout, stderr } = await bothways(['check', folder]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/network\/unknown-proxy/);
    expect(stdout).toMatch(/proxy\.pac:2:17/);
    expect(stdout).toMatch(/did you mean 'web-proxy'\?/);
    expect(code).toBe(1);
  });

  it('that is not valid is an error with its line, and the document is answered all the same', async () => {
    const { stdout, code } = await bothways([
      'check',
      estateWith('function FindProxyForURL(url, host) {\n  return host ==;\n}\n'),
    ]);
    expect(stdout).toMatch(/network\/script-syntax/);
    expect(stdout).toMatch(/proxy\.pac:2:/);
    expect(code).toBe(1);
  });

  it('that never ends does not keep the command', async () => {
    const folder = estateWith(
      'function FindProxyForURL(url, host) {\n  return "" + [].indexOf.call({ length: 9007199254740991 }, host);\n}\n',
    );
    const started = performance.now();
    const { stdout } = await bothways(['check', folder]);
    expect(stdout).toMatch(/network\/script-failure/);
    expect(performance.now() - started).toBeLessThan(19_000);
  });

  it('prints the same bytes every time', async () => {
    const folder = estateWith(
      'function FindProxyForURL(url, host) {\n  return timeRange(8, 18) ? "DIRECT" : "PROXY 10.30.0.10:8080";\n}\n',
    );
    const [first, second] = [await bothways(['check', folder]), await bothways(['check', folder])];
    expect(second).toEqual(first);
  });
});
