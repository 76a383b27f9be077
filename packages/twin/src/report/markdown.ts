/** The report as Markdown: for repositories and for reading in plain text. Pictures are told in words. */
import { markdownBlock, markdownCode, markdownTable, markdownText } from '@bothways/diagnostics';
import type { Block, ReportDocument, Span, Text } from './block.ts';

export function reportMarkdown({ title, subtitle, blocks }: ReportDocument): string {
  const lines = [`# ${markdownText(title)}`, '', markdownText(subtitle), '', ...blocks.flatMap(blockLines)];
  return `${lines.join('\n').trimEnd()}\n`;
}

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [`${'#'.repeat(block.level)} ${markdownText(block.text)}`, ''];
    case 'paragraph':
      return [textLine(block.text), ''];
    case 'list':
      return [...block.items.map((item, at) => `${block.ordered ? `${at + 1}.` : '-'} ${textLine(item)}`), ''];
    case 'table':
      return [
        `${markdownText(block.caption)}:`,
        '',
        ...markdownTable(
          block.header,
          block.rows.map((row) => row.map(textLine)),
        ),
        '',
      ];
    case 'figure':
      return [`**${markdownText(block.caption)}**`, '', ...block.words.map((each) => `- ${textLine(each)}`), ''];
    case 'preformatted':
      return [...markdownBlock('text', block.lines), ''];
  }
}

function textLine(text: Text): string {
  return text.map(spanText).join('');
}

function spanText(span: Span): string {
  if (typeof span === 'string') return markdownText(span);
  if (span.as === 'code') return markdownCode(span.text);
  return span.as === 'quiet' ? markdownText(span.text) : `**${markdownText(span.text)}**`;
}
