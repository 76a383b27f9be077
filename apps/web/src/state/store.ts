/**
 * The one owner of the page's state. Data flows one way: an action changes the files or what is chosen, the engine
 * computes, its answers become state, components read state. Nothing else writes.
 */
import type { DocumentEdit, InputFile } from '@bothways/twin';
import { Superseded } from '../engine/engine.ts';
import type { Engines } from '../engine/engines.ts';
import { api, type GalleryLine, Refused } from './api.ts';
import { firstState, type Selection, type State } from './state.ts';

/** Edits that follow each other within this are saved together, in milliseconds. */
const SAVE_AFTER = 500;
/** Steps that can be undone. */
const MOST_STEPS = 200;

export class Store {
  readonly engine: Engines;
  #state: State = firstState;
  readonly #listeners = new Set<() => void>();
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #stopWatching: (() => void) | undefined;
  /** Label of the edits that wait to be saved. */
  #unsaved: string | undefined;
  /** A figure is being made an estate. */
  #keeping: Promise<void> | undefined;
  #typing: { readonly until: number; readonly file: string } | undefined;
  #saidNumber = 0;

  constructor(engine: Engines) {
    this.engine = engine;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): State => this.#state;

  #set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Opens the first estate there is; the page of a newcomer shows the example. */
  async begin(): Promise<void> {
    this.setTheme(rememberedTheme());
    try {
      const [session, estates, gallery] = await Promise.all([api.session(), api.estates(), api.gallery()]);
      this.#set({ session, estates, gallery: gallery.toSorted((a, b) => a.order - b.order) });
      const wanted = new URLSearchParams(location.search).get('estate');
      const first = estates.find(({ id }) => id === wanted) ?? estates.find(({ id }) => id === 'main') ?? estates[0];
      if (first === undefined) this.#set({ fault: 'The server has no estate to show.' });
      else await this.openEstate(first.id);
    } catch (error) {
      this.#set({ fault: wordsOf(error) });
    }
  }

  async openEstate(id: string): Promise<void> {
    await this.saveNow();
    const { name, writable, revision, files } = await api.estate(id);
    this.#replace({ estate: { id, name, writable }, base: { revision, files }, figure: undefined }, files);
    this.#watch(id);
    rememberEstate(id);
  }

