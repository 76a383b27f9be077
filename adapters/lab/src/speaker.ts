/**
 * A BGP speaker that only talks: it brings up one session per peer from addresses of its namespace, then sends each its
 * recorded stream of UPDATE messages, all at once, and reads and forgets what it hears. Run inside the sandbox with the
 * path of a JSON file as its argument. Source: RFC 4271 section 4 (messages), RFC 6793 (four-octet AS numbers).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { field, valuesOf } from './sandbox.ts';

const HOLD_SECONDS = 240;
const OPEN = 1;
const KEEPALIVE = 4;

function message(type: number, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(19 + body.length, 255);
  bytes.writeUInt16BE(bytes.length, 16);
  bytes.writeUInt8(type, 18);
  bytes.set(body, 19);
  return bytes;
}

function openBody(asn: number, address: string): Uint8Array {
  const capabilities = Buffer.from([1, 4, 0, 1, 0, 1, 65, 4, 0, 0, 0, 0]);
  capabilities.writeUInt32BE(asn, 8);
  const head = Buffer.from([4, 0, 0, 0, HOLD_SECONDS, ...address.split('.').map(Number), 0, 2, 0]);
  head.writeUInt16BE(asn > 0xffff ? 23456 : asn, 1);
  head.writeUInt8(capabilities.length + 2, 9);
  head.writeUInt8(capabilities.length, 11);
  return Buffer.concat([head, capabilities]);
}

/** Resolves when the other side has confirmed the session; the caller tries again where it rejects. */
function connect(router: string, local: string, asn: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: router, port: 179, localAddress: local });
    let held = Buffer.alloc(0);
    socket.on('connect', () => socket.write(message(OPEN, openBody(asn, local))));
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 19 && held.length >= held.readUInt16BE(16)) {
        const type = held.readUInt8(18);
        held = held.subarray(held.readUInt16BE(16));
        if (type === OPEN) socket.write(message(KEEPALIVE, new Uint8Array()));
        if (type === KEEPALIVE) resolve(socket);
      }
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the session closed')));
  });
}

async function established(router: string, local: string, asn: number): Promise<Socket> {
  for (;;) {
    try {
      return await connect(router, local, asn);
    } catch {
      await pause(100);
    }
  }
}

const settings: unknown = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const peers = valuesOf(field(settings, 'peers'));
const router = String(field(settings, 'router'));
const sockets = await Promise.all(
  peers.map((peer) => established(router, String(field(peer, 'address')), Number(field(peer, 'asn')))),
);
const streams = peers.map((peer) => readFileSync(String(field(peer, 'stream'))));
// Daemons take the session as up a moment after the last KEEPALIVE.
await pause(500);
writeFileSync(String(field(settings, 'started')), String(Date.now()));
for (const [at, socket] of sockets.entries()) socket.write(streams[at] ?? Buffer.alloc(0));
