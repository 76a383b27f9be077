import { describe, expect, it } from 'vitest';
import { generatedFiles, originOf, scenarioFolders, stale, templatesText } from './generate-scenarios.ts';

describe('what is generated from the scenarios', () => {
  it('the page and the templates are fresh', () => {
    expect(stale(generatedFiles())).toEqual([]);
  });

  it('a file that differs or is missing is out of date', () => {
    const [page] = generatedFiles();
    expect(stale([{ path: page?.path ?? '', text: `${page?.text}\n` }])).toEqual([page?.path]);
    expect(stale([{ path: 'docs/no-such-page.md', text: '' }])).toEqual(['docs/no-such-page.md']);
  });

  it('the page has every folder', () => {
    const [page] = generatedFiles();
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

  it('a template is a literal that cannot be broken out of', () => {
    expect(templatesText()).not.toMatch(/[^\\]\$\{/);
  });
});
