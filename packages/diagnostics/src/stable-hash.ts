/** FNV-1a of 64 bits over UTF-16 code units, as 16 hexadecimal digits. Tells texts apart; protects nothing. */
export function stableHash(text: string): string {
  const prime = 0x100000001b3n;
  const mask = 0xffffffffffffffffn;
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    hash = ((hash ^ BigInt(code & 0xff)) * prime) & mask;
    hash = ((hash ^ BigInt(code >> 8)) * prime) & mask;
  }
  return hash.toString(16).padStart(16, '0');
}
