/**
 * A capture file with several interfaces (pcapng, draft-ietf-opsawg-pcapng, version 1.0): a section header, a
 * description of each interface, then packets as they come. What Wireshark and tcpdump read.
 */

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET = 6;
const ETHERNET = 1;
const OPTION_NAME = 2;
const OPTION_DESCRIPTION = 3;
const OPTION_FLAGS = 2;

export interface CapturedInterface {
  readonly name: string;
  readonly description: string;
}

/** The bytes before the first packet. */
export function captureHead(interfaces: readonly CapturedInterface[]): Buffer {
  const section = Buffer.alloc(16);
  section.writeUInt32LE(0x1a2b3c4d, 0);
  section.writeUInt16LE(1, 4);
  // The length of the section is not known beforehand.
  section.fill(0xff, 8);
  return Buffer.concat([
    block(SECTION, section),
    ...interfaces.map(({ name, description }) => {
      const head = Buffer.alloc(8);
      head.writeUInt16LE(ETHERNET, 0);
      return block(
        INTERFACE,
        Buffer.concat([
          head,
          option(OPTION_NAME, Buffer.from(name)),
          option(OPTION_DESCRIPTION, Buffer.from(description)),
          END,
        ]),
      );
    }),
  ]);
}

/** `at`: microseconds since 1970. `position` of the interface. */
export function capturedPacket(position: number, direction: 'in' | 'out', at: number, frame: Uint8Array): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(position, 0);
  head.writeUInt32LE(Math.floor(at / 2 ** 32), 4);
  head.writeUInt32LE(Math.floor(at) >>> 0, 8);
  head.writeUInt32LE(frame.length, 12);
  head.writeUInt32LE(frame.length, 16);
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(direction === 'in' ? 1 : 2);
  return block(PACKET, Buffer.concat([head, padded(frame), option(OPTION_FLAGS, flags), END]));
}

const END = Buffer.alloc(4);

function block(type: number, body: Buffer): Buffer {
  const length = body.length + 12;
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(length, 4);
  body.copy(bytes, 8);
  bytes.writeUInt32LE(length, length - 4);
  return bytes;
}

function option(code: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, padded(value)]);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
