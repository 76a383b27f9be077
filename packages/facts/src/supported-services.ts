// Which Microsoft services Microsoft peering carries (ER-203), and what people often believe wrongly. The service table
// speaks of services as a whole; for a single host name or flow the flow catalogue and the address sets decide.

import type { Community } from '@bothways/net';
import data from '../data/supported-services.json' with { type: 'json' };
import { indexBy, oneOf, readCommunity } from './rows.ts';

export interface SupportedService {
  readonly service: string;
  readonly offered: 'yes' | 'partly' | 'no';
  /** Service communities that select it; empty where none exists. */
  readonly communities: readonly Community[];
  /** Selected by the regional communities of the Azure regions it runs in. */
  readonly regional: boolean;
  readonly remark: string | undefined;
  /** Fact ids. */
  readonly facts: readonly string[];
}

export interface WrongBelief {
  readonly belief: string;
  /** Id of the fact that corrects it. */
  readonly fact: string;
}

/** A Microsoft 365 host name that goes the other way than the wildcard above it, as of 2019. */
export interface NameException {
  /** Lower case; '{tenant}' stands for the tenant's name. */
  readonly name: string;
  readonly path: 'internet' | 'circuit';
  readonly fact: string;
}

interface ServiceRow {
  readonly service: string;
  readonly offered: string;
  readonly communities: readonly string[];
  readonly regional: boolean;
  readonly remark?: string | undefined;
  readonly facts: readonly string[];
}

const rows: readonly ServiceRow[] = data.services;
const services: readonly SupportedService[] = rows.map((row) => ({
  service: row.service,
  offered: oneOf(row.offered, ['yes', 'partly', 'no'], row.service),
  communities: row.communities.map((text) => readCommunity(text, row.service)),
  regional: row.regional,
  remark: row.remark,
  facts: row.facts,
}));
const byName = indexBy(services, (entry) => entry.service);
const exceptions: readonly NameException[] = data.nameExceptions.map((row) => ({
  ...row,
  path: oneOf(row.path, ['internet', 'circuit'], row.name),
}));
const beliefs: readonly WrongBelief[] = data.beliefs;

export function supportedServices(): readonly SupportedService[] {
  return services;
}

export function supportedService(service: string): SupportedService | undefined {
  return byName.get(service);
}

/** Exceptions for PAC files (ER-207, ER-208). Old: the endpoint sets of Microsoft 365 decide where they differ. */
export function nameExceptions(): readonly NameException[] {
  return exceptions;
}

export function wrongBeliefs(): readonly WrongBelief[] {
  return beliefs;
}
