/**
 * One estate: its newest revision, saves, and for one on disk the agreement of files and history.
 *
 * What the page sees is always a revision. Before anything is answered, the files on disk are compared with the newest one;
 * what somebody changed there becomes a revision of its own. A save is announced in the database, then the files are
 * replaced, then the announcement is completed, and only then is it acknowledged. A server that was killed in between finds
 * the announcement at its next start and completes it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Change, ChangeSource, Revision, Store, StoredFile } from '@bothways/store';
import { isDocumentName } from '@bothways/twin';
import {
  type EstateFolder,
  FILE_LIMIT,
  isPlainName,
  type LateWrites,
  readState,
  referencesOf,
  removeLeftovers,
  SIZE_LIMIT,
  writeFiles,
} from './estate-folder.ts';
import type {
  EstateContent,
  EstateSummary,
  HistoryEntry,
  RevisionEvent,
  SaveAnswer,
  SaveRequest,
} from './estate-model.ts';
import { mergeFiles, sameFiles } from './merge-files.ts';
import { Queue } from './queue.ts';

/** What is known of the newest revision without asking the database. */
type Newest = Pick<Revision, 'revision' | 'by' | 'label' | 'source' | 'files'>;

const DISK_AUTHOR = 'an editor on disk';
const FOUND = 'As found on disk';
/** A file that changed within this many milliseconds may still be in the middle of being written. */
const UNSETTLED = 150;
/** How long replaced files are watched for an editor that still writes into them, in milliseconds. */
const LATE = [250, 2000] as const;

export class Estate {
  readonly #summary: EstateSummary;
  /** Id in the database. */
  readonly #key: string;
  readonly #store: Store;
  readonly #place: EstateFolder | undefined;
  readonly #queue = new Queue();
  readonly #listeners = new Set<(event: RevisionEvent) => void>();
  readonly #late = new Set<LateWrites>();
  readonly #now: () => number;
  #newest: Newest;
  /** A save ended in the middle, by a fault of the database or of ours: the next look sorts it out. */
  #interrupted = false;
  #closed = false;

  private constructor(
    summary: EstateSummary,
    key: string,
    store: Store,
    place: EstateFolder | undefined,
    newest: Newest,
    now: () => number,
  ) {
    this.#summary = summary;
    this.#key = key;
    this.#store = store;
    this.#place = place;
    this.#newest = newest;
    this.#now = now;
  }

  /** An estate in the database that has a revision. */
  static async inDatabase(summary: EstateSummary, key: string, store: Store, now: () => number): Promise<Estate> {
    return new Estate(summary, key, store, undefined, await newestOf(store, key), now);
  }

