/** Fields of a map by its schema; maps inside are sets of fields of their own. */

import type { EditValue } from '@bothways/twin';
import { Button, Combobox, Field, Input, Option } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useStore } from '../state/hooks.ts';
import { isValues, wordsOf } from './form-words.ts';
import { alternatives, descriptionOf, isSchema, kindOf, type Schema, valuesOf } from './schema-walk.ts';

interface FieldsProps {
  readonly schema: Schema;
  readonly value: EditValue | undefined;
  readonly path: readonly (string | number)[];
  readonly editable: boolean;
}

export function Fields({ schema, value, path, editable }: FieldsProps) {
  const [all, setAll] = useState(false);
  const map = alternatives(schema).find(({ properties }) => properties !== undefined);
  if (map?.properties === undefined)
    return <OneField name={String(path.at(-1))} schema={schema} value={value} path={path} editable={editable} />;
  const held = isValues(value) ? value : {};
  const fields = Object.entries(map.properties);
  const isUsual = (name: string): boolean => name in held || map.required?.includes(name) === true;
  const shown = fields.filter(([name]) => all || isUsual(name));
  return (
    <div className="fields">
      {shown.map(([name, each]) =>
        isGroup(each) && !isScalarValue(held[name]) ? (
          <fieldset key={name}>
            <legend>{wordsOf(name)}</legend>
            <Fields schema={each} value={held[name]} path={[...path, name]} editable={editable} />
          </fieldset>
        ) : (
          <OneField
            key={name}
            name={name}
            schema={each}
            value={held[name]}
            path={[...path, name]}
            editable={editable}
          />
        ),
      )}
      {fields.length > shown.length || all ? (
        <Button size="small" appearance="subtle" onClick={() => setAll(!all)}>
          {all ? 'Only what is said' : `${fields.length - shown.length} more that may be said`}
        </Button>
      ) : null}
    </div>
  );
}

function isGroup(schema: Schema): boolean {
  return alternatives(schema).some(({ properties }) => properties !== undefined);
}

function isScalarValue(value: EditValue | undefined): boolean {
  return value !== undefined && (typeof value !== 'object' || Array.isArray(value)) && value !== null;
}

function OneField({ name, schema, value, path, editable }: FieldsProps & { readonly name: string }) {
  const store = useStore();
  const shown = textOf(value);
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const commit = (next: string): void => {
    if (next.trim() === shown) return;
    const where = path.join('.');
    if (next.trim() === '') void store.edit([{ action: 'remove', path }], `remove ${where}`);
    else
      void store.edit([{ action: 'set', path, value: valueOf(next.trim(), schema) }], `set ${where} to ${next.trim()}`);
  };
  const choices = valuesOf([schema]).filter(({ isExample }) => !isExample);
  const [example] = valuesOf([schema]).filter(({ isExample }) => isExample);
  if (isValues(value) || (Array.isArray(value) && value.some((each) => typeof each === 'object'))) {
    return (
      <Field label={wordsOf(name)} hint={descriptionOf(schema)}>
        <pre className="evidence" tabIndex={0} aria-label={wordsOf(name)}>
          {JSON.stringify(value, undefined, 1)}
        </pre>
      </Field>
    );
  }
  return (
    <Field label={wordsOf(name)} hint={`${descriptionOf(schema)} (${kindOf(schema)})`}>
      {choices.length > 0 ? (
        <Combobox
          freeform
          disabled={!editable}
          value={text}
          selectedOptions={[text]}
          onChange={({ target }) => setText(target.value)}
          onOptionSelect={(_, { optionValue }) => {
            if (optionValue !== undefined) {
              setText(optionValue);
              commit(optionValue);
            }
          }}
          onBlur={() => commit(text)}
        >
          {choices.map(({ value: choice }) => (
            <Option key={choice} value={choice} text={choice}>
              {choice}
            </Option>
          ))}
        </Combobox>
      ) : (
        <Input
          disabled={!editable}
          value={text}
          placeholder={example?.value ?? ''}
          onChange={(_, data) => setText(data.value)}
          onBlur={() => commit(text)}
          onKeyDown={({ key }) => {
            if (key === 'Enter') commit(text);
          }}
        />
      )}
    </Field>
  );
}

function textOf(value: EditValue | undefined): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.map(String).join(', ') : typeof value === 'object' ? '' : String(value);
}

/** What was typed, as what the schema wants: several values with commas are a list. */
function valueOf(text: string, schema: Schema): EditValue {
  const kinds = alternatives(schema);
  const takesList = kinds.some(({ type, items }) => type === 'array' || isSchema(items));
  if (takesList && (text.includes(',') || kinds.every(({ type }) => type === 'array'))) {
    return text.split(',').flatMap((each) => (each.trim() === '' ? [] : [scalarOf(each.trim())]));
  }
  return scalarOf(text);
}

function scalarOf(text: string): EditValue {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return String(number) === text ? number : text;
}
