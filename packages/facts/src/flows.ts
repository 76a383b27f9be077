// The catalogue of Power Platform traffic flows with respect to ExpressRoute (PP-F01 to PP-F68): who opens the session,
// on which ports and names, whether a circuit can carry it, and under which conditions. Eligibility is a statement about
// the sources read; the path of a real packet follows from addresses and routes and is computed elsewhere.

import flowRows from '../data/flows.json' with { type: 'json' };
import { type CloudVariant, cloudVariants } from './cloud.ts';
import { indexBy, oneOf } from './rows.ts';
import { sourceOf } from './source.ts';

export type FlowGroup = 'client' | 'outbound' | 'gateway' | 'desktop-flows' | 'internal' | 'azure' | 'virtual-network';

/**
 * 'yes': the named peering can carry it when the conditions hold. 'conditional': depends on the resolved address, a
 * further community, a setting or an unconfirmed statement. 'internet-only': never on a circuit. 'internal': stays
 * inside Microsoft. 'not-applicable': does not cross the boundary where a circuit could be.
 */
export type FlowEligibility = 'yes' | 'conditional' | 'internet-only' | 'internal' | 'not-applicable';

export type FlowDirection =
  | 'to-power-platform'
  | 'from-power-platform'
  | 'to-microsoft-other'
  | 'internal'
  | 'customer-local';

export type FlowPeering = 'microsoft' | 'private' | 'none' | 'private-then-microsoft';

/** Which regions a tag is to be taken for. 'service-region': the region of the service instance itself (Power BI home, Service Bus namespace, SQL server). */
export type TagScope = 'environment-regions' | 'gateway-region' | 'service-region' | 'global';

export type FlowDestination =
  | { readonly kind: 'tag'; readonly tag: string; readonly scope: TagScope }
  | {
      readonly kind: 'microsoft365';
      /** Endpoint set ids of the worldwide list. Default-category sets carry no addresses. */
      readonly sets: readonly number[];
      /** Ids of the corresponding sets in the lists of other instances, where known. GCC uses the worldwide list. */
      readonly variantSets: Readonly<Partial<Record<CloudVariant, readonly number[]>>>;
    }
  /** Addresses are not published, or belong to a third party, a CDN, DNS or a revocation list. */
  | { readonly kind: 'public-internet' }
  | { readonly kind: 'customer-endpoint' }
  | { readonly kind: 'microsoft-internal' };

export interface FlowPort {
  readonly protocol: 'tcp' | 'udp';
  readonly first: number;
  /** Inclusive; equal to `first` for a single port. */
  readonly last: number;
}

export interface Flow {
  readonly id: string;
  readonly name: string;
  readonly group: FlowGroup;
  /** What starts the exchange: 'user device', 'gateway'. */
  readonly initiator: string;
  /** Side that opens the TCP session; it decides firewall direction and translation. */
  readonly tcpOpenedBy: 'customer' | 'microsoft';
  /** Direction of the request, which can run against the TCP session (gateway, desktop flows). */
  readonly direction: FlowDirection;
  readonly protocol: string;
  /** Empty where they depend on the resource; see `portsRemark`. */
  readonly ports: readonly FlowPort[];
  readonly portsRemark: string | undefined;
  /** Host patterns by variant; {org} organisation, {n} geography number. An absent variant is undocumented, not unsupported. */
  readonly names: Readonly<Partial<Record<CloudVariant, readonly string[]>>>;
  /** The far end in words where it is no Microsoft host name. */
  readonly farEnd: string | undefined;
  /** The session ends at an endpoint of the customer (or of its virtual network). */
  readonly customerEndpoint: boolean;
  readonly peering: FlowPeering;
  readonly expressRoute: FlowEligibility;
  readonly reason: string;
  readonly conditions: readonly string[];
  /**
   * Address sets of Microsoft's side. For a session that the customer opens these are its destinations; for one that
   * Microsoft opens to a customer endpoint they are its sources.
   */
  readonly destinations: readonly FlowDestination[];
  /** Ids of {@link sources}. */
  readonly sources: readonly string[];
  /** Contradictions between the sources: 'X17'. */
  readonly conflicts: readonly string[];
  readonly confidence: 'high' | 'medium' | 'low';
}

interface DestinationRow {
  readonly kind: string;
  readonly tag?: string | undefined;
  readonly scope?: string | undefined;
  readonly sets?: readonly number[] | undefined;
  readonly variantSets?: { readonly [variant: string]: readonly number[] | undefined } | undefined;
}

