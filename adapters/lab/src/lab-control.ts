/**
 * How another process of the same user asks something of a lab that is up: a socket beside the file that tells of the
 * lab. One JSON object per line; a question, then any number of `{ "stage": text }`, then `{ "answer": … }` or
 * `{ "problem": text }`. Questions are answered one after the other.
 */
import { rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { field } from './sandbox.ts';

export type AnswerQuestion = (question: unknown, say: (stage: string) => void) => Promise<unknown>;

export interface LabServer {
  close(): void;
}

/** Resolves when it listens. The folder of the path is the user's alone. */
export async function serveQuestions(path: string, answer: AnswerQuestion): Promise<LabServer> {
  rmSync(path, { force: true });
  const open = new Set<Socket>();
  let last: Promise<void> = Promise.resolve();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    const send = (value: object): void => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
    };
    createInterface({ input: socket }).on('line', (line) => {
      last = last.then(async () => {
        try {
          send({ answer: await answer(JSON.parse(line), (stage) => send({ stage })) });
        } catch (error) {
          send({ problem: error instanceof Error ? error.message : String(error) });
        }
        socket.end();
      });
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

/** Rejects with the problem in words. */
export function askQuestion(path: string, question: object, say: (stage: string) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.on('error', (error) => reject(new Error(`the lab does not answer: ${error.message}`)));
    socket.on('connect', () => socket.write(`${JSON.stringify(question)}\n`));
    socket.on('close', () => reject(new Error('the lab ended before it answered')));
    createInterface({ input: socket }).on('line', (line) => {
      const reply: unknown = JSON.parse(line);
      const stage = field(reply, 'stage');
      const problem = field(reply, 'problem');
      if (typeof stage === 'string') say(stage);
      else if (typeof problem === 'string') reject(new Error(problem));
      else resolve(field(reply, 'answer'));
    });
  });
}
