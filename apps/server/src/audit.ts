/**
 * Who did what when, and what was refused: one JSON object per line in `audit.jsonl` of the data folder. Never the content
 * of a document; secrets that the server knows are covered wherever they turn up.
 */
import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '@bothways/diagnostics';

export interface AuditEntry {
  readonly action: string;
  /** Name of the user, or where the request came from. */
  readonly by: string;
  readonly estate?: string;
  readonly revision?: number;
  readonly detail?: string;
  /** Status of an answer that refused. */
  readonly refused?: number;
}

/** The file is set aside when it gets longer, once. */
const SIZE_LIMIT = 10 * 1024 * 1024;
/** Refusals written per minute; an attacker must not fill the disk. */
const REFUSALS = 300;

export class Audit {
  readonly #path: string;
  readonly #secrets: readonly string[];
  readonly #now: () => number;
  readonly #fault: (message: string) => void;
  #minute = 0;
  #refusals = 0;

  /** @param fault hears of a log that cannot be written; what was to be written has happened all the same */
  constructor(folder: string, secrets: readonly string[], now: () => number, fault: (message: string) => void) {
    this.#path = join(folder, 'audit.jsonl');
    this.#secrets = secrets;
    this.#now = now;
    this.#fault = fault;
  }

  write(entry: AuditEntry): void {
    const now = this.#now();
    if (entry.refused !== undefined && !this.#mayNote(now)) return;
    const line = JSON.stringify({ at: new Date(now).toISOString(), ...entry });
    try {
      const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
      if (size > SIZE_LIMIT) renameSync(this.#path, `${this.#path}.1`);
      appendFileSync(this.#path, `${redact(line, this.#secrets)}\n`, { mode: 0o600 });
    } catch (error) {
      this.#fault(`the audit log cannot be written: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }

  #mayNote(now: number): boolean {
    const minute = Math.floor(now / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#refusals = 0;
    }
    this.#refusals += 1;
    return this.#refusals <= REFUSALS;
  }
}
