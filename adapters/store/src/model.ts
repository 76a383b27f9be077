/** What the store keeps, as plain values. */

export interface StoredFile {
  /** Relative to the folder of the estate, with forward slashes. */
  readonly name: string;
  readonly text: string;
}

/** Who changed an estate: somebody in the page, or somebody with an editor on the files. */
export type ChangeSource = 'page' | 'disk';

export interface RevisionHead {
  /** 1 for the first; later ones are larger. */
  readonly revision: number;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly by: string;
  readonly label: string;
  readonly source: ChangeSource;
}

export interface Revision extends RevisionHead {
  readonly files: readonly StoredFile[];
}

export interface Change {
  readonly by: string;
  readonly label: string;
  readonly source: ChangeSource;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  /** The same id twice is the same change. */
  readonly edit?: string;
  readonly files: readonly StoredFile[];
}

export interface StoredEstate {
  readonly id: string;
  readonly name: string;
  /** 0: nothing yet. */
  readonly head: number;
}
