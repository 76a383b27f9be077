/** Plain values as an independent reader gives them, and the changes that edits of the text must amount to. */
import type { Path } from '../src/index.ts';

export function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, each]) =>
      pathsOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, step) => (typeof part === 'object' && part !== null ? Reflect.get(part, step) : undefined),
    value,
  );
}

export function without(value: unknown, path: Path): unknown {
  const copy = structuredClone(value);
  const parent = at(copy, path.slice(0, -1));
  const last = path.at(-1);
  if (Array.isArray(parent) && typeof last === 'number') parent.splice(last, 1);
  else if (typeof parent === 'object' && parent !== null && last !== undefined) Reflect.deleteProperty(parent, last);
  return copy;
}

export function withValue(value: unknown, path: Path, added: unknown): unknown {
  const copy = structuredClone(value);
  const parent = at(copy, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof parent === 'object' && parent !== null && last !== undefined) Reflect.set(parent, last, added);
  return copy;
}
