/** Whether two pieces of plain data make routers behave alike: equal all the way down, besides names and origins. */

/** Said to people only. */
const remarks: ReadonlySet<string> = new Set(['name', 'origins', 'because']);

export function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let ix = 0; ix < a.length; ix++) if (!alike(a[ix], b[ix])) return false;
    return true;
  }
  const left = entriesOf(a);
  const right = entriesOf(b);
  if (left.length !== right.length) return false;
  const held = new Map(right);
  return left.every(([key, value]) => held.has(key) && alike(value, held.get(key)));
}

function entriesOf(item: object): readonly (readonly [string, unknown])[] {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(item);
  return entries.filter(([key, value]) => value !== undefined && !remarks.has(key));
}
