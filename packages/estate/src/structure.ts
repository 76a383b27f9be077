/**
 * Compares the document with the schema and words every difference.
 *
 * zod stops at the parts that do not fit. Here each of those is reported and replaced by UNREADABLE (or removed), and the
 * rest is compared again, so that one misspelt key does not hide an unknown site. The number of rounds is bounded: each
 * round removes every part it reported.
 */

import type { Edit } from '@bothways/diagnostics';
import { quoted } from '@bothways/net';
import type { z } from 'zod';
import { kindAt, kindPath, NAMED_KINDS, type NamedKind, nodeAt } from './document.ts';
import { editInsert } from './edits.ts';
import type { Path } from './model.ts';
import { describePath, oneFix, type Reading, UNREADABLE } from './reading.ts';
import { type EstateShape, estateSchema, keysAt } from './schema.ts';
import { NAME_PATTERN } from './schema-parts.ts';
import { editBetween } from './source-file.ts';
import { isNull, type Node, resolved } from './syntax-tree.ts';

/** A document as plain values: every scalar is text, a value that is not there is null. */
type Plain = string | null | Plain[] | PlainMap;
interface PlainMap {
  [key: string]: Plain;
}

const ROUNDS = 8;
const NAME = new RegExp(NAME_PATTERN, 'u');

/** The document in the shape of the schema; `undefined` when not even its outline fits. Everything odd is reported. */
export function readShape(reading: Reading): EstateShape | undefined {
  const { root } = reading.document.tree;
  if (root === undefined) return undefined;
  const plain = outline(toPlain(root));
  checkNames(reading);
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const result = estateSchema.safeParse(plain);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const path = issue.path.filter((step) => typeof step !== 'symbol');
      const repeated = seen.has(issueKey(issue, path));
      seen.add(issueKey(issue, path));
      if (!repeated) reportIssue(reading, issue, path);
      removePart(plain, issue, path, repeated);
    }
  }
  return undefined;
}

function issueKey(issue: z.core.$ZodIssue, path: Path): string {
  return JSON.stringify([issue.code === 'unrecognized_keys' ? issue.keys : '', ...path]);
}

function toPlain(node: Node | undefined): Plain {
  const value = resolved(node);
  if (value === undefined) return UNREADABLE;
  if (value.kind === 'scalar') return isNull(value) ? null : value.text;
  if (value.kind === 'list') return value.items.map(toPlain);
  const map: PlainMap = {}; // safe: __proto__ never gets this far
  for (const entry of value.entries) map[entry.key] = toPlain(entry.value);
  return map;
}

/** A section or a record with nothing below it is an empty one: people comment out the last entry. */
function outline(plain: Plain): Plain {
  if (!isMap(plain)) return plain;
  if ('azure' in plain) plain['azure'] ??= {};
  for (const kind of NAMED_KINDS) {
    const path = kindPath(kind);
    const holder = partAt(plain, path.slice(0, -1));
    if (!isMap(holder) || !(kind in holder)) continue;
    const section = holder[kind] ?? {};
    holder[kind] = section;
    if (!isMap(section)) continue;
    for (const name of Object.keys(section)) section[name] ??= {};
  }
  return plain;
}

