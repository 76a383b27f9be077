/** The document as text and as forms: two views of one, with one undo. */
import { Tab, TabList } from '@fluentui/react-components';
import { useEffect, useMemo, useState } from 'react';
import { CodeEditor } from '../editor/code-editor.tsx';
import { Form } from '../editor/form.tsx';
import { isSchema, type Schema } from '../editor/schema-walk.ts';
import { SeverityTag } from '../parts/verdict.tsx';
import { goTo, useRoute, useShown, useStore } from '../state/hooks.ts';
import { whenAnswered } from '../state/late.ts';

export default function Editor({ nonce }: { readonly nonce: string }) {
  const store = useStore();
  const { query } = useRoute();
  const files = useShown((state) => state.files);
  const opened = useShown((state) => state.opened);
  const judgement = useShown((state) => state.judgement);
  const editable = useShown((state) => state.estate?.writable === true && state.session?.user.role !== 'viewer');
  const schema = useSchema();
  const asked = query.get('file');
  const view = query.get('view') === 'form' ? 'form' : 'text';
  const file = files.find(({ name }) => name === asked) ?? files[0];
  const line = query.get('line');
  const wanted = useMemo(() => (line === null ? undefined : { number: Number(line) }), [line]);
  const findings = judgement?.findings ?? opened?.findings ?? [];
  if (file === undefined) return <p className="quiet pad">Opening the document …</p>;
  return (
    <div className="editor">
      <div className="bar">
        <h1>Editor</h1>
        <TabList
          size="small"
          selectedValue={view}
          onTabSelect={(_, { value }) => goTo('editor', { view: String(value), file: file.name })}
        >
          <Tab value="text">Text</Tab>
          <Tab value="form">Forms</Tab>
        </TabList>
        {files.length > 1 && view === 'text' ? (
          <TabList
            size="small"
            aria-label="Files"
            selectedValue={file.name}
            onTabSelect={(_, { value }) => goTo('editor', { file: String(value) })}
          >
            {files.map(({ name }) => (
              <Tab key={name} value={name}>
                {name.slice(name.lastIndexOf('/') + 1)}
              </Tab>
            ))}
          </TabList>
        ) : null}
        <span className="grow" />
        <span className="quiet">
          {editable ? 'Saved as you type; Ctrl+Space completes, Escape then Tab leaves the text' : 'Read only'}
        </span>
      </div>
      {view === 'form' ? (
        <Form schema={schema} />
      ) : (
        <div className="editor-split">
          <CodeEditor
            key={file.name}
            name={file.name}
            text={file.text}
            nonce={nonce}
            editable={editable}
            schema={schema}
            findings={findings}
            line={wanted}
            onType={(text) => store.type(file.name, text)}
            onUndo={() => store.undo()}
            onRedo={() => store.redo()}
          />
          <aside className="details" aria-label="Findings in this document">
            <h2>Findings</h2>
            <ul className="stories">
              {findings.slice(0, 60).map(({ severity, message, place, fingerprint }) => (
                <li key={`${fingerprint ?? ''} ${message}`}>
                  <button
                    type="button"
                    disabled={place === undefined}
                    onClick={() => {
                      if (place !== undefined) goTo('editor', { file: place.file, line: String(place.line) });
                    }}
                  >
                    <SeverityTag severity={severity} />
                    <span className="quiet">{place === undefined ? '' : `line ${place.line}`}</span>
                    <span>{message}</span>
                  </button>
                </li>
              ))}
            </ul>
            {findings.length === 0 ? <p className="quiet">None.</p> : null}
          </aside>
        </div>
      )}
    </div>
  );
}

function useSchema(): Schema | undefined {
  const store = useStore();
  const [schema, setSchema] = useState<Schema>();
  useEffect(
    () =>
      whenAnswered(store.engine.ask('schema', {}), (found) => {
        if (isSchema(found)) setSchema(found);
      }),
    [store],
  );
  return schema;
}
