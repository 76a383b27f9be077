// Reading of the official downloads into packed form: text in, a file or the reason for refusing it out.
//
// Service tags: the weekly "Azure IP Ranges and Service Tags" JSON files of the public, US Government and China clouds.
// Microsoft 365: the answers of the IP address and URL web service (endpoints/{instance}); its free-text notes are left
// out. A file is taken whole or not at all. That a file is genuine cannot be seen from its text.

import { type Parsed, type Prefix, parsed, parsePrefix, problem } from '@bothways/net';
import {
  type Microsoft365Instance,
  type PackedEndpointFile,
  type PackedEndpointSet,
  type PackedTagFile,
} from './address-data.ts';
import type { Cloud } from './cloud.ts';
import { packPrefixes } from './packed-prefixes.ts';

type Fields = { readonly [key: string]: unknown };

const cloudWords: Readonly<Record<string, Cloud>> = { Public: 'public', AzureGovernment: 'usgov', China: 'china' };

/** Names that only one instance contains: the list itself does not say which one it is. */
const instanceMarks: readonly (readonly [hostName: string, instance: Microsoft365Instance])[] = [
  ['outlook.office365.com', 'worldwide'],
  ['gov.teams.microsoft.us', 'usgov-high'],
  ['dod.teams.microsoft.us', 'usgov-dod'],
  ['partner.outlook.cn', 'china'],
];

/** The ISO day in a file name: ServiceTags_Public_20251110.json, …_2025-11-10.json. The files themselves have none. */
export function dateInFileName(fileName: string): string | undefined {
  const match = /(20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)/.exec(fileName);
  return match === null ? undefined : `${match[1]}-${match[2]}-${match[3]}`;
}

/** A service-tag file of any of the three clouds. `date` is an ISO day. */
export function readServiceTags(text: string, fileName: string, date: string): Parsed<PackedTagFile> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const file = json.value;
  if (!isFields(file) || !Array.isArray(file['values'])) {
    const hint = Array.isArray(file) ? 'is it a Microsoft 365 endpoint list?' : undefined;
    return problem('this is no service-tag file: it has no list "values"', hint);
  }
  const word = typeof file['cloud'] === 'string' ? file['cloud'] : undefined;
  const cloud = word === undefined || !Object.hasOwn(cloudWords, word) ? undefined : cloudWords[word];
  if (cloud === undefined) {
    return problem(`the file names no known cloud (${Object.keys(cloudWords).join(', ')})`);
  }
  const changeNumber = file['changeNumber'];
  if (!isWhole(changeNumber)) return problem('the file has no change number');
  const lines = new Map<string, string>();
  for (const [index, value] of file['values'].entries()) {
    const line = readTag(value, index);
    if (!line.ok) return line;
    const { name, packed } = line.value;
    if (lines.has(name)) return problem(`the set ${name} stands in the file twice`);
    lines.set(name, packed);
  }
  if (lines.size === 0) return problem('the file has no sets');
  const sets = [...lines].sort(([a], [b]) => compareText(a, b)).map(([, line]) => line);
  return parsed({ file: fileName, cloud, changeNumber, date, sets });
}

function readTag(value: unknown, index: number): Parsed<{ readonly name: string; readonly packed: string }> {
  const record = `set number ${index + 1}`;
  if (!isFields(value) || typeof value['name'] !== 'string' || value['name'] === '') {
    return problem(`${record} has no name`);
  }
  const name = value['name'];
  if (!isPlainWord(name)) return problem(`${record} has an unexpected character in its name`);
  const properties = value['properties'];
  if (!isFields(properties)) return problem(`${name} has no properties`);
  const { region, systemService, changeNumber, addressPrefixes } = properties;
  if (typeof region !== 'string' || typeof systemService !== 'string' || !isWhole(changeNumber)) {
    return problem(`${name} lacks its region, system service or change number`);
  }
  if (!isPlainWord(region) || !isPlainWord(systemService)) {
    return problem(`${name} has an unexpected character in its region or system service`);
  }
  if (!isTextList(addressPrefixes)) return problem(`${name} has no list of prefixes`);
  const prefixes = packBoth(addressPrefixes, name);
  if (!prefixes.ok) return prefixes;
  const { v4, v6 } = prefixes.value;
  return parsed({ name, packed: [name, region, systemService, changeNumber, v4, v6].join('|') });
}

