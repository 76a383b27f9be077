/** Readers of the formats that the renderers write, strict and independent of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv-draft-04';

const schemaText = readFileSync(join(import.meta.dirname, 'fixtures/sarif-2.1.0.schema.json'), 'utf8');

/** What the SARIF schema has against a log; empty when it is valid. Formats (URI, date) are told apart by hand here. */
export function sarifProblems(log: unknown): readonly string[] {
  const schema: object = JSON.parse(schemaText);
  const ajv = new Ajv.default({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
  const validate = ajv.compile(schema);
  // As a reader of the output sees it: after a way through text.
  validate(JSON.parse(JSON.stringify(log)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** Reads well-formed XML without comments, sections and doctypes; throws at the first thing that is not. */
export function readXml(xml: string): XmlElement {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(xml))
    throw new Error('a forbidden character');
  const body = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n(.*)$/s.exec(xml)?.[1];
  if (body === undefined) throw new Error('no XML declaration');
  const open: { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string }[] = [];
  let root: XmlElement | undefined;
  let at = 0;
  while (at < body.length) {
    const rest = body.slice(at);
    const text = /^[^<]+/.exec(rest)?.[0];
    if (text !== undefined) {
      const holder = open.at(-1);
      if (holder === undefined && text.trim() !== '') throw new Error(`text outside: ${text}`);
      if (holder !== undefined) holder.text += unescaped(text);
      at += text.length;
      continue;
    }
    const close = /^<\/([\w-]+)>/.exec(rest);
    const start = /^<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>/.exec(rest);
    if (close !== null) {
      const element = open.pop();
      if (element === undefined || element.name !== close[1]) throw new Error(`</${close[1]}> closes nothing`);
      if (open.length === 0) root = element;
      at += close[0].length;
    } else if (start !== null) {
      const attributes: Record<string, string> = {};
      for (const [, key = '', value = ''] of (start[2] ?? '').matchAll(/ ([\w-]+)="([^"]*)"/g)) {
        attributes[key] = unescaped(value);
      }
      const element = { name: start[1] ?? '', attributes, children: [], text: '' };
      open.at(-1)?.children.push(element);
      if (start[3] !== '/') open.push(element);
      else if (open.length === 0) root = element;
      at += start[0].length;
    } else throw new Error(`not XML at ${JSON.stringify(rest.slice(0, 60))}`);
  }
  if (root === undefined || open.length > 0) throw new Error('it does not end');
  return root;
}

function unescaped(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot);)/.test(text)) throw new Error(`a bare & in ${text.slice(0, 60)}`);
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

/** What the runner of GitHub Actions makes of a line: undefined when it is no command. */
export function readCommand(
  line: string,
):
  | { readonly command: string; readonly properties: Readonly<Record<string, string>>; readonly message: string }
  | undefined {
  const parts = /^::(\w+) ?([^:]*)::(.*)$/.exec(line);
  if (parts === null) return undefined;
  const decoded = (text: string): string =>
    text
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%25', '%');
  const properties = Object.fromEntries(
    (parts[2] ?? '')
      .split(',')
      .filter((each) => each !== '')
      .map((each): [string, string] => {
        const [key = '', ...value] = each.split('=');
        return [key, decoded(value.join('='))];
      }),
  );
  return { command: parts[1] ?? '', properties, message: decoded(parts[3] ?? '') };
}