interface FlowRow {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly initiator: string;
  readonly tcpOpenedBy: string;
  readonly direction: string;
  readonly protocol: string;
  readonly ports: readonly string[];
  readonly portsRemark?: string | undefined;
  readonly names: { readonly [variant: string]: readonly string[] | undefined };
  readonly farEnd?: string | undefined;
  readonly customerEndpoint?: boolean | undefined;
  readonly peering: string;
  readonly expressRoute: string;
  readonly reason: string;
  readonly conditions: readonly string[];
  readonly destinations: readonly DestinationRow[];
  readonly sources: readonly string[];
  readonly conflicts: readonly string[];
  readonly confidence: string;
}

const groups: readonly FlowGroup[] = [
  'client',
  'outbound',
  'gateway',
  'desktop-flows',
  'internal',
  'azure',
  'virtual-network',
];
const directions: readonly FlowDirection[] = [
  'to-power-platform',
  'from-power-platform',
  'to-microsoft-other',
  'internal',
  'customer-local',
];
const eligibilities: readonly FlowEligibility[] = ['yes', 'conditional', 'internet-only', 'internal', 'not-applicable'];
const peerings: readonly FlowPeering[] = ['microsoft', 'private', 'none', 'private-then-microsoft'];
const scopes: readonly TagScope[] = ['environment-regions', 'gateway-region', 'service-region', 'global'];

function portOf(text: string, record: string): FlowPort {
  const match = /^(tcp|udp)\/(\d+)(?:-(\d+))?$/.exec(text);
  const first = match?.[2];
  if (match === null || first === undefined) throw new RangeError(`${record}: '${text}' is no port`);
  return {
    protocol: oneOf(match[1] ?? '', ['tcp', 'udp'], record),
    first: Number(first),
    last: Number(match[3] ?? first),
  };
}

function byVariant<T>(
  row: { readonly [variant: string]: T | undefined },
  record: string,
): Readonly<Partial<Record<CloudVariant, T>>> {
  const result: Partial<Record<CloudVariant, T>> = {};
  for (const [key, value] of Object.entries(row)) {
    if (value !== undefined) result[oneOf(key, cloudVariants, record)] = value;
  }
  return result;
}

function destinationOf(row: DestinationRow, record: string): FlowDestination {
  const kind = oneOf(
    row.kind,
    ['tag', 'microsoft365', 'public-internet', 'customer-endpoint', 'microsoft-internal'],
    record,
  );
  switch (kind) {
    case 'tag':
      if (row.tag === undefined) throw new RangeError(`${record}: a tag destination without tag`);
      return { kind, tag: row.tag, scope: oneOf(row.scope ?? '', scopes, record) };
    case 'microsoft365':
      return { kind, sets: row.sets ?? [], variantSets: byVariant(row.variantSets ?? {}, record) };
    default:
      return { kind };
  }
}

function flowOf(row: FlowRow): Flow {
  for (const id of row.sources) sourceOf(id, row.id);
  return {
    id: row.id,
    name: row.name,
    group: oneOf(row.group, groups, row.id),
    initiator: row.initiator,
    tcpOpenedBy: oneOf(row.tcpOpenedBy, ['customer', 'microsoft'], row.id),
    direction: oneOf(row.direction, directions, row.id),
    protocol: row.protocol,
    ports: row.ports.map((text) => portOf(text, row.id)),
    portsRemark: row.portsRemark,
    names: byVariant(row.names, row.id),
    farEnd: row.farEnd,
    customerEndpoint: row.customerEndpoint ?? false,
    peering: oneOf(row.peering, peerings, row.id),
    expressRoute: oneOf(row.expressRoute, eligibilities, row.id),
    reason: row.reason,
    conditions: row.conditions,
    destinations: row.destinations.map((destination) => destinationOf(destination, row.id)),
    sources: row.sources,
    conflicts: row.conflicts,
    confidence: oneOf(row.confidence, ['high', 'medium', 'low'], row.id),
  };
}

const rows: readonly FlowRow[] = flowRows;
const all: readonly Flow[] = rows.map(flowOf);
const byId = indexBy(all, (entry) => entry.id);

export function flows(): readonly Flow[] {
  return all;
}

/** By id: 'PP-F01'. */
export function flow(id: string): Flow | undefined {
  return byId.get(id);
}
