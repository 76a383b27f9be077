/** One document, many views of it: text, forms, another tab, an editor on disk. Nothing is lost. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser, openPage, root, verdict, type Workbench, workbench } from '../../../scripts/workbench-browser.ts';

/** A copy of the asymmetric figure on disk. */
async function onDisk(use: (bench: Workbench, path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bothways-edit-'));
  const path = join(folder, 'estate.yaml');
  writeFileSync(path, readFileSync(join(root, 'scenarios/PP-S10-asymmetric-routing/estate.yaml')));
  try {
    await using bench = await workbench(path);
    await verdict(bench.page, /is broken/);
    await use(bench, path);
    // That a save met another one is the browser's to log; the page deals with it.
    expect(bench.complaints.filter((each) => !each.includes('409 (Conflict)'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const saved = async (page: Page): Promise<void> => page.getByText('Saved', { exact: true }).waitFor();

const until = async (holds: () => boolean): Promise<void> => {
  const started = performance.now();
  while (!holds()) {
    if (performance.now() - started > 20_000) throw new Error('it did not come about in 20 s');
    await new Promise((done) => setTimeout(done, 100));
  }
};

describe.skipIf(!hasBrowser)('editing', () => {
  it('text with completion and findings, forms of the same document, one undo for both', async () => {
    await onDisk(async ({ page }, path) => {
      const before = readFileSync(path, 'utf8');
      await openPage(page, 'Editor');
      await page.locator('.cm-line', { hasText: 'dc: { city: Frankfurt }' }).click();
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.type(', us');
      await page.locator('.cm-tooltip-autocomplete li', { hasText: 'users' }).first().waitFor();
      // CodeMirror takes no choice in the first moments of a list, lest somebody who types on chooses by accident.
      await page.waitForTimeout(300);
      await page.keyboard.press('Enter');
      await page.keyboard.type('40');
      await saved(page);
      await until(() => readFileSync(path, 'utf8').includes('dc: { city: Frankfurt, users: 40 }'));

      // A misspelt key is underlined and listed, with the verdict saying so.
      await page.keyboard.type(', bogus: 1');
      await verdict(page, /cannot be computed/);
      await page.locator('.cm-lintRange-error').first().waitFor();
      await page.getByRole('complementary', { name: 'Findings in this document' }).getByText(/bogus/).first().waitFor();
      await page.keyboard.press('Control+z');
      await verdict(page, /is broken/);

      // The same document in forms: one value, comments and order kept.
      await page.getByRole('tab', { name: 'Forms' }).click();
      await page
        .getByRole('navigation', { name: 'Kinds' })
        .getByRole('button', { name: /^Circuits/ })
        .click();
      const bandwidth = page.getByRole('textbox', { name: /^Bandwidth/ }).first();
      await bandwidth.fill('1 Gbps');
      await bandwidth.press('Enter');
      await until(() => readFileSync(path, 'utf8').includes('bandwidth: 1 Gbps\n'));
      expect(readFileSync(path, 'utf8').split('\n')[0]).toBe(before.split('\n')[0]);

      // Back to what it was, over both views.
      for (const undo = page.getByRole('button', { name: /^Undo/ }); (await undo.count()) > 0; ) await undo.click();
      await saved(page);
      await until(() => readFileSync(path, 'utf8') === before);
    });
  });

  it('what an editor on disk changes appears in the page; two tabs that change other lines are merged', async () => {
    await onDisk(async ({ page, context, url }, path) => {
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(
          'advertises: [203.0.113.0/28, 198.51.100.0/28]',
          'advertises: [203.0.113.0/28]',
        ),
      );
      await verdict(page, /holds/);

      const other = await context.newPage();
      await other.goto(url);
      await verdict(other, /holds/);
      for (const [tab, kind, name, field, value] of [
        [page, /^Sites/, 'hq', /^Users/, '901'],
        [other, /^Circuits/, 'er-fra', /^Bandwidth/, '2 Gbps'],
      ] as const) {
        await tab.goto(`${url}#/editor?view=form`);
        await tab.getByRole('navigation', { name: 'Kinds' }).getByRole('button', { name: kind }).click();
        await tab.getByRole('button', { name, exact: true }).click();
        await tab.getByRole('textbox', { name: field }).first().fill(value);
      }
      // Both at the same moment, each on the revision it had.
      await Promise.all([page, other].map((tab) => tab.keyboard.press('Enter')));
      await until(() => {
        const now = readFileSync(path, 'utf8');
        return now.includes('users: 901') && now.includes('bandwidth: 2 Gbps');
      });
    });
  });

  it('the same line changed in two places: the page asks, and keeps both in the history', async () => {
    await onDisk(async ({ page, url }, path) => {
      await page.goto(`${url}#/editor?view=form`);
      await page.getByRole('button', { name: 'hq', exact: true }).click();
      const users = page.getByRole('textbox', { name: /^Users/ });
      await users.fill('777');
      // The other change reaches the disk while this page has one of its own on the way.
      let isFirst = true;
      await page.route('**/api/estates/main', async (route) => {
        if (route.request().method() === 'PUT' && isFirst) {
          isFirst = false;
          writeFileSync(path, readFileSync(path, 'utf8').replace('users: 900', 'users: 555'));
          await new Promise((done) => setTimeout(done, 1500));
        }
        await route.continue();
      });
      await users.press('Enter');
      await page.getByRole('alertdialog').getByText('The same lines were changed elsewhere').waitFor();
      await page.getByRole('button', { name: 'Keep this page' }).click();
      await until(() => readFileSync(path, 'utf8').includes('users: 777'));
      await openPage(page, 'History');
      await page
        .getByRole('button', { name: /^What changed since revision/ })
        .nth(1)
        .waitFor();
    });
  });
});
