/** The answer to "can it ride ExpressRoute?", as plain values for the terminal, the page and JSON. */
import type { Cloud, Flow } from '@bothways/facts';
import type { PrefixSet } from '@bothways/net';
import type { AddressFilesInUse } from './address-files.ts';

export type ReachAnswer = 'yes' | 'conditional' | 'no' | 'unknown' | 'inside-microsoft' | 'not-applicable';

export type ReachKind = 'address' | 'prefix' | 'name' | 'set' | 'service' | 'flow';

export interface ReachFlow {
  readonly id: string;
  readonly name: string;
  readonly expressRoute: Flow['expressRoute'];
  readonly openedBy: Flow['tcpOpenedBy'];
  readonly reason: string;
  readonly conditions: readonly string[];
  /** The set or the name pattern that ties it to the question. */
  readonly by: string;
  /** False: tied by a broad set or pattern only, such as all addresses of a region. */
  readonly specific: boolean;
}

export interface ReachSet {
  readonly name: string;
  readonly cloud: Cloud;
  readonly region: string | undefined;
  readonly prefixes: number;
  readonly addresses4: string;
  /** The longest published prefix that holds the address or prefix in question. */
  readonly match: string | undefined;
  readonly source: string;
  readonly date: string;
  readonly changeNumber: number | undefined;
}

export interface ReachCommunity {
  /** '12076:51002'; undefined where none is published, for the reason given. */
  readonly community: string | undefined;
  readonly name: string | undefined;
  readonly authorisationRequired: boolean | undefined;
  readonly sets: readonly string[];
  readonly because: string;
}

export interface ReachEndpoint {
  readonly id: number;
  readonly instance: string;
  readonly serviceArea: string;
  readonly expressRoute: boolean;
  readonly category: string;
  readonly required: boolean;
  readonly pattern: string | undefined;
}

export interface ReachPart {
  readonly prefixes: readonly string[];
  readonly addresses: string;
  readonly sets: readonly string[];
  readonly answer: ReachAnswer;
  readonly because: string;
}

export interface ReachStatement {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  readonly date: string;
  readonly confidence: string;
  /** Both sides, where the sources disagree. */
  readonly claims: readonly { readonly source: string; readonly date: string; readonly says: string }[];
}

export interface Reach {
  readonly query: string;
  readonly kind: ReachKind;
  /** What was understood: 'host name of a Power Platform environment in Europe'. */
  readonly subject: string;
  readonly answer: ReachAnswer;
  readonly because: string;
  readonly conditions: readonly string[];
  readonly flows: readonly ReachFlow[];
  readonly sets: readonly ReachSet[];
  readonly endpoints: readonly ReachEndpoint[];
  readonly communities: readonly ReachCommunity[];
  /** Parts of a prefix with different owners; empty when it is one. */
  readonly parts: readonly ReachPart[];
  readonly statements: readonly ReachStatement[];
  readonly notes: readonly string[];
  readonly files: AddressFilesInUse;
  /** What a packet of an estate would be sent to; not for showing. */
  readonly targets: readonly ReachTarget[];
}

/** Addresses to follow through an estate, under one name. */
export interface ReachTarget {
  readonly name: string;
  readonly set: PrefixSet;
}

export type ReachResult =
  | { readonly ok: true; readonly reach: Reach }
  | { readonly ok: false; readonly problem: string };
