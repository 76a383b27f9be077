/** What the commands of the lab print: predicted beside observed, with the names of the estate. */
import { plural } from '@bothways/diagnostics';
import {
  type Connection,
  differencesOf,
  dispositionOf,
  dropOf,
  formatDifference,
  incomparable,
  type Judged,
  type LabDesign,
  type LabEstimate,
  type LabVerdict,
  type Loss,
  labElements,
  type RunningLab,
  type SeenLeg,
  wayText,
} from '@bothways/lab';
import manifest from '../../package.json' with { type: 'json' };
import type { Terminal } from '../terminal.ts';

export interface Timed {
  readonly verdict: LabVerdict;
  /** Seconds until every daemon ran, and until everything was compared and the lab was gone; undefined: of a lab that stays. */
  readonly times: { readonly built: number; readonly all: number } | undefined;
}

/** Differences that are shown one by one. */
const MOST_SHOWN = 10;

export function renderPlan(
  design: LabDesign,
  { seconds, memory, routes, processes }: LabEstimate,
  problem: string | undefined,
  { style, invocation }: Terminal,
): string {
  const { nodes, links, sessions } = design.routers;
  return [
    style.bold(`${plural(nodes.length, 'node')} on ${daemonNames[design.daemon]}`),
    ...table([
      ['Devices', design.compiled.network.devices.map(({ name }) => name).join(', ')],
      ['Links', String(links.length)],
      ['BGP sessions', String(sessions.length)],
      ['Daemons', `${processes} processes, ${routes.toLocaleString('en')} routes in all`],
      ['Memory', `about ${megabytes(memory)} MB`],
      ['Time', `about ${seconds} s to build and verify`],
    ]),
    '',
    'Everything of it can be built.',
    problem === undefined
      ? `This machine can run it: ${invocation} lab verify`
      : style.yellow(`This machine cannot run it: ${problem}`),
  ].join('\n');
}

export function planJson(design: LabDesign, estimate: LabEstimate, problem: string | undefined): object {
  const { nodes, links, sessions } = design.routers;
  return {
    bothways: manifest.version,
    daemon: design.daemon,
    nodes: nodes.map(({ device, name }) => ({ device: device.name, namespace: name, asn: device.asn })),
    links: links.length,
    sessions: sessions.length,
    estimate,
    ...(problem === undefined ? {} : { cannotRunHere: problem }),
  };
}

export function renderUp(design: LabDesign, name: string, seconds: number, { style, invocation }: Terminal): string {
  const { nodes } = design.routers;
  const option = name === 'lab' ? '' : ` --name ${name}`;
  const node =
    nodes.find(({ device }) => device.ix === design.compiled.network.sessions[0]?.ends[0].device) ?? nodes[0];
  const first = node?.device.name ?? '';
  const look =
    design.daemon === 'bird'
      ? `birdc -s /run/lab/${node?.name}/bird.ctl show route`
      : `vtysh --vty_socket /run/lab/${node?.name} -c 'show bgp summary'`;
  return [
    style.bold(`${plural(nodes.length, 'node')} on ${daemonNames[design.daemon]}, up in ${seconds.toFixed(1)} s`),
    ...table([
      ['Device', 'Namespace', 'AS number'],
      ...nodes.map((node) => [node.device.name, node.name, String(node.device.asn ?? '')]),
    ]),
    '',
    'In another terminal:',
    ...table([
      [`${invocation} lab shell ${first}${option}`, 'a shell in a device: ip route, nft list ruleset'],
      [`${invocation} lab shell ${first}${option} -- ${look}`, 'what its daemon holds'],
      [`${invocation} lab fail ${labElements(design)[0]?.id ?? first}${option}`, 'let it fail, and compare'],
      [`${invocation} lab capture ${first}${option} -o ${first}.pcapng`, 'what passes there, for Wireshark'],
      [`${invocation} lab down${option}`, 'the same as Ctrl-C here'],
    ]),
    '',
    'Ctrl-C ends it, and nothing is left.',
  ].join('\n');
}

export function renderStatus(labs: readonly RunningLab[], { invocation }: Terminal): string {
  if (labs.length === 0) return `No lab is up. Start one with: ${invocation} lab up PATH`;
  return table([
    ['Name', 'Estate', 'Daemon', 'Devices', 'Failed'],
    ...labs.map(({ name, estate, daemon, nodes, failed }) => [
      name,
      estate,
      daemon,
      String(nodes.length),
      failed.length === 0 ? 'nothing' : failed.join(', '),
    ]),
  ])
    .map((line) => line.trimStart())
    .join('\n');
}

