import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedFiles, originOf, scenarioFolders, stale } from './generate-scenarios.ts';

const files = generatedFiles();

describe('what is generated from the scenarios', () => {
  it('the pages and the pictures are fresh', () => {
    expect(stale(files)).toEqual([]);
  });

  it('a file that differs or is missing is out of date', () => {
    const [page] = files;
    expect(stale([{ path: page?.path ?? '', text: `${page?.text}\n` }])).toEqual([page?.path]);
    expect(stale([{ path: 'docs/no-such-page.md', text: '' }])).toEqual(['docs/no-such-page.md']);
  });

  it('the page has every folder', () => {
    const [page] = files;
    const missing = scenarioFolders().filter(
      (name) => page?.text.includes(`(../scenarios/${name}/README.md)`) !== true,
    );
    expect(missing).toEqual([]);
  });

  it('the origin is split into the document and its part', () => {
    expect(originOf('*Plan* (2025-04-02), the figure x.png (PP-S04 in the facts): y.')).toEqual({
      document: '*Plan* (2025-04-02)',
      part: 'the figure x.png (PP-S04 in the facts): y.',
    });
    expect(originOf('the documentation on metro; no figure of its own.').document).toBe('the documentation on metro');
  });

  it('the gallery has a picture of every network and a round trip, and no picture that nothing shows', () => {
    const gallery = files.find(({ path }) => path === 'docs/gallery/README.md')?.text ?? '';
    const kept = readdirSync(join(import.meta.dirname, '../docs/gallery')).filter((name) => name.endsWith('.svg'));
    expect(kept.filter((name) => !gallery.includes(`(${name})`))).toEqual([]);
    expect(scenarioFolders().filter((name) => !kept.includes(`${name}.svg`))).toEqual([]);
    expect(kept.filter((name) => name.endsWith('-both-ways.svg')).length).toBeGreaterThan(50);
  });
});
