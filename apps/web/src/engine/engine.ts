/**
 * The page's side of the engine. One question is under way at a time. Of `open`s that wait only the newest is asked, and
 * a worker that has been busy too long with an estate nobody wants any more is ended and started again.
 */
import type { Answer, Ask, Question, Reply, Request } from './protocol.ts';

/** After this an edit no longer waits for what is under way, in milliseconds. */
const PATIENCE = 1500;

/** The question was about an estate that has been replaced meanwhile. */
export class Superseded extends Error {}

interface Waiting {
  readonly request: Request;
  readonly done: (answer: unknown) => void;
  readonly failed: (error: Error) => void;
}

export class Engine {
  readonly #start: () => Worker;
  #worker: Worker;
  #next = 0;
  #underWay: { readonly waiting: Waiting; readonly since: number } | undefined;
  #queue: Waiting[] = [];
  /** Asked again of a worker that was started anew. */
  #latestOpen: Request | undefined;

  constructor(start: () => Worker) {
    this.#start = start;
    this.#worker = this.#started();
  }

  async ask<Q extends Question>(question: Q, ask: Ask<Q>): Promise<Answer<Q>> {
    this.#next += 1;
    const request = requestOf(this.#next, question, ask);
    const answer = await new Promise<unknown>((done, failed) => {
      const waiting = { request, done, failed };
      if (question === 'open') {
        const superseded = this.#queue.filter((each) => isAboutEstate(each.request));
        this.#queue = this.#queue.filter((each) => !superseded.includes(each));
        for (const each of superseded) each.failed(new Superseded('a newer edit came'));
        const { since, waiting: current } = this.#underWay ?? {};
        if (since !== undefined && performance.now() - since > PATIENCE && current !== undefined)
          this.#restart(current);
      }
      this.#queue.push(waiting);
      this.#go();
    });
    if (!isAnswer(question, answer)) throw new TypeError(`no answer to ${question}`);
    return answer;
  }

  #go(): void {
    if (this.#underWay !== undefined) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    this.#underWay = { waiting, since: performance.now() };
    if (waiting.request.question === 'open') this.#latestOpen = waiting.request;
    // A worker has no origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.#worker.postMessage(waiting.request);
  }

  #started(): Worker {
    const worker = this.#start();
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      const { waiting } = this.#underWay ?? {};
      if (waiting === undefined || data.number !== waiting.request.number) return;
      this.#underWay = undefined;
      if ('fault' in data) waiting.failed(new Error(data.fault));
      else waiting.done(data.answer);
      this.#go();
    });
    worker.addEventListener('error', (event) => {
      const { waiting } = this.#underWay ?? {};
      this.#underWay = undefined;
      waiting?.failed(new Error(event.message));
      this.#go();
    });
    return worker;
  }

  #restart(current: Waiting): void {
    this.#worker.terminate();
    this.#worker = this.#started();
    this.#underWay = undefined;
    current.failed(new Superseded('a newer edit came'));
    // Questions that are not about the estate in the queue find it again.
    const latest = this.#latestOpen;
    if (latest === undefined || this.#queue.length === 0) return;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.#worker.postMessage(latest);
  }
}

const STANDALONE: ReadonlySet<Question> = new Set([
  'facts',
  'fact',
  'rule',
  'schema',
  'diff',
  'edit',
  'fixAll',
  'values',
  'report',
  'variant',
]);

function isAboutEstate({ question }: Request): boolean {
  return !STANDALONE.has(question);
}

function requestOf<Q extends Question>(number: number, question: Q, ask: Ask<Q>): Request {
  const request: { number: number; question: Question; ask: Ask<Question> } = { number, question, ask };
  if (!isRequest(request)) throw new TypeError(`no question ${question}`);
  return request;
}

/** The generic parameters of `ask` say it already; the compiler cannot follow them through the union. */
function isRequest(value: { readonly question: Question }): value is Request {
  return typeof value.question === 'string';
}

/** Both ends are built together, so that the shape of an answer follows from its question. */
function isAnswer<Q extends Question>(question: Q, value: unknown): value is Answer<Q> {
  return typeof question === 'string' && value !== null;
}
