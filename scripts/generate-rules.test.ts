import { describe, expect, it } from 'vitest';
import { generatedList, generatedPages, listText, stale } from './generate-rules.ts';

/** Every page runs a check of the example or two. */
const patience = 60_000;
const pages = generatedPages();

describe('what is generated from the rules', () => {
  it('the list of rules is fresh', () => {
    expect(stale([generatedList()])).toEqual([]);
  });

  it(
    'the pages in docs/rules are fresh',
    async () => {
      expect(stale(await pages)).toEqual([]);
    },
    patience,
  );

  it(
    'a page that differs, is missing or has no rule any more is out of date',
    async () => {
      const [overview, first] = await pages;
      expect(stale([{ path: overview?.path ?? '', text: `${overview?.text}\n` }])).toEqual([overview?.path]);
      expect(stale([{ path: 'docs/rules/no-such-rule.md', text: '' }])).toEqual(['docs/rules/no-such-rule.md']);
      expect(stale([{ path: first?.path ?? '', text: undefined }])).toEqual([first?.path]);
    },
    patience,
  );

  it('lists rules by name, exported in camel case', () => {
    expect(listText(['a-rule', 'microsoft365-rule'])).toContain(
      "import { aRule } from './a-rule.ts';\nimport { microsoft365Rule } from './microsoft365-rule.ts';",
    );
  });
});
