/**
 * CodeMirror on one file. The store owns the text: typing goes there, and what comes from there (a fix, a form, another
 * tab, a file on disk) is put in as the smallest change, so that the cursor stays where it is.
 */

import type { FindingView } from '@bothways/twin';
import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, indentLess, indentMore } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Text, Transaction } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { completions, hovers } from './assist.ts';
import type { Schema } from './schema-walk.ts';

interface CodeEditorProps {
  readonly name: string;
  readonly text: string;
  readonly nonce: string;
  readonly editable: boolean;
  readonly schema: Schema | undefined;
  readonly findings: readonly FindingView[];
  /** A line to go to; a new object each time. */
  readonly line: { readonly number: number } | undefined;
  readonly onType: (text: string) => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--colorBrandForeground1)' },
  { tag: tags.definition(tags.propertyName), color: 'var(--colorBrandForeground1)' },
  { tag: [tags.string, tags.content], color: 'var(--colorNeutralForeground1)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--unsure)' },
  { tag: tags.comment, color: 'var(--good)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--colorNeutralForeground2)' },
]);

const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--colorNeutralBackground1)', color: 'var(--colorNeutralForeground1)' },
  '.cm-scroller': {
    fontFamily: "'Cascadia Code', Consolas, 'DejaVu Sans Mono', monospace",
    fontSize: '13px',
    lineHeight: '20px',
  },
  '.cm-content': { caretColor: 'var(--colorNeutralForeground1)' },
  '.cm-cursor': { borderLeftColor: 'var(--colorNeutralForeground1)' },
  '.cm-gutters': {
    backgroundColor: 'var(--colorNeutralBackground2)',
    color: 'var(--colorNeutralForeground3)',
    borderRight: '1px solid var(--colorNeutralStroke2)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--colorNeutralBackground1Hover)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--colorBrandBackground2Pressed)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--colorNeutralBackground1)',
    color: 'var(--colorNeutralForeground1)',
    border: '1px solid var(--colorNeutralStroke1)',
    borderRadius: '4px',
    boxShadow: 'var(--shadow8)',
  },
  '.cm-tooltip.cm-completionInfo': { maxWidth: '360px', padding: '6px 10px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--colorBrandBackground)',
    color: 'var(--colorNeutralForegroundOnBrand)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.8' },
  '.cm-panels': { backgroundColor: 'var(--colorNeutralBackground2)', color: 'var(--colorNeutralForeground1)' },
});

export function CodeEditor(props: CodeEditorProps) {
  const { name, text, nonce, editable, findings, line } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const parent = host.current;
    if (parent === null) return undefined;
    const undoKeys = [
      { key: 'Mod-z', preventDefault: true, run: () => done(latest.current.onUndo) },
      { key: 'Mod-y', mac: 'Mod-Shift-z', preventDefault: true, run: () => done(latest.current.onRedo) },
      { key: 'Mod-Shift-z', preventDefault: true, run: () => done(latest.current.onRedo) },
    ];
    const schema = (): Schema | undefined => (/\.ya?ml$/.test(name) ? latest.current.schema : undefined);
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(),
          foldGutter(),
          lintGutter(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of('  '),
          bracketMatching(),
          highlightSelectionMatches(),
          ...(/\.ya?ml$/.test(name) ? [yaml()] : []),
          syntaxHighlighting(colours),
          theme,
          autocompletion({ override: [completions(schema)], icons: false }),
          hovers(schema),
          // Escape and then Tab leaves the editor, as CodeMirror documents it.
          keymap.of([
            ...undoKeys,
            ...completionKeymap,
            ...searchKeymap,
            ...foldKeymap,
            ...defaultKeymap,
            { key: 'Mod-]', run: indentMore },
            { key: 'Mod-[', run: indentLess },
          ]),
          EditorState.readOnly.of(!editable),
          EditorView.contentAttributes.of({ 'aria-label': `Text of ${name}`, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            const isOurs = update.transactions.every((each) => each.annotation(Transaction.remote) !== true);
            if (update.docChanged && isOurs) latest.current.onType(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, [name, nonce, editable]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const change = smallestChange(editor.state.doc.toString(), text);
    if (change !== undefined) editor.dispatch({ changes: change, annotations: Transaction.remote.of(true) });
  }, [text, name]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const here = findings.flatMap((finding) => diagnosticOf(editor.state.doc, name, finding));
    editor.dispatch(setDiagnostics(editor.state, here));
  }, [findings, name, text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || line === undefined) return;
    const at = editor.state.doc.line(Math.min(Math.max(1, line.number), editor.state.doc.lines));
    editor.dispatch({
      selection: { anchor: at.from, head: at.to },
      effects: EditorView.scrollIntoView(at.from, { y: 'center' }),
    });
    editor.focus();
  }, [line, name]);

  return <div className="code" ref={host} />;
}

function done(action: () => void): boolean {
  action();
  return true;
}

function diagnosticOf(doc: Text, name: string, finding: FindingView): readonly Diagnostic[] {
  const { place, severity, message, help, rule } = finding;
  if (place === undefined || place.file !== name || place.line > doc.lines) return [];
  const offset = (line: number, column: number): number => {
    const at = doc.line(Math.min(line, doc.lines));
    return Math.min(at.to, at.from + column - 1);
  };
  const from = offset(place.line, place.column);
  return [
    {
      from,
      to: Math.max(from, offset(place.endLine, place.endColumn)),
      severity: severity === 'note' ? 'info' : severity,
      source: rule,
      message: help === undefined ? message : `${message}\n${help}`,
    },
  ];
}

/** What differs between two texts, as one replacement. */
function smallestChange(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly insert: string } | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