export function renderVerdict(design: LabDesign, timed: Timed, { style, invocation }: Terminal): string {
  const { verdict, times } = timed;
  const { tables, packets, judged, drops, losses, memory } = verdict;
  const nameOf = namesIn(design);
  const differences = differencesOf(verdict);
  const opened = connectionsText(verdict);
  const routes = [...design.prediction.tables.values()].flatMap(({ candidates }) => [...candidates.values()]);
  const count = routes.reduce((sum, { length }) => sum + length, 0).toLocaleString('en');
  const wrong = judged.filter(({ agrees }) => !agrees);
  const lines = [
    differences === 0
      ? style.green(style.bold('Predicted and observed agree.'))
      : style.red(style.bold(`Predicted and observed differ: ${plural(differences, 'difference')}.`)),
    ...table([
      [
        'Lab',
        `${plural(design.routers.nodes.length, 'node')} on ${daemonNames[design.daemon]}, ${megabytes(memory)} MB`,
      ],
      ...(times === undefined ? [] : [['Time', timeText(verdict, times)]]),
      ['Tables', `${count} routes on ${design.prediction.tables.size} devices, ${soMany(tables.length)}`],
      ['Round trips', `${packets.compared} sent, ${soMany(wrong.length)}`],
      ...(opened === undefined ? [] : [['Connections', opened]]),
      ...(verdict.lookUps.length === 0 ? [] : [['Names', lookUpsText(verdict)]]),
      ['Table entries', `${packets.entries} asked of the kernel, ${soMany(packets.differences.length - wrong.length)}`],
    ]),
    ...[...packets.incomparable].map(([why, number]) => `  ${number} round trips not compared: ${incomparable[why]}`),
    '',
    ...endingLines(judged, nameOf),
    ...dropLines(verdict, nameOf),
    ...losses.flatMap((loss) => lossLines(loss, nameOf)),
  ];
  if (drops.length === 0) lines.push('No device dropped anything.');
  if (tables.length > 0) {
    lines.push('', style.bold('Tables that differ'));
    lines.push(...tables.slice(0, MOST_SHOWN).map((each) => `  ${named(formatDifference(each), nameOf)}`));
    if (tables.length > MOST_SHOWN) lines.push(`  and ${tables.length - MOST_SHOWN} more: ${invocation} … --json`);
  }
  if (wrong.length > 0) {
    lines.push('', style.bold('Round trips that differ'));
    for (const packet of wrong.slice(0, MOST_SHOWN)) lines.push(...comparedLines(packet, nameOf));
    if (wrong.length > MOST_SHOWN) lines.push(`  and ${wrong.length - MOST_SHOWN} more: ${invocation} … --json`);
  }
  const connections = wrongConnectionLines(verdict, nameOf);
  if (connections.length > 0) lines.push('', style.bold('Connections that differ'), ...connections);
  const lookUps = wrongLookUpLines(verdict);
  if (lookUps.length > 0) lines.push('', style.bold('Names that differ'), ...lookUps);
  const entries = packets.differences.filter(({ about }) => about === 'entry');
  if (entries.length > 0)
    lines.push('', style.bold('Table entries that differ'), ...entries.map(({ text }) => `  ${text}`));
  return lines.join('\n');
}

export function verdictJson(design: LabDesign, { verdict, times }: Timed): object {
  const nameOf = namesIn(design);
  const { tables, packets, judged, drops, connections, unopened, losses, lookUps, memory, settled } = verdict;
  return {
    bothways: manifest.version,
    agrees: differencesOf(verdict) === 0,
    daemon: design.daemon,
    nodes: design.routers.nodes.length,
    memory,
    ...(times === undefined ? {} : { seconds: { built: times.built, settled: settled / 1000, all: times.all } }),
    tables: {
      devices: design.prediction.tables.size,
      differences: tables.map((each) => ({ ...each, device: nameOf(each.device) })),
    },
    roundTrips: {
      compared: packets.compared,
      entries: packets.entries,
      notCompared: [...packets.incomparable].map(([reason, count]) => ({ reason, count })),
      sent: judged.map((packet) => ({
        id: packet.id,
        predicted: predictedTexts(packet, nameOf),
        observed: observedEnd(packet, nameOf),
        agrees: packet.agrees,
      })),
      differences: packets.differences.map(({ text }) => text),
    },
    drops: drops.map(({ device, reason, packets: counted }) => ({
      device: nameOf(device),
      reason,
      predicted: predictedDrops(verdict, device, reason),
      counted,
    })),
    connections: connections.map(({ packets: sent, result, agrees, expected }) => ({
      roundTrip: sent[0]?.id,
      byProxy: sent.length > 1,
      predicted: expected === undefined ? 'no connection' : { seen: expected },
      observed: result,
      agrees,
    })),
    unopened,
    lookUps,
    losses: losses.map(({ device, reason, connections: lost, counter }) => ({
      device: nameOf(device),
      reason,
      connections: lost.length,
      counter,
    })),
  };
}

