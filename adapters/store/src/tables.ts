/** The tables as Kysely sees them. Texts of files are kept once each, under the SHA-256 of their bytes. */
import type { ColumnType } from 'kysely';

/** Written as an ISO string or a Date, read as a Date. */
type Instant = ColumnType<Date, Date | string, Date | string>;

export interface Tables {
  /** One row: who may write. A server that lost its lock finds another token here and stops. */
  holder: { id: number; token: string; at: Instant };
  estate: {
    /** `main` for the example, `disk:` and a path for files on disk, a random id for copies. */
    id: string;
    name: string;
    /** Number of the newest revision that is not pending; 0 before the first. */
    head: number;
    at: Instant;
  };
  blob: { hash: string; content: string };
  revision: {
    estate: string;
    number: number;
    at: Instant;
    author: string;
    label: string;
    source: string;
    /** Given by who saved, so that a repeated request is recognised. */
    edit: string | null;
    /** Written ahead of the files on disk; true until they are there. */
    pending: boolean;
  };
  revision_file: { estate: string; number: number; position: number; name: string; blob: string };
  /** Values are JSON. As text: jsonb knows no zero characters and no halves of surrogate pairs. */
  result: { estate: string; number: number; key: string; value: string; at: Instant };
}
