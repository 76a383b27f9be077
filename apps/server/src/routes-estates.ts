/** Estates over HTTP: list, copy, read, save, follow, history, results, report. */

import type { StoredFile } from '@bothways/store';
import { printableFiles } from '@bothways/twin';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Environment, Services } from './environment.ts';
import type { Estate } from './estate.ts';
import type { RevisionEvent, SaveAnswer } from './estate-model.ts';
import { PROBLEM_TYPE, problemOf, refuse } from './problem.ts';
import {
  anySchema,
  conflictSchema,
  contentSchema,
  createSchema,
  estateParameter,
  historyQuery,
  historySchema,
  keyParameter,
  oldRevisionSchema,
  problemSchema,
  restoreSchema,
  resultSchema,
  revisionParameter,
  revisionQuery,
  savedSchema,
  saveSchema,
  summarySchema,
} from './schemas.ts';

const HEARTBEAT = 15_000;
/** Open event streams, of all pages together. */
const STREAMS = 200;

const problem = (description: string) => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: problemSchema } } as const,
});
const json = <Schema>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const body = <Schema>(schema: Schema) => ({ required: true, content: { 'application/json': { schema } } });
const noEstate = problem('There is no such estate.');
const refused = {
  400: problem('The request is not as described.'),
  403: problem('Not allowed: a viewer, or a request that does not come from the page.'),
  404: noEstate,
};
const saving = {
  200: json(savedSchema, 'Durable: in the database and on disk.'),
  ...refused,
  409: {
    description: 'Another revision is newer. What is there now, and both changes together where that is possible.',
    content: { [PROBLEM_TYPE]: { schema: conflictSchema } } as const,
  },
  422: problem('These files cannot be a revision of this estate.'),
  503: problem('The database cannot be reached, or the files on disk keep changing.'),
  507: problem('The files on disk cannot be read or written; nothing was changed.'),
};

