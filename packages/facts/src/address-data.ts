// The published address files behind every look-up of addresses, in packed form: those checked in, or newer ones that a
// user downloaded and put in their place. What rests on a replaced file says so through its source, date and number.
//
// Which files are in use is the only state of this package. A program sets it once, before it asks the first question;
// `withAddressData` changes it for the length of one call, so that a question can be asked of both states.

import chinaTags from '../data/address-sets-china.json' with { type: 'json' };
import publicTags from '../data/address-sets-public.json' with { type: 'json' };
import usgovTags from '../data/address-sets-usgov.json' with { type: 'json' };
import chinaEndpoints from '../data/microsoft365-china.json' with { type: 'json' };
import dodEndpoints from '../data/microsoft365-usgov-dod.json' with { type: 'json' };
import highEndpoints from '../data/microsoft365-usgov-high.json' with { type: 'json' };
import worldwideEndpoints from '../data/microsoft365-worldwide.json' with { type: 'json' };
import { type Cloud, clouds } from './cloud.ts';
import { type SourceRef, sourceOf } from './source.ts';

export type Microsoft365Instance = 'worldwide' | 'usgov-high' | 'usgov-dod' | 'china';

const microsoft365Instances: readonly Microsoft365Instance[] = ['worldwide', 'usgov-high', 'usgov-dod', 'china'];

/** The service tags of one cloud. */
export interface PackedTagFile {
  /** File name of the download. */
  readonly file: string;
  readonly cloud: Cloud;
  readonly changeNumber: number;
  /** ISO day of the download. */
  readonly date: string;
  /** Each 'name|region|system service|change number|packed IPv4|packed IPv6'; empty fields where there is nothing. */
  readonly sets: readonly string[];
}

/** One endpoint set of Microsoft 365. */
export interface PackedEndpointSet {
  readonly id: number;
  readonly serviceArea: string;
  readonly expressRoute: boolean;
  readonly category: string;
  readonly required: boolean;
  /** '80,443,50000-50059' */
  readonly tcp: string;
  readonly udp: string;
  readonly urls: readonly string[];
  readonly v4: string;
  readonly v6: string;
}

export interface PackedEndpointFile {
  readonly file: string;
  readonly instance: Microsoft365Instance;
  readonly date: string;
  /** By ascending id. */
  readonly sets: readonly PackedEndpointSet[];
}

/** Files that stand in for the checked-in ones of the same cloud or instance. */
export interface AddressData {
  readonly tags: readonly PackedTagFile[];
  readonly endpoints: readonly PackedEndpointFile[];
}

const builtInTags: Readonly<Record<Cloud, PackedTagFile>> = {
  public: { ...publicTags, cloud: 'public' },
  usgov: { ...usgovTags, cloud: 'usgov' },
  china: { ...chinaTags, cloud: 'china' },
};

const builtInEndpoints: Readonly<Record<Microsoft365Instance, PackedEndpointFile>> = {
  worldwide: { ...worldwideEndpoints, instance: 'worldwide' },
  'usgov-high': { ...highEndpoints, instance: 'usgov-high' },
  'usgov-dod': { ...dodEndpoints, instance: 'usgov-dod' },
  china: { ...chinaEndpoints, instance: 'china' },
};

const nothing: AddressData = { tags: [], endpoints: [] };
let replaced: AddressData = nothing;
/** Counts the changes of `replaced`: what was derived under another number is stale. */
let generation = 0;

/** Puts these files in the place of the checked-in ones; without files, the checked-in ones are back. */
export function useAddressData(data: AddressData = nothing): void {
  replaced = data;
  generation += 1;
}

/** Runs `work` with these files in the place of the checked-in ones; afterwards the files are in use that were before. */
export function withAddressData<T>(data: AddressData, work: () => T): T {
  const before = replaced;
  useAddressData(data);
  try {
    return work();
  } finally {
    useAddressData(before);
  }
}

/** The files in use besides the checked-in ones. */
export function replacedAddressData(): AddressData {
  return replaced;
}

export function builtInTagFile(cloud: Cloud): PackedTagFile {
  return builtInTags[cloud];
}

export function builtInEndpointFile(instance: Microsoft365Instance): PackedEndpointFile {
  return builtInEndpoints[instance];
}

/** The service tags in use. */
export function tagFile(cloud: Cloud): PackedTagFile {
  return replaced.tags.find((file) => file.cloud === cloud) ?? builtInTags[cloud];
}

/** The Microsoft 365 endpoint sets in use. */
export function endpointFile(instance: Microsoft365Instance): PackedEndpointFile {
  return replaced.endpoints.find((file) => file.instance === instance) ?? builtInEndpoints[instance];
}

/** Where the addresses of a file come from; a file of the user has a name and a date, and no repository. */
export function addressFileSource(file: PackedTagFile | PackedEndpointFile): SourceRef {
  const isTagFile = 'cloud' in file;
  const id = isTagFile ? `FILE-TAGS-${file.cloud.toUpperCase()}` : `FILE-M365-${file.instance.toUpperCase()}`;
  const known = sourceOf(id, file.file);
  const isBuiltIn = file === (isTagFile ? builtInTags[file.cloud] : builtInEndpoints[file.instance]);
  if (isBuiltIn) return known;
  const document = isTagFile ? `${file.file}, change ${file.changeNumber}, your update` : `${file.file}, your update`;
  return { id, document, repository: undefined, date: file.date, commit: undefined };
}

/** Remembers what `build` makes of a key until other files are in use. */
export function rememberedPerData<Key, Value>(build: (key: Key) => Value): (key: Key) => Value {
  let madeIn = generation;
  const values = new Map<Key, { readonly value: Value }>();
  return (key) => {
    if (madeIn !== generation) {
      values.clear();
      madeIn = generation;
    }
    let held = values.get(key);
    if (held === undefined) {
      held = { value: build(key) };
      values.set(key, held);
    }
    return held.value;
  };
}

export interface AddressFile {
  readonly cloud: Cloud;
  readonly fileName: string;
  readonly changeNumber: number;
  readonly date: string;
  /** False for a file that the user put in the place of the checked-in one. */
  readonly builtIn: boolean;
}

/** The service-tag files behind the sets: the three clouds are not of the same week. */
export function addressFiles(): readonly AddressFile[] {
  return clouds.map((cloud) => {
    const file = tagFile(cloud);
    const { changeNumber, date } = file;
    return { cloud, fileName: file.file, changeNumber, date, builtIn: file === builtInTags[cloud] };
  });
}

export interface EndpointListFile {
  readonly instance: Microsoft365Instance;
  readonly fileName: string;
  readonly date: string;
  readonly builtIn: boolean;
}

/** The Microsoft 365 endpoint lists in use. They carry no change number. */
export function endpointFiles(): readonly EndpointListFile[] {
  return microsoft365Instances.map((instance) => {
    const file = endpointFile(instance);
    return { instance, fileName: file.file, date: file.date, builtIn: file === builtInEndpoints[instance] };
  });
}
