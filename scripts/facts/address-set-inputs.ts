// Reading and checking of the official downloads, apart from any file access: text in, rows or problems out.
//
// Service tags: the weekly "Azure IP Ranges and Service Tags" JSON files of the public, US Government and China clouds.
// Microsoft 365: the responses of the IP address and URL web service (endpoints/{instance}). Its free-text notes are
// not carried over.

import { packPrefixes } from '@bothways/facts';
import { type Prefix, parsePrefix } from '@bothways/net';

export interface TagRow {
  readonly name: string;
  readonly region: string;
  readonly service: string;
  readonly change: number;
  readonly v4: string;
  readonly v6: string;
}

export interface TagFile {
  readonly cloud: string;
  readonly changeNumber: number;
  readonly rows: readonly TagRow[];
}

export interface EndpointRow {
  readonly id: number;
  readonly serviceArea: string;
  readonly expressRoute: boolean;
  readonly category: string;
  readonly required: boolean;
  readonly tcp: string;
  readonly udp: string;
  readonly urls: readonly string[];
  readonly v4: string;
  readonly v6: string;
}

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

type Fields = { readonly [key: string]: unknown };

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function refuse(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}

function parseJson(text: string): Checked<unknown> {
  if (text.trim() === '') return refuse('the file is empty');
  try {
    return { ok: true, value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return refuse(`the file is not complete JSON (${detail}); download it again`);
  }
}

function packBoth(texts: readonly string[], record: string): Checked<{ readonly v4: string; readonly v6: string }> {
  const prefixes4: Prefix[] = [];
  const prefixes6: Prefix[] = [];
  for (const text of texts) {
    const parsed = parsePrefix(text);
    if (!parsed.ok) return refuse(`${record}: ${parsed.problem}`);
    (parsed.value.family === 4 ? prefixes4 : prefixes6).push(parsed.value);
  }
  return { ok: true, value: { v4: packPrefixes(prefixes4, 4), v6: packPrefixes(prefixes6, 6) } };
}

/** Sets that every genuine service-tag file has; a file without one of them is of another kind or cut. */
const indispensableTags = ['AzureCloud', 'PowerPlatformInfra', 'AzureActiveDirectory', 'Storage', 'Sql'];

/** `cloud` is the word the file must carry: 'Public', 'AzureGovernment' or 'China'. Rows come sorted by name. */
export function readServiceTags(text: string, cloud: string): Checked<TagFile> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const file = json.value;
  if (!isFields(file) || !Array.isArray(file['values'])) {
    return refuse('this is no service-tag file: it has no list "values"');
  }
  if (file['cloud'] !== cloud) {
    return refuse(`the file is for the cloud '${String(file['cloud'])}', expected '${cloud}'`);
  }
  const changeNumber = file['changeNumber'];
  if (!isWhole(changeNumber)) return refuse('the file has no change number');
  const rows: TagRow[] = [];
  const names = new Set<string>();
  for (const [index, value] of file['values'].entries()) {
    const row = readTag(value, index);
    if (!row.ok) return row;
    if (names.has(row.value.name)) return refuse(`the set ${row.value.name} stands in the file twice`);
    names.add(row.value.name);
    rows.push(row.value);
  }
  const missing = indispensableTags.filter((name) => !names.has(name));
  if (missing.length > 0) return refuse(`the file has no set ${missing.join(', ')}; it is incomplete`);
  rows.sort((a, b) => compareText(a.name, b.name));
  return { ok: true, value: { cloud, changeNumber, rows } };
}

function readTag(value: unknown, index: number): Checked<TagRow> {
  const record = `set number ${index + 1}`;
  if (!isFields(value) || typeof value['name'] !== 'string' || value['name'] === '') {
    return refuse(`${record} has no name`);
  }
  const name = value['name'];
  const properties = value['properties'];
  if (!isFields(properties)) return refuse(`${name} has no properties`);
  const { region, systemService, changeNumber, addressPrefixes } = properties;
  if (typeof region !== 'string' || typeof systemService !== 'string' || !isWhole(changeNumber)) {
    return refuse(`${name} lacks its region, system service or change number`);
  }
  if ([name, region, systemService].some((word) => !/^[\w.-]*$/.test(word))) {
    return refuse(`${name} has an unexpected character in its name, region or system service`);
  }
  if (!isTextList(addressPrefixes)) return refuse(`${name} has no list of prefixes`);
  const packed = packBoth(addressPrefixes, name);
  if (!packed.ok) return packed;
  return { ok: true, value: { name, region, service: systemService, change: changeNumber, ...packed.value } };
}

/** `hostName` is a name that only this instance of the list contains. Rows come sorted by id. */
export function readEndpoints(text: string, hostName: string): Checked<readonly EndpointRow[]> {
  const json = parseJson(text);
  if (!json.ok) return json;
  if (!Array.isArray(json.value))
    return refuse('this is no Microsoft 365 endpoint list: the outermost value is no list');
  const rows: EndpointRow[] = [];
  const ids = new Set<number>();
  for (const [index, value] of json.value.entries()) {
    const row = readEndpoint(value, index);
    if (!row.ok) return row;
    if (ids.has(row.value.id)) return refuse(`the endpoint set ${row.value.id} stands in the list twice`);
    ids.add(row.value.id);
    rows.push(row.value);
  }
  if (!rows.some((row) => row.urls.includes(hostName))) {
    return refuse(`the list does not contain ${hostName}; it is for another instance or incomplete`);
  }
  rows.sort((a, b) => a.id - b.id);
  return { ok: true, value: rows };
}

function readEndpoint(value: unknown, index: number): Checked<EndpointRow> {
  const record = `endpoint set number ${index + 1}`;
  if (!isFields(value) || !isWhole(value['id'])) return refuse(`${record} has no id`);
  const { id, serviceArea, expressRoute, category, required } = value;
  if (typeof serviceArea !== 'string' || typeof category !== 'string') {
    return refuse(`endpoint set ${id} lacks its service area or category`);
  }
  if (typeof expressRoute !== 'boolean' || typeof required !== 'boolean') {
    return refuse(`endpoint set ${id} does not say whether it is required and routed over ExpressRoute`);
  }
  const { ips = [], urls = [], tcpPorts = '', udpPorts = '' } = value;
  if (!isTextList(ips) || !isTextList(urls))
    return refuse(`endpoint set ${id} has an unreadable list of addresses or names`);
  const tcp = portList(tcpPorts);
  const udp = portList(udpPorts);
  if (tcp === undefined || udp === undefined) return refuse(`endpoint set ${id} has an unreadable list of ports`);
  const packed = packBoth(ips, `endpoint set ${id}`);
  if (!packed.ok) return packed;
  return {
    ok: true,
    value: {
      id,
      serviceArea,
      expressRoute,
      category,
      required,
      tcp,
      udp,
      urls: [...urls].sort(compareText),
      ...packed.value,
    },
  };
}

/** '443, 80' becomes '80,443'; undefined when it is no list of ports or port ranges. */
function portList(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const ports = value
    .split(',')
    .map((port) => port.trim())
    .filter((port) => port !== '');
  if (!ports.every((port) => /^\d{1,5}(-\d{1,5})?$/.test(port))) return undefined;
  return ports.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).join(',');
}

/** By code unit, so that the result does not depend on the locale of the machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
