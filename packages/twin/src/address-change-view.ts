/** The difference between address files as plain values: prefixes as text, numbers beyond 2^53 as decimal text. */
import type { EndpointFileChange, PrefixChange, TagFileChange } from '@bothways/facts';
import { formatPrefix, setSize } from '@bothways/net';

export interface AddressFilesChange {
  readonly serviceTags: readonly TagFileChangeView[];
  readonly microsoft365: readonly EndpointFileChangeView[];
}

export interface AddressFileHeadView {
  readonly file: string;
  readonly date: string;
  readonly changeNumber: number | null;
  readonly sets: number;
  /** Entries of all sets together. */
  readonly prefixes: number;
  /** Different prefixes. */
  readonly distinct: number;
  readonly addresses4: string;
}

export interface PrefixChangeView {
  /** Prefixes in the set. */
  readonly before: number;
  readonly after: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** IPv4 addresses that are new in the set or gone from it; a prefix that is merely written otherwise counts nowhere. */
  readonly addresses4: { readonly gained: string; readonly lost: string };
}

export interface TagSetChangeView extends PrefixChangeView {
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly region: string | null;
  readonly service: string | null;
  readonly changeNumbers: readonly (number | null)[];
}

export interface TagFileChangeView {
  readonly cloud: string;
  readonly before: AddressFileHeadView;
  readonly after: AddressFileHeadView;
  /** Prefixes that stood in no set before, and that stand in none any more. */
  readonly fresh: number;
  readonly gone: number;
  /** Sets with a new number and the same prefixes. */
  readonly renumbered: number;
  readonly unchanged: number;
  readonly sets: readonly TagSetChangeView[];
}

export interface EndpointSetChangeView extends PrefixChangeView {
  readonly id: number;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly serviceArea: string;
  readonly namesAdded: readonly string[];
  readonly namesRemoved: readonly string[];
  readonly properties: readonly { readonly property: string; readonly before: string; readonly after: string }[];
}

export interface EndpointFileChangeView {
  readonly instance: string;
  readonly before: AddressFileHeadView;
  readonly after: AddressFileHeadView;
  readonly unchanged: number;
  readonly sets: readonly EndpointSetChangeView[];
}

export function tagFileChangeView(change: TagFileChange): TagFileChangeView {
  return {
    cloud: change.cloud,
    before: headView(change.before),
    after: headView(change.after),
    fresh: change.fresh,
    gone: change.gone,
    renumbered: change.renumbered,
    unchanged: change.unchanged,
    sets: change.sets.map((set) => ({
      name: set.name,
      kind: set.kind,
      region: set.region ?? null,
      service: set.service ?? null,
      changeNumbers: set.changeNumbers.map((number) => number ?? null),
      ...prefixChangeView(set),
    })),
  };
}

export function endpointFileChangeView(change: EndpointFileChange): EndpointFileChangeView {
  return {
    instance: change.instance,
    before: headView(change.before),
    after: headView(change.after),
    unchanged: change.unchanged,
    sets: change.sets.map((set) => ({
      id: set.id,
      kind: set.kind,
      serviceArea: set.serviceArea,
      namesAdded: set.namesAdded,
      namesRemoved: set.namesRemoved,
      properties: set.properties,
      ...prefixChangeView(set),
    })),
  };
}

function headView(head: TagFileChange['before']): AddressFileHeadView {
  const { file, date, changeNumber, sets, prefixes, distinct, addresses4 } = head;
  return {
    file,
    date,
    changeNumber: changeNumber ?? null,
    sets,
    prefixes,
    distinct,
    addresses4: addresses4.toString(),
  };
}

function prefixChangeView({ before, after, added, removed, gained, lost }: PrefixChange): PrefixChangeView {
  return {
    before,
    after,
    added: added.map((each) => formatPrefix(each)),
    removed: removed.map((each) => formatPrefix(each)),
    addresses4: { gained: setSize(gained, 4).toString(), lost: setSize(lost, 4).toString() },
  };
}