function isMap(value: Plain | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const EVERY = '"all" stands for every one of them';
const NUMBER_OF_FAILURES = 'it stands for a number of failures in intents';

/** Names that mean something where the names of a kind are used. */
const RESERVED: ReadonlyMap<NamedKind, ReadonlyMap<string, string>> = new Map([
  [
    'sites',
    new Map([
      ['all', EVERY],
      ['public', '"public" stands for a resolver on the internet'],
    ]),
  ],
  ['environments', new Map([['all', EVERY]])],
  ['users', new Map([['all', EVERY]])],
  ['firewalls', new Map([['none', '"none" stands for no firewall']])],
  [
    'failureGroups',
    new Map([
      ['nothing', NUMBER_OF_FAILURES],
      ['any-single-failure', NUMBER_OF_FAILURES],
      ['any-two-failures', NUMBER_OF_FAILURES],
    ]),
  ],
  ['routing', new Map([['discard', '"discard" stands for a route that drops packets']])],
]);

function checkNames(reading: Reading): void {
  for (const [kind, names] of reading.names) {
    for (const name of names) {
      if (!NAME.test(name)) {
        reading.report({
          rule: 'estate/bad-name',
          path: [...kindPath(kind), name],
          atKey: true,
          message: `${quoted(name)} cannot be a name`,
          help: 'use letters, digits, dots, dashes and underscores (at most 63), beginning with a letter or digit',
        });
      } else if (RESERVED.get(kind)?.has(name) === true) {
        reading.report({
          rule: 'estate/reserved-name',
          path: [...kindPath(kind), name],
          atKey: true,
          message: `${quoted(name)} cannot be a name of one of the ${kind}`,
          help: `choose another name; ${RESERVED.get(kind)?.get(name) ?? ''}`,
        });
      }
    }
  }
}

/** `given` is a path in the long form; short forms leave steps of it out. */
function reportIssue(reading: Reading, issue: z.core.$ZodIssue, given: Path): void {
  const path = asWritten(reading, given);
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) reportUnknownKey(reading, [...path, key], key, [...given, key]);
      break;
    case 'invalid_type':
      reportWrongKind(reading, issue.expected, path);
      break;
    case 'invalid_value':
      reportWrongChoice(reading, issue.values.map(String), path);
      break;
    default:
      reading.report({ rule: 'estate/wrong-value', path, message: `${describeKey(path)}: ${issue.message}` });
  }
}

/** The path without the steps that a value in short form stands for: `[..., 0]` of a scalar, `[..., 'sku']`. */
function asWritten(reading: Reading, path: Path): Path {
  const { tree } = reading.document;
  const written: (string | number)[] = [];
  for (const [depth, step] of path.entries()) {
    const node = nodeAt(tree, written);
    if (node?.kind === 'scalar' && !isNull(node)) return written;
    if (node?.kind === 'map' && typeof step === 'number' && !node.byKey.has(String(step))) continue;
    if (node?.kind === 'list' && typeof step !== 'number' && depth < path.length) continue;
    written.push(step);
  }
  return written;
}

function reportUnknownKey(reading: Reading, path: Path, key: string, inLongForm: Path): void {
  const parent = path.slice(0, -1);
  const known = keysAt(inLongForm.slice(0, -1));
  const near = reading.nearest(key, known);
  const taken = near !== undefined && nodeAt(reading.document.tree, [...parent, near]) !== undefined;
  reading.report({
    rule: 'estate/unknown-key',
    path,
    atKey: true,
    message: `${describePath(parent)} has no key ${quoted(key)}`,
    help: near !== undefined && !taken ? `did you mean ${near}?` : `the keys are ${known.join(', ')}`,
    fixes: near !== undefined && !taken ? reading.renaming(path, near) : [],
  });
}

function reportWrongKind(reading: Reading, expected: string, path: Path): void {
  const node = nodeAt(reading.document.tree, path);
  const key = String(path.at(-1) ?? '');
  if (node === undefined) {
    const parent = path.slice(0, -1);
    const version = path.length === 1 && key === 'bothways';
    reading.report({
      rule: 'estate/missing-key',
      path: parent,
      atKey: true,
      message: `${describePath(parent)} has no ${key}`,
      help: version ? 'begin the document with bothways: 1, the version of its format' : `add ${key}`,
      fixes: version ? oneFix('add bothways: 1', true, versionLine(reading)) : [],
    });
    return;
  }
  if (node.kind === 'scalar' && isNull(node)) {
    reading.report({
      rule: 'estate/no-value',
      path,
      message: `${describeKey(path)} has no value`,
      help: 'write one behind the colon, or remove the key',
    });
    return;
  }
  const found = node.kind === 'scalar' ? 'a single value' : `a ${node.kind}`;
  const wanted = expected === 'array' ? 'a list or a single value' : expected === 'string' ? 'a single value' : 'a map';
  const hint = isKind(path)
    ? 'write a name, a colon and below it what it names'
    : key === 'location'
      ? 'write [latitude, longitude]'
      : undefined;
  reading.report({
    rule: 'estate/wrong-kind',
    path,
    message: `${describeKey(path)} must be ${wanted}, not ${found}`,
    ...(hint === undefined ? {} : { help: hint }),
  });
}

