/** The exported schema in an editor: yaml-language-server, driven as an editor drives it, over standard streams. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { example } from '../test/check.ts';
import { fullExample } from '../test/full-example.ts';
import { estateJsonSchema } from './index.ts';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** One running server. Messages are JSON with a header that gives their length (JSON-RPC as editors use it). */
class Server {
  readonly #process: ChildProcess;
  readonly #answers = new Map<number, (result: unknown) => void>();
  readonly #diagnostics = new Map<string, (diagnostics: readonly unknown[]) => void>();
  #received = Buffer.alloc(0);
  #nextId = 1;

  constructor() {
    const root = dirname(createRequire(import.meta.url).resolve('yaml-language-server/package.json'));
    this.#process = spawn(process.execPath, [join(root, 'bin', 'yaml-language-server'), '--stdio'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  async start(): Promise<void> {
    await this.ask('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        textDocument: {
          completion: { completionItem: { documentationFormat: ['markdown'] } },
          hover: { contentFormat: ['markdown'] },
        },
        workspace: { configuration: true },
      },
    });
    this.#send({ method: 'initialized', params: {} });
  }

  stop(): void {
    this.#process.kill();
  }

  ask(method: string, params: unknown): Promise<unknown> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#send({ id, method, params });
    });
  }

  /** Opens a document and gives what the server has to say about it. */
  open(uri: string, text: string): Promise<readonly unknown[]> {
    return new Promise((resolve) => {
      this.#diagnostics.set(uri, resolve);
      this.#send({
        method: 'textDocument/didOpen',
        params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
      });
    });
  }

  #send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const header = this.#received.indexOf('\r\n\r\n');
      const length = /Content-Length: (\d+)/i.exec(this.#received.subarray(0, Math.max(0, header)).toString())?.[1];
      if (header === -1 || length === undefined) return;
      const end = header + 4 + Number(length);
      if (this.#received.length < end) return;
      const message: unknown = JSON.parse(this.#received.subarray(header + 4, end).toString());
      this.#received = this.#received.subarray(end);
      if (isRecord(message)) this.#handle(message);
    }
  }

  #handle(message: Message): void {
    const { id, method, params, result } = message;
    if (method === undefined && id !== undefined) {
      this.#answers.get(id)?.(result);
      this.#answers.delete(id);
    } else if (method === 'textDocument/publishDiagnostics' && isRecord(params)) {
      const { uri, diagnostics } = { uri: params['uri'], diagnostics: params['diagnostics'] };
      if (typeof uri === 'string' && Array.isArray(diagnostics)) this.#diagnostics.get(uri)?.(diagnostics);
    } else if (id !== undefined) {
      this.#send({ id, result: answerFor(method, params) });
    }
  }
}

/** What an editor answers when the server asks for its settings: no schema but the one the document names. */
function answerFor(method: string | undefined, params: unknown): unknown {
  if (method !== 'workspace/configuration' || !isRecord(params) || !Array.isArray(params['items'])) return null;
  return params['items'].map((item: unknown) =>
    isRecord(item) && item['section'] === 'yaml'
      ? { schemaStore: { enable: false }, validate: true, hover: true, completion: true }
      : {},
  );
}

let folder = '';
let server: Server;
let opened = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bothways-schema-'));
  writeFileSync(join(folder, 'estate.json'), JSON.stringify(estateJsonSchema()));
  server = new Server();
  await server.start();
}, 30_000);

afterAll(() => {
  server.stop();
  rmSync(folder, { recursive: true });
});

interface Opened {
  readonly uri: string;
  readonly diagnostics: readonly { readonly message: string; readonly line: number; readonly character: number }[];
  readonly position: { readonly line: number; readonly character: number };
}

