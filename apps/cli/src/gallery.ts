/**
 * The scenarios as starting points: every folder of `scenarios/` is an estate that somebody can begin with, by its id, its
 * folder or the name of its shape. They are read where they lie, beside this program, and only when asked for.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StartingPoint {
  /** Name of the folder: PP-S08-two-countries-two-circuits. */
  readonly folder: string;
  /** PP-S08, A5, or for a shape without a figure its folder. */
  readonly id: string;
  /** Name of the shape, where it has one: nothing is lost in these. */
  readonly shape: string | undefined;
  readonly title: string;
  /** What `bothways check` says of it. */
  readonly verdict: string;
}

/** The same from the sources and from the bundle: both lie two folders below apps/. */
const folderOfAll = join(import.meta.dirname, '../../../scenarios');

/** Shapes first, in the order of `scenarios/shapes.json`; then the others by name. */
export function startingPoints(): readonly StartingPoint[] {
  const shapes = new Map(Object.entries(stringsOf(readJson(join(folderOfAll, 'shapes.json')))).map(([a, b]) => [b, a]));
  const order = [...shapes.keys()];
  const rank = (folder: string): number => (shapes.has(folder) ? order.indexOf(folder) : order.length);
  return readdirSync(folderOfAll, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((folder) => ({
      folder,
      id: /^(PP-S\d\d|A\d)-/.exec(folder)?.[1] ?? folder,
      shape: shapes.get(folder),
      title: /^# (.+)$/m.exec(readFileSync(join(folderOfAll, folder, 'README.md'), 'utf8'))?.[1] ?? folder,
      verdict: stringsOf(readJson(join(folderOfAll, folder, 'expected/check.json')))['verdict'] ?? 'unknown',
    }));
}

/** The document of a starting point. */
export function startingText({ folder }: StartingPoint): string {
  return readFileSync(join(folderOfAll, folder, 'estate.yaml'), 'utf8');
}

/** By the name of its shape, its id or its folder, in capitals or not. */
export function findStartingPoint(wanted: string, all: readonly StartingPoint[]): StartingPoint | undefined {
  const text = wanted.toLowerCase();
  return (
    all.find(({ shape }) => shape === text) ??
    all.find(({ id, folder }) => id.toLowerCase() === text || folder.toLowerCase() === text)
  );
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** The keys whose values are strings. */
function stringsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
