/** What lines, circuits and pools of translation carry, and what is too much for them. */
import { formatTable, printable } from '@bothways/diagnostics';
import type { LoadView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { grouped, hanging, rateText } from './words.ts';

type Line = LoadView['lines'][number];
type Pool = LoadView['pools'][number];

/** What cannot be carried, one sentence each; empty where everything fits or is not known to be too much. */
export function overloads({ lines, circuits, pools }: LoadView): readonly string[] {
  return [
    ...lines.filter(({ verdict }) => verdict === 'overloaded').map((line) => `${lineName(line)}: ${useText(line)}`),
    ...circuits
      .filter(({ configuredRate }) => configuredRate === 'overloaded')
      .map(
        ({ circuit, direction, lowMbps, bandwidthMbps }) =>
          `circuit ${circuit}, ${direction}: ${rateText(lowMbps)} on ${rateText(bandwidthMbps)}, ${share(lowMbps, bandwidthMbps)}; what is above its rate may pass while both links are up, and is lost when one fails (ER-014, ER-015)`,
      ),
    ...pools
      .filter(({ verdict }) => verdict === 'exhausted')
      .map(({ pool, usersLow }) => `${pool}: no free ports for ${grouped(usersLow)} users`),
  ];
}

/** The section of a check; nothing where nothing is too much. */
export function overloadLines(load: LoadView, { style, width }: Terminal): readonly string[] {
  const found = overloads(load);
  if (found.length === 0) return [];
  const guided = load.bundles.some(({ basis }) => basis === 'guidance')
    ? [
        style.dim(
          hanging(
            '  ',
            'Users without a rate in the document count with the published figure for one client (PP-Z01).',
            width,
          ),
        ),
      ]
    : [];
  return [
    [
      style.bold('Overloaded in the busy hour'),
      ...found.map((each) => style.red(hanging('  ! ', each, width))),
      ...guided,
    ].join('\n'),
  ];
}

export function renderLoad(load: LoadView, terminal: Terminal): string {
  const { style, width } = terminal;
  const block = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [[style.bold(title), ...lines].join('\n')];
  const rows = load.lines.map((line) => [
    line.verdict === 'overloaded' ? '!' : line.verdict === 'fits' ? '' : '?',
    lineName(line),
    line.bandwidthMbps === undefined ? '' : rateText(line.bandwidthMbps),
    rateText(line.inUseMbps ?? 0),
    intervalText(line),
    line.bandwidthMbps === undefined ? '' : share((line.inUseMbps ?? 0) + line.highMbps, line.bandwidthMbps),
    line.unstated === 0 ? '' : `+${line.unstated} without a rate`,
  ]);
  const table = formatTable(rows, {
    header: ['', 'Line', 'Width', 'In use', 'Demands', 'Full', ''],
    align: ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
  });
  const unknown = load.bundles.filter(({ basis }) => basis === 'unknown').flatMap(({ remarks }) => remarks);
  return [
    ...overloadLines(load, terminal),
    ...block('Lines with a stated bandwidth', rows.length === 0 ? ['  none'] : table),
    ...block(
      'Traffic of the busy hour',
      load.bundles
        .filter(({ basis }) => basis !== 'unknown')
        .map(({ id, thereMbps, backMbps, basis, remarks }) =>
          hanging(
            `  ${printable(id)}  `,
            `${rateText(thereMbps ?? 0)} there, ${rateText(backMbps ?? 0)} back; ${basis === 'document' ? 'as the document says' : 'published figure for one client (PP-Z01)'}; ${remarks.join('; ')}`,
            width,
          ),
        ),
    ),
    ...block(
      'Traffic without a rate',
      [...new Set(unknown)].map((each) => hanging('  ? ', each, width)),
    ),
    ...block(
      'Pools of translation',
      load.pools.map((pool) => hanging(`  ${printable(pool.pool)}  `, poolText(pool), width)),
    ),
    style.dim('! more than it can carry  ? not known: the interval reaches above, or there is no bandwidth'),
  ].join('\n\n');
}

function lineName({ kind, name, from, to }: Line): string {
  const what = kind === 'link' ? name : kind === 'lan' ? `LAN of ${name}` : `${kind} ${name}`;
  return printable(`${what}, ${from} → ${to}`);
}

function useText(line: Line): string {
  const { inUseMbps = 0, bandwidthMbps = 0 } = line;
  const before = inUseMbps === 0 ? '' : ` beside ${rateText(inUseMbps)} in use`;
  return `${intervalText(line)}${before} on ${rateText(bandwidthMbps)}, ${share(inUseMbps + line.lowMbps, bandwidthMbps)}`;
}

function intervalText({ lowMbps, highMbps }: Line): string {
  return lowMbps === highMbps ? rateText(lowMbps) : `${rateText(lowMbps)} to ${rateText(highMbps)}`;
}

function share(part: number, whole: number): string {
  return `${grouped(Math.round((part / whole) * 100))} %`;
}

function poolText({ capacity, usersLow, usersHigh, sessionsEach, verdict, uncounted, guidance }: Pool): string {
  if (usersHigh === 0 && uncounted.length === 0) return 'not used';
  const users = usersLow === usersHigh ? grouped(usersHigh) : `${grouped(usersLow)} to ${grouped(usersHigh)}`;
  const machines = uncounted.length === 0 ? '' : `; machines nobody counted: ${uncounted.join(', ')}`;
  const each = sessionsEach === undefined ? '' : `, ${grouped(sessionsEach)} sessions for each`;
  const words = { fits: 'enough', exhausted: 'exhausted', unknown: 'sessions per user not known' }[verdict];
  const assumed =
    guidance === undefined
      ? ''
      : `; assuming that ${guidance.assumption}, ${{ fits: 'it is enough', above: 'it is too small', unknown: 'it may be too small' }[guidance.verdict]}: ${grouped(guidance.usersServed)} users (${guidance.facts.join(', ')})`;
  return `${users} users on ${grouped(capacity)} ports${each}; ${words}${assumed}${machines}`;
}
