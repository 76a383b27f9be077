/** Completion and hover texts from the schema, names from the document. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { hoverTooltip, type Tooltip } from '@codemirror/view';
import { descriptionOf, keysOf, kindOf, type Schema, schemasAt, valuesOf } from './schema-walk.ts';
import { yamlPositionAt } from './yaml-path.ts';

/** Key → the kinds of the document whose names it takes. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  site: ['sites'],
  between: ['sites'],
  from: ['sites', 'users'],
  to: ['environments'],
  edge: ['expressRouteEdges', 'internetEdges'],
  breakout: ['internetEdges'],
  firewall: ['firewalls'],
  proxy: ['proxies'],
};

export function completions(schema: () => Schema | undefined) {
  return (context: CompletionContext): CompletionResult | null => {
    const root = schema();
    if (root === undefined) return null;
    const text = context.state.doc.toString();
    const at = yamlPositionAt(text, context.pos);
    if (at.word === '' && !context.explicit && at.writes === 'key') return null;
    const schemas = schemasAt(root, at.path);
    const options = at.writes === 'key' ? keyOptions(schemas, at.siblings) : [];
    const values = at.writes === 'value' || options.length === 0 ? valueOptions(schemas, text, at.path) : [];
    const all = [...options, ...values];
    return all.length === 0 ? null : { from: at.wordStart, options: all, validFor: /^[\p{L}\p{N} ._-]*$/u };
  };
}

function keyOptions(schemas: readonly Schema[], siblings: readonly string[]): readonly Completion[] {
  return keysOf(schemas)
    .filter(({ key }) => !siblings.includes(key))
    .map(({ key, description, kind, isRequired }) => ({
      label: key,
      type: 'property',
      detail: kind,
      info: description,
      apply: `${key}: `,
      boost: isRequired ? 5 : 0,
    }));
}

function valueOptions(
  schemas: readonly Schema[],
  text: string,
  path: readonly (string | number)[],
): readonly Completion[] {
  const key = path.findLast((step) => typeof step === 'string');
  const names = (NAMES[String(key)] ?? []).flatMap((kind) => namesOf(text, kind).map((name) => ({ name, kind })));
  return [
    ...names.map(({ name, kind }) => ({ label: name, type: 'variable', detail: kind, boost: 2 })),
    ...valuesOf(schemas).map(({ value, isExample }) => ({
      label: value,
      type: isExample ? 'text' : 'enum',
      detail: isExample ? 'example' : '',
    })),
  ];
}

/** Names under a kind, as far as they stand in this file in block style. */
function namesOf(text: string, kind: string): readonly string[] {
  const block = new RegExp(`^${kind}:[^\\n]*\\n((?:[ \\t#][^\\n]*\\n|\\n)*)`, 'm').exec(`${text}\n`)?.[1] ?? '';
  const found = block
    .split('\n')
    .map((line) => /^( +)([^\s#:{}[\],][^:{}[\],]*):(?:\s|$)/.exec(line))
    .filter((each) => each !== null);
  const least = Math.min(...found.map(([, indent = '']) => indent.length));
  return found.filter(([, indent = '']) => indent.length === least).map(([, , name = '']) => name);
}

export function hovers(schema: () => Schema | undefined) {
  return hoverTooltip((view, position): Tooltip | null => {
    const root = schema();
    if (root === undefined) return null;
    const text = view.state.doc.toString();
    const line = view.state.doc.lineAt(position);
    // The end of the word under the pointer: a position inside a key would be a half-written one.
    const rest = /^[^:,{}[\]\n]*/.exec(text.slice(position, line.to))?.[0] ?? '';
    const end = position + rest.length;
    const at = yamlPositionAt(text, end);
    const isKey = text[end] === ':' && at.writes === 'key';
    const path = isKey ? [...at.path, at.word.trim()] : at.path;
    const [found] = schemasAt(root, path).filter((each) => descriptionOf(each) !== '');
    if (found === undefined || at.word.trim() === '') return null;
    return {
      pos: at.wordStart,
      end,
      above: true,
      create() {
        const dom = document.createElement('div');
        dom.className = 'hover-help';
        const title = document.createElement('strong');
        title.textContent = path.join('.');
        const kind = document.createElement('span');
        kind.textContent = ` ${kindOf(found)}`;
        const help = document.createElement('p');
        help.textContent = descriptionOf(found);
        dom.append(title, kind, help);
        return { dom };
      },
    };
  });
}
