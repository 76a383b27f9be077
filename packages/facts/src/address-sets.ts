// The published address sets: every service tag of the weekly files of the three clouds, and the Microsoft 365 endpoint
// sets that carry addresses, as downloaded (dates in each set). Membership says who owns an address, not that
// ExpressRoute advertises it. Prefixes are unpacked when a set is first asked for.

import { type Prefix, type PrefixSet, prefixSet } from '@bothways/net';
import { addressFileSource, rememberedPerData, tagFile } from './address-data.ts';
import { azureRegion, azureRegions } from './azure-regions.ts';
import type { Cloud } from './cloud.ts';
import { microsoft365AddressRows } from './microsoft365.ts';
import { unpackPrefixes } from './packed-prefixes.ts';
import { indexBy } from './rows.ts';
import type { SourceRef } from './source.ts';

export interface AddressSet {
  /** 'AzureCloud.westeurope', 'PowerPlatformInfra.WestEurope', 'Microsoft365.56' */
  readonly name: string;
  readonly cloud: Cloud;
  /** System service of the tag file: 'AzureStorage'; undefined for tags without one and for Microsoft 365 sets. */
  readonly service: string | undefined;
  /** Azure region id of a regional tag; for regions without a record here ('eastus2euap') the word of the file. */
  readonly region: string | undefined;
  /** Change number of the set itself; undefined for Microsoft 365 sets. */
  readonly changeNumber: number | undefined;
  /** ISO day of the download. */
  readonly date: string;
  readonly source: SourceRef;
  /** Ascending, distinct, as published (not aggregated). */
  readonly prefixes4: readonly Prefix[];
  readonly prefixes6: readonly Prefix[];
  /** IPv4 first. */
  readonly prefixes: readonly Prefix[];
  readonly set: PrefixSet;
}

/** Everything of a set but its prefixes. */
type Described = Omit<AddressSet, 'prefixes4' | 'prefixes6' | 'prefixes' | 'set'>;

/** Unpacks on first use. The text is our own, so the state it owns is only a cache. */
class PackedSet implements AddressSet {
  readonly name: string;
  readonly cloud: Cloud;
  readonly service: string | undefined;
  readonly region: string | undefined;
  readonly changeNumber: number | undefined;
  readonly date: string;
  readonly source: SourceRef;
  readonly #v4: string;
  readonly #v6: string;
  #prefixes4: readonly Prefix[] | undefined;
  #prefixes6: readonly Prefix[] | undefined;
  #set: PrefixSet | undefined;

  constructor(described: Described, v4: string, v6: string) {
    this.name = described.name;
    this.cloud = described.cloud;
    this.service = described.service;
    this.region = described.region;
    this.changeNumber = described.changeNumber;
    this.date = described.date;
    this.source = described.source;
    this.#v4 = v4;
    this.#v6 = v6;
  }

  get prefixes4(): readonly Prefix[] {
    this.#prefixes4 ??= unpackPrefixes(this.#v4, 4);
    return this.#prefixes4;
  }

  get prefixes6(): readonly Prefix[] {
    this.#prefixes6 ??= unpackPrefixes(this.#v6, 6);
    return this.#prefixes6;
  }

  get prefixes(): readonly Prefix[] {
    return [...this.prefixes4, ...this.prefixes6];
  }

  get set(): PrefixSet {
    this.#set ??= prefixSet(this.prefixes);
    return this.#set;
  }
}

const regionByTagRegion = new Map(azureRegions().map((region) => [region.tagRegion, region.id]));

function loadCloud(cloud: Cloud): ReadonlyMap<string, AddressSet> {
  const file = tagFile(cloud);
  const fileSource = addressFileSource(file);
  const sets: AddressSet[] = file.sets.map((line) => {
    const [name = '', region = '', service = '', change = '', v4 = '', v6 = ''] = line.split('|');
    const described: Described = {
      name,
      cloud,
      service: service === '' ? undefined : service,
      region: region === '' ? undefined : regionOfTag(region),
      changeNumber: Number(change),
      date: file.date,
      source: fileSource,
    };
    return new PackedSet(described, v4, v6);
  });
  for (const row of microsoft365AddressRows(cloud)) {
    const described = { name: row.name, cloud, service: undefined, region: undefined, changeNumber: undefined };
    sets.push(new PackedSet({ ...described, date: row.source.date, source: row.source }, row.v4, row.v6));
  }
  return indexBy(sets, (set) => set.name);
}

/** Azure region id for the word of a tag file: 'germanywc' is germanywestcentral; unknown words stay. */
export function regionOfTag(word: string): string {
  return regionByTagRegion.get(word) ?? word;
}

const setsOf = rememberedPerData(loadCloud);

/** In the order of the file (by name), Microsoft 365 sets last. */
export function addressSetNames(cloud: Cloud): readonly string[] {
  return [...setsOf(cloud).keys()];
}

export function addressSets(cloud: Cloud): Iterable<AddressSet> {
  return setsOf(cloud).values();
}

/** By exact name as published. */
export function addressSet(cloud: Cloud, name: string): AddressSet | undefined {
  return setsOf(cloud).get(name);
}

/**
 * The regional form of a tag by Azure region id: ('public', 'AzureCloud', 'germanywestcentral') finds
 * AzureCloud.germanywc. Joins on the region the file states, because some tags use short region names in theirs.
 */
export function regionalTag(cloud: Cloud, tag: string, azureRegionId: string): AddressSet | undefined {
  return regional(cloud).get(`${tag}/${azureRegionId}`);
}

function regionalIndex(cloud: Cloud): ReadonlyMap<string, AddressSet> {
  const index = new Map<string, AddressSet>();
  for (const set of setsOf(cloud).values()) {
    if (set.region === undefined) continue;
    const dot = set.name.indexOf('.');
    const tag = set.name.slice(0, dot);
    const suffix = set.name.slice(dot + 1).toLowerCase();
    // A few sets of test capacity ('Storage.EastUS2Stage') state the region of the real one.
    const tagRegion = azureRegion(set.region)?.tagRegion ?? set.region;
    if (suffix === set.region || suffix === tagRegion) index.set(`${tag}/${set.region}`, set);
  }
  return index;
}

const regional = rememberedPerData(regionalIndex);