  /** A figure of the gallery, to look at and to change; nothing is kept before the first change. */
  async openFigure(line: GalleryLine): Promise<void> {
    await this.saveNow();
    const { files, readme } = await api.figure(line.id);
    const estate = { id: `figure ${line.id}`, name: line.title, writable: true, figure: line.id };
    this.#stopWatching?.();
    this.#replace(
      { estate, base: undefined, figure: { line, readme } },
      files.map(({ name, text }) => ({ name, text })),
    );
  }

  leaveTour(): void {
    this.#set({ figure: undefined });
  }

  #watch(id: string): void {
    this.#stopWatching?.();
    this.#stopWatching = api.watch(id, (changed, by) => void this.#changedElsewhere(id, changed, by));
  }

  #replace(change: Pick<State, 'estate' | 'base' | 'figure'>, files: readonly InputFile[]): void {
    this.#unsaved = undefined;
    this.#typing = undefined;
    this.#set({
      ...change,
      saving: { kind: 'saved' },
      undo: [],
      redo: [],
      failed: [],
      whatIf: undefined,
      tripId: undefined,
      trip: undefined,
      selection: undefined,
      opened: undefined,
      judgement: undefined,
      topology: undefined,
    });
    this.#show(files);
  }

  /** A figure becomes an estate of one's own; anything else is saved. */
  async keep(): Promise<void> {
    const { estate, figure } = this.#state;
    if (estate?.figure === undefined) {
      await this.saveNow();
      return;
    }
    if (this.#keeping !== undefined) return this.#keeping;
    this.#keeping = this.#keepFigure(estate.figure, estate.name, figure);
    try {
      await this.#keeping;
    } finally {
      this.#keeping = undefined;
    }
  }

  async #keepFigure(gallery: string, wanted: string, figure: State['figure']): Promise<void> {
    const id = await api.create({ gallery }, wanted.slice(0, 100));
    const { name, writable, revision, files } = await api.estate(id);
    const estates = await api.estates();
    // Somebody may have gone on to the next figure meanwhile.
    if (this.#state.estate?.figure !== gallery) return;
    this.#set({ estates, estate: { id, name, writable }, base: { revision, files }, figure });
    this.#watch(id);
    rememberEstate(id);
    await this.saveNow();
  }

  async create(
    from: { readonly gallery: string } | { readonly files: readonly InputFile[] },
    name: string,
  ): Promise<void> {
    const id = await api.create(from, name);
    this.#set({ estates: await api.estates() });
    await this.openEstate(id);
  }

  // Edits

  /** A step of its own in the history of the page. */
  change(files: readonly InputFile[], label: string): void {
    const { files: before, undo } = this.#state;
    if (sameFiles(before, files) || !this.isEditable()) return;
    this.#typing = undefined;
    this.#set({ undo: [...undo, { label, files: before }].slice(-MOST_STEPS), redo: [] });
    this.#edited(files, label);
  }

  /** Typing: letters that follow each other are one step. */
  type(file: string, text: string): void {
    const { files: before, undo } = this.#state;
    if (!this.isEditable()) return;
    const files = before.map((each) => (each.name === file ? { name: file, text } : each));
    if (sameFiles(before, files)) return;
    const now = performance.now();
    const goesOn = this.#typing !== undefined && this.#typing.file === file && now < this.#typing.until;
    this.#typing = { file, until: now + 1000 };
    const steps = goesOn ? undo : [...undo, { label: `typing in ${file}`, files: before }].slice(-MOST_STEPS);
    this.#set({ undo: steps, redo: [] });
    this.#edited(files, `edited ${file}`);
  }

  async edit(edits: readonly DocumentEdit[], label: string): Promise<void> {
    const files = await this.engine.ask('edit', { files: this.#state.files, edits });
    this.change(files, label);
  }

  undo(): void {
    const { undo, redo, files } = this.#state;
    const step = undo.at(-1);
    if (step === undefined) return;
    this.#typing = undefined;
    this.#set({ undo: undo.slice(0, -1), redo: [...redo, { label: step.label, files }] });
    this.#edited(step.files, `undo: ${step.label}`);
    this.say(`Undone: ${step.label}`);
  }

  redo(): void {
    const { undo, redo, files } = this.#state;
    const step = redo.at(-1);
    if (step === undefined) return;
    this.#typing = undefined;
    this.#set({ redo: redo.slice(0, -1), undo: [...undo, { label: step.label, files }] });
    this.#edited(step.files, `redo: ${step.label}`);
    this.say(`Done again: ${step.label}`);
  }

  isEditable(): boolean {
    const { estate, session } = this.#state;
    return estate?.writable === true && session?.user.role !== 'viewer';
  }

  #edited(files: readonly InputFile[], label: string): void {
    this.#unsaved = label;
    this.#set({ saving: { kind: 'waiting' } });
    this.#show(files);
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => void this.saveNow(), SAVE_AFTER);
  }

  // Saving

  async saveNow(): Promise<void> {
    clearTimeout(this.#saveTimer);
    const { estate, base, files, saving } = this.#state;
    const label = this.#unsaved;
    if (label !== undefined && estate?.figure !== undefined) {
      await this.keep();
      return;
    }
    if (estate === undefined || base === undefined || label === undefined || saving.kind === 'saving') return;
    this.#unsaved = undefined;
    this.#set({ saving: { kind: 'saving' } });
    await this.#send(estate.id, base.revision, files, label, crypto.randomUUID(), 0);
  }

  async #send(
    id: string,
    base: number,
    files: readonly InputFile[],
    label: string,
    edit: string,
    attempt: number,
  ): Promise<void> {
    try {
      const saved = await api.save(id, base, files, label, edit);
      if (this.#state.estate?.id !== id) return;
      if (saved.kind === 'saved') {
        this.#set({ base: { revision: saved.revision, files }, saving: { kind: 'saved' } });
        if (this.#unsaved !== undefined) await this.saveNow();
        return;
      }
      const { merged, current } = saved.conflict;
      if (merged === undefined) {
        this.#unsaved = label;
        this.#set({ saving: { kind: 'conflict', conflict: saved.conflict } });
        return;
      }
      // What came since stands in the merged text already; a later edit of this page is merged with it in turn.
      this.#set({ base: current });
      this.#show(sameFiles(this.#state.files, files) ? merged : this.#state.files);
      this.say('Merged with a change made elsewhere');
      await this.#send(id, current.revision, merged, `${label}, merged`, crypto.randomUUID(), 0);
    } catch (error) {
      if (error instanceof Refused && error.status < 500 && error.status !== 429) {
        this.#unsaved = label;
        this.#set({ saving: { kind: 'failed', because: error.message } });
        return;
      }
      // The same edit again: the server knows it by its id if it got it the first time.
      this.#set({ saving: { kind: 'failed', because: `${wordsOf(error)}; trying again` } });
      await new Promise((done) => setTimeout(done, Math.min(500 * 2 ** attempt, 10_000)));
      if (this.#state.estate?.id === id) await this.#send(id, base, files, label, edit, attempt + 1);
    }
  }

  /** Keeps one side of a conflict; the other stays in the history. */
  async resolve(keep: 'mine' | 'theirs'): Promise<void> {
    const { saving, files } = this.#state;
    if (saving.kind !== 'conflict') return;
    const { current } = saving.conflict;
    this.#set({ base: current, saving: { kind: 'saved' } });
    this.#unsaved = undefined;
    if (keep === 'mine') {
      this.#unsaved = 'kept this page over a change made elsewhere';
      await this.saveNow();
      return;
    }
    const label = 'took the change made elsewhere';
    this.#set({ undo: [...this.#state.undo, { label, files }].slice(-MOST_STEPS), redo: [] });
    this.#show(current.files);
  }

  async #changedElsewhere(id: string, revision: number, by: string): Promise<void> {
    const { estate, base, files, saving } = this.#state;
    if (estate?.id !== id || base?.revision === revision || saving.kind === 'saving') return;
    // With edits of our own waiting, saving them is what merges.
    if (this.#unsaved !== undefined) return;
    const latest = await api.estate(id);
    if (this.#state.files !== files || this.#state.estate?.id !== id) return;
    this.#set({
      base: { revision: latest.revision, files: latest.files },
      undo: [...this.#state.undo, { label: `change by ${by}`, files }].slice(-MOST_STEPS),
    });
    if (sameFiles(files, latest.files)) return;
    this.#show(latest.files);
    this.say(`Changed ${by === '' ? 'elsewhere' : `by ${by}`}`);
  }

  // What is computed

  #show(files: readonly InputFile[]): void {
    const edition = this.#state.edition + 1;
    this.#set({ files, edition, fault: undefined });
    void this.#compute(files, edition).catch((error: unknown) => {
      if (!(error instanceof Superseded)) this.#set({ fault: wordsOf(error) });
    });
  }

  async #compute(files: readonly InputFile[], edition: number): Promise<void> {
    const started = performance.now();
    const isCurrent = (): boolean => this.#state.edition === edition;
    const { engine } = this;
    const asked = { files, today: today() };
    const opening = engine.ask('open', asked);
    const drawing = engine.ask('topology', {});
    const { failed, tripId } = this.#state;
    const failing = failed.length === 0 ? undefined : engine.ask('whatIf', { failed });
    const tracing = tripId === undefined ? undefined : engine.ask('trip', { id: tripId, failed });
    // Left unanswered when a newer edit comes in between.
    for (const each of [drawing, failing, tracing]) each?.catch(() => undefined);
    const opened = await opening;
    if (!isCurrent()) return;
    this.#set({ opened, roundMs: performance.now() - started });
    const openingSlow = engine.openSlow(asked);
    const judging = engine.ask('judge', {});
    for (const each of [openingSlow, judging]) each.catch(() => undefined);
    this.#set({ slowEdition: edition });
    const topology = await drawing;
    if (!isCurrent()) return;
    // While the document has errors the last picture stays; the verdict says that it cannot be computed.
    if (opened.usable) this.#set({ topology: keepIfSame(this.#state.topology, topology) });
    const [whatIf, trip] = await Promise.all([failing, tracing]);
    if (!isCurrent()) return;
    this.#set({ whatIf, ...(tripId === undefined || !opened.usable ? {} : { trip }) });
    const judgement = await judging;
    if (isCurrent()) this.#set({ judgement, judgedEdition: edition });
  }

  choose(tripId: string | undefined): void {
    this.#set({ tripId, ...(tripId === undefined ? { trip: undefined } : {}) });
    if (tripId !== undefined) void this.#followTrip();
  }

  async #followTrip(): Promise<void> {
    const { tripId, failed, edition } = this.#state;
    if (tripId === undefined) return;
    const trip = await quiet(this.engine.ask('trip', { id: tripId, failed }));
    if (this.#state.tripId === tripId && this.#state.edition === edition) this.#set({ trip });
  }

  /** Pulls elements out of the network, or puts them back. */
  fail(failed: readonly string[]): void {
    this.#set({ failed });
    void this.#sweep();
  }

  toggle(element: string): void {
    const { failed } = this.#state;
    this.fail(failed.includes(element) ? failed.filter((each) => each !== element) : [...failed, element]);
  }

  async #sweep(): Promise<void> {
    const { failed, edition } = this.#state;
    const whatIf = failed.length === 0 ? undefined : await quiet(this.engine.ask('whatIf', { failed }));
    if (this.#state.failed !== failed || this.#state.edition !== edition) return;
    this.#set({ whatIf });
    await this.#followTrip();
  }

  select(selection: Selection | undefined): void {
    this.#set({ selection });
  }

  keepVariant(name: string): void {
    const { files, failed, variants } = this.#state;
    this.#set({ variants: [...variants.filter((each) => each.name !== name), { name, files, failed }] });
    this.say(`Kept as ${name}`);
  }

  setTheme(theme: State['theme']): void {
    document.documentElement.dataset['theme'] = theme;
    try {
      localStorage.setItem('bothways-theme', theme);
    } catch {
      // A browser that keeps nothing shows the theme for this visit.
    }
    this.#set({ theme });
  }

  say(text: string): void {
    this.#saidNumber += 1;
    this.#set({ said: { text, number: this.#saidNumber } });
  }

  async refreshEstates(): Promise<void> {
    this.#set({ estates: await api.estates() });
  }
}

/** A reload shows the same estate again. */
function rememberEstate(id: string): void {
  const address = new URL(location.href);
  address.searchParams.set('estate', id);
  history.replaceState(null, '', address);
}

function sameFiles(a: readonly InputFile[], b: readonly InputFile[]): boolean {
  return a.length === b.length && a.every((file, ix) => file.name === b[ix]?.name && file.text === b[ix]?.text);
}

/** A picture that did not change is not drawn again. */
function keepIfSame<T>(before: T, after: T): T {
  return JSON.stringify(before) === JSON.stringify(after) ? before : after;
}

async function quiet<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Superseded) return undefined;
    throw error;
  }
}

function rememberedTheme(): State['theme'] {
  try {
    const kept = localStorage.getItem('bothways-theme');
    if (kept === 'light' || kept === 'dark') return kept;
  } catch {
    // As above.
  }
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** ISO day on this machine, against which accepted risks run out. */
export function today(): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