export function addEstateRoutes(app: OpenAPIHono<Environment>, services: Services): void {
  const { audit, gallery, stopping } = services;
  let streams = 0;

  const find = async (id: string): Promise<Estate | undefined> => (await services.estates).find(id);

  const covered = new WeakMap<readonly StoredFile[], readonly StoredFile[]>();
  /** What somebody may see of the files: a viewer no key of a session, no service key. */
  const shown = ({ var: { user } }: Context<Environment>, files: readonly StoredFile[]): StoredFile[] => {
    if (user.role === 'editor') return [...files];
    const printable = covered.get(files) ?? printableFiles(files);
    covered.set(files, printable);
    return [...printable];
  };

  /** The answer to a save, written down who did it. */
  const answered = (context: Context<Environment>, id: string, action: string, answer: SaveAnswer, detail: string) => {
    const by = context.var.user.name;
    switch (answer.kind) {
      case 'saved':
        audit.write({ action, by, estate: id, revision: answer.revision, detail });
        return context.json({ revision: answer.revision }, 200);
      case 'conflict': {
        audit.write({ action, by, estate: id, refused: 409 });
        const { current, merged, conflicts } = answer;
        const said = problemOf(
          409,
          merged === undefined
            ? 'Somebody else changed the same lines; nothing was saved. Choose what stays.'
            : 'Somebody else changed other lines; nothing was saved yet. Both changes together are in merged.',
        );
        const copied = { current: { revision: current.revision, files: [...current.files] } };
        return context.json(
          {
            ...said,
            ...copied,
            ...(merged === undefined ? {} : { merged: [...merged] }),
            ...(conflicts.length === 0
              ? {}
              : { conflicts: conflicts.map(({ name, parts }) => ({ name, parts: [...parts] })) }),
          },
          409,
          { 'content-type': PROBLEM_TYPE },
        );
      }
      case 'refused':
        audit.write({ action, by, estate: id, refused: answer.status, detail: answer.problem });
        return refuse(context, answer.status, answer.problem);
    }
  };

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/estates',
      summary: 'Estates of this server, the one it was started with first',
      responses: { 200: json(summarySchema.array(), 'Estates') },
    }),
    async (context) => {
      const early = services.early();
      if (early === undefined) return context.json([...(await (await services.estates).list())], 200);
      const { revision: _, files: __, ...summary } = early;
      return context.json([summary], 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/estates',
      summary: 'Keep a copy of a network of the gallery, or of files, in the database',
      request: { body: body(createSchema) },
      responses: {
        201: json(summarySchema.pick({ id: true }), 'The new estate'),
        ...refused,
        422: problem('These files cannot be an estate.'),
      },
    }),
    async (context) => {
      const { name, from } = context.req.valid('json');
      const entry = 'gallery' in from ? gallery.entries.find(({ id }) => id === from.gallery) : undefined;
      if ('gallery' in from && entry === undefined) {
        return refuse(context, 404, `there is no '${from.gallery}' in the gallery`);
      }
      const files = 'files' in from ? from.files : (entry?.files ?? []);
      const { name: by } = context.var.user;
      const label = entry === undefined ? 'New' : `From the gallery: ${entry.title}`;
      const created = await (await services.estates).create(name, files, by, label.slice(0, 200));
      if (!created.ok) return refuse(context, 422, created.problem);
      audit.write({ action: 'create', by, estate: created.id, detail: label });
      return context.json({ id: created.id }, 201);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/estates/{id}',
      summary: 'The newest revision with every file',
      request: { params: estateParameter },
      responses: { 200: json(contentSchema, 'The estate'), 400: refused[400], 404: noEstate },
    }),
    async (context) => {
      const { id } = context.req.valid('param');
      const early = services.early();
      const estate = early?.id === id ? undefined : await find(id);
      const found = early?.id === id ? early : await estate?.content();
      if (found === undefined) return noSuchEstate(context, id);
      const { files, ...content } = found;
      return context.json({ ...content, files: shown(context, files) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/estates/{id}',
      summary: 'Save: the files of revision `base`, changed',
      request: { params: estateParameter, body: body(saveSchema) },
      responses: saving,
    }),
    async (context) => {
      const { id } = context.req.valid('param');
      const estate = await find(id);
      if (estate === undefined) return noSuchEstate(context, id);
      const request = context.req.valid('json');
      const answer = await estate.save(request, context.var.user.name);
      return answered(context, id, 'save', answer, request.label);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/estates/{id}/events',
      summary: 'New revisions as they come (server-sent events named `revision`); the newest one first',
      request: { params: estateParameter },
      responses: {
        200: { description: 'A stream that does not end', content: { 'text/event-stream': { schema: anySchema } } },
        400: refused[400],
        404: noEstate,
        503: problem('Too many streams.'),
      },
    }),
    async (context) => {
      const { id } = context.req.valid('param');
      const estate = await find(id);
      if (estate === undefined) return noSuchEstate(context, id);
      if (streams >= STREAMS) return refuse(context, 503, `${STREAMS} pages follow this server already`);
      streams += 1;
      return streamSSE(context, async (stream) => {
        const send = ({ revision, by, label, source }: RevisionEvent): void => {
          const data = JSON.stringify({ revision, by, label, source });
          void stream.writeSSE({ event: 'revision', id: String(revision), data }).catch(() => undefined);
        };
        const unlisten = estate.listen(send);
        try {
          send(estate.newestEvent());
          await new Promise<void>((done) => {
            const heartbeat = setInterval(
              () => void stream.write(': still here\n\n').catch(() => undefined),
              HEARTBEAT,
            );
            const end = (): void => {
              clearInterval(heartbeat);
              stopping.removeEventListener('abort', end);
              done();
            };
            stream.onAbort(end);
            stopping.addEventListener('abort', end);
            if (stopping.aborted) end();
          });
        } finally {
          unlisten();
          streams -= 1;
        }
      });
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/estates/{id}/history',
      summary: 'Who changed what when, newest first',
      request: { params: estateParameter, query: historyQuery },
      responses: { 200: json(historySchema.array(), 'Revisions'), 400: refused[400], 404: noEstate },
    }),
    async (context) => {
      const { id } = context.req.valid('param');
      const estate = await find(id);
      if (estate === undefined) return noSuchEstate(context, id);
      const { limit, before } = context.req.valid('query');
      const entries = await estate.history(before === undefined ? { limit } : { limit, before });
      return context.json(
        entries.map(({ at, ...entry }) => ({ ...entry, at: new Date(at).toISOString() })),
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/estates/{id}/history/{revision}',
      summary: 'An old revision with every file',
      request: { params: revisionParameter },
      responses: { 200: json(oldRevisionSchema, 'The revision'), 400: refused[400], 404: noEstate },
    }),
    async (context) => {
      const { id, revision } = context.req.valid('param');
      const estate = await find(id);
      if (estate === undefined) return noSuchEstate(context, id);
      const found = await estate.revision(revision);
      if (found === undefined) return refuse(context, 404, `there is no revision ${revision}`);
      return context.json({ ...found, at: new Date(found.at).toISOString(), files: shown(context, found.files) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/estates/{id}/history/{revision}/restore',
      summary: 'The files of an old revision become a new one',
      request: { params: revisionParameter, body: body(restoreSchema) },
      responses: saving,
    }),
    async (context) => {
      const { id, revision } = context.req.valid('param');
      const estate = await find(id);
      if (estate === undefined) return noSuchEstate(context, id);
      const { edit } = context.req.valid('json');
      const answer = await estate.restore(revision, edit, context.var.user.name);
      return answered(context, id, 'restore', answer, `revision ${revision}`);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/estates/{id}/results/{key}',
      summary: 'A result that a page kept for a revision',
      request: { params: keyParameter, query: revisionQuery },
      responses: { 200: json(resultSchema, 'The result'), 400: refused[400], 404: noEstate },
    }),
    async (context) => {
      const { id, key } = context.req.valid('param');
      const { revision } = context.req.valid('query');
      const found = await (await find(id))?.result(revision, key);
      if (found === undefined) return refuse(context, 404, `nothing is kept as '${key}' for revision ${revision}`);
      return context.json({ revision, value: found.value }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/estates/{id}/results/{key}',
      summary: 'Keep a result for a revision',
      request: { params: keyParameter, body: body(resultSchema) },
      responses: { 200: json(savedSchema, 'Kept'), ...refused },
    }),
    async (context) => {
      const { id, key } = context.req.valid('param');
      const { revision, value } = context.req.valid('json');
      const estate = await find(id);
      if (estate === undefined) return noSuchEstate(context, id);
      if ((await estate.revision(revision)) === undefined) {
        return refuse(context, 404, `there is no revision ${revision}`);
      }
      await estate.keepResult(revision, key, value);
      return context.json({ revision }, 200);
    },
  );
}

export function noSuchEstate(context: Context, id: string) {
  return refuse(context, 404, `there is no estate '${id.slice(0, 64)}' on this server`);
}
