/**
 * The IGP of the slow twin: Floyd and Warshall inside each area, ways between areas by the rules of RFC 2328 as they
 * stand, first hops by definition.
 */
import type { DeviceIx, Link } from '@bothways/network';

interface ReferenceWay {
  readonly cost: number;
  /** Where packets go first: inside an area, towards a device. */
  readonly towards: readonly { readonly area: number; readonly device: DeviceIx }[];
}

const NONE: ReferenceWay = { cost: Number.POSITIVE_INFINITY, towards: [] };

export class ReferenceIgp {
  readonly #links: readonly Link[];
  readonly #inside = new Map<number, readonly (readonly number[])[]>();
  readonly #ways: readonly (readonly ReferenceWay[])[];

  /** `links` are those on which the IGP runs. */
  constructor(size: number, links: readonly Link[]) {
    this.#links = links;
    for (const area of new Set(links.map((link) => link.area ?? 0)))
      this.#inside.set(area, this.#distances(size, area));
    const devices = Array.from({ length: size }, (_, ix) => ix);
    this.#ways = devices.map((from) => devices.map((to) => this.#way(from, to)));
  }

  cost(from: DeviceIx, to: DeviceIx): number {
    return this.#ways[from]?.[to]?.cost ?? Number.POSITIVE_INFINITY;
  }

  firstHops(from: DeviceIx, to: DeviceIx): readonly string[] {
    const { towards } = this.#ways[from]?.[to] ?? NONE;
    return towards.flatMap(({ area, device }) =>
      this.#links
        .filter((link) => (link.area ?? 0) === area && (link.a === from || link.b === from))
        .map((link) => ({ link, there: link.a === from ? link.b : link.a }))
        .filter(({ link, there }) => link.cost + this.#at(area, there, device) === this.#at(area, from, device))
        .map(({ link, there }) => `${link.ix}>${there}`),
    );
  }

  #distances(size: number, area: number): readonly (readonly number[])[] {
    const distance = Array.from({ length: size }, (_, a) =>
      Array.from({ length: size }, (_unused, b) => (a === b ? 0 : Number.POSITIVE_INFINITY)),
    );
    const at = (a: number, b: number): number => distance[a]?.[b] ?? Number.POSITIVE_INFINITY;
    const shorten = (a: number, b: number, cost: number): void => {
      const row = distance[a];
      if (row !== undefined && cost < at(a, b)) row[b] = cost;
    };
    for (const link of this.#links.filter((item) => (item.area ?? 0) === area)) {
      shorten(link.a, link.b, link.cost);
      shorten(link.b, link.a, link.cost);
    }
    for (let via = 0; via < size; via++) {
      for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) shorten(a, b, at(a, via) + at(via, b));
    }
    return distance;
  }

  #at(area: number, a: DeviceIx, b: DeviceIx): number {
    return this.#inside.get(area)?.[a]?.[b] ?? Number.POSITIVE_INFINITY;
  }

  #areas(device: DeviceIx): readonly number[] {
    const own = this.#links.filter((link) => link.a === device || link.b === device).map((link) => link.area ?? 0);
    return [...new Set(own)].sort((a, b) => a - b);
  }

  #isBorder(device: DeviceIx): boolean {
    return this.#areas(device).includes(0) && this.#areas(device).length > 1;
  }

  #way(from: DeviceIx, to: DeviceIx): ReferenceWay {
    if (from === to) return { cost: 0, towards: [] };
    const [home] = this.#areas(to);
    if (home === undefined) return NONE;
    const inside = this.#areas(from).includes(home) ? this.#at(home, from, to) : Number.POSITIVE_INFINITY;
    if (inside < Number.POSITIVE_INFINITY) return { cost: inside, towards: [{ area: home, device: to }] };
    const through = this.#areas(from).includes(0) ? [0] : this.#areas(from);
    const ways = through.flatMap((area) =>
      [...this.#borders()]
        .filter((border) => border !== from)
        .map((border) => ({
          area,
          device: border,
          cost: this.#at(area, from, border) + this.#told(border, to, home, area),
        })),
    );
    const cost = Math.min(Number.POSITIVE_INFINITY, ...ways.map((way) => way.cost));
    return cost === Number.POSITIVE_INFINITY ? NONE : { cost, towards: ways.filter((way) => way.cost === cost) };
  }

  #borders(): ReadonlySet<DeviceIx> {
    return new Set(this.#links.flatMap((link) => [link.a, link.b]).filter((device) => this.#isBorder(device)));
  }

  /** The cost in the summary that a border router sends into an area. */
  #told(border: DeviceIx, to: DeviceIx, home: number, area: number): number {
    const inside = this.#areas(border).includes(home) ? this.#at(home, border, to) : Number.POSITIVE_INFINITY;
    if (inside < Number.POSITIVE_INFINITY) return home === area ? Number.POSITIVE_INFINITY : inside;
    if (area === 0 || home === 0) return Number.POSITIVE_INFINITY;
    const others = [...this.#borders()].filter((other) => other !== border && this.#areas(other).includes(home));
    const costs = others.map((other) => this.#at(0, border, other) + this.#at(home, other, to));
    return Math.min(Number.POSITIVE_INFINITY, ...costs);
  }
}
