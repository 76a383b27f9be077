/** What the program that keeps a lab up does for the other commands: failures, repairs, captures. */
import {
  type Announcement,
  type Convergence,
  capture,
  differencesOf,
  type Lab,
  type Talk,
  verifyLab,
} from '@bothways/lab';
import { changeJson, renderChange } from './render/lab-failures.ts';
import { terminalLike } from './terminal.ts';

export interface ChangeQuestion {
  readonly ask: 'change';
  /** Ids of elements that fail now, and of those that come back; 'all' that have failed. */
  readonly fail: readonly string[];
  readonly restore: readonly string[] | 'all';
  readonly verify: boolean;
  /** Round trips, at least. */
  readonly packets: number;
  readonly seed: number;
  /** Of the terminal that the answer is for. */
  readonly isColoured: boolean;
  readonly width: number;
  readonly invocation: string;
}

export interface CaptureQuestion {
  readonly ask: 'capture';
  readonly device: string;
  readonly interfaces?: readonly string[];
  readonly seconds?: number;
  readonly packets?: number;
}

export interface ChangeAnswer {
  readonly agrees: boolean;
  readonly json: object;
  readonly text: string;
}

export class Keeper {
  readonly #lab: Lab;
  readonly #announcement: Announcement;
  #last: Promise<unknown> = Promise.resolve();

  constructor(lab: Lab, announcement: Announcement) {
    this.#lab = lab;
    this.#announcement = announcement;
  }

  /** One change after the other; captures beside them. */
  readonly answer = (question: unknown, talk: Talk): Promise<unknown> => {
    if (!isQuestion(question)) return Promise.reject(new Error('the lab does not know this question'));
    if (question.ask === 'capture') {
      return capture(this.#lab, question.device, { ...question, signal: talk.signal }, talk.part);
    }
    const next = this.#last.then(() => this.#change(question, talk));
    this.#last = next.catch(() => {});
    return next;
  };

  async #change(question: ChangeQuestion, { stage }: Talk): Promise<ChangeAnswer> {
    const { fail, restore, verify, packets, seed, isColoured, width, invocation } = question;
    const lab = this.#lab;
    const left = restore === 'all' ? [] : lab.current.failed.filter((id) => !restore.includes(id));
    const wanted = [...new Set([...left, ...fail])];
    let convergence: Convergence;
    try {
      convergence = await lab.become(wanted, { progress: stage });
    } finally {
      this.#announcement.update();
    }
    const options = { packets, seed, each: true, patience: 0, connect: true, progress: stage };
    const verdict = verify ? await verifyLab(lab, options) : undefined;
    const change = { failed: lab.current.failed, convergence, verdict };
    return {
      agrees: verdict === undefined ? convergence.differences.length === 0 : differencesOf(verdict) === 0,
      json: changeJson(lab.current, change),
      text: renderChange(lab.current, change, terminalLike(isColoured, width, invocation)),
    };
  }
}

function isQuestion(value: unknown): value is ChangeQuestion | CaptureQuestion {
  return (
    typeof value === 'object' && value !== null && 'ask' in value && (value.ask === 'change' || value.ask === 'capture')
  );
}
