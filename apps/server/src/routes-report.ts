/** The report of an estate, in every form the command line writes. */
import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Environment, Services } from './environment.ts';
import { PROBLEM_TYPE, refuse } from './problem.ts';
import { noSuchEstate } from './routes-estates.ts';
import { anySchema, estateParameter, problemSchema, type ReportFormat, reportQuery } from './schemas.ts';

const types: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  json: 'application/json',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
};

const problem = (description: string) => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: problemSchema } } as const,
});

export function addReportRoute(app: OpenAPIHono<Environment>, services: Services): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/estates/{id}/report',
      summary: 'The report of the newest revision',
      request: { params: estateParameter, query: reportQuery },
      responses: {
        200: {
          description: 'The report',
          content: Object.fromEntries(Object.values(types).map((type) => [type, { schema: anySchema }])),
        },
        400: problem('The request is not as described.'),
        404: problem('There is no such estate.'),
        422: problem('The document has errors, or this form cannot be written here.'),
      },
    }),
    async (context) => {
      const { id } = context.req.valid('param');
      const { format, download } = context.req.valid('query');
      const estate = await (await services.estates).find(id);
      if (estate === undefined) return noSuchEstate(context, id);
      const { name, files } = await estate.content();
      const made = await services.report(format, files);
      if (!made.ok) return refuse(context, 422, made.problem);
      const plain = name.replaceAll(/[^\w.-]+/g, '-');
      const offered = download === '1' || format === 'docx' || format === 'pdf';
      const content = typeof made.content === 'string' ? made.content : new Uint8Array(made.content);
      return context.body(content, 200, {
        'content-type': types[format],
        'content-disposition': `${offered ? 'attachment' : 'inline'}; filename="${plain}-report.${format}"`,
        'cache-control': 'no-store',
        ...(format === 'html' && typeof content === 'string' ? framed(content) : {}),
      });
    },
  );
}

/** A report runs nothing and loads nothing; its one style sheet is let through by its hash. The page may show it in a frame. */
function framed(html: string): Readonly<Record<string, string>> {
  const styles = [...html.matchAll(/<style>([^]*?)<\/style>/g)].map(
    ([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  );
  return {
    'content-security-policy': `default-src 'none'; style-src ${styles.join(' ')}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox`,
    'x-frame-options': 'SAMEORIGIN',
  };
}
