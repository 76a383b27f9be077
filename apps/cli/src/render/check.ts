/**
 * The answer of `check`: the verdict first; then what rides a circuit, what uses the internet and why, with the devices
 * there and back; then the findings; last what to type next.
 */
import { plural, printable, renderFindings, summariseFindings } from '@bothways/diagnostics';
import type { Checked, CheckReport, Fixed, OverviewLine, RoundTripView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { overloadLines } from './load.ts';
import { addresses, deviceChain, grouped, hanging, verdictStyle, viaWords } from './words.ts';

/** `path` is what the user typed, for the commands suggested at the end. */
export function renderCheck(checked: Checked, path: string, terminal: Terminal): string {
  const { style, width } = terminal;
  const { report, findings, sources } = checked;
  const found = findings.length === 0 ? [] : [renderFindings(findings, sources, style, { width })];
  if (report === undefined) {
    return [
      ...found,
      `${style.bold(style.red('Nothing was computed:'))} ${summariseFindings(findings)}. All of them are shown; mend them and run it again.`,
    ].join('\n\n');
  }
  return [
    headline(report, terminal),
    ...sections(report, terminal),
    ...overloadLines(report.load, terminal),
    ...found,
    ...takenOn(checked, terminal),
    ...sinceBaseline(checked),
    ...notJudged(checked, terminal),
    nextStep(checked, report, path, terminal),
  ].join('\n\n');
}

/** Accepted risks are listed in full every time: taken on is not forgotten. */
function takenOn({ accepted }: Checked, { style, width }: Terminal): readonly string[] {
  if (accepted.length === 0) return [];
  const lines = accepted.flatMap(({ finding, risk }) => [
    hanging(`  ${finding.severity}[${finding.rule}]  `, finding.message, width),
    style.dim(
      hanging(
        '    ',
        `accepted as ${risk.name}${risk.until === undefined ? '' : ` until ${risk.until}`}: ${risk.because}`,
        width,
      ),
    ),
  ]);
  return [[style.bold(`Accepted: ${plural(accepted.length, 'finding')}`), ...lines].join('\n')];
}

function sinceBaseline({ findings, since }: Checked): readonly string[] {
  if (since === undefined) return [];
  const gone = since.gone.map(
    ({ severity, rule, message }) => `  gone: ${severity}[${printable(rule)}] ${printable(message)}`,
  );
  const counts = `Since the baseline: ${plural(findings.length, 'new finding')}, ${since.known.length} known, ${since.gone.length} gone.`;
  return [[counts, ...gone].join('\n')];
}

/** What was mended, and what was left out because it would have made things worse. */
export function renderFixed(
  { applied, declined, changed }: Fixed,
  { style, width }: Terminal,
  verb: 'applied' | 'would be applied',
): string {
  const head =
    applied.length === 0
      ? 'No safe fix to apply.'
      : `${plural(applied.length, 'safe fix', 'safe fixes')} ${verb} in ${changed.map(printable).join(', ')}:`;
  return [
    style.bold(head),
    ...applied.map(({ rule, title, line }) => hanging(`  line ${line}  `, `${title} (${rule})`, width)),
    ...declined.map(({ rule, title, because }) => hanging('  left out  ', `${title} (${rule}): ${because}`, width)),
    '',
  ].join('\n');
}

function headline(report: CheckReport, terminal: Terminal): string {
  const { verdict, summary } = report;
  const { style } = terminal;
  const word = { holds: 'holds', broken: 'is broken', unknown: 'is not known to hold' }[verdict];
  const trips = plural(summary.roundTrips, 'round trip');
  const detail = {
    holds: `${trips} checked there and back, none fails`,
    broken:
      summary.broken > 0
        ? `${grouped(summary.broken)} of ${trips} ${summary.broken === 1 ? 'fails' : 'fail'}`
        : `${trips} arrive, but what must hold does not`,
    unknown: `what some of ${trips} do is not public or cannot be followed`,
  }[verdict];
  const counts = [
    summary.errors > 0 ? plural(summary.errors, 'error') : '',
    summary.warnings > 0 ? plural(summary.warnings, 'warning') : '',
    summary.notes > 0 ? plural(summary.notes, 'note') : '',
  ].filter((text) => text !== '');
  const name = printable(report.estate);
  return `${style.bold(verdictStyle(terminal, verdict)(`${name} ${word}:`))} ${detail}${counts.length === 0 ? '' : `; ${counts.join(', ')}`}.`;
}

interface Row {
  readonly flow: string;
  readonly flowName: string;
  readonly sites: string;
  readonly outcome: OverviewLine['outcome'];
  readonly reason: string;
  readonly destinations: string[];
  addresses: bigint;
}

/** One section for each way out, circuits first. */
function sections(report: CheckReport, terminal: Terminal): readonly string[] {
  const kinds = ['expressroute', 'internet', 'internal'];
  const rank = (via: string): number => kinds.indexOf(via.split(':')[0] ?? '');
  const vias = [...new Set(report.overview.map(({ via }) => via))].sort(
    (a, b) => rank(a) - rank(b) || compareText(a, b),
  );
  return vias.map((via) => section(report, via, terminal));
}

function section(report: CheckReport, via: string, terminal: Terminal): string {
  const { style, width } = terminal;
  const isInternet = via.startsWith('internet');
  const rows = rowsOf(report.overview.filter((line) => line.via === via));
  const title = style.bold(isInternet ? `Still over the ${viaWords(via)}` : `Over the ${viaWords(via)}`);
  const lines = rows.flatMap((row) => {
    const mark = row.outcome === 'holds' ? '' : `  ${verdictStyle(terminal, row.outcome)(row.outcome)}`;
    const what = `${row.sites} → ${row.destinations.join(', ')}: ${addresses(row.addresses)}`;
    return [
      hanging(`  ${row.flow}  `, row.flowName, width) + mark,
      hanging('          ', what, width),
      ...(isInternet && row.reason !== '' ? [style.dim(hanging('          why: ', row.reason, width))] : []),
    ];
  });
  return [title, ...lines, ...ways(report.roundTrips, via, terminal)].join('\n');
}

/** Enough names to recognise the sites by; thousands of them would hide the answer. */
function shortList(names: readonly string[], most = 8): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** Lines that differ in their destination only are told as one. */
function rowsOf(lines: readonly OverviewLine[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const line of lines) {
    const { flow, flowName, outcome, destination, reason } = line;
    const sites = shortList(line.sites.map(printable));
    const key = JSON.stringify([flow, line.sites, outcome, reason]);
    const row = rows.get(key) ?? {
      flow,
      flowName,
      sites,
      outcome,
      reason,
      destinations: [],
      addresses: 0n,
    };
    rows.set(key, row);
    if (!row.destinations.includes(printable(destination))) row.destinations.push(printable(destination));
    row.addresses += BigInt(line.addresses);
  }
  return [...rows.values()];
}

/** The devices there and back of one round trip that takes this way, a broken one if there is one. */
function ways(trips: readonly RoundTripView[], via: string, { style, width }: Terminal): readonly string[] {
  const mine = trips.filter((trip) => trip.forward.via === via);
  const shown = mine.find(({ outcome }) => outcome !== 'holds') ?? mine[0];
  if (shown === undefined) return [];
  const back = shown.return === undefined ? 'nothing comes back' : deviceChain(shown.return);
  const detour =
    shown.return !== undefined && shown.return.via !== via ? ` (over the ${viaWords(shown.return.via)})` : '';
  const end =
    shown.droppedAt === undefined
      ? []
      : [style.red(hanging('          dropped at ', `${shown.droppedAt.device}: ${shown.droppedAt.reason}`, width))];
  return [
    hanging('  there   ', deviceChain(shown.forward), width),
    hanging('  back    ', back + detour, width),
    ...end,
  ];
}

/** What no rule could judge, by the input that would settle it. */
function notJudged({ unknown }: Checked, { style, width }: Terminal): readonly string[] {
  if (unknown.length === 0) return [];
  const byInput = new Map<string, string[]>();
  for (const { input, message } of unknown) {
    const held = byInput.get(input);
    if (held === undefined) byInput.set(input, [message]);
    else if (!held.includes(message)) held.push(message);
  }
  const lines = [...byInput].map(([input, messages]) => {
    const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : '';
    return style.dim(hanging(`  ${printable(input)}: `, `${printable(messages[0] ?? '')}${more}`, width));
  });
  return [[style.bold('Not judged, because the document does not say'), ...lines].join('\n')];
}

function nextStep(checked: Checked, report: CheckReport, path: string, { invocation }: Terminal): string {
  const place = path === '.' ? '' : ` ${path}`;
  const failing = report.roundTrips.find(({ outcome }) => outcome !== 'holds');
  const trip = failing ?? report.roundTrips[0];
  const trace =
    trip === undefined
      ? `${invocation} routes${place}`
      : `${invocation} trace${place} --from ${trip.source} --flow ${trip.flow}`;
  const rule = checked.findings.find(({ severity }) => severity === 'error')?.rule;
  return rule === undefined || rule.includes('/')
    ? `Next: ${trace}`
    : `Next: ${trace}\n      ${invocation} explain ${rule}`;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
