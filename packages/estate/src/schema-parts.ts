/**
 * The pieces the schema is made of: scalars, lists, short forms, and what each of them looks like in JSON Schema.
 *
 * Scalars are text at this level, because a schema cannot suggest a near name or read a unit; `shape` says to editors what
 * the text must look like. Short forms (one value for a list, a scalar for a map with one key that matters) are brought
 * into the long form before they are compared, so that a reader sees one form only. zod carries the JSON Schema of a short
 * form as metadata, and `finished` turns it into the alternatives an editor understands.
 */
import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Marks a list that may be written as a single item. */
const LIST = 'x-bothways-list';
/** Marks a map that may be written as the value of the one key named here. */
const SHORT = 'x-bothways-short';
/** Marks a map whose keys may be written as a list of names. */
const NAMES = 'x-bothways-names';
/** Marks coordinates, which may be written as two numbers. */
const PAIR = 'x-bothways-pair';
/** Further keys a map may have in a file, which the loader replaces before it compares. */
const EXTRA = 'x-bothways-extra';

/** A scalar; `shape` is what the JSON Schema says about it beyond the description. */
export function scalar(description: string, shape: JsonSchema = { type: 'string' }): z.ZodString {
  return z.string().meta({ type: 'string', ...shape, description });
}

/** A list of scalars; one without brackets is a list with one item. */
export function list<Item extends z.ZodType>(description: string, item: Item, shape: JsonSchema = {}) {
  return z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item))
    .meta({ description, [LIST]: true, ...shape });
}

/** A list of maps; one without a dash is a list with one item. */
export function records<Shape extends z.ZodRawShape>(description: string, shape: Shape) {
  return z
    .preprocess(
      (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? [value] : value),
      z.array(z.strictObject(shape)),
    )
    .meta({ description, [LIST]: true });
}

export function choice<const Values extends readonly [string, ...string[]]>(description: string, values: Values) {
  return z.enum(values).meta({ description });
}

/** A list of values from a fixed set. */
export function choices<const Values extends readonly [string, ...string[]]>(description: string, values: Values) {
  return list(description, z.enum(values));
}

/** A map with fixed keys. */
export function record<Shape extends z.ZodRawShape>(description: string, shape: Shape) {
  return z.strictObject(shape).meta({ description });
}

/** A map with fixed keys that may be written as the value of one of them. */
export function shortRecord<Shape extends z.ZodRawShape>(description: string, key: keyof Shape & string, shape: Shape) {
  return z
    .preprocess(
      (value) => (typeof value === 'string' || Array.isArray(value) ? { [key]: value } : value),
      z.strictObject(shape),
    )
    .meta({ description, [SHORT]: key });
}

/** Named things, one below the other. */
export function named<Value extends z.ZodType>(description: string, value: Value, extra: JsonSchema = {}) {
  return z.record(z.string(), value).meta({
    description,
    propertyNames: { pattern: NAME_PATTERN },
    ...(Object.keys(extra).length === 0 ? {} : { [EXTRA]: extra }),
  });
}

/** Names, each with more to say about it or without: a list of names or a map. */
export function namedOrList<Value extends z.ZodType>(description: string, value: Value) {
  return z
    .preprocess(
      (given) => {
        const names = typeof given === 'string' ? [given] : given;
        if (Array.isArray(names) && names.every((name) => typeof name === 'string')) {
          return Object.fromEntries(names.map((name) => [name, {}]));
        }
        return emptyForNothing(names);
      },
      z.record(z.string(), value),
    )
    .meta({ description, [NAMES]: true });
}

/** `site:` without anything behind it is a map without keys. */
function emptyForNothing(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inner ?? {}]));
}

