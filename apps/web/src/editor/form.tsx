/**
 * The document as forms, made from its schema: kinds on the left, the entries of a kind, the fields of an entry. Every
 * change is the smallest edit of the text, so that comments and order stay.
 */

import { Button, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { AddIcon, DeleteIcon } from '../shell/icons.ts';
import { useAnswer, useShown, useStore } from '../state/hooks.ts';
import { Fields } from './form-fields.tsx';
import { isValues, wordsOf } from './form-words.ts';
import { alternatives, descriptionOf, isSchema, type Schema } from './schema-walk.ts';

const MOST_ENTRIES = 300;

export function Form({ schema }: { readonly schema: Schema | undefined }) {
  const files = useShown((state) => state.files);
  const editable = useShown((state) => state.estate?.writable === true && state.session?.user.role !== 'viewer');
  const values = useAnswer('values', { files });
  const [kind, setKind] = useState('sites');
  const [entry, setEntry] = useState<string>();
  if (schema === undefined || values === undefined) return <p className="quiet pad">Reading the document …</p>;
  const document = isValues(values) ? values : {};
  const kinds = Object.entries(schema.properties ?? {}).filter(([name]) => name !== 'bothways');
  const ofKind = schema.properties?.[kind];
  const entrySchema = ofKind === undefined ? undefined : entrySchemaOf(ofKind);
  const held = isValues(document[kind]) ? document[kind] : {};
  // `from` beside the names of sites takes more of them from a file.
  const own = ofKind?.properties ?? {};
  const names = Object.keys(held).filter((name) => !(name in own));
  const chosen = entry !== undefined && names.includes(entry) ? entry : names[0];
  return (
    <div className="form">
      <nav className="form-kinds" aria-label="Kinds">
        <ul>
          {kinds.map(([name]) => {
            const value = document[name];
            const size = isValues(value) ? Object.keys(value).length : 0;
            return (
              <li key={name}>
                <button
                  type="button"
                  aria-current={name === kind ? 'true' : undefined}
                  onClick={() => {
                    setKind(name);
                    setEntry(undefined);
                  }}
                >
                  {wordsOf(name)}
                  {size > 0 && name !== 'organisation' ? <span className="quiet"> {size}</span> : null}
                </button>
              </li>
            );
          })}
        </ul>
      </nav>
      {entrySchema === undefined ? null : (
        <Entries kind={kind} names={names} chosen={chosen} editable={editable} onChoose={setEntry} />
      )}
      <section className="form-fields" aria-label={`${wordsOf(kind)} ${chosen ?? ''}`}>
        <h2>{entrySchema === undefined ? wordsOf(kind) : (chosen ?? `No ${wordsOf(kind).toLowerCase()} yet`)}</h2>
        <p className="quiet">{ofKind === undefined ? '' : descriptionOf(ofKind)}</p>
        {entrySchema === undefined && ofKind !== undefined ? (
          <Fields schema={ofKind} value={document[kind]} path={[kind]} editable={editable} />
        ) : null}
        {entrySchema !== undefined && chosen !== undefined ? (
          <Fields
            key={`${kind} ${chosen}`}
            schema={entrySchema}
            value={held[chosen]}
            path={[kind, chosen]}
            editable={editable}
          />
        ) : null}
      </section>
    </div>
  );
}

function Entries({
  kind,
  names,
  chosen,
  editable,
  onChoose,
}: {
  readonly kind: string;
  readonly names: readonly string[];
  readonly chosen: string | undefined;
  readonly editable: boolean;
  readonly onChoose: (name: string) => void;
}) {
  const store = useStore();
  const [name, setName] = useState('');
  const [query, setQuery] = useState('');
  const shown = names.filter((each) => each.includes(query));
  const add = (): void => {
    const key = name.trim();
    if (key === '' || names.includes(key)) return;
    void store.edit([{ action: 'insert', path: [kind], key, value: {} }], `add ${kind}.${key}`);
    setName('');
    onChoose(key);
  };
  return (
    <section className="form-entries" aria-label={`Names of ${wordsOf(kind).toLowerCase()}`}>
      {names.length > 12 ? (
        <Input
          size="small"
          aria-label="Find a name"
          placeholder="find"
          value={query}
          onChange={(_, data) => setQuery(data.value)}
        />
      ) : null}
      <ul>
        {shown.slice(0, MOST_ENTRIES).map((each) => (
          <li key={each}>
            <button type="button" aria-current={each === chosen ? 'true' : undefined} onClick={() => onChoose(each)}>
              {each}
            </button>
            {editable && each === chosen ? (
              <Button
                appearance="subtle"
                size="small"
                icon={<DeleteIcon />}
                aria-label={`Remove ${each}`}
                onClick={() => void store.edit([{ action: 'remove', path: [kind, each] }], `remove ${kind}.${each}`)}
              />
            ) : null}
          </li>
        ))}
      </ul>
      {shown.length > MOST_ENTRIES ? <p className="quiet">and {shown.length - MOST_ENTRIES} more</p> : null}
      {editable ? (
        <form
          className="add"
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <Input
            size="small"
            aria-label="Name of a new entry"
            placeholder="new name"
            value={name}
            onChange={(_, data) => setName(data.value)}
          />
          <Button size="small" type="submit" icon={<AddIcon />} aria-label="Add it" disabled={name.trim() === ''} />
        </form>
      ) : null}
    </section>
  );
}

/** The schema of what is under a name; undefined: the kind is a map of fields. */
function entrySchemaOf(schema: Schema): Schema | undefined {
  for (const each of alternatives(schema)) {
    if (isSchema(each.additionalProperties)) return each.additionalProperties;
  }
  return undefined;
}
