/**
 * The page and its parts, from the folder they were built into. Only what was in the folder when the server first looked is
 * ever served: names are looked up, not put together to paths. The page itself gets a fresh nonce each time.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context } from 'hono';
import { refuse } from './problem.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** Names with a hash in them never change their content. */
const HASHED = /[.-][0-9a-zA-Z_]{8,}\.[a-z0-9]+$/;

/** A new build has new names; looking for them costs too little to wait and too much to do for every wrong name. */
const LIST_EVERY = 500;

interface Asset {
  readonly path: string;
  /** Size and time of the file, to notice a new build. */
  readonly stamp: string;
  readonly body: Buffer;
  readonly etag: string;
  compressed: { br?: Promise<Buffer>; gzip?: Promise<Buffer> };
}

export class Page {
  readonly #folder: string | undefined;
  readonly #assets = new Map<string, Asset>();
  /** Milliseconds since 1970: when the folder was looked through last. */
  #listed = 0;

  /** @param folder undefined: no page was built; the API works without */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** The page itself, whichever of its addresses was asked for. */
  html(context: Context): Response {
    const asset = this.#asset('index.html');
    const nonce = randomBytes(18).toString('base64');
    const text = asset === undefined ? notBuilt : asset.body.toString('utf8');
    return context.html(withNonce(text, nonce), asset === undefined ? 503 : 200, {
      'content-security-policy': pagePolicy(nonce),
      'cache-control': 'no-store',
    });
  }

  /** One of the files beside the page; undefined: there is none of that name. */
  async asset(context: Context, name: string): Promise<Response | undefined> {
    const asset = name === 'index.html' ? undefined : this.#asset(name);
    if (asset === undefined) return undefined;
    const headers: Record<string, string> = {
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'cache-control': HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
      // A worker has the policy of its own file.
      'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
      etag: asset.etag,
      vary: 'accept-encoding',
    };
    if (context.req.header('if-none-match') === asset.etag) return context.body(null, 304, headers);
    const accepted = context.req.header('accept-encoding') ?? '';
    const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
    if (encoding === undefined || asset.body.length < 1024 || /\.(png|woff2)$/.test(name)) {
      return context.body(new Uint8Array(asset.body), 200, headers);
    }
    const body = await this.#compressed(asset, encoding);
    return context.body(new Uint8Array(body), 200, { ...headers, 'content-encoding': encoding });
  }

  #asset(name: string): Asset | undefined {
    if (this.#folder === undefined) return undefined;
    let known = this.#assets.get(name);
    if (known === undefined && Date.now() - this.#listed > LIST_EVERY) {
      this.#listed = Date.now();
      for (const each of filesUnder(this.#folder, '')) if (!this.#assets.has(each)) this.#load(each);
      known = this.#assets.get(name);
    }
    if (known === undefined) return undefined;
    const stamp = stampOf(known.path);
    if (stamp === undefined) return undefined;
    return stamp === known.stamp ? known : this.#load(name);
  }

  #load(name: string): Asset | undefined {
    const path = join(this.#folder ?? '', name);
    const stamp = stampOf(path);
    if (stamp === undefined) return undefined;
    const body = readFileSync(path);
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    const asset: Asset = { path, stamp, body, etag, compressed: {} };
    this.#assets.set(name, asset);
    return asset;
  }

  /** What lies beside the file, made by the build; else made here, once. */
  #compressed(asset: Asset, encoding: 'br' | 'gzip'): Promise<Buffer> {
    const beside = `${asset.path}.${encoding === 'br' ? 'br' : 'gz'}`;
    asset.compressed[encoding] ??= isNewer(beside, asset.path)
      ? Promise.resolve(readFileSync(beside))
      : encoding === 'br'
        ? promisify(brotliCompress)(asset.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
        : promisify(gzip)(asset.body);
    return asset.compressed[encoding];
  }
}

/** A file that is in the folder, or the page's answer that it is not. */
export async function assetOrRefusal(page: Page, context: Context, name: string): Promise<Response> {
  return (await page.asset(context, name)) ?? refuse(context, 404, 'there is no such page or file');
}

/** Everything comes from here, scripts and styles only with the nonce or as a file; nobody may put the page in a frame. */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "frame-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The page is ours: its tags are as the build wrote them. */
function withNonce(html: string, nonce: string): string {
  const tagged = html
    .replaceAll('__CSP_NONCE__', nonce)
    .replaceAll(/<(script|style|link)\b(?![^>]*\bnonce=)/g, `<$1 nonce="${nonce}"`);
  if (/property="csp-nonce"/.test(tagged)) return tagged;
  return tagged.replace(/<head>/, `<head>\n    <meta property="csp-nonce" nonce="${nonce}" />`);
}

const notBuilt = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Bothways</title>
  </head>
  <body>
    <h1>The page of the workbench is not built</h1>
    <p>The server runs and answers under /api. In a checkout, <code>node scripts/bundle-web.ts</code> builds the page.</p>
  </body>
</html>
`;

function filesUnder(folder: string, prefix: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || /\.(br|gz|map)$/.test(entry.name)) return [];
    const name = `${prefix}${entry.name}`;
    return entry.isDirectory() ? filesUnder(join(folder, entry.name), `${name}/`) : entry.isFile() ? [name] : [];
  });
}

function stampOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.size} ${stats.mtimeMs}`;
}

function isNewer(path: string, than: string): boolean {
  const [one, other] = [path, than].map((each) => statSync(each, { throwIfNoEntry: false })?.mtimeMs);
  return one !== undefined && other !== undefined && one >= other;
}