  /**
   * Files on disk: what was interrupted is completed, and what is on disk is the newest revision afterwards.
   *
   * @param first what somebody was told is the first revision, if there is none yet
   */
  static async onDisk(
    summary: EstateSummary,
    key: string,
    store: Store,
    place: EstateFolder,
    now: () => number,
    first?: readonly StoredFile[],
  ): Promise<Estate> {
    await store.addEstate(key, summary.name, now());
    const newest = await newestOf(store, key);
    removeLeftovers(
      place,
      newest.files.map(({ name }) => name),
    );
    const estate = new Estate(summary, key, store, place, newest, now);
    estate.#interrupted = true;
    await estate.#queue.run(async () => {
      if (first !== undefined && newest.revision === 0) await estate.#adopt(first, FOUND);
      await estate.#followDisk();
    });
    return estate;
  }

  get summary(): EstateSummary {
    return this.#summary;
  }

  /** Names of the files of the newest revision. */
  get names(): readonly string[] {
    return this.#newest.files.map(({ name }) => name);
  }

  /** What disk and history agree on now; where the disk cannot be read, the newest revision. */
  async content(): Promise<EstateContent> {
    return this.#queue.run(async () => {
      await this.#followDisk();
      return { ...this.#summary, revision: this.#newest.revision, files: this.#newest.files };
    });
  }

  newestEvent(): RevisionEvent {
    const { revision, by, label, source } = this.#newest;
    return { revision, by, label, source };
  }

  history(range: { limit: number; before?: number }): Promise<readonly HistoryEntry[]> {
    return this.#store.history(this.#key, range);
  }

  revision(number: number): Promise<Revision | undefined> {
    return this.#store.revision(this.#key, number);
  }

  keepResult(revision: number, key: string, value: unknown): Promise<void> {
    return this.#store.keepResult(this.#key, revision, key, value);
  }

  result(revision: number, key: string): Promise<{ readonly value: unknown } | undefined> {
    return this.#store.result(this.#key, revision, key);
  }

  /** Calls back for every new revision until the returned function is called. */
  listen(listener: (event: RevisionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks at the disk now; quick when nothing changed. */
  async look(): Promise<void> {
    if (!this.#closed) await this.#queue.run(() => this.#followDisk());
  }

  async save(request: SaveRequest, by: string): Promise<SaveAnswer> {
    return this.#queue.run(() => this.#save(request, by));
  }

  /** The files of an old revision become a new one. */
  async restore(revision: number, edit: string, by: string): Promise<SaveAnswer> {
    return this.#queue.run(async () => {
      const old = await this.#store.revision(this.#key, revision);
      if (old === undefined) return { kind: 'refused', status: 404, problem: `there is no revision ${revision}` };
      await this.#followDisk();
      const label = `Restored revision ${revision}`;
      return this.#save({ base: this.#newest.revision, files: old.files, label, edit }, by);
    });
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#queue.run(async () => {
      this.#closed = true;
      await this.#collectLate();
      for (const late of this.#late) late.close();
      this.#late.clear();
      this.#listeners.clear();
    });
  }

  async #save({ base, files, label, edit }: SaveRequest, by: string): Promise<SaveAnswer> {
    const repeated = await this.#store.revisionOfEdit(this.#key, edit);
    if (repeated !== undefined) return { kind: 'saved', revision: repeated };
    // An editor may change a file between our look and our write: then look again, and let the base decide.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const unreadable = await this.#followDisk();
      if (unreadable !== undefined) return { kind: 'refused', status: 507, problem: unreadable };
      const newest = this.#newest;
      const before = base === newest.revision ? newest : await this.#store.revision(this.#key, base);
      const problem = unfitFiles(files, [...newest.files, ...(before?.files ?? [])], newest.files);
      if (problem !== undefined) return { kind: 'refused', status: 422, problem };
      const wanted = completed(files, newest.files);
      if (sameFiles(wanted, newest.files)) return { kind: 'saved', revision: newest.revision };
      if (before === undefined || base !== newest.revision) {
        const { files: merged, conflicts } = mergeFiles(before?.files ?? [], wanted, newest.files);
        const current = { revision: newest.revision, files: newest.files };
        return { kind: 'conflict', current, merged: before === undefined ? undefined : merged, conflicts };
      }
      const written = await this.#write(wanted, { by, label, source: 'page' }, edit);
      if (written !== 'changed') return written;
    }
    return { kind: 'refused', status: 503, problem: 'the files on disk keep changing; nothing was written' };
  }

  /** The next revision, in the database and on disk. */
  async #write(
    files: readonly StoredFile[],
    by: { readonly by: string; readonly label: string; readonly source: ChangeSource },
    edit: string,
  ): Promise<SaveAnswer | 'changed'> {
    const before = this.#newest.files;
    const change = { ...by, at: this.#now(), edit, files };
    // From here to the end nobody knows what is kept when the database goes away: its answer may be what was lost.
    this.#interrupted = true;
    const { revision } = await this.#append(change, { pending: this.#place !== undefined });
    if (this.#place !== undefined) {
      const written = writeFiles(this.#place, changesBetween(before, files));
      if (!written.ok) {
        await this.#store.withdraw(this.#key, revision);
        this.#interrupted = false;
        return written.reason === 'changed' ? 'changed' : { kind: 'refused', status: 507, problem: written.problem };
      }
      this.#watchLate(written.late);
      await this.#store.complete(this.#key, revision);
    }
    this.#interrupted = false;
    this.#announce({ revision, ...by, files });
    return { kind: 'saved', revision };
  }

  /** What somebody changed on disk becomes a revision. Says why when the disk cannot be read. */
  async #followDisk(): Promise<string | undefined> {
    if (this.#closed) return undefined;
    if (this.#interrupted) {
      const newest = await newestOf(this.#store, this.#key);
      if (newest.revision !== this.#newest.revision) this.#announce(newest);
      await this.#completeInterrupted();
      this.#interrupted = false;
    }
    if (this.#place === undefined) return undefined;
    await this.#collectLate();
    const names = this.#newest.files.map(({ name }) => name);
    let state = readState(this.#place, names);
    for (let attempt = 0; attempt < 10; attempt += 1) {
      if (state.ok && sameFiles(state.files, this.#newest.files)) return undefined;
      // Editors empty a file before they write it: wait until it rests.
      if (state.ok && this.#now() - state.changed > UNSETTLED) break;
      await pause(UNSETTLED / 2);
      const again = readState(this.#place, names);
      const rests = state.ok && again.ok && sameFiles(state.files, again.files);
      state = again;
      if (rests) break;
    }
    if (!state.ok) return state.problem;
    await this.#adopt(state.files, this.#newest.revision === 0 ? FOUND : 'Edited on disk');
    return undefined;
  }

  async #adopt(files: readonly StoredFile[], label: string): Promise<void> {
    const by = { by: DISK_AUTHOR, label, source: 'disk' } as const;
    this.#interrupted = true;
    const { revision } = await this.#append({ ...by, at: this.#now(), files }, { pending: false });
    this.#interrupted = false;
    this.#announce({ revision, ...by, files });
  }

  async #append(change: Change, options: { readonly pending: boolean }): Promise<{ readonly revision: number }> {
    const after = this.#newest.revision;
    const appended = await this.#store.append(this.#key, after, change, options);
    if (!appended.ok) throw new Error(`revision ${appended.head} of ${this.#key} appeared behind ${after}`);
    return appended;
  }

  /**
   * The server was killed in the middle of a save. Files that are as before are replaced, so that the save is whole. Where
   * somebody has edited since, the save stays in the history and the disk is what counts.
   */
  async #completeInterrupted(): Promise<void> {
    const pending = await this.#store.pending(this.#key);
    if (pending === undefined || this.#place === undefined) return;
    const changes = changesBetween(this.#newest.files, pending.files);
    const state = readState(
      this.#place,
      changes.map(({ name }) => name),
    );
    if (state.ok) {
      const found = new Map(state.files.map(({ name, text }) => [name, text]));
      const left = changes.filter(({ name, after }) => found.get(name) !== after);
      if (left.every(({ name, before }) => found.get(name) === before)) {
        const written = writeFiles(this.#place, left);
        if (written.ok) written.late.close();
      }
    }
    await this.#store.complete(this.#key, pending.revision);
    this.#announce(pending);
  }

  #watchLate(late: LateWrites): void {
    this.#late.add(late);
    const [first, last] = LATE;
    setTimeout(() => void this.look().catch(() => undefined), first).unref();
    setTimeout(() => {
      void this.look()
        .catch(() => undefined)
        .finally(() => {
          late.close();
          this.#late.delete(late);
        });
    }, last).unref();
  }

  /**
   * An editor that had the replaced file open has written into it: its text is in no folder any more. It becomes a revision,
   * and what was saved meanwhile is put on top: merged where no line was changed by both, else as it is on disk.
   */
  async #collectLate(): Promise<void> {
    for (const late of this.#late) {
      const written = late.read();
      if (written.length === 0) continue;
      const saved = this.#newest;
      const lateOf = (file: StoredFile) => written.find(({ name }) => name === file.name);
      const theirs = saved.files.map((file) => ({ name: file.name, text: lateOf(file)?.text ?? file.text }));
      const base = saved.files.map((file) => ({ name: file.name, text: lateOf(file)?.before ?? file.text }));
      if (sameFiles(theirs, saved.files)) continue;
      await this.#adopt(theirs, 'Edited on disk while a save was under way');
      const { files: merged } = mergeFiles(base, saved.files, theirs);
      const label = merged === undefined ? `Kept revision ${saved.revision} on top` : 'Put both together';
      await this.#adopt(saved.files, `Kept revision ${saved.revision} on top`);
      if (merged === undefined || this.#place === undefined) continue;
      await this.#write(merged, { by: DISK_AUTHOR, label, source: 'disk' }, crypto.randomUUID());
    }
  }

  #announce(newest: Newest): void {
    this.#newest = newest;
    const event = this.newestEvent();
    for (const listener of this.#listeners) listener(event);
  }
}

async function newestOf(store: Store, key: string): Promise<Newest> {
  const stored = await store.estate(key);
  const nothing: Newest = { revision: 0, by: '', label: '', source: 'disk', files: [] };
  if (stored === undefined || stored.head === 0) return nothing;
  return (await store.revision(key, stored.head)) ?? nothing;
}

function changesBetween(before: readonly StoredFile[], after: readonly StoredFile[]) {
  const texts = new Map(before.map(({ name, text }) => [name, text]));
  return after
    .filter(({ name, text }) => texts.get(name) !== text)
    .map(({ name, text }) => ({ name, before: texts.get(name), after: text }));
}

function isDocument({ name }: StoredFile): boolean {
  return !name.includes('/') && isDocumentName(name);
}

/**
 * Why these files cannot be a revision: only documents that are there, and what they refer to, can be written, and no
 * document can be left out.
 */
export function unfitFiles(
  files: readonly StoredFile[],
  known: readonly StoredFile[],
  newest: readonly StoredFile[],
): string | undefined {
  const names = new Set(files.map(({ name }) => name));
  if (names.size < files.length) return 'a file is named twice';
  if (files.length > FILE_LIMIT) return `an estate has ${FILE_LIMIT} files at most`;
  const size = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (size > SIZE_LIMIT) return 'an estate has 10 MB at most';
  const missing = newest.filter(isDocument).find(({ name }) => !names.has(name));
  if (missing !== undefined) return `'${missing.name}' is left out; a document of the estate cannot be removed here`;
  const documents = files.filter(isDocument);
  const allowed = new Set([...known.map(({ name }) => name), ...referencesOf(documents)]);
  const stranger = files.find(({ name }) => !isPlainName(name) || !allowed.has(name));
  if (stranger !== undefined) return `'${stranger.name}' is no file of this estate: no document of it refers to it`;
  const unclean = files.find(({ text }) => text.includes('\0') || /^\uFEFF|\p{Surrogate}/u.test(text));
  if (unclean !== undefined) return `'${unclean.name}' is not plain text`;
  return undefined;
}

/** Files that the documents still refer to and that were not sent stay as they are. */
function completed(files: readonly StoredFile[], newest: readonly StoredFile[]): readonly StoredFile[] {
  const names = new Set(files.map(({ name }) => name));
  const references = new Set(referencesOf(files.filter(isDocument)));
  return [...files, ...newest.filter(({ name }) => references.has(name) && !names.has(name))];
}
