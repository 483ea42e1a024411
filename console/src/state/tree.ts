export interface Placed<T> {
  one: T;
  /** How many stand above it. */
  depth: number;
  /** How many stand right below it. */
  below: number;
}

/** Each thing after the one that it belongs to, in the order given. What belongs to nothing known stands at the top. */
export function asTree<T, K>(all: readonly T[], keyOf: (one: T) => K, aboveOf: (one: T) => K | null): Placed<T>[] {
  const known = new Set(all.map(keyOf));
  const below = new Map<K | null, T[]>();
  for (const one of all) {
    const above = aboveOf(one);
    const at = above !== null && known.has(above) ? above : null;
    const there = below.get(at);
    if (there) there.push(one);
    else below.set(at, [one]);
  }
  const found: Placed<T>[] = [];
  const walk = (above: K | null, depth: number) => {
    for (const one of below.get(above) ?? []) {
      found.push({ one, depth, below: below.get(keyOf(one))?.length ?? 0 });
      walk(keyOf(one), depth + 1);
    }
  };
  walk(null, 0);
  return found;
}
