/**
 * Networks to start from: the scenarios, with what each one teaches. They come from the folders of `scenarios/` and
 * `examples/`, read when the program is built.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredFile } from '@bothways/store';
import { z } from 'zod';
import { readState } from './estate-folder.ts';

export interface GalleryEntry {
  /** Name of the folder. */
  readonly id: string;
  readonly title: string;
  /** The first paragraph of its page. */
  readonly lesson: string;
  readonly order: number;
  /** Station of the tour through the figures of Microsoft's documents, from 1; absent: not part of it. */
  readonly tour?: number | undefined;
  readonly files: readonly StoredFile[];
  /** Markdown. */
  readonly readme: string;
}

export interface Gallery {
  /** What the workbench opens on when nothing else is given. */
  readonly example: { readonly name: string; readonly files: readonly StoredFile[] };
  readonly entries: readonly GalleryEntry[];
}

/** Scenarios that are figures of the documents, then causes of asymmetric routing, then further shapes. */
const FAMILIES = [/^PP-S\d+-/, /^A\d-/, /^/] as const;

const fileSchema = z.object({ name: z.string(), text: z.string() });
const savedSchema = z.object({
  example: z.object({ name: z.string(), files: fileSchema.array() }),
  entries: z
    .object({
      id: z.string(),
      title: z.string(),
      lesson: z.string(),
      order: z.number(),
      tour: z.number().optional(),
      files: fileSchema.array(),
      readme: z.string(),
    })
    .array(),
});

/** What was written as JSON when the program was built. */
export function savedGallery(json: string): Gallery {
  return savedSchema.parse(JSON.parse(json));
}

/** @param root folder with `scenarios` and `examples` */
export function readGallery(root: string): Gallery {
  const names = readdirSync(join(root, 'scenarios'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => familyOf(a) - familyOf(b) || (a < b ? -1 : 1));
  return {
    example: { name: 'Contoso', files: filesOf(join(root, 'examples/contoso')) },
    entries: names.map((name, at) => {
      const folder = join(root, 'scenarios', name);
      const readme = readFileSync(join(folder, 'README.md'), 'utf8');
      const [, title, lesson] = /^# (.+)\n+([^]+?)\n\n/.exec(readme) ?? [];
      if (title === undefined || lesson === undefined)
        throw new Error(`${folder}/README.md has no title and paragraph`);
      return {
        id: name,
        title,
        lesson: lesson.replaceAll('\n', ' '),
        order: at + 1,
        ...(familyOf(name) < 2 ? { tour: at + 1 } : {}),
        files: filesOf(folder),
        readme,
      };
    }),
  };
}

function familyOf(name: string): number {
  return FAMILIES.findIndex((family) => family.test(name));
}

function filesOf(folder: string): readonly StoredFile[] {
  const state = readState({ folder, document: undefined }, []);
  if (!state.ok) throw new Error(state.problem);
  return state.files;
}
