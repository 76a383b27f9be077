/** Kysely's way to the PGlite of the thread: one connection, statements one after the other. */
import { Worker } from 'node:worker_threads';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  PGliteAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { ThreadAnswer, ThreadRequest, ThreadStart } from './pglite-thread.ts';

export class PgliteThreadDialect implements Dialect {
  readonly #thread: PgliteThread;

  constructor(thread: PgliteThread) {
    this.#thread = thread;
  }

  createDriver(): Driver {
    const connection: DatabaseConnection = {
      executeQuery: <Row>(query: CompiledQuery) => this.#thread.query<Row>(query),
      streamQuery: () => {
        throw new Error('rows are not streamed from PGlite');
      },
    };
    const say = async (sql: string): Promise<void> => {
      await connection.executeQuery(CompiledQuery.raw(sql));
    };
    return {
      init: () => Promise.resolve(),
      acquireConnection: () => Promise.resolve(connection),
      beginTransaction: () => say('begin'),
      commitTransaction: () => say('commit'),
      rollbackTransaction: () => say('rollback'),
      releaseConnection: () => Promise.resolve(),
      destroy: () => this.#thread.close(),
    };
  }

  createAdapter(): PGliteAdapter {
    return new PGliteAdapter();
  }

  createIntrospector(database: Kysely<unknown>): PostgresIntrospector {
    return new PostgresIntrospector(database);
  }

  createQueryCompiler(): PostgresQueryCompiler {
    return new PostgresQueryCompiler();
  }
}

/** What PostgreSQL said, with its code. */
class StatementError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  readonly resolve: (answer: ThreadAnswer) => void;
  readonly reject: (error: Error) => void;
}

export class PgliteThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #ended: Error | undefined;

  private constructor(start: ThreadStart) {
    this.#worker = new Worker(threadLocation(), { workerData: start });
    this.#worker.on('message', (answer: ThreadAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.error === undefined) waiting?.resolve(answer);
      else waiting?.reject(new StatementError(answer.error.message, answer.error.code));
    });
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#end(new Error('the thread of the database has ended')));
  }

  /** Makes the folder where there is none; resolves when statements can run. */
  static async start(start: ThreadStart): Promise<PgliteThread> {
    const thread = new PgliteThread(start);
    await new Promise<ThreadAnswer>((resolve, reject) => thread.#waiting.set(0, { resolve, reject }));
    return thread;
  }

  async query<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, affected } = await this.#ask(sql, parameters);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the statement was built for rows of this shape
    const shaped = rows as Row[];
    return { rows: shaped, numAffectedRows: BigInt(affected) };
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    await this.#ask(undefined, []);
    await this.#worker.terminate();
  }

  #ask(sql: string | undefined, parameters: readonly unknown[]): Promise<ThreadAnswer> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, sql, parameters } satisfies ThreadRequest, []);
    });
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function threadLocation(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './pglite-thread.ts' : './store-thread.js', import.meta.url);
}
