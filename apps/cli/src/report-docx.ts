/**
 * The report as a Word document, from the same blocks as the other forms. Headings, tables with repeated header rows and
 * a contents field are Word's own, so that people can go on writing in it. Pictures are vector graphics with the same as
 * pixels for readers that cannot draw them; where nothing can make pixels, such a reader finds the words below.
 *
 * The library stamps times into the file; they are replaced, so that the same report gives the same bytes.
 */
import type { Block, ReportDocument, Span, Text, Tone } from '@bothways/twin';
import {
  AlignmentType,
  BorderStyle,
  Document,
  type FileChild,
  Footer,
  HeadingLevel,
  ImageRun,
  LevelFormat,
  Packer,
  PageNumber,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableOfContents,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import { unzipSync, zipSync } from 'fflate';

/** Inside the margins of A4, in twentieths of a point. */
const pageWidth = 9600;
/** The same in pixels of 1/96 inch. */
const pictureWidth = 640;
const bullets = 'bullets';
const numbers = 'numbers';

const colours: Readonly<Record<Tone, string | undefined>> = {
  strong: undefined,
  code: undefined,
  good: '0D6B2E',
  bad: 'A4262C',
  unsure: '7A4B00',
  quiet: '46525E',
};

const headings = { 2: HeadingLevel.HEADING_1, 3: HeadingLevel.HEADING_2, 4: HeadingLevel.HEADING_3 } as const;

/** `pixels`: the pictures of the figures as PNG, in their order; absent: nothing here can draw them. */
export async function docxOf(report: ReportDocument, pixels: readonly Uint8Array[] = []): Promise<Uint8Array> {
  const figures = report.blocks.filter(({ kind }) => kind === 'figure');
  const drawn = new Map(figures.flatMap((figure, at) => pixels.slice(at, at + 1).map((png) => [figure, png] as const)));
  const document = new Document({
    title: report.title,
    description: report.subtitle,
    creator: 'Bothways',
    lastModifiedBy: 'Bothways',
    styles: {
      default: {
        document: { run: { font: 'Segoe UI', size: 20 }, paragraph: { spacing: { after: 100 } } },
        title: { run: { size: 44, bold: true }, paragraph: { spacing: { after: 60 } } },
        heading1: {
          run: { size: 30, bold: true },
          paragraph: { spacing: { before: 360, after: 120 }, keepNext: true },
        },
        heading2: { run: { size: 24, bold: true }, paragraph: { spacing: { before: 240, after: 80 }, keepNext: true } },
        heading3: { run: { size: 21, bold: true }, paragraph: { spacing: { before: 160, after: 60 }, keepNext: true } },
      },
    },
    numbering: {
      config: [
        {
          reference: bullets,
          levels: [{ level: 0, format: LevelFormat.BULLET, text: '•', alignment: AlignmentType.LEFT, style: hanging }],
        },
        {
          reference: numbers,
          levels: [
            { level: 0, format: LevelFormat.DECIMAL, text: '%1.', alignment: AlignmentType.LEFT, style: hanging },
          ],
        },
      ],
    },
    features: { updateFields: true },
    sections: [
      {
        properties: {
          page: { size: { width: 11906, height: 16838 }, margin: { top: 1100, bottom: 1100, left: 1153, right: 1153 } },
        },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                alignment: AlignmentType.RIGHT,
                children: [
                  new TextRun({
                    children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES],
                    size: 18,
                    color: '46525E',
                  }),
                ],
              }),
            ],
          }),
        },
        children: [
          new Paragraph({ heading: HeadingLevel.TITLE, text: printableText(report.title) }),
          new Paragraph({
            children: [new TextRun({ text: printableText(report.subtitle), color: '46525E', size: 22 })],
          }),
          new TableOfContents('Contents', { hyperlink: true, headingStyleRange: '1-2' }),
          ...report.blocks.flatMap((block) => blockOf(block, drawn)),
        ],
      },
    ],
  });
  return withoutChance(await Packer.toBuffer(document));
}

const hanging = { paragraph: { indent: { left: 360, hanging: 260 } } };

function blockOf(block: Block, drawn: ReadonlyMap<Block, Uint8Array>): readonly FileChild[] {
  switch (block.kind) {
    case 'heading':
      return [new Paragraph({ heading: headings[block.level], text: printableText(block.text) })];
    case 'paragraph':
      return [new Paragraph({ children: runs(block.text) })];
    case 'list':
      return block.items.map(
        (item) =>
          new Paragraph({
            numbering: { reference: block.ordered ? numbers : bullets, level: 0 },
            children: runs(item),
          }),
      );
    case 'table':
      return tableOf(block);
    case 'figure':
      return figureOf(block, drawn.get(block));
    case 'preformatted':
      return block.lines.map(
        (line) =>
          new Paragraph({
            spacing: { after: 0 },
            shading: { type: ShadingType.CLEAR, fill: 'F4F7FA' },
            children: [new TextRun({ text: printableText(line), font: 'Consolas', size: 15 })],
          }),
      );
  }
}

