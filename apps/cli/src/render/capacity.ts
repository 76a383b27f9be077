/** What is full, and when: lines first, then circuits and the bandwidth to order, then pools of translation. */
import { formatTable, printable } from '@bothways/diagnostics';
import type { CapacityView, CircuitStepView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { grouped, hanging, rateText } from './words.ts';

type Line = CapacityView['lines'][number];
type Pool = CapacityView['pools'][number];

export function renderCapacity(view: CapacityView, { style, width }: Terminal): string {
  const { growthPercent, years } = view;
  const block = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [[style.bold(title), ...lines].join('\n')];
  const rows = view.lines
    .filter(({ normalMbps, worstMbps, unstated }) => normalMbps.high > 0 || worstMbps.high > 0 || unstated > 0)
    .map((line) => [
      line.judgement === 'overloaded' ? '!' : line.judgement === 'congested' || line.judgement === 'tight' ? '~' : '',
      lineName(line),
      rateText(line.bandwidthMbps),
      intervalText(line.normalMbps),
      `${line.headroomPercent} %`,
      intervalText(line.worstMbps),
      `${line.worstHeadroomPercent} %`,
      line.worstUnder ?? '',
      fullText(line, growthPercent),
    ]);
  return [
    ...block(
      `Busy hour, without failures and under the worst of ${view.failures} single failures`,
      rows.length === 0
        ? ['  no line with a stated bandwidth carries anything']
        : formatTable(rows, {
            header: [
              '',
              'Line',
              'Width',
              'Demands',
              'Free',
              'At worst',
              'Free',
              'when this fails',
              growthPercent > 0 ? 'Full' : '',
            ],
            align: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left', 'left'],
          }),
    ),
    ...block(
      growthPercent > 0 ? `Circuits, with ${growthPercent} % growth a year for ${years} years` : 'Circuits',
      view.circuits.map((step) => hanging('  ', stepText(step, years, growthPercent), width)),
    ),
    ...block(
      'Pools of translation',
      view.pools.map((pool) => hanging('  ', poolText(pool, growthPercent), width)),
    ),
    style.dim(
      hanging(
        '',
        '! does not fit  ~ less free than usual (ER-221). In use before the demands counts as used; only demands grow.',
        width,
      ),
    ),
  ].join('\n\n');
}

function lineName({ kind, name, from, to }: Line): string {
  const what = kind === 'link' ? name : kind === 'lan' ? `LAN of ${name}` : `${kind} ${name}`;
  return printable(`${what}, ${from} → ${to}`);
}

function intervalText({ low, high }: { readonly low: number; readonly high: number }): string {
  return low === high ? rateText(low) : `${rateText(low)} to ${rateText(high)}`;
}

function fullText({ fullAfterYears, worstFullAfterYears }: Line, growth: number): string {
  if (growth === 0) return '';
  const after = (years: number | undefined): string =>
    years === undefined
      ? 'not within 100 years'
      : years === 0
        ? 'now'
        : years === 1
          ? 'in the first year'
          : `in year ${years}`;
  return fullAfterYears === worstFullAfterYears
    ? after(fullAfterYears)
    : `${after(fullAfterYears)}; at worst ${after(worstFullAfterYears)}`;
}

function stepText(step: CircuitStepView, years: number, growth: number): string {
  const { circuit, bandwidthMbps, neededMbps, neededThenMbps, stepThenMbps, advice, facts } = step;
  const need =
    growth === 0
      ? `needs ${rateText(neededMbps)} in one link at worst`
      : `needs ${rateText(neededMbps)} in one link at worst, ${rateText(neededThenMbps)} after ${years} years`;
  const words = {
    fits: 'the smallest that fits',
    raise: `order ${rateText(stepThenMbps ?? 0)}: raising needs room on the port and cannot be taken back`,
    large: `${rateText(stepThenMbps ?? 0)} would do; a bandwidth is never lowered, only replaced by a new circuit`,
    'none is large enough': 'no bandwidth on offer is enough: divide the traffic over more circuits',
  };
  const said = Object.entries(words).find(([name]) => name === advice)?.[1] ?? advice;
  return `circuit ${circuit}, ${rateText(bandwidthMbps)}: ${need}; ${said} (${facts.join(', ')})`;
}

function poolText(pool: Pool, growth: number): string {
  const { users, worstUsers, worstUnder, usersServed, basis, verdict, worstVerdict, fullAfterYears } = pool;
  if (worstUsers.high === 0) return `${pool.pool}: not used`;
  const count = (each: { readonly low: number; readonly high: number }): string =>
    each.low === each.high ? grouped(each.high) : `${grouped(each.low)} to ${grouped(each.high)}`;
  const served =
    usersServed === undefined
      ? 'how many users it serves is not known: --sessions-per-user says it'
      : `serves ${grouped(usersServed)} ${basis === 'measured' ? 'by the measured sessions' : `by the guidance (${pool.facts.join(', ')})`}`;
  const worst = worstUnder === undefined ? '' : `, ${count(worstUsers)} when ${worstUnder} fails`;
  const words = { fits: 'enough', exhausted: 'too small', unknown: 'not known whether it is enough' };
  const judged = verdict === worstVerdict ? words[verdict] : `${words[verdict]}, then ${words[worstVerdict]}`;
  const full = growth === 0 || fullAfterYears === undefined ? '' : `; full in year ${fullAfterYears}`;
  return `${pool.pool}: ${count(users)} users${worst}; ${served}; ${judged}${full}`;
}