/** The version goes first, whatever stands there now. */
function versionLine(reading: Reading): readonly Edit[] {
  const root = reading.document.tree.root;
  const map = root?.parts?.[0] ?? root;
  const first = map?.entries[0];
  if (map === undefined || first === undefined || map.flow) return editInsert(reading.document, [], 1, 'bothways');
  return [editBetween(map.file, first.start, first.start, `bothways: 1${map.file.lineEnd}`)];
}

function reportWrongChoice(reading: Reading, values: readonly string[], path: Path): void {
  const node = nodeAt(reading.document.tree, path);
  if (node === undefined || node.kind !== 'scalar' || isNull(node)) {
    reportWrongKind(reading, 'string', path);
    return;
  }
  const near = values.find((value) => value === node.text.toLowerCase()) ?? reading.nearest(node.text, values);
  reading.report({
    rule: 'estate/wrong-choice',
    path,
    message: `${describeKey(path)} cannot be ${quoted(node.text)}`,
    help: near === undefined ? `write ${orList(values)}` : `did you mean ${near}?`,
    fixes: near === undefined ? [] : reading.replacement(path, near, near === node.text.toLowerCase()),
  });
}

/** `bandwidth of circuit er-fra`; for list items the list. */
function describeKey(path: Path): string {
  const keys = typeof path.at(-1) === 'number' ? path.slice(0, -1) : path;
  if (keys.length === 0) return 'the document';
  if (keys.length === 1) return keys[0] === 'organisation' ? 'the organisation' : String(keys[0]);
  const kind = kindAt(keys);
  if (kind !== undefined && keys.length === kind.depth) return kind.kind;
  if (kind !== undefined && keys.length === kind.depth + 1) return describePath(keys);
  return `${String(keys.at(-1))} of ${describePath(keys.slice(0, -1))}`;
}

/** Whether the path leads to the map of a kind. */
function isKind(path: Path): boolean {
  return kindAt(path)?.depth === path.length;
}

function orList(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`;
}

/** Takes the part an issue speaks of out of `plain`. What comes back a second time is removed with its parent. */
function removePart(plain: Plain, issue: z.core.$ZodIssue, path: Path, repeated: boolean): void {
  if (issue.code === 'unrecognized_keys') {
    const parent = partAt(plain, path);
    if (isMap(parent)) for (const key of issue.keys) delete parent[key];
    return;
  }
  const parent = partAt(plain, path.slice(0, -1));
  const last = path.at(-1);
  if (last === undefined) return;
  if (repeated) {
    // Neither the value nor its absence fits: nothing can be said about the parent as a whole, unless a choice does.
    const [choice] = issue.code === 'invalid_value' ? issue.values : [];
    if (isMap(parent) && typeof choice === 'string') setAt(plain, path, choice);
    else if (isMap(parent) && String(last) in parent) delete parent[String(last)];
    else removeAt(plain, path.slice(0, -1));
  } else if (issue.code === 'invalid_type' && issue.expected === 'string') {
    setAt(plain, path, UNREADABLE);
  } else if (issue.code === 'invalid_type' && issue.expected === 'array') {
    setAt(plain, path, [UNREADABLE]);
  } else if (path.length === 1 && last === 'organisation') {
    setAt(plain, path, { name: UNREADABLE });
  } else if (isMap(parent)) {
    delete parent[String(last)];
  } else {
    removeAt(plain, path.slice(0, -1));
  }
}

function partAt(plain: Plain, path: Path): Plain | undefined {
  let part: Plain | undefined = plain;
  for (const step of path) {
    if (Array.isArray(part)) part = part[Number(step)];
    else if (isMap(part)) part = part[String(step)];
    else return undefined;
  }
  return part;
}

function setAt(plain: Plain, path: Path, value: Plain): void {
  const parent = partAt(plain, path.slice(0, -1));
  const last = path.at(-1);
  if (last === undefined) return;
  if (Array.isArray(parent)) parent[Number(last)] = value;
  else if (isMap(parent)) parent[String(last)] = value;
}

/** Removes a key of a map. An item of a list goes with the list, because what follows it must keep its position. */
function removeAt(plain: Plain, path: Path): void {
  const parent = partAt(plain, path.slice(0, -1));
  const last = path.at(-1);
  if (last === undefined) return;
  if (isMap(parent) && String(last) in parent) delete parent[String(last)];
  else removeAt(plain, path.slice(0, -1));
}
