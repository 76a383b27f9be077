/**
 * DNS messages (RFC 1035 section 4): one question for the addresses of a name, and its answer. Left out: every other
 * type and class, compression other than towards the question, EDNS, messages over TCP.
 */
import { type Address, addressOf, type Family } from '@bothways/net';

const HEADER = 12;
const TYPES: Readonly<Record<Family, number>> = { 4: 1, 6: 28 };
const INTERNET = 1;
/** Standard query with recursion desired, and the answer of a server with authority that recurses. */
const QUERY = 0x0100;
const ANSWER = 0x8580;
const NO_SUCH_NAME = 3;
/** A name that stands in the question. */
const TO_QUESTION = 0xc000 | HEADER;

export interface NameQuestion {
  readonly id: number;
  /** In small letters, without the last dot. */
  readonly name: string;
  readonly family: Family;
}

export interface NameReply {
  readonly id: number;
  /** False: no such name. */
  readonly exists: boolean;
  readonly addresses: readonly Address[];
}

export function encodeQuestion({ id, name, family }: NameQuestion): Buffer {
  const labels = name.split('.').map((label) => Buffer.from(label, 'ascii'));
  if (labels.some(({ length }) => length === 0 || length > 63)) throw new RangeError(`'${name}' is no host name`);
  const head = Buffer.alloc(HEADER);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(QUERY, 2);
  head.writeUInt16BE(1, 4);
  const tail = Buffer.alloc(5);
  tail.writeUInt16BE(TYPES[family], 1);
  tail.writeUInt16BE(INTERNET, 3);
  return Buffer.concat([head, ...labels.flatMap((label) => [Buffer.from([label.length]), label]), tail]);
}

/** Undefined for what is no such question. */
export function decodeQuestion(bytes: Buffer): NameQuestion | undefined {
  const end = questionEnd(bytes);
  if (end === undefined || (bytes.readUInt16BE(2) & 0xf800) !== 0) return undefined;
  const type = bytes.readUInt16BE(end - 4);
  const family = type === TYPES[4] ? 4 : type === TYPES[6] ? 6 : undefined;
  if (family === undefined || bytes.readUInt16BE(end - 2) !== INTERNET) return undefined;
  const labels: string[] = [];
  for (let at = HEADER; (bytes[at] ?? 0) > 0; at += 1 + (bytes[at] ?? 0)) {
    labels.push(bytes.toString('ascii', at + 1, at + 1 + (bytes[at] ?? 0)));
  }
  return { id: bytes.readUInt16BE(0), name: labels.join('.').toLowerCase(), family };
}

/** The reply to a question: addresses of its family; undefined: no such name. */
export function encodeReply(question: NameQuestion, addresses: readonly Address[] | undefined): Buffer {
  const own = (addresses ?? []).filter(({ family }) => family === question.family);
  const head = encodeQuestion(question);
  head.writeUInt16BE(ANSWER | (addresses === undefined ? NO_SUCH_NAME : 0), 2);
  head.writeUInt16BE(own.length, 6);
  const size = question.family === 4 ? 4 : 16;
  const records = own.map(({ bits }) => {
    const record = Buffer.alloc(12 + size);
    record.writeUInt16BE(TO_QUESTION, 0);
    record.writeUInt16BE(TYPES[question.family], 2);
    record.writeUInt16BE(INTERNET, 4);
    record.writeUInt32BE(60, 6);
    record.writeUInt16BE(size, 10);
    Buffer.from(bits.toString(16).padStart(size * 2, '0'), 'hex').copy(record, 12);
    return record;
  });
  return Buffer.concat([head, ...records]);
}

/** Undefined for what is no reply of that kind. */
export function decodeReply(bytes: Buffer): NameReply | undefined {
  const end = questionEnd(bytes);
  if (end === undefined || (bytes.readUInt16BE(2) & 0x8000) === 0) return undefined;
  const addresses: Address[] = [];
  let at = end;
  for (let left = bytes.readUInt16BE(6); left > 0; left--) {
    if (at + 12 > bytes.length) return undefined;
    const size = bytes.readUInt16BE(at + 10);
    if (bytes.readUInt16BE(at) !== TO_QUESTION || at + 12 + size > bytes.length) return undefined;
    const family = size === 4 ? 4 : 6;
    addresses.push(addressOf(family, BigInt(`0x${bytes.toString('hex', at + 12, at + 12 + size)}`)));
    at += 12 + size;
  }
  const exists = (bytes.readUInt16BE(2) & 15) !== NO_SUCH_NAME;
  return { id: bytes.readUInt16BE(0), exists, addresses };
}

/** Behind the only question. */
function questionEnd(bytes: Buffer): number | undefined {
  if (bytes.length < HEADER || bytes.readUInt16BE(4) !== 1) return undefined;
  let at = HEADER;
  while (at < bytes.length && (bytes[at] ?? 0) > 0) {
    if ((bytes[at] ?? 0) > 63) return undefined;
    at += 1 + (bytes[at] ?? 0);
  }
  return at + 5 <= bytes.length ? at + 5 : undefined;
}
