/**
 * The two ends of name look-ups: name servers, each with its own view, and clients that ask them, over real UDP from the
 * first namespace of the sandbox. Runs inside the supervisor.
 */
import { createSocket, type Socket } from 'node:dgram';
import { formatAddress, parseAddress } from '@bothways/net';
import { decodeQuestion, decodeReply, encodeQuestion, encodeReply } from './dns-message.ts';
import type { LookUp, LookUpResult, NameServer } from './requests.ts';

const DNS_PORT = 53;

/** Results in the order of the look-ups. */
export async function lookUpAll(
  lookUps: readonly LookUp[],
  servers: readonly NameServer[],
): Promise<readonly LookUpResult[]> {
  const open = await Promise.all(servers.map((server) => serve(server)));
  try {
    return await Promise.all(lookUps.map((each, at) => lookUp(each, at + 1)));
  } finally {
    for (const socket of open) socket.close();
  }
}

async function serve({ address, zone }: NameServer): Promise<Socket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (message, { address: from, port }) => {
    const question = decodeQuestion(message);
    if (question === undefined) return;
    const held = zone[question.name]?.flatMap((text) => {
      const read = parseAddress(text);
      return read.ok ? [read.value] : [];
    });
    socket.send(encodeReply(question, held), port, from);
  });
  await bound(socket, address, DNS_PORT);
  return socket;
}

async function lookUp(
  { source, sourcePort, server, name, family, milliseconds }: LookUp,
  id: number,
): Promise<LookUpResult> {
  const socket = createSocket(source.includes(':') ? 'udp6' : 'udp4');
  await bound(socket, source, sourcePort);
  return new Promise((resolve) => {
    const finish = (result: LookUpResult): void => {
      clearTimeout(timer);
      clearInterval(again);
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(() => finish({ end: 'timed-out', addresses: [] }), milliseconds);
    const ask = (): void => socket.send(encodeQuestion({ id, name, family }), DNS_PORT, server);
    // A resolver library asks again, because UDP may lose the question.
    const again = setInterval(ask, 1000);
    socket.on('message', (message, { address }) => {
      const reply = decodeReply(message);
      if (reply?.id !== id || address !== server) return;
      const addresses = reply.addresses.map((each) => formatAddress(each));
      finish({ end: reply.exists ? 'answered' : 'no-such-name', addresses });
    });
    ask();
  });
}

function bound(socket: Socket, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve();
    });
  });
}
