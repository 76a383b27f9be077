/**
 * A document as plain blocks, the same for every format it is written in: headings, paragraphs, lists, tables, figures.
 * Renderers know nothing of networks; what the report says is decided before.
 */

/** Tones are said in words as well: a colour alone carries nothing. */
export type Tone = 'strong' | 'code' | 'good' | 'bad' | 'unsure' | 'quiet';

export type Span = string | { readonly text: string; readonly as: Tone };
export type Text = readonly Span[];

export type Block =
  /** Level 2 to 4; a heading of level 2 begins a section, `id` is its address in the document. */
  | { readonly kind: 'heading'; readonly level: 2 | 3 | 4; readonly text: string; readonly id?: string }
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Text[] }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly header: readonly string[];
      readonly rows: readonly (readonly Text[])[];
      /** Shares of the width by column, in percent; absent: as the content wants. */
      readonly widths?: readonly number[];
    }
  | {
      readonly kind: 'figure';
      readonly caption: string;
      readonly svg: string;
      readonly width: number;
      readonly height: number;
      /** The same in words, for formats without pictures and for who cannot see them. */
      readonly words: readonly Text[];
    }
  /** Lines of text that keep their spaces. */
  | { readonly kind: 'preformatted'; readonly lines: readonly string[] };

export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  readonly blocks: readonly Block[];
}
