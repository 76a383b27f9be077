// Microsoft 365 endpoint sets, as the IP address and URL web service publishes them for each instance. `expressRoute`
// only says that a set is routed with the Microsoft 365 communities; sets of the Default category carry no addresses
// and count as internet. The numbering of the sets differs between instances.

import type { Prefix } from '@bothways/net';
import {
  addressFileSource,
  endpointFile,
  type Microsoft365Instance,
  type PackedEndpointSet,
  rememberedPerData,
} from './address-data.ts';
import type { Cloud, CloudVariant } from './cloud.ts';
import { unpackPrefixes } from './packed-prefixes.ts';
import { oneOf } from './rows.ts';
import type { SourceRef } from './source.ts';

export type EndpointCategory = 'Optimize' | 'Allow' | 'Default';

export interface EndpointPorts {
  readonly tcp: readonly PortRange[];
  readonly udp: readonly PortRange[];
}

export interface PortRange {
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
}

export interface Microsoft365Set {
  /** Number within the instance. */
  readonly id: number;
  readonly instance: Microsoft365Instance;
  /** 'Exchange', 'SharePoint', 'Skype' (Teams), 'Common', 'MEM' (Intune). */
  readonly serviceArea: string;
  readonly expressRoute: boolean;
  readonly category: EndpointCategory;
  readonly required: boolean;
  readonly urls: readonly string[];
  readonly ports: EndpointPorts;
  /** Empty for sets without published addresses. */
  readonly prefixes: readonly Prefix[];
  /** Name among the address sets: 'Microsoft365.56'; undefined where the set has no addresses. */
  readonly addressSet: string | undefined;
  readonly source: SourceRef;
}

const instancesOfCloud: Readonly<Record<Cloud, readonly Microsoft365Instance[]>> = {
  public: ['worldwide'],
  usgov: ['usgov-high', 'usgov-dod'],
  china: ['china'],
};

const namePrefix: Readonly<Record<Microsoft365Instance, string>> = {
  worldwide: 'Microsoft365',
  'usgov-high': 'Microsoft365High',
  'usgov-dod': 'Microsoft365DoD',
  china: 'Microsoft365',
};

function portRanges(text: string): PortRange[] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [first = '', last = first] = part.split('-');
      return { first: Number(first), last: Number(last) };
    });
}

function setName(instance: Microsoft365Instance, row: PackedEndpointSet): string | undefined {
  return row.v4 === '' && row.v6 === '' ? undefined : `${namePrefix[instance]}.${row.id}`;
}

function loadInstance(instance: Microsoft365Instance): readonly Microsoft365Set[] {
  const file = endpointFile(instance);
  const source = addressFileSource(file);
  return file.sets.map((row) => ({
    id: row.id,
    instance,
    serviceArea: row.serviceArea,
    expressRoute: row.expressRoute,
    category: oneOf(row.category, ['Optimize', 'Allow', 'Default'], `endpoint set ${row.id}`),
    required: row.required,
    urls: row.urls,
    ports: { tcp: portRanges(row.tcp), udp: portRanges(row.udp) },
    prefixes: [...unpackPrefixes(row.v4, 4), ...unpackPrefixes(row.v6, 6)],
    addressSet: setName(instance, row),
    source,
  }));
}

const setsOf = rememberedPerData(loadInstance);

const instanceByCloud: Readonly<Record<Cloud | CloudVariant, Microsoft365Instance>> = {
  public: 'worldwide',
  'usgov-gcc': 'worldwide',
  usgov: 'usgov-high',
  'usgov-high': 'usgov-high',
  'usgov-dod': 'usgov-dod',
  china: 'china',
  'china-21vianet': 'china',
};

/** The instance that a tenant of the cloud or variant uses. GCC uses the worldwide one; 'usgov' stands for GCC High. */
export function microsoft365Instance(cloud: Cloud | CloudVariant): Microsoft365Instance {
  return instanceByCloud[cloud];
}

/** All sets of the instance, by ascending id. */
export function microsoft365Sets(cloud: Cloud | CloudVariant): readonly Microsoft365Set[] {
  return setsOf(microsoft365Instance(cloud));
}

/** The sets with addresses in packed form, for the address-set table only. */
export function microsoft365AddressRows(
  cloud: Cloud,
): readonly { readonly name: string; readonly v4: string; readonly v6: string; readonly source: SourceRef }[] {
  return instancesOfCloud[cloud].flatMap((instance) => {
    const file = endpointFile(instance);
    const source = addressFileSource(file);
    return file.sets.flatMap((row) => {
      const name = setName(instance, row);
      return name === undefined ? [] : [{ name, v4: row.v4, v6: row.v6, source }];
    });
  });
}
