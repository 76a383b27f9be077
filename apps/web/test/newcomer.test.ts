/** The first five minutes of somebody who has never seen the tool. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasBrowser, openPage, verdict, workbench } from '../../../scripts/workbench-browser.ts';

describe.skipIf(!hasBrowser)('the first five minutes', () => {
  it('open, the asymmetric figure, the drop, the fix, the circuit pulled, the fallback, the report', async () => {
    await using bench = await workbench();
    const { page } = bench;

    // It opens on the example, drawn, without any set-up.
    expect(await verdict(page, /holds/)).toMatch(/Contoso holds: all 18 round trips work/);
    await page.locator('[data-node="er-fra-msee1"]').waitFor();

    // The picture as a file that stands by itself.
    const drawing = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as SVG' }).click();
    const svg = readFileSync(await (await drawing).path(), 'utf8');
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).toContain('er-fra-msee1');
    expect(svg).not.toMatch(/class=|style=|<script|var\(|href=/);

    // The tour's figure of asymmetric routing.
    await openPage(page, 'Gallery');
    await page.getByRole('button', { name: /^Open Asymmetric routing/ }).click();
    await page
      .getByRole('region', { name: 'Tour' })
      .getByText(/^10 of \d+: Asymmetric routing/)
      .waitFor();
    await verdict(page, /is broken: 10 of 12 round trips fail; 1 error/);

    // The drop, on the picture and in words, with its line.
    await page.getByRole('region', { name: 'Tour' }).getByRole('link', { name: 'Paths' }).click();
    await page.getByText('The answer is dropped at fw-er').waitFor();
    await page.locator('.mark.drop', { hasText: 'answer dropped here' }).waitFor();
    expect(await page.locator('.way.request path.over, .way.answer path.over').count()).toBeGreaterThanOrEqual(2);
    expect(await page.locator('.hop-table tr.drop').innerText()).toMatch(/fw-er[\s\S]*drops it/);

    // Two places clicked are a question too.
    await page.locator('[data-node="branch"]').click();
    await page.getByText('From branch: click where it goes.').waitFor();
    await page.locator('[data-node="azure-northeurope"]').click();
    await page.getByRole('region', { name: 'Hop by hop' }).getByText('branch → North Europe').waitFor();
    await page
      .getByRole('button', { name: /hq → West Europe/ })
      .first()
      .click();
    await page.getByRole('region', { name: 'Hop by hop' }).getByText('hq → West Europe').waitFor();

    // Why a device has its route, and how BGP came to rest.
    await page.getByRole('button', { name: 'Routes at microsoft' }).first().click();
    await page.getByRole('heading', { name: /^How BGP came to rest/ }).waitFor();
    await page.getByRole('button', { name: 'Close the routes' }).click();

    // Step through the packet up to the device that drops it.
    for (let at = 0; at < 11; at++) await page.getByRole('button', { name: /Step through|Next hop/ }).click();
    await page.getByText('11 of 11: fw-er drops it the answer').waitFor();

    // The fix, with one click; everything holds.
    await openPage(page, 'Findings');
    await page.getByRole('button', { name: /^Apply: stop announcing 198\.51\.100\.0\/28/ }).click();
    await verdict(page, /holds: all 12 round trips work/);
    await page.getByText('Saved', { exact: true }).waitFor();
    // It became a copy of one's own.
    expect(new URL(page.url()).searchParams.get('estate')).not.toBe('main');

    // And back, and forth again.
    await page.getByRole('button', { name: /^Undo/ }).click();
    await verdict(page, /is broken/);
    await page.getByRole('button', { name: /^Redo/ }).click();
    await verdict(page, /holds: all 12/);

    // The example's circuit, pulled: everything falls back to the internet.
    await page.getByRole('combobox', { name: 'Estate' }).click();
    await page.getByRole('option', { name: /^Contoso/ }).click();
    await verdict(page, /all 18 round trips work/);
    await openPage(page, 'What if');
    await page.getByRole('checkbox', { name: 'er-fra', exact: true }).check();
    await page.getByRole('heading', { name: 'With circuit er-fra failed' }).waitFor();
    await page
      .getByText(/circuit er-fra → internet \(inet\)/)
      .first()
      .waitFor();
    await page.locator('.node.msee.failed').first().waitFor();
    expect(await page.getByRole('region', { name: 'Consequences' }).innerText()).toMatch(
      /intent\s+dataverse-is-private\s+works\s+broken/,
    );
    await page.getByRole('button', { name: 'Restore everything' }).click();
    await verdict(page, /holds/);

    // The report, as a file.
    await openPage(page, 'Report');
    await page.frameLocator('iframe').getByRole('heading', { level: 1 }).waitFor();
    const downloaded = page.waitForEvent('download');
    await page.getByRole('link', { name: 'HTML' }).click();
    const path = await (await downloaded).path();
    expect(readFileSync(path, 'utf8')).toContain('<h1');
    expect(bench.complaints).toEqual([]);
  });
});
