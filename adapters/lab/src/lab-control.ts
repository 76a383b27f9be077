/**
 * How another process of the same user asks something of a lab that is up: a socket beside the file that tells of the
 * lab. One JSON object per line; a question, then any number of `{ "stage": text }` and `{ "part": base64 }`, then
 * `{ "answer": … }` or `{ "problem": text }`. Several may ask at once.
 */
import { rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { field } from './sandbox.ts';

/** How an answer is told while it comes about. */
export interface Talk {
  readonly stage: (text: string) => void;
  /** A piece of a large answer. */
  readonly part: (bytes: Uint8Array) => void;
  /** Aborted when who asked has gone. */
  readonly signal: AbortSignal;
}

export type AnswerQuestion = (question: unknown, talk: Talk) => Promise<unknown>;

export interface LabServer {
  close(): void;
}

/** Resolves when it listens. The folder of the path is the user's alone. */
export async function serveQuestions(path: string, answer: AnswerQuestion): Promise<LabServer> {
  rmSync(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    const send = (value: object): void => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
    };
    const gone = new AbortController();
    socket.on('close', () => gone.abort());
    const talk: Talk = {
      stage: (stage) => send({ stage }),
      part: (bytes) => send({ part: Buffer.from(bytes).toString('base64') }),
      signal: gone.signal,
    };
    const reply = async (line: string): Promise<void> => {
      send(await answered(line, answer, talk));
      socket.end();
    };
    createInterface({ input: socket }).on('line', (line) => {
      void reply(line);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
  return {
    close() {
      server.close();
      for (const socket of open) socket.destroy();
      rmSync(path, { force: true });
    },
  };
}

async function answered(line: string, answer: AnswerQuestion, talk: Talk): Promise<object> {
  try {
    return { answer: await answer(JSON.parse(line), talk) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Rejects with the problem in words. Aborting the signal ends the question without an answer: undefined. */
export function askQuestion(
  path: string,
  question: object,
  { stage: say, part: take, signal }: Talk,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const stop = (): void => {
      resolve(undefined);
      socket.destroy();
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.on('error', (error) => reject(new Error(`the lab does not answer: ${error.message}`)));
    socket.on('connect', () => socket.write(`${JSON.stringify(question)}\n`));
    socket.on('close', () => reject(new Error('the lab ended before it answered')));
    createInterface({ input: socket }).on('line', (line) => {
      const reply: unknown = JSON.parse(line);
      const stage = field(reply, 'stage');
      const part = field(reply, 'part');
      const problem = field(reply, 'problem');
      if (typeof stage === 'string') say(stage);
      else if (typeof part === 'string') take(Buffer.from(part, 'base64'));
      else if (typeof problem === 'string') reject(new Error(problem));
      else resolve(field(reply, 'answer'));
    });
  });
}
