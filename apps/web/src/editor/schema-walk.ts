/** The JSON schema of the document as completion, hover texts and forms need it. It is written out, without references. */
import type { Step } from './yaml-path.ts';

export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null;
}

/** Every schema that may hold at a path: an alternative is one more. */
export function schemasAt(root: Schema, path: readonly Step[]): readonly Schema[] {
  return path.reduce<readonly Schema[]>(
    (now, step) => now.flatMap((schema) => alternatives(schema)).flatMap((schema) => below(schema, step)),
    [root],
  );
}

function below(schema: Schema, step: Step): readonly Schema[] {
  if (typeof step === 'number') return schema.items === undefined ? [] : [schema.items];
  const named = schema.properties?.[step];
  if (named !== undefined) return [named];
  const { additionalProperties } = schema;
  return isSchema(additionalProperties) ? [additionalProperties] : [];
}

/** A schema with alternatives is each of them, with its own description where they have none. */
export function alternatives(schema: Schema): readonly Schema[] {
  const { anyOf, description } = schema;
  if (anyOf === undefined) return [schema];
  return anyOf.flatMap((each) =>
    alternatives(description === undefined ? each : { ...each, description: each.description ?? description }),
  );
}

export interface KeyHelp {
  readonly key: string;
  readonly description: string;
  readonly kind: string;
  readonly isRequired: boolean;
}

/** Keys that a map may have. */
export function keysOf(schemas: readonly Schema[]): readonly KeyHelp[] {
  const found = new Map<string, KeyHelp>();
  for (const schema of schemas.flatMap(alternatives)) {
    for (const [key, value] of Object.entries(schema.properties ?? {})) {
      if (found.has(key)) continue;
      const isRequired = schema.required?.includes(key) === true;
      found.set(key, { key, description: descriptionOf(value), kind: kindOf(value), isRequired });
    }
  }
  return [...found.values()];
}

/** Values that the schema names: enumerations, and examples where it has none. */
export function valuesOf(
  schemas: readonly Schema[],
): readonly { readonly value: string; readonly isExample: boolean }[] {
  const all = schemas.flatMap(alternatives);
  // One value may stand for a list of one.
  const single = [...all, ...all.flatMap(({ items }) => (items === undefined ? [] : alternatives(items)))];
  const named = single.flatMap((schema) => [
    ...(schema.enum ?? []),
    ...(schema.const === undefined ? [] : [schema.const]),
    ...(schema.type === 'boolean' ? [true, false] : []),
  ]);
  const texts = [...new Set(named.flatMap(scalarText))];
  if (texts.length > 0) return texts.map((value) => ({ value, isExample: false }));
  const examples = [...new Set(single.flatMap(({ examples: given }) => given ?? []).flatMap(scalarText))];
  return examples.map((value) => ({ value, isExample: true }));
}

function scalarText(value: unknown): readonly string[] {
  return ['string', 'number', 'boolean'].includes(typeof value) ? [String(value)] : [];
}

export function descriptionOf(schema: Schema): string {
  return (
    schema.description ?? alternatives(schema).find(({ description }) => description !== undefined)?.description ?? ''
  );
}

/** 'text', 'one of standard, premium', 'list of text', 'map': what may stand there, in words. */
export function kindOf(schema: Schema): string {
  const kinds = alternatives(schema).map((each) => {
    if (each.enum !== undefined) {
      return each.enum.length > 6 ? `one of ${each.enum.length} words` : `one of ${each.enum.map(String).join(', ')}`;
    }
    if (each.const !== undefined) return JSON.stringify(each.const);
    switch (each.type) {
      case 'array':
        return each.items === undefined ? 'list' : `list of ${kindOf(each.items)}`;
      case 'object':
        return each.properties === undefined && isSchema(each.additionalProperties) ? 'map by name' : 'map';
      case 'string':
        return 'text';
      case 'boolean':
        return 'true or false';
      case undefined:
        return 'any value';
      default:
        return each.type === 'integer' ? 'whole number' : each.type;
    }
  });
  return [...new Set(kinds)].join(', or ');
}
