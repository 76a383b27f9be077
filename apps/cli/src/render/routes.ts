/** Routing tables in the form engineers know from `show ip bgp`, with the reason of every route that lost in words. */
import { formatTable, plural, printable } from '@bothways/diagnostics';
import type { DeviceRoutes, PathView, RouteView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { hanging } from './words.ts';

const originSigns = { igp: 'i', egp: 'e', incomplete: '?' } as const;
const header = ['', 'Network', 'Next hop', 'Metric', 'LocPrf', 'Weight', 'Path'];
const align = ['left', 'left', 'left', 'right', 'right', 'right', 'left'] as const;

/** What devices there are, when neither a device nor a prefix was asked for. */
export function renderDeviceList(devices: readonly DeviceRoutes[], path: string, { invocation }: Terminal): string {
  const rows = devices.map(({ device, role, asn, routes }) => [
    device,
    role.replaceAll('-', ' '),
    asn,
    String(prefixCount(routes)),
  ]);
  const table = formatTable(rows, {
    header: ['Device', 'Role', 'AS', 'Prefixes'],
    align: ['left', 'left', 'right', 'right'],
  });
  const place = path === '.' ? '' : ` ${path}`;
  const first = devices.find(({ role }) => role === 'customer-edge') ?? devices[0];
  return [...table, '', `Next: ${invocation} routes${place} --device ${first?.device ?? 'NAME'}`].join('\n');
}

export function renderRoutes(devices: readonly DeviceRoutes[], terminal: Terminal): string {
  const shown = devices.filter(({ routes, absent }) => devices.length === 1 || routes.length + absent.length > 0);
  const without = devices.filter((device) => !shown.includes(device)).map(({ device }) => device);
  return [
    ...shown.map((device) => renderDevice(device, terminal)),
    ...(without.length === 0 ? [] : [hanging('No route: ', without.join(', '), terminal.width)]),
    terminal.style.dim('*> used  *= shares the load  * not used, for the reason with its number  i, e, ? origin code'),
  ].join('\n\n');
}

function renderDevice({ device, role, asn, routes, absent }: DeviceRoutes, { style, width }: Terminal): string {
  const title = `${printable(device)}, ${role.replaceAll('-', ' ')}, AS ${asn}: ${plural(prefixCount(routes), 'prefix', 'prefixes')}`;
  // Numbers in brackets tie a row of the table to its reason below.
  const reasons: string[] = [];
  const rows = routes.flatMap((route) => rowsOf(route, reasons));
  const lines = rows.length === 0 ? ['  no route'] : formatTable(rows, { header, align });
  return [
    style.bold(title),
    ...lines,
    ...reasons.map((reason, i) => hanging(`  [${i + 1}] `, reason, width)),
    ...absent.map((line) => style.yellow(hanging('  not here: ', line, width))),
  ].join('\n');
}

function prefixCount(routes: readonly RouteView[]): number {
  return routes.reduce((sum, { alike }) => sum + 1 + alike, 0);
}

function rowsOf(route: RouteView, reasons: string[]): readonly (readonly string[])[] {
  const network = route.alike === 0 ? route.prefix : `${route.prefix} and ${route.alike} alike`;
  const bgp = route.protocol === 'ebgp' || route.protocol === 'ibgp';
  if (!bgp || route.paths.length === 0) {
    const source = route.source === '' ? route.protocol : `${route.protocol} (${route.source})`;
    return [['*>', network, route.next.join(' | '), '', '', '', source]];
  }
  return route.paths.map((path, i) => {
    const next = route.next.find((words) => words.startsWith(`${path.neighbour} over `)) ?? path.neighbour;
    return pathRow(path, i === 0 ? ['*>', network] : [path.best ? '*=' : '*', ''], next, reasons);
  });
}

function pathRow(
  path: PathView,
  start: readonly [sign: string, network: string],
  next: string,
  reasons: string[],
): readonly string[] {
  const attributes = [path.asPath, originSigns[path.originCode]].filter((text) => text !== '');
  if (!path.best && path.lostBy !== '') {
    reasons.push(`${path.neighbour}: ${path.lostBy}`);
    attributes.push(`[${reasons.length}]`);
  }
  return [...start, next, String(path.med), String(path.localPreference), String(path.weight), attributes.join(' ')];
}
