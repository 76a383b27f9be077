/**
 * A lab of a described network: routing daemons fill the kernel's tables, and packets go through those tables, firewalls
 * and translation in the same namespaces. While it runs, elements of the network fail and come back.
 *
 * Left out: firewalls that share a connection table (each daemon has a namespace of its own, a table cannot be in two),
 * link speeds, packets of more than a few bytes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Difference } from './compare.ts';
import { Connector } from './connections.ts';
import { addHosts, addRules, prepareHosts, Sender } from './kernel-lab.ts';
import { designUnder, type LabDesign } from './lab-design.ts';
import { Observer } from './observer.ts';
import { raiseLabs } from './raise.ts';
import { Ends } from './real-ends.ts';
import { Sandbox } from './sandbox.ts';
import { move } from './transition.ts';

export interface Convergence {
  /** Milliseconds until the tables were as predicted, or until they were as they stayed. */
  readonly settled: number;
  /** What the daemons hold otherwise than predicted. */
  readonly differences: readonly Difference[];
}

export interface SettleOptions {
  /** Seconds that the tables may take; 45 unless stated. */
  readonly patience?: number;
  /** As of `performance.now`, what `settled` counts from; now unless stated. */
  readonly began?: number;
  /** Milliseconds after which the tables must still be as predicted; 0, do not look again, unless stated. */
  readonly confirm?: number;
  readonly progress?: (stage: string) => void;
}

/** Milliseconds after a change until tables that look settled are read once more. */
const CONFIRM = 250;
/** Milliseconds without any change after which a difference is believed, once the tables have changed at all. */
const QUIET = 12_000;

/** A lab that runs; closing it leaves nothing. */
export class Lab {
  /** As described, nothing failed. */
  readonly design: LabDesign;
  readonly sandbox: Sandbox;
  readonly sender: Sender;
  readonly ends: Ends;
  readonly connector: Connector;
  #current: LabDesign;
  readonly #rules = new Map<number, LabDesign>();
  #packets = 0;

  constructor(design: LabDesign, sandbox: Sandbox) {
    this.design = design;
    this.sandbox = sandbox;
    this.sender = new Sender(sandbox);
    this.ends = new Ends(sandbox, design.devices);
    this.connector = new Connector(this.ends);
    this.#current = design;
    for (const { device } of design.routers.nodes) this.#rules.set(device.ix, design);
  }

  /** With what has failed by now. */
  get current(): LabDesign {
    return this.#current;
  }

  /** Numbers for packets that no earlier packet had; the first of them. */
  takeNumbers(count: number): number {
    const first = this.#packets;
    this.#packets += count;
    return first;
  }

  /**
   * Lets exactly these elements be failed, by id, and resolves when the tables have settled. Throws RangeError for an
   * element the network does not have, an Error with the reason for what the lab cannot show; the lab is then as before.
   */
  async become(failed: readonly string[], options: Omit<SettleOptions, 'began'> = {}): Promise<Convergence> {
    const next = failed.length === 0 ? this.design : designUnder(this.design, failed);
    if ('cannot' in next) throw new Error(next.cannot.join('; '));
    const before = this.#current;
    this.#current = next;
    const began = await move(this.sandbox, before, next, this.#rules);
    return this.settle({ confirm: CONFIRM, ...options, began });
  }

  /** Waits for the predicted tables. */
  async settle(options: SettleOptions = {}): Promise<Convergence> {
    const { patience = 45, began = performance.now(), confirm = 0, progress = () => {} } = options;
    const observer = new Observer(this.sandbox, this.#current);
    let changed = performance.now();
    for (;;) {
      const { differences, hasChanged } = await observer.look();
      const now = performance.now();
      if (differences.length === 0) {
        if (confirm > 0) await pause(confirm);
        if (confirm === 0 || (await observer.look()).differences.length === 0)
          return { settled: now - began, differences };
        continue;
      }
      if (hasChanged) changed = now;
      if (now - began > patience * 1000 || now - changed > QUIET) return { settled: changed - began, differences };
      progress(`waiting for the tables, ${differences.length.toLocaleString('en')} entries are not yet as predicted`);
      await pause(20);
    }
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}

/**
 * Resolves when every daemon runs; what they hold by then is `verifyLab`'s to ask. Rejects with what went wrong.
 * `lifetime` in seconds. Aborting the signal closes the lab, whatever it is doing: what is under way then rejects.
 */
export async function startLab(design: LabDesign, lifetime = 600, signal?: AbortSignal): Promise<Lab> {
  const { routers, devices, daemon } = design;
  const sandbox = await Sandbox.open({ lifetime });
  signal?.addEventListener('abort', () => void sandbox.close(), { once: true });
  try {
    signal?.throwIfAborted();
    await prepareHosts(sandbox);
    const refused = await raiseLabs(sandbox, [{ plan: routers, daemon, asShipped: new Set() }], () =>
      addHosts(sandbox, [devices]),
    );
    for (const why of refused.values()) throw new Error(why.join('; '));
    await addRules(sandbox, devices);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  return new Lab(design, sandbox);
}
