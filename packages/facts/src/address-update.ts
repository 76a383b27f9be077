// The file in which a program keeps newer address files of its user: one JSON text with a checksum, one set per line.
// Reading it refuses what was cut or edited, and leaves out what the checked-in files have overtaken in the meantime.

import { type Parsed, parsed, problem } from '@bothways/net';
import {
  type AddressData,
  builtInEndpointFile,
  builtInTagFile,
  type PackedEndpointFile,
  type PackedTagFile,
} from './address-data.ts';
import { flows } from './flows.ts';

const format = 'bothways-address-update';
const version = 1;

/** Same data, same bytes. */
export function writeAddressUpdate(data: AddressData): string {
  const files = [...data.tags.map((file) => fileText(file)), ...data.endpoints.map((file) => fileText(file))];
  const body = files.join(',\n');
  return `{"format":"${format}","version":${version},"checksum":"${checksum(body)}","files":[\n${body}\n]}\n`;
}

function fileText(file: PackedTagFile | PackedEndpointFile): string {
  const { sets, ...head } = file;
  return `${JSON.stringify(head).slice(0, -1)},"sets":[\n${sets.map((set) => JSON.stringify(set)).join(',\n')}\n]}`;
}

/** Reads what `writeAddressUpdate` wrote; the checksum stands for the shape of what is inside. */
export function readAddressUpdate(text: string): Parsed<AddressData> {
  const head = /^\{"format":"([\w-]+)","version":(\d+),"checksum":"([0-9a-f]{16})","files":\[\n/.exec(text);
  if (head === null || head[1] !== format) return problem('the file is no address update');
  if (Number(head[2]) !== version)
    return problem(`the file has format version ${head[2]}, this program reads ${version}`);
  const end = '\n]}\n';
  const body = text.slice(head[0].length, -end.length);
  if (!text.endsWith(end) || checksum(body) !== head[3]) return problem('the file was cut or changed');
  const files: unknown = JSON.parse(`[${body}]`);
  if (!Array.isArray(files)) throw new TypeError('an address update that is no list passed its checksum');
  return parsed({ tags: files.filter(isTagFile), endpoints: files.filter(isEndpointFile) });
}

function isTagFile(file: object): file is PackedTagFile {
  return 'cloud' in file;
}

function isEndpointFile(file: object): file is PackedEndpointFile {
  return 'instance' in file;
}

/** Splits into the files that are newer than the checked-in ones, and names of those that are not. */
export function newerThanBuiltIn(data: AddressData): {
  readonly newer: AddressData;
  readonly overtaken: readonly string[];
} {
  const tags = data.tags.filter((file) => file.changeNumber > builtInTagFile(file.cloud).changeNumber);
  const endpoints = data.endpoints.filter(
    (file) => /^\d/.test(file.date) && file.date > builtInEndpointFile(file.instance).date,
  );
  const kept = new Set([...tags, ...endpoints].map((file) => file.file));
  const overtaken = [...data.tags, ...data.endpoints].map((file) => file.file).filter((name) => !kept.has(name));
  return { newer: { tags, endpoints }, overtaken };
}

/** Files of `newer` take the place of files of the same cloud or instance. */
export function mergeAddressData(data: AddressData, newer: AddressData): AddressData {
  const clouds = new Set(newer.tags.map((file) => file.cloud));
  const instances = new Set(newer.endpoints.map((file) => file.instance));
  return {
    tags: [...data.tags.filter((file) => !clouds.has(file.cloud)), ...newer.tags].sort((a, b) =>
      a.cloud < b.cloud ? -1 : 1,
    ),
    endpoints: [...data.endpoints.filter((file) => !instances.has(file.instance)), ...newer.endpoints].sort((a, b) =>
      a.instance < b.instance ? -1 : 1,
    ),
  };
}

/** A file with a smaller share of the sets in use is taken for a part of a file. */
const leastShare = 0.75;

/**
 * Why a well-formed file must not take the place of the one in use: sets are missing that flows rest on, or so many that
 * it can only be a part of a file. Undefined when nothing speaks against it.
 */
export function incompleteness(
  file: PackedTagFile | PackedEndpointFile,
  inUse: PackedTagFile | PackedEndpointFile,
): string | undefined {
  const names = setNames(file);
  const known = setNames(inUse);
  const needed = 'cloud' in file ? tagsOfFlows() : new Set<string>();
  const missing = [...known].filter((name) => needed.has(name) && !names.has(name));
  if (missing.length > 0) return `it lacks ${missing.slice(0, 5).join(', ')}, which flows of the catalogue need`;
  const kept = [...known].filter((name) => names.has(name)).length;
  if (kept >= leastShare * known.size) return undefined;
  return `it has ${kept} of the ${known.size} sets of ${inUse.file}: this looks like a part of a file`;
}

function setNames(file: PackedTagFile | PackedEndpointFile): ReadonlySet<string> {
  return 'cloud' in file
    ? new Set(file.sets.map((line) => line.slice(0, line.indexOf('|'))))
    : new Set(file.sets.map((set) => String(set.id)));
}

function tagsOfFlows(): ReadonlySet<string> {
  return new Set(
    flows().flatMap((flow) => flow.destinations.flatMap((each) => (each.kind === 'tag' ? [each.tag] : []))),
  );
}

/**
 * Two sums of 32 bits over UTF-16 code units in the manner of FNV-1a (Fowler, Noll, Vo), the second one also over the
 * positions: against accidents, not against forgery.
 */
function checksum(text: string): string {
  let first = 0x811c9dc5;
  let second = 0x1000193;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ (code + at), 0x01000193);
  }
  return [first, second].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
