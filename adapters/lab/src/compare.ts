/** Predicted against observed tables: a list of differences, empty when the two agree. */
import { prefix } from '@bothways/net';
import type { DeviceIx } from '@bothways/network';
import { type DeviceTable, inOrder, type Row, type Tables } from './tables.ts';

export interface Difference {
  readonly device: DeviceIx;
  /** Empty for a difference about a session. */
  readonly prefix: string;
  /** Whose route it is: 'session 3', 'originated here', 'kernel'. */
  readonly route: string;
  /** What differs: a field of `Row`, 'presence' or 'next hops'. */
  readonly field: string;
  readonly predicted: string;
  readonly observed: string;
}

const fields = [
  'best',
  'asPath',
  'origin',
  'med',
  'localPreference',
  'weight',
  'communities',
  'largeCommunities',
  'nextHop',
  'originator',
  'clusterList',
  'usable',
] as const satisfies readonly (keyof Row)[];

export interface CompareOptions {
  /** Fields a daemon has no notion of. */
  readonly without?: readonly string[];
}

export function compareTables(
  predicted: Tables,
  observed: Tables,
  options: CompareOptions = {},
): readonly Difference[] {
  const differences: Difference[] = [];
  for (const [device, own] of predicted) {
    const other = observed.get(device);
    if (other === undefined) {
      differences.push({
        device,
        prefix: '',
        route: 'device',
        field: 'presence',
        predicted: 'there',
        observed: 'silent',
      });
      continue;
    }
    differences.push(...sessionsDiffer(device, own, other), ...routesDiffer(device, own, other, options));
    if (other.kernel !== undefined) differences.push(...kernelDiffers(device, own, other));
  }
  return differences;
}

export function formatDifference({ device, prefix: where, route, field, predicted, observed }: Difference): string {
  return `device ${device} ${where} ${route}: ${field} predicted '${predicted}', observed '${observed}'`;
}

function sessionsDiffer(device: DeviceIx, own: DeviceTable, other: DeviceTable): readonly Difference[] {
  return [...new Set([...own.up, ...other.up])]
    .filter((key) => own.up.has(key) !== other.up.has(key))
    .map((key) => ({
      device,
      prefix: '',
      route: `session ${key.split(' ')[0]} IPv${key.split(' ')[1]}`,
      field: 'state',
      predicted: own.up.has(key) ? 'up' : 'down',
      observed: other.up.has(key) ? 'up' : 'down',
    }));
}

function routesDiffer(
  device: DeviceIx,
  own: DeviceTable,
  other: DeviceTable,
  { without = [] }: CompareOptions,
): readonly Difference[] {
  const differences: Difference[] = [];
  for (const where of inOrder([...own.candidates.keys(), ...other.candidates.keys()], prefix)) {
    const [predicted, observed] = [byRoute(own.candidates.get(where)), byRoute(other.candidates.get(where))];
    for (const route of new Set([...predicted.keys(), ...observed.keys()])) {
      const [first, second] = [predicted.get(route), observed.get(route)];
      const place = { device, prefix: where, route };
      if (first === undefined || second === undefined) {
        const there = (row: Row | undefined): string => (row === undefined ? 'absent' : `path '${row.asPath}'`);
        differences.push({ ...place, field: 'presence', predicted: there(first), observed: there(second) });
        continue;
      }
      for (const field of fields) {
        const [a, b] = [first[field], second[field]];
        if (a === undefined || b === undefined || a === b || without.includes(field)) continue;
        differences.push({ ...place, field, predicted: a, observed: b });
      }
    }
  }
  return differences;
}

function byRoute(rows: readonly Row[] = []): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.session === undefined ? 'originated here' : `session ${row.session}`, row]));
}

function kernelDiffers(device: DeviceIx, own: DeviceTable, other: DeviceTable): readonly Difference[] {
  const differences: Difference[] = [];
  const [first, second] = [own.kernel ?? new Map<string, string>(), other.kernel ?? new Map<string, string>()];
  for (const where of inOrder([...first.keys(), ...second.keys()], prefix)) {
    const [predicted, observed] = [first.get(where) ?? 'nothing', second.get(where) ?? 'nothing'];
    if (predicted === observed) continue;
    differences.push({ device, prefix: where, route: 'kernel', field: 'next hops', predicted, observed });
  }
  return differences;
}