function isItems(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** `[latitude, longitude]` or a map with both. */
export function coordinates(description: string) {
  return z
    .preprocess(
      (value) => {
        if (!isItems(value) || value.length !== 2) return value;
        const [latitude, longitude] = value;
        return { latitude, longitude };
      },
      z.strictObject({
        latitude: scalar('Degrees, north positive.', {
          type: 'number',
          minimum: -90,
          maximum: 90,
          examples: [48.14],
        }),
        longitude: scalar('Degrees, east positive.', {
          type: 'number',
          minimum: -180,
          maximum: 180,
          examples: [11.58],
        }),
      }),
    )
    .meta({ description, [PAIR]: true });
}

/** Letters, digits, dots, dashes and underscores: names end up in router configuration and file names. */
export const NAME_PATTERN = '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,62}$';

export const BANDWIDTH: JsonSchema = {
  pattern: '^\\s*[0-9]*\\.?[0-9]+\\s*([kKmMgGtT]?(bps|bit/s|b/s|Bps|BPS|Bit/s))\\s*$',
  examples: ['200 Mbps', '1 Gbps'],
};
export const DURATION: JsonSchema = {
  pattern: '^\\s*[0-9]*\\.?[0-9]+\\s*(us|µs|μs|ms|s|min|h)\\s*$',
  examples: ['12 ms', '3 s'],
};
export const PERCENTAGE: JsonSchema = { pattern: '^\\s*[0-9]*\\.?[0-9]+\\s*%\\s*$', examples: ['0.5 %', '35 %'] };
export const MONEY: JsonSchema = { pattern: '^\\s*[0-9]+(\\.[0-9]+)?\\s*[A-Za-z]{3}\\s*$', examples: ['450 EUR'] };
export const CURRENCY: JsonSchema = { pattern: '^[A-Za-z]{3}$', examples: ['EUR', 'USD'] };
export const PREFIX: JsonSchema = {
  pattern: '^[0-9a-fA-F:.]+/[0-9]{1,3}$',
  examples: ['10.0.0.0/16', '2001:db8::/48'],
};
export const ADDRESS: JsonSchema = { pattern: '^[0-9a-fA-F:.]+$', examples: ['10.0.0.10', '2001:db8::10'] };
export const ASN: JsonSchema = { type: ['integer', 'string'], examples: [64500, '1.10'] };
export const YES_NO: JsonSchema = { type: 'boolean' };
export const COUNT: JsonSchema = { type: 'integer', minimum: 0, examples: [250] };
export const NAME: JsonSchema = { type: ['string', 'integer'] };
const FLOW: JsonSchema = { pattern: '^(all|PP-F[0-9]{2})$', examples: ['PP-F01', 'all'] };
export const PORTS: JsonSchema = {
  type: ['string', 'integer'],
  pattern: '^((tcp|udp)/)?[0-9]{1,5}(-[0-9]{1,5})?$',
  examples: [443, 'tcp/8080-8090', 'udp/500'],
};
export const COUNTRY: JsonSchema = { pattern: '^[A-Za-z]{2}$', examples: ['DE', 'US'] };
export const DATE: JsonSchema = { pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', examples: ['2027-03-31'] };
export const REGION: JsonSchema = { examples: ['West Europe', 'northeurope'] };

export const prefixText = scalar('An address prefix in CIDR form.', PREFIX);
export const nameText = scalar('A name defined elsewhere in the document.', NAME);
export const flowText = scalar('Id of a catalogue flow.', FLOW);
export const asnText = scalar('An AS number.', ASN);

type Mutable = Record<string, unknown>;

/** Turns the marks above into JSON Schema; called for every node by zod's converter. */
export function finished(jsonSchema: Mutable): void {
  if (jsonSchema[LIST] === true) asList(jsonSchema);
  else if (typeof jsonSchema[SHORT] === 'string') asShort(jsonSchema, jsonSchema[SHORT]);
  else if (jsonSchema[NAMES] === true) asNames(jsonSchema);
  else if (jsonSchema[PAIR] === true) asPair(jsonSchema);
  else if (typeof jsonSchema[EXTRA] === 'object') {
    jsonSchema['properties'] = jsonSchema[EXTRA];
    delete jsonSchema[EXTRA];
  }
}

/** Empties the node and gives what it held. */
function emptied(jsonSchema: Mutable): Mutable {
  const held = { ...jsonSchema };
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  return held;
}

function asList(jsonSchema: Mutable): void {
  const { description, items, minItems, maxItems } = emptied(jsonSchema);
  const bounds = { ...(minItems === undefined ? {} : { minItems }), ...(maxItems === undefined ? {} : { maxItems }) };
  const several = { type: 'array', items: items ?? {}, ...bounds };
  const onlySeveral = typeof minItems === 'number' && minItems > 1;
  Object.assign(jsonSchema, { description, anyOf: onlySeveral ? [several] : [items ?? {}, several] });
}

function asShort(jsonSchema: Mutable, key: string): void {
  const { description, [SHORT]: _, ...long } = emptied(jsonSchema);
  const properties = isMap(long['properties']) ? long['properties'] : {};
  Object.assign(jsonSchema, { description, anyOf: [properties[key] ?? {}, long] });
}

function asNames(jsonSchema: Mutable): void {
  const { description, [NAMES]: _, ...long } = emptied(jsonSchema);
  const name = { type: ['string', 'integer'] };
  const each = long['additionalProperties'];
  const orNothing = isMap(each) ? { anyOf: [each, { type: 'null' }] } : {};
  Object.assign(jsonSchema, {
    description,
    anyOf: [name, { type: 'array', items: name }, { ...long, additionalProperties: orNothing }],
  });
}

function asPair(jsonSchema: Mutable): void {
  const { description, [PAIR]: _, ...long } = emptied(jsonSchema);
  Object.assign(jsonSchema, {
    description,
    anyOf: [{ type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2, examples: [[48.14, 11.58]] }, long],
  });
}

function isMap(value: unknown): value is Mutable {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys of the map that `schema` describes at `path` below it; empty where keys are names or there is no map. */
export function keysBelow(schema: z.core.$ZodType, path: readonly (string | number)[]): readonly string[] {
  const inner = unwrapped(schema);
  const [step, ...rest] = path;
  if (inner instanceof z.ZodObject) {
    if (step === undefined) return Object.keys(inner.shape);
    const next: unknown = Object.hasOwn(inner.shape, step) ? inner.shape[step] : undefined;
    return next instanceof z.ZodType ? keysBelow(next, rest) : [];
  }
  if (inner instanceof z.ZodRecord) return step === undefined ? [] : keysBelow(inner.valueType, rest);
  if (inner instanceof z.ZodArray) return keysBelow(inner.element, typeof step === 'number' ? rest : path);
  return [];
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional) return unwrapped(schema.unwrap());
  if (schema instanceof z.ZodPipe) return unwrapped(schema.out);
  return schema;
}
