import { describe, expect, it } from 'vitest';
import { readXml, type XmlElement } from '../../../diagnostics/test/readers.ts';
import { fileOf, shippedFolders } from '../../test/shipped-estates.ts';
import {
  type ReportOptions,
  type ReportView,
  reportDocument,
  reportEstate,
  reportHtml,
  reportMarkdown,
} from '../index.ts';
import { layOut } from './diagram.ts';
import { reportStyle } from './style.ts';

const contoso = fileOf('examples/contoso', 'estate.yaml');
const asymmetric = fileOf('scenarios/PP-S10-asymmetric-routing', 'estate.yaml');

// Each text is reported once for all tests, unless options say otherwise.
const views = new Map<string, ReportView>();
const pages = new Map<string, string>();

function made(text: string, options: Partial<ReportOptions> = {}): ReportView {
  const { view } = reportEstate([{ name: 'estate.yaml', text }], { version: '0.1.0', ...options });
  if (view === undefined) throw new Error('the estate cannot be used');
  return view;
}

function reported(text: string, options?: Partial<ReportOptions>): ReportView {
  if (options !== undefined) return made(text, options);
  const view = views.get(text) ?? made(text);
  views.set(text, view);
  return view;
}

function html(text: string, options?: Partial<ReportOptions>): string {
  if (options !== undefined) return reportHtml(reportDocument(made(text, options)));
  const written = pages.get(text) ?? reportHtml(reportDocument(reported(text)));
  pages.set(text, written);
  return written;
}

/** The page as XML: void elements closed, the style sheet left out. */
function page(text: string): XmlElement {
  const body = text
    .replace(/^<!doctype html>\n/, '')
    .replace(/<style>.*?<\/style>/s, '<style></style>')
    .replaceAll(/<(meta|col)\b([^>]*)>/g, '<$1$2/>');
  return readXml(`<?xml version="1.0" encoding="UTF-8"?>\n${body.trim()}`);
}

function all(element: XmlElement, name: string): readonly XmlElement[] {
  return [...(element.name === name ? [element] : []), ...element.children.flatMap((child) => all(child, name))];
}

function textOf(element: XmlElement): string {
  return [element.text, ...element.children.map(textOf)].join(' ');
}

describe.each(shippedFolders())('the report of %s', (folder) => {
  const source = fileOf(folder, 'estate.yaml');

  it('is one well-formed page that loads nothing, runs nothing, and is the same each time', () => {
    const text = html(source);
    expect(reportHtml(reportDocument(made(source)))).toBe(text);
    const root = page(text);
    expect(all(root, 'script')).toEqual([]);
    for (const name of ['img', 'link', 'iframe', 'object', 'use', 'image']) expect(all(root, name), name).toEqual([]);
    expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\/|url\(|@import/);
    expect(reportMarkdown(reportDocument(reported(source)))).toMatch(/^# \S/);
  });

  it('can be walked by headings, landmarks and tables', () => {
    const root = page(html(source));
    expect(['header', 'nav', 'main'].map((name) => all(root, name).length)).toEqual([1, 1, 1]);
    expect(all(root, 'h1')).toHaveLength(1);
    const levels = [...html(source).matchAll(/<h([1-6])/g)].map((match) => Number(match[1]));
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 1)).toBeLessThanOrEqual(1);
    const ids = [...html(source).matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of all(root, 'a')) expect(ids).toContain((link.attributes['href'] ?? '').slice(1));
    for (const table of all(root, 'table')) {
      expect(all(table, 'caption')).toHaveLength(1);
      expect(all(table, 'th').every((cell) => ['col', 'row'].includes(cell.attributes['scope'] ?? ''))).toBe(true);
      const columns = all(table, 'thead').flatMap((head) => all(head, 'th')).length;
      for (const row of all(table, 'tbody').flatMap((body) => all(body, 'tr')))
        expect(row.children).toHaveLength(columns);
    }
    for (const svg of all(root, 'svg')) {
      expect(svg.attributes['role']).toBe('img');
      const [title = '', description = ''] = (svg.attributes['aria-labelledby'] ?? '').split(' ');
      const named = svg.children.filter(({ attributes }) => [title, description].includes(attributes['id'] ?? '-'));
      expect(named.map(({ name }) => name)).toEqual(['title', 'desc']);
      expect(named.every(({ text }) => text.length > 10)).toBe(true);
    }
  });
});

