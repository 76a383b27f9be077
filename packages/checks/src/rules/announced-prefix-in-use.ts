/** Whatever is announced opens addresses to everything at Microsoft, so it should stand for something. */
import { type Circuit, editRemove, type Path } from '@bothways/estate';
import { formatPrefix, hostPrefix, type Prefix, prefixesOverlap } from '@bothways/net';
import { listText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { defineRule, example } from '../rule.ts';

interface Unused {
  readonly circuit: Circuit;
  readonly prefix: Prefix;
  readonly path: Path;
  readonly isLast: boolean;
  /** Of many at once: all of them. */
  readonly all: readonly Prefix[];
}

/** Findings of one circuit; more of them are one finding. */
const MOST_SINGLY = 4;

export const announcedPrefixInUse = defineRule<Unused>({
  name: 'announced-prefix-in-use',
  title: 'A prefix is announced to Microsoft that nothing uses',
  family: 'addresses and NAT',
  severity: 'warning',
  ids: ['PP-C10', 'CHK-GAP-04', 'CHK-M365-10', 'ER-083', 'ER-093', 'ER-222'],
  what: 'Compares the prefixes announced on each Microsoft peering with NAT pools, published services, and the addresses of sites.',
  why: 'Every server of Microsoft, and every tenant there, may send to whatever is announced. A prefix without a purpose is an open door, or the purpose is missing from the document.',
  fix: 'stop announcing it, or add what uses it',
  status: 'stable',
  since: '0.1.0',
  fires: example('a second prefix without a purpose', [
    'advertises: [203.0.113.0/28]',
    'advertises: [203.0.113.0/28, 203.0.113.64/28]',
  ]),
  silent: example('the pool of the edge'),
  find: (view) => {
    const used = [
      ...view.estate.services.flatMap(({ published }) => published.map(({ address }) => hostPrefix(address))),
      ...view.estate.sites.flatMap(({ clients, servers }) => [...clients, ...servers]),
    ];
    const unused = view.index.announced().all.flatMap(({ prefix, value }) => {
      // Without a pool at the edge somebody else may translate.
      if (value.edge === undefined || value.edge.nat.length === 0) return [];
      if (view.index.pools().overlapping(prefix).length > 0) return [];
      if (used.some((each) => prefixesOverlap(each, prefix))) return [];
      return [
        { circuit: value.circuit, prefix, path: value.path, isLast: value.peering.advertises.length === 1, all: [] },
      ];
    });
    return [...groupedBy(unused, ({ circuit }) => circuit).values()].flatMap((group): readonly Unused[] => {
      if (group.length <= MOST_SINGLY) return group;
      const [first] = group;
      return [{ ...first, path: first.path.slice(0, -1), isLast: true, all: group.map(({ prefix }) => prefix) }];
    });
  },
  word: ({ circuit, prefix, path, all }) => ({
    message:
      all.length === 0
        ? `${formatPrefix(prefix)} is announced on ${circuit.name}, but no NAT pool, service or site of the document uses it`
        : `${all.length} prefixes are announced on ${circuit.name} that no NAT pool, service or site of the document uses: ${listText(all.map(formatPrefix))}`,
    path,
  }),
  mend: ({ circuit, prefix, path, isLast }, view) =>
    isLast
      ? []
      : [
          {
            title: `stop announcing ${formatPrefix(prefix)} on ${circuit.name}`,
            safe: false,
            edits: editRemove(view.document, path),
          },
        ],
  unknown: {
    example: example('the edge has no NAT pool', [', nat: 203.0.113.0/28', '']),
    find: (view) =>
      view.index
        .peered()
        .filter(({ edge, peering }) => edge?.nat.length === 0 && peering.advertises.length > 0)
        .map(({ circuit, edge }) => ({
          input: 'expressRouteEdges.*.nat',
          message: `what uses the prefixes announced on ${circuit.name}`,
          path: edge?.path ?? circuit.path,
        })),
  },
});
