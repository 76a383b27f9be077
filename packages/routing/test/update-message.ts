/** UPDATE messages as peers send them (RFC 4271 section 4.3, four-byte AS numbers). */
import { type Asn, asn, type Prefix } from '@bothways/net';

export interface Announcement {
  readonly prefixes: readonly Prefix[];
  readonly asPath: readonly Asn[];
  readonly originCode?: number;
  readonly med?: number;
  readonly localPreference?: number;
}

export interface UpdateLiteral extends Omit<Announcement, 'asPath'> {
  readonly asPath: readonly number[];
  /** A set behind the path. */
  readonly asSet?: readonly number[];
  readonly withdrawn?: readonly Prefix[];
  readonly extended?: boolean;
}

const word = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
const half = (value: number): number[] => [value >>> 8, value & 255];

function prefixBytes({ bits, length }: Prefix): number[] {
  return [length, ...word(Number(bits)).slice(0, Math.ceil(length / 8))];
}

function message(type: number, body: readonly number[]): Uint8Array {
  return new Uint8Array([...new Array<number>(16).fill(255), ...half(19 + body.length), type, ...body]);
}

export const keepalive = message(4, []);

export function updateMessage(literal: UpdateLiteral): Uint8Array {
  const { prefixes, asPath, originCode = 0, med, localPreference, asSet, withdrawn = [], extended = false } = literal;
  const attribute = (flags: number, type: number, value: readonly number[]): number[] =>
    extended ? [flags | 0x10, type, ...half(value.length), ...value] : [flags, type, value.length, ...value];
  const segment = (type: number, numbers: readonly number[]): number[] =>
    numbers.length === 0 ? [] : [type, numbers.length, ...numbers.flatMap((number) => word(asn(number)))];
  const attributes =
    prefixes.length === 0
      ? []
      : [
          ...attribute(0x40, 1, [originCode]),
          ...attribute(0x40, 2, [...segment(2, asPath), ...segment(1, asSet ?? [])]),
          ...attribute(0x40, 3, [192, 0, 2, 1]),
          ...(med === undefined ? [] : attribute(0x80, 4, word(med))),
          ...(localPreference === undefined ? [] : attribute(0x40, 5, word(localPreference))),
        ];
  const gone = withdrawn.flatMap(prefixBytes);
  const body = [...half(gone.length), ...gone, ...half(attributes.length), ...attributes];
  return message(2, [...body, ...prefixes.flatMap(prefixBytes)]);
}
