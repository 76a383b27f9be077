/**
 * The text that FindProxyForURL returns: 'PROXY a:8080; DIRECT', to be tried from left to right. Words are those that
 * browsers know; a proxy without a port has the usual one of its protocol.
 */

export type PacEntry =
  | { readonly kind: 'direct' }
  | {
      readonly kind: 'proxy';
      /** 'PROXY', 'HTTP', 'HTTPS', 'SOCKS', 'SOCKS4' or 'SOCKS5'. */
      readonly scheme: string;
      /** Name or address, in lower case and without brackets. */
      readonly host: string;
      readonly port: number;
      /** 'proxy.contoso.example:8080', as written. */
      readonly written: string;
    }
  | { readonly kind: 'unreadable'; readonly written: string };

const USUAL_PORT: Readonly<Record<string, number>> = {
  PROXY: 80,
  HTTP: 80,
  HTTPS: 443,
  SOCKS: 1080,
  SOCKS4: 1080,
  SOCKS5: 1080,
};

/** Nothing at all means direct. */
export function parsePacAnswer(text: string): readonly PacEntry[] {
  const parts = text.split(';').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  return parts.length === 0 ? [{ kind: 'direct' }] : parts.map(parseEntry);
}

function parseEntry(text: string): PacEntry {
  if (text.toUpperCase() === 'DIRECT') return { kind: 'direct' };
  const found = /^([a-z0-9]+)\s+(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/i.exec(text);
  const scheme = found?.[1]?.toUpperCase();
  const usual = scheme === undefined ? undefined : USUAL_PORT[scheme];
  const host = (found?.[2] ?? found?.[3])?.toLowerCase();
  const port = found?.[4] === undefined ? usual : Number(found[4]);
  if (scheme === undefined || usual === undefined || host === undefined || port === undefined || port > 65_535) {
    return { kind: 'unreadable', written: text };
  }
  return { kind: 'proxy', scheme, host, port, written: text.slice(scheme.length).trim() };
}