function tableOf({ caption, header, rows, widths }: Extract<Block, { kind: 'table' }>): readonly FileChild[] {
  const shares = widths ?? header.map(() => 100 / header.length);
  const columns = shares.map((share) => Math.round((share / 100) * pageWidth));
  const cell = (children: readonly TextRun[], at: number, isHead: boolean): TableCell =>
    new TableCell({
      width: { size: columns[at] ?? 0, type: WidthType.DXA },
      margins: { top: 40, bottom: 40, left: 80, right: 80 },
      ...(isHead ? { shading: { type: ShadingType.CLEAR, fill: 'E8EDF2' } } : {}),
      children: [new Paragraph({ spacing: { after: 0 }, children: [...children] })],
    });
  const line = { style: BorderStyle.SINGLE, size: 4, color: 'C3CCD5' };
  return [
    new Paragraph({
      keepNext: true,
      children: [new TextRun({ text: printableText(caption), color: '46525E', size: 18 })],
    }),
    new Table({
      width: { size: pageWidth, type: WidthType.DXA },
      columnWidths: columns,
      borders: { top: line, bottom: line, left: line, right: line, insideHorizontal: line, insideVertical: line },
      rows: [
        new TableRow({
          tableHeader: true,
          cantSplit: true,
          children: header.map((title, at) => cell([new TextRun({ text: title, bold: true, size: 17 })], at, true)),
        }),
        ...rows.map(
          (row) => new TableRow({ cantSplit: true, children: row.map((text, at) => cell(runs(text, 17), at, false)) }),
        ),
      ],
    }),
    new Paragraph({ spacing: { after: 60 }, children: [] }),
  ];
}

function figureOf(
  { svg, width, height, caption, words }: Extract<Block, { kind: 'figure' }>,
  pixels: Uint8Array | undefined,
): readonly FileChild[] {
  const scale = Math.min(1, pictureWidth / width);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  return [
    new Paragraph({
      keepNext: true,
      children: [
        new ImageRun({
          type: 'svg',
          data: Buffer.from(svg),
          transformation: size,
          fallback: { type: 'png', data: Buffer.from(pixels ?? Buffer.from(emptyPng, 'base64')) },
          altText: { title: printableText(caption), description: printableText(caption), name: 'diagram' },
        }),
      ],
    }),
    new Paragraph({ children: [new TextRun({ text: printableText(caption), color: '46525E', size: 18 })] }),
    ...words.map(
      (text) =>
        new Paragraph({
          numbering: { reference: bullets, level: 0 },
          spacing: { after: 20 },
          children: runs(text, 17),
        }),
    ),
  ];
}

/** One white pixel: what a reader without vector graphics shows above the words. */
const emptyPng = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=';

function runs(text: Text, size?: number): TextRun[] {
  return text.filter((span) => span !== '').map((span) => runOf(span, size));
}

function runOf(span: Span, size: number | undefined): TextRun {
  const given = size === undefined ? {} : { size };
  if (typeof span === 'string') return new TextRun({ ...given, text: printableText(span) });
  const colour = colours[span.as];
  return new TextRun({
    ...given,
    text: printableText(span.text),
    ...(colour === undefined ? {} : { color: colour }),
    ...(span.as === 'code' ? { font: 'Consolas' } : {}),
    bold: span.as !== 'code' && span.as !== 'quiet',
  });
}

/** Word refuses a file with characters that XML does not allow. */
function printableText(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}

const noTime = '2000-01-01T00:00:00Z';

/** The archive again with fixed times. */
function withoutChance(archive: Uint8Array): Uint8Array {
  const files = unzipSync(archive);
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const settled: Record<string, Uint8Array> = {};
  for (const name of Object.keys(files).sort()) {
    const bytes = files[name] ?? new Uint8Array();
    const isText = /\.(?:xml|rels)$/.test(name);
    const text = isText ? decoder.decode(bytes) : '';
    const timeless = text.replaceAll(
      /(<dcterms:(?:created|modified)[^>]*>)[^<]*/g,
      (_, head: string) => `${head}${noTime}`,
    );
    settled[name] = isText ? encoder.encode(timeless) : bytes;
  }
  return zipSync(settled, { mtime: new Date(2000, 0, 1) });
}
