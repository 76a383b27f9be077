/** What does not depend on an estate: gallery, schema of the document, facts, rules; and the session. */

import { estateSchema, factPage, factsOverview, rulePage, rulesByFamily, searchedFacts } from '@bothways/twin';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Environment, Services } from './environment.ts';
import { PROBLEM_TYPE, refuse } from './problem.ts';
import {
  anySchema,
  factsQuery,
  galleryPageSchema,
  gallerySchema,
  idParameter,
  nameParameter,
  problemSchema,
  sessionSchema,
} from './schemas.ts';

const json = <Schema>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const missing = { description: 'There is none.', content: { [PROBLEM_TYPE]: { schema: problemSchema } } as const };
const malformed = {
  description: 'The request is not as described.',
  content: { [PROBLEM_TYPE]: { schema: problemSchema } } as const,
};

/** Facts found at most; a search that finds more is no search. */
const FACTS = 200;

export function addKnowledgeRoutes(app: OpenAPIHono<Environment>, services: Services): void {
  const { gallery, version, signIn } = services;

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/session',
      summary: 'Who is asking, and what they may do',
      responses: { 200: json(sessionSchema, 'The session') },
    }),
    (context) => context.json({ user: context.var.user, signIn, version }, 200),
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/gallery',
      summary: 'Networks to start from',
      responses: { 200: json(gallerySchema.array(), 'The gallery') },
    }),
    (context) =>
      context.json(
        gallery.entries.map(({ id, title, lesson, order, tour }) => ({
          id,
          title,
          lesson,
          order,
          ...(tour === undefined ? {} : { tour }),
        })),
        200,
      ),
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/gallery/{id}',
      summary: 'One network of the gallery with its files and its page',
      request: { params: idParameter },
      responses: { 200: json(galleryPageSchema, 'The network'), 400: malformed, 404: missing },
    }),
    (context) => {
      const { id } = context.req.valid('param');
      const entry = gallery.entries.find((each) => each.id === id);
      if (entry === undefined) return refuse(context, 404, `there is no '${id}' in the gallery`);
      return context.json({ ...entry, files: [...entry.files] }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/schema',
      summary: 'JSON Schema (draft-07) of the estate document',
      responses: { 200: json(anySchema, 'The schema') },
    }),
    (context) => context.json(estateSchema(), 200),
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/facts',
      summary: 'Facts that match `q`; without it an overview',
      request: { query: factsQuery },
      responses: { 200: json(anySchema, 'Facts, or the overview'), 400: malformed },
    }),
    (context) => {
      const { q = '' } = context.req.valid('query');
      return context.json(q.trim() === '' ? factsOverview() : searchedFacts(q).slice(0, FACTS), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/facts/{id}',
      summary: 'One fact with its source and date',
      request: { params: idParameter },
      responses: { 200: json(anySchema, 'The fact'), 400: malformed, 404: missing },
    }),
    (context) => {
      const { id } = context.req.valid('param');
      const page = factPage(id);
      return page === undefined ? refuse(context, 404, `there is no fact '${id}'`) : context.json(page, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/rules',
      summary: 'Names of the rules, by family',
      responses: { 200: json(anySchema, 'The rules') },
    }),
    (context) =>
      context.json(
        rulesByFamily().map(({ family, rules }) => ({ family, rules: [...rules] })),
        200,
      ),
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/rules/{name}',
      summary: 'What a rule finds, why it matters, how to mend it',
      request: { params: nameParameter },
      responses: { 200: json(anySchema, 'The rule'), 400: malformed, 404: missing },
    }),
    (context) => {
      const { name } = context.req.valid('param');
      const page = rulePage(name);
      return page === undefined ? refuse(context, 404, `there is no rule '${name}'`) : context.json(page, 200);
    },
  );
}
