/**
 * Which requirements cannot be had together: the smallest set, found by leaving out one after the other and looking
 * whether the rest is possible (deletion filter; Chinneck, Feasibility and Infeasibility in Optimization, chapter 6). What
 * remains clashes, and without any one of it the rest does not. `smallestConflict` then tries all smaller sets, so that
 * the result is the smallest and not only irreducible; there are few requirements.
 */

/** Smallest subset of `items` for which `possible` is false; `undefined` when all together are possible. */
export async function smallestConflict<Item>(
  items: readonly Item[],
  possible: (subset: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[] | undefined> {
  if (await possible(items)) return undefined;
  let kept = items;
  for (const item of items) {
    const without = kept.filter((each) => each !== item);
    if (!(await possible(without))) kept = without;
  }
  for (let size = 0; size < kept.length; size++) {
    for (const subset of subsets(items, size)) {
      if (!(await possible(subset))) return subset;
    }
  }
  return kept;
}

function* subsets<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (const [ix, item] of items.entries()) {
    for (const rest of subsets(items.slice(ix + 1), size - 1)) yield [item, ...rest];
  }
}
