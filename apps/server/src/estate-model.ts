/** What the server says about estates, and how a save can end. */
import type { MergePart } from '@bothways/diagnostics';
import type { ChangeSource, RevisionHead, StoredFile } from '@bothways/store';

export interface EstateSummary {
  readonly id: string;
  readonly name: string;
  /** On disk, or kept in the database. */
  readonly source: 'disk' | 'database';
  readonly writable: boolean;
}

export interface EstateContent extends EstateSummary {
  readonly revision: number;
  readonly files: readonly StoredFile[];
}

export interface SaveRequest {
  readonly base: number;
  readonly files: readonly StoredFile[];
  readonly label: string;
  readonly edit: string;
}

/** A file in which both sides changed the same lines. */
export interface FileConflict {
  readonly name: string;
  /** `ours` is what was sent, `theirs` what is there now. */
  readonly parts: readonly MergePart[];
}

export type SaveAnswer =
  | { readonly kind: 'saved'; readonly revision: number }
  | {
      readonly kind: 'conflict';
      readonly current: { readonly revision: number; readonly files: readonly StoredFile[] };
      /** Both changes together, where no line was changed twice: save it with `current.revision` as base. */
      readonly merged: readonly StoredFile[] | undefined;
      readonly conflicts: readonly FileConflict[];
    }
  /** Nothing was changed. */
  | { readonly kind: 'refused'; readonly status: 404 | 422 | 503 | 507; readonly problem: string };

/** A new revision, as listeners hear of it. */
export interface RevisionEvent {
  readonly revision: number;
  readonly by: string;
  readonly label: string;
  readonly source: ChangeSource;
}

export type HistoryEntry = RevisionHead;
