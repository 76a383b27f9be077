/** The estates of this server: the one it was started with, and copies kept in the database. */
import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import type { Store, StoredFile } from '@bothways/store';
import { isDocumentName } from '@bothways/twin';
import { Estate, unfitFiles } from './estate.ts';
import { type EstateFolder, readState } from './estate-folder.ts';
import type { EstateContent, EstateSummary } from './estate-model.ts';
import { watchFolder } from './watch.ts';

/** What the server was started with. */
export type MainEstate =
  | { readonly kind: 'disk'; readonly place: EstateFolder }
  | { readonly kind: 'example'; readonly name: string; readonly files: readonly StoredFile[] };

/** Id of the estate that the server was started with. */
const MAIN = 'main';

const COPY_LIMIT = 1000;
const SERVER_AUTHOR = 'Bothways';

export class Estates {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #open = new Map<string, Estate>();
  readonly #opening = new Map<string, Promise<Estate | undefined>>();
  readonly #unwatch: () => void;

  private constructor(store: Store, now: () => number, main: Estate, unwatch: () => void) {
    this.#store = store;
    this.#now = now;
    this.#open.set(MAIN, main);
    this.#unwatch = unwatch;
  }

  /** @param early what was answered before the store was open */
  static async open(
    store: Store,
    main: MainEstate,
    now: () => number,
    early: EstateContent | undefined,
  ): Promise<Estates> {
    const summary = summaryOfMain(main);
    if (main.kind === 'example') {
      if ((await store.estate(MAIN)) === undefined) {
        const first = {
          by: SERVER_AUTHOR,
          label: 'The example',
          source: 'page',
          at: now(),
          files: main.files,
        } as const;
        await store.createEstate(MAIN, main.name, first);
      }
      return new Estates(store, now, await Estate.inDatabase(summary, MAIN, store, now), () => undefined);
    }
    const { place } = main;
    const key = `disk:${join(place.folder, place.document ?? '')}`;
    const estate = await Estate.onDisk(summary, key, store, place, now, early?.files);
    const unwatch = watchFolder(
      place,
      () => estate.names,
      () => void estate.look().catch(() => undefined),
    );
    return new Estates(store, now, estate, unwatch);
  }

  /** The one the server was started with first. */
  async list(): Promise<readonly EstateSummary[]> {
    const copies = (await this.#store.estates()).filter(({ id }) => isCopy(id));
    const main = this.#open.get(MAIN);
    return [...(main === undefined ? [] : [main.summary]), ...copies.map(summaryOf)];
  }

  async find(id: string): Promise<Estate | undefined> {
    const open = this.#open.get(id);
    if (open !== undefined || !isCopy(id)) return open;
    const opening = this.#opening.get(id) ?? this.#openCopy(id);
    this.#opening.set(id, opening);
    return opening.finally(() => this.#opening.delete(id));
  }

  /** A copy in the database. A problem in words when these files cannot be an estate. */
  async create(
    name: string,
    files: readonly StoredFile[],
    by: string,
    label: string,
  ): Promise<{ readonly ok: true; readonly id: string } | { readonly ok: false; readonly problem: string }> {
    const documents = files.filter((file) => !file.name.includes('/') && isDocumentName(file.name));
    if (documents.length === 0)
      return { ok: false, problem: 'an estate needs a document: a .yaml, .yml or .json file' };
    const problem = unfitFiles(files, documents, []);
    if (problem !== undefined) return { ok: false, problem };
    if ((await this.#store.estates()).length >= COPY_LIMIT) {
      return { ok: false, problem: `the server keeps ${COPY_LIMIT} estates at most` };
    }
    const id = `copy-${randomBytes(8).toString('hex')}`;
    await this.#store.createEstate(id, name, { by, label, source: 'page', at: this.#now(), files });
    return { ok: true, id };
  }

  /** Waits for saves that are under way; the store stays open. */
  async close(): Promise<void> {
    this.#unwatch();
    await Promise.all([...this.#open.values()].map((estate) => estate.close()));
  }

  async #openCopy(id: string): Promise<Estate | undefined> {
    const stored = await this.#store.estate(id);
    if (stored === undefined) return undefined;
    const estate = await Estate.inDatabase(summaryOf(stored), id, this.#store, this.#now);
    this.#open.set(id, estate);
    return estate;
  }
}

/**
 * The first revision of a store that is still being made: a page can show it before the store is open.
 * Undefined when the files cannot be read.
 */
export function firstContent(main: MainEstate): EstateContent | undefined {
  const state = main.kind === 'example' ? { ok: true as const, files: main.files } : readState(main.place, []);
  return state.ok ? { ...summaryOfMain(main), revision: 1, files: state.files } : undefined;
}

function summaryOfMain(main: MainEstate): EstateSummary {
  return main.kind === 'example'
    ? { id: MAIN, name: main.name, source: 'database', writable: true }
    : { id: MAIN, name: nameOf(main.place), source: 'disk', writable: true };
}

function isCopy(id: string): boolean {
  return /^copy-[0-9a-f]{16}$/.test(id);
}

function summaryOf({ id, name }: { readonly id: string; readonly name: string }): EstateSummary {
  return { id, name, source: 'database', writable: true };
}

function nameOf({ folder, document }: EstateFolder): string {
  return document === undefined || /^estate\.(ya?ml|json)$/i.test(document) ? basename(folder) : basename(document);
}
