/**
 * The workbench: from an edit to the verdict, in the engine by itself and on the screen of a real browser; from opening
 * the page to its first useful paint; how it moves with 5,000 sites. Chromium draws without a graphics card here.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Workbench } from '@bothways/twin';
import { hasBrowser, type Workbench as Shown, verdict, workbench } from '../scripts/workbench-browser.ts';
import { sweepEstate } from './sweep-estate.ts';

const shapes = [
  ['12 routers', { branches: 4, linksEach: 2, hubs: 2, prefixesEach: 4 }],
  ['500 devices', { branches: 470, linksEach: 1, hubs: 4, prefixesEach: 1 }],
  ['5,000 sites', { branches: 5000, linksEach: 1, hubs: 4, prefixesEach: 1 }],
] as const;

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
const share = (list: readonly number[], part: number): number =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * part))] ?? Number.NaN;
const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

console.log('Engine: from text to verdict, and to all findings; one element pulled');
for (const [name, shape] of shapes) {
  const text = sweepEstate(shape);
  const runs = name === '5,000 sites' ? 2 : name === '500 devices' ? 5 : 15;
  const open: number[] = [];
  const processor: number[] = [];
  const rules: number[] = [];
  const pulls: number[] = [];
  let before: Workbench | undefined;
  for (let run = 0; run < runs; run++) {
    // Another text each time, as after an edit.
    const files = [{ name: 'estate.yaml', text: text.replace('users: 50', `users: ${50 + run}`) }];
    const cpu = process.cpuUsage();
    const started = performance.now();
    const bench: Workbench = new Workbench(files, {}, before);
    before = bench;
    if (!bench.verdict().usable) throw new Error(`${name}: the estate has errors`);
    open.push(performance.now() - started);
    const { user, system } = process.cpuUsage(cpu);
    processor.push((user + system) / 1000);
    if (name === '5,000 sites') continue;
    const judged = performance.now();
    bench.judgement();
    rules.push(performance.now() - judged);
    const elements = bench.topology()?.elements ?? [];
    bench.whatIf([elements[0]?.id ?? '']);
    for (const { id } of elements.slice(1, 12)) {
      const pulled = performance.now();
      bench.whatIf([id]);
      pulls.push(performance.now() - pulled);
    }
  }
  const more =
    rules.length === 0 ? '' : `, rules ${ms(median(rules))} more, one more element pulled ${ms(median(pulls))}`;
  console.log(
    `  ${name.padEnd(12)} verdict ${ms(median(open))}, ${ms(median(processor))} of processor time (first ${ms(open[0] ?? 0)})${more}`,
  );
}

if (!hasBrowser) console.log('Browser: not measured, there is none');
else {
  for (const [name, shape] of shapes) await inBrowser(name, sweepEstate(shape));
}

async function inBrowser(name: string, text: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bothways-bench-'));
  writeFileSync(join(folder, 'estate.yaml'), text);
  try {
    await using shown = await workbench(join(folder, 'estate.yaml'));
    console.log(`Browser: ${name}`);
    await firstPaint(shown);
    await edits(shown);
    await moving(shown);
    if (shown.complaints.length > 0) throw new Error(shown.complaints.join('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A second visit: the server is up, as it is for everybody but the first. */
async function firstPaint({ page, url }: Shown): Promise<void> {
  const started = performance.now();
  await verdict(page, /holds|broken|certain/);
  console.log(`  first visit, server just started: verdict after ${ms(performance.now() - started)}`);
  const again = performance.now();
  await page.goto(url);
  await verdict(page, /holds|broken|certain/);
  const seen = performance.now() - again;
  const paint: number = await page.evaluate(
    `performance.getEntriesByType('paint').find(({ name }) => name === 'first-contentful-paint').startTime`,
  );
  console.log(`  reload: first paint ${ms(paint)}, verdict on screen ${ms(seen)}`);
}

/** From the key that undoes an edit to the frame that shows the new verdict. */
async function edits({ page }: Shown): Promise<void> {
  await page.getByRole('link', { name: 'Editor' }).click();
  const line = page.locator('.cm-line', { hasText: 'hub-0' }).first();
  await line.click();
  await page.keyboard.press('End');
  await page.keyboard.type(' # x');
  await page.waitForTimeout(1500);
  await page.evaluate(`
    globalThis.times = [];
    let pressed;
    addEventListener('keydown', ({ key, ctrlKey }) => { if (ctrlKey && (key === 'z' || key === 'y')) pressed = performance.now(); }, true);
    new MutationObserver(() => {
      if (pressed === undefined) return;
      const from = pressed;
      pressed = undefined;
      requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - from)));
    }).observe(document.querySelector('.banner .took'), { subtree: true, childList: true, characterData: true });
  `);
  const rounds = 8;
  for (let round = 0; round < rounds; round++) {
    await page.keyboard.press(round % 2 === 0 ? 'Control+z' : 'Control+y');
    // The content policy of the page lets no waiting function be made from text.
    for (let done = 0; done <= round; done = await page.evaluate('times.length')) await page.waitForTimeout(50);
    await page.waitForTimeout(300);
  }
  const times: number[] = await page.evaluate('times');
  console.log(`  edit to verdict on screen: median ${ms(median(times))}, worst ${ms(Math.max(...times))}`);
}

/** Frames while the picture is dragged and enlarged. */
async function moving({ page }: Shown): Promise<void> {
  await page.getByRole('link', { name: 'Network' }).click();
  const picture = page.locator('svg.picture');
  await picture.waitFor();
  await page.waitForTimeout(1000);
  const box = await picture.boundingBox();
  if (box === null) throw new Error('no picture');
  await page.evaluate(`
    globalThis.frames = [];
    let last = performance.now();
    const tick = (now) => { frames.push(now - last); last = now; requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  `);
  await page.mouse.move(box.x + 300, box.y + 200);
  await page.mouse.down();
  for (let step = 0; step < 60; step++) await page.mouse.move(box.x + 300 + step * 4, box.y + 200 + (step % 20) * 3);
  await page.mouse.up();
  for (let step = 0; step < 20; step++) await page.mouse.wheel(0, step < 10 ? -80 : 80);
  const frames: number[] = await page.evaluate('frames');
  const boxes = await page.locator('.node').count();
  console.log(
    `  ${boxes} boxes, dragged and enlarged: frame median ${ms(median(frames))}, 95 of 100 within ${ms(share(frames, 0.95))}, worst ${ms(Math.max(...frames))}`,
  );
}
