/** Routing tables in the form engineers know from `show ip bgp`, with the reason of every route that lost in words. */
import { formatTable, plural, printable } from '@bothways/diagnostics';
import type { DeviceRoutes, HeardView, PathView, ReplayStep, ReplayView, RouteView } from '@bothways/twin';
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
    ...routes.flatMap(({ prefix, heard }) => heardLines(prefix, heard ?? [], width)),
    ...absent.map((line) => style.yellow(hanging('  not here: ', line, width))),
  ].join('\n');
}

/** What neighbours sent, and what policies did to it. */
function heardLines(prefix: string, heard: readonly HeardView[], width: number): readonly string[] {
  return heard.flatMap(({ neighbour, outcome, terms }) => [
    hanging(`  ${prefix} `, `from ${neighbour}: ${outcome}`, width),
    ...terms.map((term) => hanging('      ', term, width)),
  ]);
}

/** The recorded convergence, and what keeps it from one certain end. */
export function renderHistory(
  replay: readonly ReplayView[],
  instability: readonly string[] | undefined,
  { style, width }: Terminal,
): readonly string[] {
  const films = replay.map(({ prefix, steps, arrives }) => {
    const end = arrives ? 'At rest: nobody has anything more to tell.' : 'Not at rest; see below.';
    const places = String(steps.length).length;
    const lines = steps.map((step, i) => hanging(`${String(i + 1).padStart(places + 2)}  `, stepWords(step), width));
    const nothing = steps.length === 0 ? ['  Nobody puts it into BGP.'] : [...lines, `  ${end}`];
    return [style.bold(`How ${printable(prefix)} came to rest`), ...nothing].join('\n');
  });
  if (instability === undefined) return films;
  const warnings = instability.map((line) => style.yellow(hanging('Not certain: ', line, width)));
  return [...films, ...warnings];
}

function stepWords({ device, before, after, told }: ReplayStep): string {
  const [first] = after;
  const gives =
    before.length === 0 ? '' : ` instead of ${before.length === 1 ? 'its own' : before.slice(1).join(' → ')}`;
  const change =
    first === undefined
      ? `${device} loses ${before.length === 1 ? 'its own route' : `the way ${before.slice(1).join(' → ')}`}`
      : after.length === 1
        ? `${device} puts it into BGP${gives}`
        : `${device} takes the way ${after.slice(1).join(' → ')}${gives}`;
  const announced = told.filter(({ withdrawn }) => !withdrawn).map((item) => item.device);
  const withdrawn = told.filter((item) => item.withdrawn).map((item) => item.device);
  const tells = [
    ...(announced.length === 0 ? [] : [`tells ${[...new Set(announced)].join(', ')}`]),
    ...(withdrawn.length === 0 ? [] : [`withdraws it from ${[...new Set(withdrawn)].join(', ')}`]),
  ];
  return `${change}; ${tells.length === 0 ? 'nobody notices' : tells.join(' and ')}`;
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
