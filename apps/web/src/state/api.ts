/** The server's API as the page uses it; the written truth is the server's OpenAPI description. */
import type { InputFile } from '@bothways/twin';

export interface SessionBody {
  readonly user: { readonly name: string; readonly role: 'viewer' | 'editor' };
  readonly signIn: 'none' | 'token' | 'oidc';
  readonly version: string;
}

export interface EstateLine {
  readonly id: string;
  readonly name: string;
  readonly source: 'disk' | 'database';
  readonly writable: boolean;
}

export interface EstateBody {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly files: readonly InputFile[];
  readonly writable: boolean;
}

export interface ConflictBody {
  readonly current: { readonly revision: number; readonly files: readonly InputFile[] };
  readonly merged?: readonly InputFile[];
}

export interface RevisionLine {
  readonly revision: number;
  readonly at: string;
  readonly by: string;
  readonly label: string;
}

export interface GalleryLine {
  readonly id: string;
  readonly title: string;
  readonly lesson: string;
  readonly order: number;
  readonly tour?: number;
}

export interface GalleryBody {
  readonly files: readonly InputFile[];
  readonly readme: string;
}

export type Saved =
  | { readonly kind: 'saved'; readonly revision: number }
  | { readonly kind: 'conflict'; readonly conflict: ConflictBody };

/** The server said no, in words. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Server and page are built together: the shape of a body follows from its address. */
function isBody<T>(value: unknown, _shape?: T): value is T {
  return value !== undefined;
}

async function bodyOf<T>(response: Response): Promise<T> {
  const value: unknown = await response.json();
  if (!isBody<T>(value)) throw new TypeError(`no body from ${response.url}`);
  return value;
}

async function problemOf(response: Response): Promise<Refused> {
  let words = response.statusText;
  try {
    const { detail, title }: { detail?: string; title?: string } = await bodyOf(response);
    words = detail ?? title ?? words;
  } catch {
    // Something between page and server answered; the status says what there is to say.
  }
  return new Refused(response.status, words === '' ? `the server answered ${response.status}` : words);
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(path, { headers: { accept: 'application/json' } });
  if (!response.ok) throw await problemOf(response);
  return bodyOf(response);
}

async function send(method: 'PUT' | 'POST', path: string, body: object): Promise<Response> {
  return fetch(path, {
    method,
    headers: { 'content-type': 'application/json', 'x-bothways': '1' },
    body: JSON.stringify(body),
  });
}

const estatePath = (id: string): string => `/api/estates/${encodeURIComponent(id)}`;

export const api = {
  session: () => get<SessionBody>('/api/session'),
  estates: () => get<readonly EstateLine[]>('/api/estates'),
  estate: (id: string) => get<EstateBody>(estatePath(id)),
  history: (id: string) => get<readonly RevisionLine[]>(`${estatePath(id)}/history`),
  filesAt: (id: string, revision: number) =>
    get<{ readonly files: readonly InputFile[] }>(`${estatePath(id)}/history/${revision}`),
  gallery: () => get<readonly GalleryLine[]>('/api/gallery'),
  figure: (id: string) => get<GalleryBody>(`/api/gallery/${encodeURIComponent(id)}`),

  async create(
    from: { readonly gallery: string } | { readonly files: readonly InputFile[] },
    name: string,
  ): Promise<string> {
    const response = await send('POST', '/api/estates', { from, name });
    if (!response.ok) throw await problemOf(response);
    const { id }: { id: string } = await bodyOf(response);
    return id;
  },

  /** `edit` is the same when the same change is sent again, so that a retry changes nothing. */
  async save(id: string, base: number, files: readonly InputFile[], label: string, edit: string): Promise<Saved> {
    const response = await send('PUT', estatePath(id), { base, files, label, edit });
    if (response.status === 409) return { kind: 'conflict', conflict: await bodyOf(response) };
    if (!response.ok) throw await problemOf(response);
    const { revision }: { revision: number } = await bodyOf(response);
    return { kind: 'saved', revision };
  },

  async restore(id: string, revision: number): Promise<number> {
    const response = await send('POST', `${estatePath(id)}/history/${revision}/restore`, { edit: crypto.randomUUID() });
    if (!response.ok) throw await problemOf(response);
    const body: { revision: number } = await bodyOf(response);
    return body.revision;
  },

  reportAddress: (id: string, format: string): string => `${estatePath(id)}/report?format=${format}`,

  /** Calls back with the revision and label of every change, whoever made it; returns how to stop. */
  watch(id: string, changed: (revision: number, by: string, label: string) => void): () => void {
    const events = new EventSource(`${estatePath(id)}/events`);
    events.addEventListener('revision', ({ data }: MessageEvent<string>) => {
      const value: unknown = JSON.parse(data);
      if (isBody<{ revision: number; by: string; label: string }>(value)) {
        changed(value.revision, value.by, value.label);
      }
    });
    return () => {
      events.close();
    };
  },
};