describe('what the report says', () => {
  it('is the verdict of the check, with every finding under its owner', () => {
    const view = reported(asymmetric);
    expect(view.check.verdict).toBe('broken');
    expect(view.findings.map(({ rule, owner }) => [rule, owner])).toEqual([
      ['no-shared-nat-pool', 'wan'],
      ['estate/documentation-addresses', 'architecture'],
    ]);
    const text = textOf(page(html(asymmetric)));
    expect(text).toMatch(/is broken/);
    expect(text).toMatch(/out over internet edge inet and back over circuit er-fra/);
    expect(text).toMatch(/dropped|drops it/);
  });

  it('has the sections that a board asks for', () => {
    const titles = all(page(html(contoso)), 'h2').map(({ text }) => text);
    expect(titles).toEqual([
      'Contents',
      'Summary',
      'Decision and alternatives',
      'What rides the circuit and what does not',
      'Diagrams',
      'Findings by owner',
      'Intents',
      'Readiness checklist',
      'Failures',
      'Flow catalogue of this estate',
      'Assumptions',
      "Facts about Microsoft's side",
      'Contradictions met',
      'What this report rests on',
    ]);
  });

  it('carries no date but the one that is given', () => {
    expect(html(contoso)).not.toMatch(/as of \d{4}/);
    expect(html(contoso, { date: '2026-01-31' })).toMatch(/as of 2026-01-31/);
  });

  it('says what every single failure takes away, or what it was given', () => {
    expect(textOf(page(html(contoso)))).toMatch(/link mpls-hq.*hq is cut off/s);
    const failures = [{ elements: ['er-fra'], broken: 0, changed: 8, says: 'everything moves to the internet' }];
    expect(textOf(page(html(contoso, { failures })))).toMatch(/everything moves to the internet/);
  });

  it('never says a secret, not even where a name or a reason repeats it', () => {
    const keyed = contoso
      .replace('vlan: 100', 'vlan: 100\n      md5: hunter2secret')
      .replace('    over: expressroute', '    over: expressroute\n    because: the key is hunter2secret');
    const view = reported(keyed);
    expect(JSON.stringify(view)).not.toContain('hunter2secret');
    expect(reportHtml(reportDocument(view))).not.toContain('hunter2secret');
    expect(reportMarkdown(reportDocument(view))).not.toContain('hunter2secret');
  });

  it('lets no name act on the page', () => {
    const named = contoso.replace('name: Contoso', `name: "<script>alert(1)</script> & \\"x\\""`);
    const text = html(named);
    expect(text).not.toContain('<script');
    expect(all(page(text), 'h1')[0]?.text).toBe('<script>alert(1)</script> & "x": network report');
  });

  it('cites each fact with source and date, and each contradiction with both sides', () => {
    const view = reported(contoso);
    expect(view.facts.length).toBeGreaterThan(10);
    for (const { source, date, statement } of view.facts)
      expect([source, date, statement].every((each) => each !== '')).toBe(true);
    for (const { claims } of view.contradictions) expect(claims.length).toBeGreaterThan(1);
  });
});

describe('the checklist', () => {
  it('answers every item, the ten original ones first, and scores by its parts only', () => {
    const { items, score } = reported(contoso).readiness;
    expect(items).toHaveLength(51);
    expect(items.filter(({ original }) => original).map(({ id }) => id)).toEqual(
      Array.from({ length: 10 }, (_, at) => `PP-C${String(at + 1).padStart(2, '0')}`),
    );
    expect(score.ready + score.notReady + score.unknown + score.notApplicable).toBe(51);
    for (const { id, state, evidence, todo } of items) {
      if (state === 'ready') expect(evidence.length, id).toBeGreaterThan(0);
      if (state === 'not-ready' || state === 'unknown') expect(todo ?? '', id).not.toBe('');
    }
  });

  const states = (text: string): Readonly<Record<string, string>> =>
    Object.fromEntries(reported(text).readiness.items.map(({ id, state }) => [id, state]));

  it('of the healthy example, as far as it is known', () => {
    const found = states(contoso);
    expect(Object.fromEntries(Object.entries(found).slice(0, 10))).toEqual({
      'PP-C01': 'ready',
      'PP-C02': 'ready',
      'PP-C03': 'not-applicable',
      'PP-C04': 'ready',
      'PP-C05': 'ready',
      // Nobody says which prefixes the organisation owns.
      'PP-C06': 'unknown',
      'PP-C07': 'ready',
      'PP-C08': 'ready',
      'PP-C09': 'unknown',
      'PP-C10': 'ready',
    });
  });

  it('of the asymmetric figure: steering and symmetry are not ready', () => {
    expect(states(asymmetric)).toMatchObject({ 'PP-C01': 'not-ready', 'PP-C07': 'not-ready' });
  });

  it('an accepted risk makes nothing ready', () => {
    const accepted = `${asymmetric}\nacceptedRisks:\n  lease: { rule: no-shared-nat-pool, because: the lease ends }\n`;
    expect(states(accepted)).toMatchObject({ 'PP-C07': 'not-ready' });
  });

  it('without a route filter the peering is not ready', () => {
    expect(states(contoso.replace('\n      routeFilter: [West Europe, North Europe]', ''))).toMatchObject({
      'PP-C06': 'not-ready',
      'PP-C01': 'not-ready',
    });
  });
});

