/**
 * The two ends of real TCP connections: the kernel's own sockets in the first namespace of the sandbox, bound to the
 * addresses of clients, services and proxies. Behind each device is an interface there; which of them an address is
 * behind, rules of routing say. A service tells who asks which address it saw; a proxy takes CONNECT (RFC 9110 section
 * 9.3.6) and opens a connection of its own.
 *
 * Runs inside the supervisor.
 */
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { Connect, ConnectionResult, Listener } from './requests.ts';

/** Listens, connects, and closes everything again; results in the order of the connections. */
export async function connectAll(
  connections: readonly Connect[],
  listeners: readonly Listener[],
): Promise<readonly ConnectionResult[]> {
  const servers = await Promise.all(listeners.map((listener) => listen(listener)));
  try {
    return await Promise.all(connections.map((connection) => connect(connection)));
  } finally {
    for (const { server, open } of servers) {
      server.close();
      for (const socket of open) socket.destroy();
    }
  }
}

function listen(listener: Listener): Promise<{ readonly server: Server; readonly open: ReadonlySet<Socket> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    if (listener.kind === 'proxy') relay(socket, listener.ports);
    else socket.end(`${JSON.stringify({ seen: socket.remoteAddress, port: socket.remotePort })}\n`);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`${listener.address} port ${listener.port}: ${error.message}`)));
    server.listen({ host: listener.address, port: listener.port, exclusive: true }, () => resolve({ server, open }));
  });
}

/** `ports`: the local port for each target, as 'address port'. */
function relay(client: Socket, ports: Readonly<Record<string, number>>): void {
  let head = '';
  const read = (chunk: Buffer): void => {
    head += chunk.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    client.off('data', read);
    const [, host = '', port = ''] = /^CONNECT \[?([0-9a-fA-F.:]+?)\]?:(\d+) HTTP\/1\.1\r\n/.exec(head) ?? [];
    const localPort = ports[`${host} ${port}`];
    if (localPort === undefined) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const target = createConnection({ host, port: Number(port), localAddress: client.localAddress ?? '', localPort });
    target.on('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client);
      client.pipe(target);
    });
    target.on('error', () => client.end('HTTP/1.1 504 Gateway Timeout\r\n\r\n'));
    client.on('close', () => target.destroy());
  };
  client.on('data', read);
}

function connect({ source, sourcePort, destination, port, target, milliseconds }: Connect): Promise<ConnectionResult> {
  return new Promise((resolve) => {
    const began = performance.now();
    const socket = createConnection({ host: destination, port, localAddress: source, localPort: sourcePort });
    let said = '';
    let finished = false;
    const finish = (end: ConnectionResult['end'], seen?: string): void => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      socket.destroy();
      resolve({ end, milliseconds: performance.now() - began, ...(seen === undefined ? {} : { seen }) });
    };
    const timer = setTimeout(() => finish('timed-out'), milliseconds);
    socket.on('connect', () => {
      if (target !== undefined) socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
    });
    socket.on('end', () => {
      const seen = /"seen":"([^"]+)"/.exec(said)?.[1];
      if (seen !== undefined) finish('connected', seen);
      else finish(said.startsWith('HTTP/1.1 504') ? 'timed-out' : 'refused');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      finish(
        error.code === 'ECONNREFUSED' ? 'refused' : error.code === 'ETIMEDOUT' ? 'timed-out' : 'failed',
        undefined,
      );
    });
  });
}