export const daemonNames = { bird: 'BIRD', frr: 'FRR', gobgp: 'GoBGP' } as const;

/** Words for how a packet ends. */
const endWords: Readonly<Partial<Record<SeenLeg['disposition'], string>>> = {
  'no-state': 'no session in the connection table',
  denied: 'denied by a rule',
  'no-route': 'no route',
  discarded: 'discarded by a route',
  loop: 'a loop',
  'refused-at-microsoft-edge': "refused at Microsoft's edge: the source is not announced there",
  'not-carried-by-expressroute': 'not carried by ExpressRoute',
};

export type NameOf = (device: number) => string;

export function namesIn({ compiled }: LabDesign): NameOf {
  return (device) => compiled.network.devices[device]?.name ?? `device ${device}`;
}

export function soMany(differences: number): string {
  return differences === 0 ? 'all as predicted' : `${differences} not as predicted`;
}

function timeText(verdict: LabVerdict, { built, all }: NonNullable<Timed['times']>): string {
  return `daemons up after ${built.toFixed(1)} s, tables settled ${(verdict.settled / 1000).toFixed(1)} s later, ${all.toFixed(1)} s in all`;
}

function legEnd(leg: SeenLeg | undefined, what: 'request' | 'answer', nameOf: NameOf): string {
  if (leg === undefined) return `${what} vanished`;
  if (leg.disposition === 'delivered') return `${what} delivered`;
  const where = nameOf(leg.visits.at(-1)?.device ?? -1);
  return `${what} lost at ${where}, ${endWords[leg.disposition] ?? leg.disposition}`;
}

function observedEnd({ observed: { request, answer } }: Judged, nameOf: NameOf): string {
  return request?.disposition === 'delivered' ? legEnd(answer, 'answer', nameOf) : legEnd(request, 'request', nameOf);
}

/** Every ending that was predicted: several where there are equal-cost ways. */
function predictedTexts({ predicted }: Judged, nameOf: NameOf): readonly string[] {
  const ends = predicted.flatMap(({ request, answers }) =>
    request.disposition === 'delivered'
      ? answers.map((answer) => legEnd(answer, 'answer', nameOf))
      : [legEnd(request, 'request', nameOf)],
  );
  return [...new Set(ends)];
}

/** Round trips by how they ended, those that differ apart. */
function endingLines(judged: readonly Judged[], nameOf: NameOf): readonly string[] {
  const rows = new Map<string, { readonly cells: readonly [string, string]; count: number }>();
  for (const packet of judged) {
    const cells = [predictedTexts(packet, nameOf).join(' or '), observedEnd(packet, nameOf)] as const;
    const key = cells.join('\n');
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { cells, count: 1 });
    else row.count += 1;
  }
  const lines = [...rows.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ cells, count }) => [String(count), ...cells]);
  return [...table([['Sent', 'Predicted', 'Observed'], ...lines]), ''];
}

function dropLines(verdict: LabVerdict, nameOf: NameOf): readonly string[] {
  if (verdict.drops.length === 0) return [];
  const rows = verdict.drops.map(({ device, reason, packets }) => [
    nameOf(device),
    endWords[dispositionOf[reason]] ?? reason,
    String(predictedDrops(verdict, device, reason)),
    String(packets),
  ]);
  return [...table([['Dropped at', 'Because', 'Predicted', 'Its counter'], ...rows]), ''];
}

/** Packets that agree with a prediction of this end. */
function predictedDrops({ judged }: LabVerdict, device: number, reason: Loss['reason']): number {
  return judged.filter((packet) => {
    const drop = packet.agrees ? dropOf(packet) : undefined;
    return drop?.device === device && drop.reason === reason;
  }).length;
}

function lossLines({ device, reason, connections, counter }: Loss, nameOf: NameOf): readonly string[] {
  const [shown] = connections;
  const packet = shown?.packets.find((each) => dropOf(each) !== undefined);
  if (shown === undefined || packet === undefined) return [];
  const { answer, request } = packet.observed;
  const { source, destination, port } = shown.connect;
  const start = shown.packets[0]?.sending.question.start ?? -1;
  const ends = new Map<string, number>();
  for (const { result } of connections) ends.set(result.end, (ends.get(result.end) ?? 0) + 1);
  const client = `${source} behind ${nameOf(start)}`;
  return [
    `${plural(connections.length, 'TCP connection')} lost at ${nameOf(device)}, one of them ${packet.id}`,
    ...table([
      ['Predicted', predictedTexts(packet, nameOf).join(' or ')],
      ['Request', wayText(request, nameOf)],
      ...(answer === undefined ? [] : [['Answer', wayText(answer, nameOf)]]),
      [
        'Counter',
        `${nameOf(device)}, ${endWords[dispositionOf[reason]] ?? reason}: ${counter[0]} before, ${counter[1]} after`,
      ],
      ['Client', `${client} to ${destination} port ${port}: ${clientText(shown.result)}`],
      ...(connections.length === 1
        ? []
        : [['All', [...ends].map(([end, count]) => `${count} ${connectionWords[end] ?? end}`).join(', ')]]),
    ]),
    '',
  ];
}