describe('the resiliency index', () => {
  it('is shown with its parts, facts and reading, never as a number alone', () => {
    const { view } = reportEstate(
      [{ name: 'estate.yaml', text: fileOf('scenarios/PP-S33-both-coasts-with-expressroute', 'estate.yaml') }],
      { version: '0.0.0' },
    );
    if (view === undefined) throw new Error('there is no report');
    const [index] = view.check.resiliency;
    expect(index).toMatchObject({ of: 'Microsoft peering', reading: 'ours', most: 90 });
    const text = reportMarkdown(reportDocument(view));
    expect(text).toContain(`${index?.lowest} to ${index?.highest} of 90`);
    for (const { because, fact } of index?.parts ?? []) {
      expect(text).toContain(because);
      expect(text).toContain(fact);
    }
    expect(view.facts.map(({ id }) => id)).toEqual(expect.arrayContaining(['ER-253', 'ER-257']));
  });
});

describe('resilience levels', () => {
  it('follow the published table for private peering, and say that Microsoft peering is our reading', () => {
    const [er] = reported(contoso).resilience;
    expect(er).toMatchObject({
      circuit: 'er-fra',
      peering: 'microsoft',
      level: 'standard',
      reading: 'ours',
      fact: 'ER-138',
    });
    const coasts = reported(fileOf('scenarios/PP-S33-both-coasts-with-expressroute', 'estate.yaml')).resilience;
    expect(coasts.map(({ level }) => level)).toEqual(['maximum', 'maximum']);
  });
});

describe('diagrams', () => {
  it('put the customer left of Microsoft and no two boxes on one place', () => {
    for (const folder of shippedFolders()) {
      const { nodes, width, height } = reported(fileOf(folder, 'estate.yaml')).topology;
      const sites = nodes.filter(({ subtitle }) => subtitle === 'site').map(({ x }) => x);
      const microsoft = nodes.filter(({ half }) => half === 'microsoft').map(({ x }) => x);
      expect(Math.max(...sites), folder).toBeLessThan(Math.min(...microsoft));
      expect(new Set(nodes.map(({ x, y }) => `${x},${y}`)).size, folder).toBe(nodes.length);
      expect(
        nodes.every(({ x, y }) => x >= 0 && y >= 0 && x < width && y < height),
        folder,
      ).toBe(true);
    }
  });

  it('place equal networks equally, and an empty one at all', () => {
    const node = (id: string, column: number) => ({ id, title: id, subtitle: '', column, half: 'customer' as const });
    const nodes = [node('a', 0), node('b', 0), node('c', 3), node('d', 3)];
    const lines = [
      { from: 'a', to: 'd', label: '', kind: 'wan' as const },
      { from: 'b', to: 'c', label: '', kind: 'wan' as const },
    ];
    const placed = layOut(nodes, lines);
    expect(layOut(nodes, lines)).toEqual(placed);
    const y = (id: string): number => placed.nodes.find((each) => each.id === id)?.y ?? -1;
    // Uncrossed: who is joined stands on one height.
    expect([y('a') - y('d'), y('b') - y('c')]).toEqual([0, 0]);
    expect(layOut([], [])).toMatchObject({ nodes: [], lines: [] });
  });

  it('count the sites that are too many to draw', () => {
    const sites = Array.from({ length: 40 }, (_, at) => `  s${at}: { city: Munich, clients: 10.100.${at}.0/24 }`);
    const links = Array.from({ length: 40 }, (_, at) => `  l${at}: { between: [s${at}, dc], bandwidth: 10 Mbps }`);
    const text = contoso
      .replace('sites:\n', `sites:\n${sites.join('\n')}\n`)
      .replace('wan:\n', `wan:\n${links.join('\n')}\n`);
    const titles = reported(text).topology.nodes.map(({ title }) => title);
    expect(titles.filter((title) => /^s\d+$/.test(title)).length).toBeLessThan(15);
    expect(titles.some((title) => /^\d+ more sites$/.test(title))).toBe(true);
  });
});

describe('the style sheet', () => {
  const blocks = [...reportStyle.matchAll(/:root\{([^}]*)\}/g)].map((match) => match[1] ?? '');
  const luminance = (colour: string): number => {
    const hex = colour.length === 4 ? colour.slice(1).replaceAll(/./g, '$&$&') : colour.slice(1);
    const [r = 0, g = 0, b = 0] = [0, 2, 4]
      .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  it.each([
    ['light', 0],
    ['dark', 1],
    ['print', 2],
  ])('has text of enough contrast: %s', (_, at) => {
    const colours = Object.fromEntries(
      [...(blocks[at] ?? '').matchAll(/--([\w-]+):(#[0-9a-f]+)/gi)].map((match) => [match[1], match[2] ?? '']),
    );
    for (const back of ['page', 'panel', 'customer', 'provider', 'internet', 'microsoft']) {
      const texts = ['page', 'panel'].includes(back)
        ? ['text', 'quiet', 'link', 'good', 'bad', 'unsure']
        : ['text', 'quiet'];
      for (const front of texts) {
        const [one, other] = [luminance(colours[front] ?? ''), luminance(colours[back] ?? '')].sort((a, b) => b - a);
        expect(((one ?? 0) + 0.05) / ((other ?? 0) + 0.05), `${front} on ${back}`).toBeGreaterThan(4.5);
      }
    }
  });
});
