/** Nothing serious for axe on any page in light and in dark, and the whole tour by keyboard alone. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportDocument, reportEstate, reportHtml } from '@bothways/twin';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser, root, verdict, workbench } from '../../../scripts/workbench-browser.ts';

/** Every view of every page. */
const views = [
  'network',
  'editor',
  'editor?view=form',
  'paths',
  'what-if',
  'what-if?view=pools',
  'what-if?view=compare',
  'what-if?view=matrix',
  'findings',
  'findings?rule=no-shared-nat-pool',
  'readiness',
  'flows',
  'facts?id=ER-091',
  'report',
  'gallery',
  'history',
];

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly help: string;
    readonly nodes: readonly {
      readonly target: readonly string[];
      readonly html: string;
      readonly failureSummary?: string;
    }[];
  }[];
}

async function seriousOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  // Fluent's focus guards are hidden and focusable on purpose; the report in its frame is tested by itself.
  const found: AxeResult = await page.evaluate(
    `axe.run({ exclude: ['[data-tabster-dummy]', 'iframe'] }, { resultTypes: ['violations'], iframes: false })`,
  );
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 4).map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
    );
}

describe.skipIf(!hasBrowser)('accessibility', () => {
  for (const theme of ['light', 'dark'] as const) {
    it(`axe finds nothing serious on any page, ${theme}`, async () => {
      await using bench = await workbench('scenarios/PP-S10-asymmetric-routing', theme === 'dark');
      const { page } = bench;
      await verdict(page, /is broken/);
      const problems: string[] = [];
      for (const view of views) {
        await page.evaluate(`location.hash = ${JSON.stringify(`#/${view}`)}`);
        await page.waitForTimeout(view === 'report' ? 1500 : 700);
        for (const problem of await seriousOn(page)) problems.push(`${view}: ${problem}`);
      }
      expect(problems).toEqual([]);
      expect(bench.complaints).toEqual([]);
    });
  }

  it('the whole tour by keyboard alone', async () => {
    await using bench = await workbench();
    const { page } = bench;
    await verdict(page, /holds/);
    const focused = (): Promise<string> =>
      page.evaluate(
        `(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()`,
      );
    const tabTo = async (name: RegExp, most = 60): Promise<void> => {
      for (let press = 0; press < most; press++) {
        if (name.test(await focused())) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`the Tab key does not reach ${name}`);
    };
    await tabTo(/^Gallery$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Gallery' }).waitFor();
    await tabTo(/^Start the tour$/);
    await page.keyboard.press('Enter');
    const tour = page.getByRole('region', { name: 'Tour' });
    const stations = Number(/^1 of (\d+):/m.exec(await tour.innerText())?.[1]);
    expect(stations).toBeGreaterThanOrEqual(50);
    await tabTo(/^Next figure$/, 90);
    for (let station = 2; station <= stations; station++) {
      await page.keyboard.press('Enter');
      await tour.getByText(`${station} of ${stations}:`).waitFor();
      await verdict(page, /holds|broken|certain/);
    }
    // From the last figure to a box of the picture and its details, still by keyboard.
    for (let press = 0; !(await page.evaluate(`document.activeElement.hasAttribute('data-node')`)); press++) {
      if (press > 40) throw new Error('the Tab key does not reach the picture');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Close the details' }).waitFor();
    expect(bench.complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('axe finds nothing serious in a report, %s', async (theme) => {
    const name = 'scenarios/PP-S10-asymmetric-routing/estate.yaml';
    const { view } = reportEstate([{ name, text: readFileSync(join(root, name), 'utf8') }], { version: '0' });
    if (view === undefined) throw new Error('the scenario has errors');
    await using bench = await workbench('scenarios/PP-S10-asymmetric-routing', theme === 'dark');
    await verdict(bench.page, /is broken/);
    await bench.page.goto('about:blank');
    await bench.page.setContent(reportHtml(reportDocument(view)));
    expect(await seriousOn(bench.page)).toEqual([]);
  });
});