/** An endpoint list of any of the four instances. `date` is an ISO day. */
export function readEndpoints(text: string, fileName: string, date: string): Parsed<PackedEndpointFile> {
  const json = parseJson(text);
  if (!json.ok) return json;
  if (!Array.isArray(json.value)) {
    const hint = isFields(json.value) && 'values' in json.value ? 'is it a service-tag file?' : undefined;
    return problem('this is no Microsoft 365 endpoint list: the outermost value is no list', hint);
  }
  const sets = new Map<number, PackedEndpointSet>();
  for (const [index, value] of json.value.entries()) {
    const set = readEndpoint(value, index);
    if (!set.ok) return set;
    if (sets.has(set.value.id)) return problem(`the endpoint set ${set.value.id} stands in the list twice`);
    sets.set(set.value.id, set.value);
  }
  const all = [...sets.values()].sort((a, b) => a.id - b.id);
  const marks = instanceMarks.filter(([hostName]) => all.some((set) => set.urls.includes(hostName)));
  const [mark] = marks;
  if (mark === undefined || marks.length > 1) {
    const known = instanceMarks.map(([hostName, instance]) => `${hostName} (${instance})`).join(', ');
    return problem(`the list is of no known instance or incomplete: it must contain exactly one of ${known}`);
  }
  return parsed({ file: fileName, instance: mark[1], date, sets: all });
}

function readEndpoint(value: unknown, index: number): Parsed<PackedEndpointSet> {
  if (!isFields(value) || !isWhole(value['id'])) return problem(`endpoint set number ${index + 1} has no id`);
  const { id, serviceArea, expressRoute, category, required } = value;
  if (typeof serviceArea !== 'string' || !isPlainWord(serviceArea)) {
    return problem(`endpoint set ${id} lacks its service area`);
  }
  if (category !== 'Optimize' && category !== 'Allow' && category !== 'Default') {
    return problem(`endpoint set ${id} has none of the categories Optimize, Allow and Default`);
  }
  if (typeof expressRoute !== 'boolean' || typeof required !== 'boolean') {
    return problem(`endpoint set ${id} does not say whether it is required and routed over ExpressRoute`);
  }
  const { ips = [], urls = [], tcpPorts = '', udpPorts = '' } = value;
  if (!isTextList(ips) || !isTextList(urls)) {
    return problem(`endpoint set ${id} has an unreadable list of addresses or names`);
  }
  const strange = urls.find((url) => !/^[\w.*-]{1,253}$/.test(url));
  if (strange !== undefined) return problem(`endpoint set ${id} has an unreadable host name`);
  const tcp = portList(tcpPorts);
  const udp = portList(udpPorts);
  if (tcp === undefined || udp === undefined) return problem(`endpoint set ${id} has an unreadable list of ports`);
  const prefixes = packBoth(ips, `endpoint set ${id}`);
  if (!prefixes.ok) return prefixes;
  return parsed({
    id,
    serviceArea,
    expressRoute,
    category,
    required,
    tcp,
    udp,
    urls: [...new Set(urls)].sort(compareText),
    ...prefixes.value,
  });
}

/** '443, 80' becomes '80,443'; undefined when it is no list of ports or port ranges. */
function portList(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const ports = value
    .split(',')
    .map((port) => port.trim())
    .filter((port) => port !== '');
  if (!ports.every((port) => /^\d{1,5}(-\d{1,5})?$/.test(port))) return undefined;
  return ports.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || compareText(a, b)).join(',');
}

function packBoth(texts: readonly string[], record: string): Parsed<{ readonly v4: string; readonly v6: string }> {
  const prefixes4: Prefix[] = [];
  const prefixes6: Prefix[] = [];
  for (const text of texts) {
    const read = parsePrefix(text);
    if (!read.ok) return problem(`${record}: ${read.problem}`, read.hint);
    (read.value.family === 4 ? prefixes4 : prefixes6).push(read.value);
  }
  return parsed({ v4: packPrefixes(prefixes4, 4), v6: packPrefixes(prefixes6, 6) });
}

function parseJson(text: string): Parsed<unknown> {
  if (text.trim() === '') return problem('the file is empty', 'download it again');
  try {
    return parsed(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    // What the parser says quotes the file and differs between engines; that it is cut or something else is enough.
    return problem('the file is not complete JSON', 'download it again');
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

/** Letters, digits, '_', '.', '-'; also none. Nothing that the packed form or a terminal would take for more. */
function isPlainWord(text: string): boolean {
  return /^[\w.-]{0,100}$/.test(text);
}

/** By code unit, so that the result does not depend on the locale of the machine. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
