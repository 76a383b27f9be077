/** A report in each form it can be written in. */
import { type ReportDocument, type ReportView, reportDocument, reportHtml, reportMarkdown } from '@bothways/twin';

export const reportFormats = ['html', 'md', 'pdf', 'docx', 'json'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export type ReportContent = { readonly content: string | Uint8Array } | { readonly problem: string };

/** A PDF needs a browser on this machine; the problem says so where there is none. */
export async function reportContent(format: ReportFormat, view: ReportView): Promise<ReportContent> {
  switch (format) {
    case 'html':
      return { content: reportHtml(reportDocument(view)) };
    case 'md':
      return { content: reportMarkdown(reportDocument(view)) };
    case 'json':
      return { content: `${JSON.stringify(view, undefined, 2)}\n` };
    case 'pdf':
      return (await import('./report-pdf.ts')).pdfOf(reportHtml(reportDocument(view)), process.env);
    case 'docx':
      return { content: await wordContent(reportDocument(view)) };
  }
}

async function wordContent(document: ReportDocument): Promise<Uint8Array> {
  const figures = document.blocks.filter((block) => block.kind === 'figure');
  const pixels = await (await import('./report-pixels.ts')).pixelsOf(figures, process.env);
  return (await import('./report-docx.ts')).docxOf(document, pixels);
}