const connectionWords: Readonly<Record<string, string>> = {
  connected: 'connected',
  'timed-out': 'timed out',
  refused: 'refused',
  failed: 'failed',
};

function clientText({ end, milliseconds, seen }: Connection['result']): string {
  if (end === 'timed-out') return `no answer in ${(milliseconds / 1000).toFixed(1)} s, the connection times out`;
  return end === 'connected' ? `connected, and the service saw ${seen}` : (connectionWords[end] ?? end);
}

/** Undefined where none was opened. */
function connectionsText({ connections, unopened }: LabVerdict): string | undefined {
  if (connections.length + unopened === 0) return undefined;
  const wrong = connections.filter(({ agrees }) => !agrees).length;
  const connected = connections.filter(({ result }) => result.end === 'connected').length;
  const proxied = connections.filter(({ packets }) => packets.length > 1).length;
  const ends = [
    ...(connected === 0 ? [] : [`${connected} connected`]),
    ...(connected === connections.length ? [] : [`${connections.length - connected} came to nothing`]),
    ...(proxied === 0 ? [] : [`${proxied} by a proxy`]),
  ];
  return [
    `${connections.length} opened over TCP`,
    ...ends,
    soMany(wrong),
    ...(unopened === 0 ? [] : [`${unopened} round trips not opened: not TCP, or ways that end differently`]),
  ].join(', ');
}

function lookUpsText({ lookUps }: LabVerdict): string {
  const wrong = lookUps.filter(({ agrees }) => !agrees).length;
  const lost = lookUps.filter(({ result }) => result.end === 'timed-out').length;
  return [`${lookUps.length} looked up`, ...(lost === 0 ? [] : [`${lost} without an answer`]), soMany(wrong)].join(
    ', ',
  );
}

function wrongLookUpLines({ lookUps }: LabVerdict): readonly string[] {
  return lookUps
    .filter(({ agrees }) => !agrees)
    .slice(0, MOST_SHOWN)
    .map(({ place, name, server, result, expected }) => {
      const predicted = expected === undefined ? 'no answer' : expected.join(', ') || 'no such name';
      const observed = result.end === 'answered' ? result.addresses.join(', ') : result.end;
      return `  ${name} asked by ${place} of ${server}: predicted ${predicted}, observed ${observed}`;
    });
}

function wrongConnectionLines({ connections }: LabVerdict, nameOf: NameOf): readonly string[] {
  return connections
    .filter(({ agrees }) => !agrees)
    .slice(0, MOST_SHOWN)
    .map(({ packets: [packet], result, expected }) => {
      const predicted = expected === undefined ? 'no connection' : `a connection, the service sees ${expected}`;
      const start = nameOf(packet?.sending.question.start ?? -1);
      return `  ${packet?.id ?? ''} from ${start}: predicted ${predicted}, observed: ${clientText(result)}`;
    });
}

function comparedLines(packet: Judged, nameOf: NameOf): readonly string[] {
  const ways = packet.predicted
    .slice(0, 3)
    .flatMap(({ request, answers }) => [
      ['predicted', `${wayText(request, nameOf)}, ${legEnd(request, 'request', nameOf)}`],
      ...answers.slice(0, 2).map((answer) => ['', `${wayText(answer, nameOf)}, ${legEnd(answer, 'answer', nameOf)}`]),
    ]);
  const { request, answer } = packet.observed;
  return [
    `  ${packet.id}`,
    ...table([
      ...ways,
      ['observed', `${wayText(request, nameOf)}, ${legEnd(request, 'request', nameOf)}`],
      ...(answer === undefined ? [] : [['', `${wayText(answer, nameOf)}, ${legEnd(answer, 'answer', nameOf)}`]]),
    ]).map((line) => `  ${line}`),
  ];
}

/** 'device 3' becomes its name. */
export function named(text: string, nameOf: NameOf): string {
  return text.replaceAll(/\bdevice (\d+)/g, (_, number: string) => nameOf(Number(number)));
}

/** Columns two spaces apart, indented by two. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) =>
    `  ${row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  ')}`.trimEnd(),
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}