/** Opens a document in which `^` marks a position. */
async function open(marked: string): Promise<Opened> {
  opened += 1;
  const uri = pathToFileURL(join(folder, `estate-${opened}.yaml`)).href;
  const text = `# yaml-language-server: $schema=${pathToFileURL(join(folder, 'estate.json')).href}\n${marked}`;
  const before = text.slice(0, Math.max(0, text.indexOf('^')));
  const found = await server.open(uri, text.replace('^', ''));
  return {
    uri,
    position: { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') - 1 },
    diagnostics: found
      .map((each) => {
        const range = isRecord(each) && isRecord(each['range']) ? each['range'] : {};
        const start = isRecord(range['start']) ? range['start'] : {};
        return {
          message: isRecord(each) ? String(each['message']) : '',
          line: Number(start['line']),
          character: Number(start['character']),
        };
      })
      .toSorted((a, b) => a.line - b.line),
  };
}

async function completions(marked: string): Promise<readonly string[]> {
  const { uri, position } = await open(marked);
  const result = await server.ask('textDocument/completion', { textDocument: { uri }, position });
  const items = isRecord(result) && Array.isArray(result['items']) ? result['items'] : [];
  return items.map((item: unknown) => (isRecord(item) ? String(item['label']) : ''));
}

async function hover(marked: string): Promise<string> {
  const { uri, position } = await open(marked);
  const result = await server.ask('textDocument/hover', { textDocument: { uri }, position });
  const contents = isRecord(result) ? result['contents'] : undefined;
  return isRecord(contents) ? String(contents['value']) : String(contents);
}

const HEAD = 'bothways: 1\norganisation:\n  name: Contoso\n';

describe('an editor with the exported schema', () => {
  it('has nothing against the examples', async () => {
    expect((await open(example)).diagnostics).toEqual([]);
    expect((await open(fullExample)).diagnostics).toEqual([]);
  });

  it('completes keys at the top, in a record and in a record of a list', async () => {
    expect(await completions(`${HEAD}^\n`)).toEqual(
      expect.arrayContaining(['sites', 'circuits', 'azure', 'failureGroups']),
    );
    expect(await completions(`${HEAD}circuits:\n  er:\n    ^\n`)).toEqual(
      expect.arrayContaining(['location', 'microsoftPeering', 'privatePeering', 'resiliency']),
    );
    expect(await completions(`${HEAD}circuits:\n  er:\n    microsoftPeering:\n      ^\n`)).toEqual(
      expect.arrayContaining(['vlan', 'routeFilter', 'localPreference']),
    );
    expect(await completions(`${HEAD}azure:\n  vnets:\n    west:\n      gateway:\n        ^\n`)).toEqual(
      expect.arrayContaining(['sku', 'scaleUnits']),
    );
  });

  it('completes values of a fixed set, alone and in a list', async () => {
    expect(await completions(`${HEAD}circuits:\n  er:\n    sku: ^\n`)).toEqual(
      expect.arrayContaining(['local', 'standard', 'premium']),
    );
    expect(await completions(`${HEAD}environments:\n  prod:\n    products:\n      - ^\n`)).toEqual(
      expect.arrayContaining(['power-apps', 'dataverse']),
    );
  });

  it('shows what a key is for', async () => {
    expect(await hover(`${HEAD}circuits:\n  er:\n    bil^ling: metered\n`)).toContain('unlimited for a local circuit');
    expect(
      await hover(`${HEAD}circuits:\n  er:\n    microsoftPeering:\n      route^Filter: [West Europe]\n`),
    ).toContain('What the attached route filter lets through');
    expect(await hover(`${HEAD}users:\n  remote:\n    vpn:\n      split^Tunnel: [PP-F16]\n`)).toContain(
      'stay outside the tunnel',
    );
    expect(await hover(`${HEAD}fail^ureGroups:\n  a: [b]\n`)).toContain('Failure groups by name');
  });

  it('flags a misspelt key, a wrong value and a wrong unit where they stand', async () => {
    const { diagnostics } = await open(
      `${HEAD}circuits:\n  er:\n    lokation: Frankfurt\n    location: Frankfurt\n    edge: er\n    sku: premum\n    bandwidth: 200 MB\n`,
    );
    expect(diagnostics).toEqual([
      expect.objectContaining({ line: 6, character: 4, message: expect.stringContaining('lokation') }),
      expect.objectContaining({ line: 9, character: 9, message: expect.stringContaining('premium') }),
      expect.objectContaining({ line: 10, character: 15 }),
    ]);
  });

  it('flags what is missing', async () => {
    const { diagnostics } = await open(`${HEAD}circuits:\n  er: { location: Frankfurt, edge: er }\n`);
    expect(diagnostics.map((each) => each.message).join()).toContain('bandwidth');
  });
});
