import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { findBrowser } from '../src/browser.ts';
import { bothways, contoso, root, temporaryFolder } from './bothways.ts';

describe('report', () => {
  it.each([
    ['report.html', /^<!doctype html>/],
    ['report.md', /^# Contoso: network report/],
    ['report.json', /^\{\n {2}"bothways": "0\.1\.0",\n {2}"schema": "urn:bothways:report:1"/],
  ])('%s: the same bytes each time, without a date', async (name, start) => {
    const folder = temporaryFolder();
    const texts = [];
    for (const each of ['a', 'b']) {
      const target = join(folder, `${each}-${name}`);
      expect(await bothways(['report', contoso, '-o', target])).toMatchObject({
        code: 0,
        stdout: `Wrote ${target}.\n`,
        stderr: '',
      });
      texts.push(readFileSync(target, 'utf8'));
    }
    expect(texts[0]).toMatch(start);
    expect(texts[1]).toBe(texts[0]);
  });

  it('as a Word document: well packed, and the same bytes each time', async () => {
    const folder = temporaryFolder();
    const files = [];
    for (const each of ['a.docx', 'b.docx']) {
      expect((await bothways(['report', contoso, '-o', join(folder, each)])).code).toBe(0);
      files.push(readFileSync(join(folder, each)));
    }
    expect(files[1]?.equals(files[0] ?? Buffer.alloc(0))).toBe(true);
    const parts = unzipSync(files[0] ?? new Uint8Array());
    const text = new TextDecoder().decode(parts['word/document.xml']);
    expect(text).toContain('Decision and alternatives');
    expect(text).toContain('w:tblHeader');
    expect(Object.keys(parts).filter((name) => name.endsWith('.svg')).length).toBeGreaterThan(1);
    const pixels = Object.entries(parts).filter(([name]) => name.endsWith('.png'));
    // Where a browser can draw, a reader without vector graphics sees every picture too.
    if (findBrowser(process.env) !== undefined) {
      expect(pixels.length).toBeGreaterThan(1);
      for (const [name, data] of pixels) expect({ name, large: data.length > 1000 }).toEqual({ name, large: true });
    }
    expect(new TextDecoder().decode(parts['docProps/core.xml'])).not.toMatch(/20(?:0[1-9]|[1-9]\d)-/);
  });

  it('as PDF where there is a browser, the same bytes each time; else it says what is missing', {
    timeout: 120_000,
  }, async () => {
    const folder = temporaryFolder();
    const [first, second] = [join(folder, 'a.pdf'), join(folder, 'b.pdf')];
    const { code, stderr } = await bothways(['report', contoso, '-o', first]);
    if (code !== 0) {
      expect(stderr).toMatch(/a PDF needs Chromium, Chrome or Edge/);
      return;
    }
    await bothways(['report', contoso, '-o', second]);
    expect(readFileSync(first).subarray(0, 5).toString()).toBe('%PDF-');
    expect(readFileSync(second).equals(readFileSync(first))).toBe(true);
  });

  it('as PDF it says what it needs where there is no browser', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await bothways(['report', contoso, '-o', join(folder, 'report.pdf')], {
      env: { BOTHWAYS_CHROMIUM: join(folder, 'none') },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/the report was not printed/);
  });

  it('refuses an ending it does not know, a day that is none, and a document with errors', async () => {
    const folder = temporaryFolder();
    expect(await bothways(['report', contoso, '-o', 'report.xyz'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/\.html, \.md/),
    });
    expect((await bothways(['report', contoso, '--date', 'soon'])).code).toBe(2);
    writeFileSync(join(folder, 'bad.yaml'), 'bothways: 1\nsites: 3\n');
    expect(await bothways(['report', 'bad.yaml', '-o', 'r.html'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error\[/),
    });
  });

  it('goes to standard output without -o', async () => {
    expect((await bothways(['report', contoso, '--format', 'md'])).stdout).toMatch(/^# Contoso/);
  });
});

describe('test', () => {
  it('runs the intents like a test runner', async () => {
    expect(await bothways(['test', contoso])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✓ dataverse-is-private: .*\n\n1 intent: 1 held\n$/s),
    });
    const folder = temporaryFolder();
    const text = readFileSync(join(root, contoso, 'estate.yaml'), 'utf8');
    writeFileSync(join(folder, 'estate.yaml'), text.replace('over: expressroute', 'over: internet'));
    const broken = await bothways(['test'], { cwd: folder });
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/^✗ dataverse-is-private/);
    expect(broken.stdout).toMatch(/estate\.yaml:\d+:3/);
    expect(broken.stdout).toMatch(/there {3}hq → /);
    expect((await bothways(['test', '--format', 'junit'], { cwd: folder })).stdout).toMatch(
      /<failure message="PP-F01 from hq/,
    );
  });

  it('what is not known fails only where it is asked to', async () => {
    const folder = temporaryFolder();
    const text = readFileSync(join(root, contoso, 'estate.yaml'), 'utf8');
    const unsaid = text
      .replace('bandwidth: 100 Mbps, ', '')
      .replace('over: expressroute', 'over: expressroute\n    minimumBandwidthPerUser: 100 kbps');
    writeFileSync(join(folder, 'estate.yaml'), unsaid);
    const unknown = await bothways(['test'], { cwd: folder });
    expect(unknown).toMatchObject({ code: 0, stdout: expect.stringContaining('nobody said how wide mpls-branch is') });
    expect((await bothways(['test', '--strict'], { cwd: folder })).code).toBe(1);
  });
});
