/** What every handler has at hand. */
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Audit } from './audit.ts';
import type { EstateContent } from './estate-model.ts';
import type { Estates } from './estates.ts';
import type { Gallery } from './gallery.ts';
import type { ReportFormat } from './schemas.ts';
import type { SignInKind, User } from './session.ts';

export interface Environment {
  Bindings: HttpBindings;
  Variables: { user: User };
}

export type ReportAnswer =
  | { readonly ok: true; readonly content: string | Uint8Array }
  /** Why there is none, in words. */
  | { readonly ok: false; readonly problem: string };

export interface Services {
  /** Resolves when the database is open; what needs it waits. */
  readonly estates: Promise<Estates>;
  /** The estate that the server was started with, until the database is open; undefined where only the database knows. */
  readonly early: () => EstateContent | undefined;
  readonly gallery: Gallery;
  readonly version: string;
  readonly signIn: SignInKind;
  readonly report: (
    format: ReportFormat,
    files: readonly { readonly name: string; readonly text: string }[],
  ) => Promise<ReportAnswer>;
  readonly audit: Audit;
  /** Ends what would never end by itself, when the server stops. */
  readonly stopping: AbortSignal;
}

/** Where a request came from: an address, for limits and the audit log. */
export function callerOf(context: Context<Environment>): string {
  return context.env.incoming.socket.remoteAddress ?? 'unknown';
}
