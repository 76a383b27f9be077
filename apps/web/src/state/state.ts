/** Everything the page shows, as one value that is never changed in place. */
import type { InputFile, JudgementView, TopologyView, TripDetail, WhatIfView } from '@bothways/twin';
import type { Opened } from '../engine/protocol.ts';
import type { ConflictBody, EstateLine, GalleryLine, SessionBody } from './api.ts';

export type Saving =
  | { readonly kind: 'saved' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'conflict'; readonly conflict: ConflictBody }
  | { readonly kind: 'failed'; readonly because: string };

/** A step that can be undone. */
interface Step {
  readonly label: string;
  readonly files: readonly InputFile[];
}

export interface Selection {
  readonly kind: 'node' | 'line' | 'group';
  readonly id: string;
}

/** A design kept aside for comparison. */
export interface Variant {
  readonly name: string;
  readonly files: readonly InputFile[];
  readonly failed: readonly string[];
}

export interface State {
  readonly theme: 'light' | 'dark';
  readonly session: SessionBody | undefined;
  readonly estates: readonly EstateLine[];
  /** `figure`: of the gallery, not kept yet; the first change makes a copy. */
  readonly estate:
    | { readonly id: string; readonly name: string; readonly writable: boolean; readonly figure?: string }
    | undefined;
  readonly gallery: readonly GalleryLine[];
  /** Of the tour. */
  readonly figure: { readonly line: GalleryLine; readonly readme: string } | undefined;
  /** What the page shows; ahead of what is saved by the steps that wait. */
  readonly files: readonly InputFile[];
  /** Revision the page's text grew from, and its text. */
  readonly base: { readonly revision: number; readonly files: readonly InputFile[] } | undefined;
  readonly saving: Saving;
  readonly undo: readonly Step[];
  readonly redo: readonly Step[];
  /** Rises with every change of `files`: answers about an older one are dropped. */
  readonly edition: number;
  /** The edition that slow questions are about; follows `edition`. */
  readonly slowEdition: number;
  /** Why nothing can be shown at all. */
  readonly fault: string | undefined;
  /** A sentence for screen reader and toast: 'Fix applied'. */
  readonly said: { readonly text: string; readonly number: number } | undefined;
  readonly opened: Opened | undefined;
  readonly judgement: JudgementView | undefined;
  /** The edition that `judgement` is about: it stays on the page until the next one is there. */
  readonly judgedEdition: number;
  readonly topology: TopologyView | undefined;
  /** Milliseconds from the edit to the verdict on the page's thread. */
  readonly roundMs: number | undefined;
  readonly failed: readonly string[];
  readonly whatIf: WhatIfView | undefined;
  readonly tripId: string | undefined;
  readonly trip: TripDetail | undefined;
  readonly selection: Selection | undefined;
  readonly variants: readonly Variant[];
}

export const firstState: State = {
  theme: 'light',
  session: undefined,
  estates: [],
  estate: undefined,
  gallery: [],
  figure: undefined,
  files: [],
  base: undefined,
  saving: { kind: 'saved' },
  undo: [],
  redo: [],
  edition: 0,
  slowEdition: 0,
  fault: undefined,
  said: undefined,
  opened: undefined,
  judgement: undefined,
  judgedEdition: 0,
  topology: undefined,
  roundMs: undefined,
  failed: [],
  whatIf: undefined,
  tripId: undefined,
  trip: undefined,
  selection: undefined,
  variants: [],
};
