/**
 * The report as one HTML file: nothing is loaded from anywhere, no script runs, headings and landmarks are in order,
 * tables have captions and header cells, and it prints on A4 with the pictures on wide pages.
 */
import type { Block, ReportDocument, Span, Text } from './block.ts';
import { reportStyle } from './style.ts';
import { xmlText } from './svg.ts';

export function reportHtml(document: ReportDocument): string {
  const sections = sectionsOf(document.blocks);
  const contents = sections.flatMap(({ id, title }) =>
    id === '' ? [] : [`<li><a href="#${id}">${xmlText(title)}</a></li>`],
  );
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="referrer" content="no-referrer">',
    `<title>${xmlText(document.title)}</title>`,
    `<style>${reportStyle}${widthRules(document.blocks)}</style>`,
    '</head>',
    '<body>',
    '<a class="skip" href="#report">To the report</a>',
    `<header><h1>${xmlText(document.title)}</h1><p class="subtitle">${xmlText(document.subtitle)}</p></header>`,
    `<nav aria-label="Contents"><h2>Contents</h2><ol>${contents.join('')}</ol></nav>`,
    '<main id="report">',
    ...sections.flatMap(({ id, blocks }) => [
      id === '' ? '<section>' : `<section aria-labelledby="${id}">`,
      ...blocks.map(blockHtml),
      '</section>',
    ]),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: Block[];
}

function sectionsOf(blocks: readonly Block[]): readonly Section[] {
  const sections: Section[] = [];
  for (const block of blocks) {
    if (block.kind === 'heading' && block.level === 2)
      sections.push({ id: block.id ?? '', title: block.text, blocks: [block] });
    else if (sections.length === 0) sections.push({ id: '', title: '', blocks: [block] });
    else sections.at(-1)?.blocks.push(block);
  }
  return sections;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading': {
      const id = block.id === undefined ? '' : ` id="${block.id}"`;
      return `<h${block.level}${id}>${xmlText(block.text)}</h${block.level}>`;
    }
    case 'paragraph':
      return `<p>${textHtml(block.text)}</p>`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return `<${tag}>${block.items.map((item) => `<li>${textHtml(item)}</li>`).join('')}</${tag}>`;
    }
    case 'table':
      return tableHtml(block);
    case 'figure':
      return `<figure>${block.svg}<figcaption>${xmlText(block.caption)}</figcaption></figure>`;
    case 'preformatted':
      return `<pre tabindex="0">${block.lines.map(xmlText).join('\n')}</pre>`;
  }
}

/** A table of so few rows is kept on one page. */
const smallTable = 6;

/** One rule for each share of the width that a column has. */
function widthRules(blocks: readonly Block[]): string {
  const shares = blocks.flatMap((block) => (block.kind === 'table' ? (block.widths ?? []) : []));
  return [...new Set(shares)]
    .sort((a, b) => a - b)
    .map((share) => `.w${share}{width:${share}%}`)
    .join('');
}

function tableHtml({ caption, header, rows, widths }: Extract<Block, { kind: 'table' }>): string {
  // Classes: a strict content policy takes no style of an element's own.
  const columns = (widths ?? []).map((width) => `<col class="w${width}">`).join('');
  // The first cell of a row names it.
  const row = (cells: readonly Text[]): string =>
    `<tr>${cells.map((cell, at) => (at === 0 ? `<th scope="row">${textHtml(cell)}</th>` : `<td>${textHtml(cell)}</td>`)).join('')}</tr>`;
  return [
    `<div class="table${rows.length <= smallTable ? ' small' : ''}" role="region" aria-label="${xmlText(caption)}" tabindex="0"><table>`,
    `<caption>${xmlText(caption)}</caption>`,
    columns === '' ? '' : `<colgroup>${columns}</colgroup>`,
    `<thead><tr>${header.map((title) => `<th scope="col">${xmlText(title)}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.map(row).join('\n')}</tbody>`,
    '</table></div>',
  ].join('');
}

function textHtml(text: Text): string {
  return text.map(spanHtml).join('');
}

function spanHtml(span: Span): string {
  if (typeof span === 'string') return xmlText(span);
  const text = xmlText(span.text);
  switch (span.as) {
    case 'strong':
      return `<strong>${text}</strong>`;
    case 'code':
      return `<code>${text}</code>`;
    default:
      return `<span class="${span.as}">${text}</span>`;
  }
}
