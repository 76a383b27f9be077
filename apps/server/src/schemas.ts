/** Shapes of the API, from which its description is made and by which requests are checked. */
import { z } from '@hono/zod-openapi';

/** Text that a database and a file can keep: no zero byte, no half of a surrogate pair. */
const text = z.string().refine((value) => !/\0|\p{Surrogate}/u.test(value), 'is not plain text');

const fileSchema = z
  .strictObject({
    name: text.min(1).max(255).openapi({ description: 'Relative to the folder of the estate, with forward slashes.' }),
    text: text.openapi({ description: 'Without byte order mark; line ends are kept as they are.' }),
  })
  .openapi('File');

const files = z.array(fileSchema).min(1).max(1000);
const received = z.array(fileSchema.loose());
const revision = z.number().int().min(1).max(2_147_483_647);
const edit = z.uuid().openapi({ description: 'Chosen by the sender; the same id again is the same change.' });
const label = text.min(1).max(200).openapi({ description: 'What was changed, for the history.' });
const name = text.min(1).max(100);

export const problemSchema = z
  .object({ type: z.string(), title: z.string(), status: z.number(), detail: z.string() })
  .openapi('Problem');

export const sessionSchema = z
  .object({
    user: z.object({ name: z.string(), role: z.enum(['viewer', 'editor']) }),
    signIn: z.enum(['none', 'token', 'oidc']),
    version: z.string(),
  })
  .openapi('Session');

export const summarySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    source: z.enum(['disk', 'database']),
    writable: z.boolean(),
  })
  .openapi('Estate');

export const contentSchema = summarySchema.extend({ revision: z.number(), files: received }).openapi('EstateContent');

export const createSchema = z
  .strictObject({
    name,
    from: z.union([z.strictObject({ gallery: z.string().max(100) }), z.strictObject({ files })]),
  })
  .openapi('NewEstate');

export const saveSchema = z
  .strictObject({ base: revision, files, label, edit })
  .openapi('Save', { description: 'A change of the files of revision `base`.' });

export const savedSchema = z.object({ revision: z.number() }).openapi('Saved');

const partSchema = z.union([
  z.object({ kind: z.literal('agreed'), text: z.string() }),
  z.object({ kind: z.literal('conflict'), base: z.string(), ours: z.string(), theirs: z.string() }),
]);

export const conflictSchema = problemSchema
  .extend({
    current: z.object({ revision: z.number(), files: received }).optional(),
    merged: received.optional().openapi({
      description: 'Both changes together, where no line was changed twice: save it with `current.revision` as base.',
    }),
    conflicts: z
      .array(z.object({ name: z.string(), parts: z.array(partSchema) }))
      .optional()
      .openapi({ description: '`ours` is what was sent, `theirs` what is there now.' }),
  })
  .openapi('Conflict');

export const historySchema = z
  .object({
    revision: z.number(),
    at: z.iso.datetime(),
    by: z.string(),
    label: z.string(),
    source: z.enum(['page', 'disk']),
  })
  .openapi('HistoryEntry');

export const oldRevisionSchema = historySchema.extend({ files: received }).openapi('Revision');

export const restoreSchema = z.strictObject({ edit }).openapi('Restore');

/** What JSON.parse gives, unless it is nested so deeply that it cannot be written again. */
const anyJson = z
  .unknown()
  .refine((value) => value !== undefined && jsonOf(value) !== undefined, 'is missing or nested too deeply')
  .openapi({ description: 'Any JSON value.' });

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

export const resultSchema = z.strictObject({ revision, value: anyJson }).openapi('Result');

export const gallerySchema = z
  .object({
    id: z.string(),
    title: z.string(),
    lesson: z.string(),
    order: z.number(),
    tour: z.number().optional(),
  })
  .openapi('GalleryEntry');

export const galleryPageSchema = gallerySchema.extend({ files: received, readme: z.string() }).openapi('GalleryPage');

/** Answers whose shape is described where they are made: facts, rules, the schema of the document. */
export const anySchema = z.unknown().openapi({ type: 'object' });

export const estateParameter = z.object({
  id: z
    .string()
    .max(64)
    .openapi({ param: { name: 'id', in: 'path' }, example: 'main' }),
});

export const revisionParameter = estateParameter.extend({
  revision: z.coerce.number().int().min(1).max(2_147_483_647),
});

export const keyParameter = estateParameter.extend({ key: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$/) });

export const revisionQuery = z.object({ revision: z.coerce.number().int().min(1).max(2_147_483_647) });

export const historyQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
});

export const REPORT_FORMATS = ['html', 'md', 'json', 'docx', 'pdf'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const reportQuery = z.object({
  format: z.enum(REPORT_FORMATS).default('html'),
  download: z.enum(['0', '1']).optional().openapi({ description: '1: offered as a file.' }),
});

export const factsQuery = z.object({ q: z.string().max(400).optional() });
export const nameParameter = z.object({ name: z.string().max(100) });
export const idParameter = z.object({ id: z.string().max(100) });
