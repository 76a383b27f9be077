/** Plans side by side and one by one, or why there is none. */
import { formatTable, printable } from '@bothways/diagnostics';
import type { PlannedResult, PlanView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { hanging } from './words.ts';

export function renderPlans(result: PlannedResult, terminal: Terminal, folder: string | undefined): string {
  const { style, width } = terminal;
  const { plans, refused, clash, problem, currency, missingPrices, considered, putAside } = result;
  const paragraph = (text: string): string => hanging('', printable(text), width);
  if (problem !== undefined) return paragraph(`No plan: ${problem}.`);
  const refusedLines = refused.map(({ name, because }) =>
    hanging('  ', printable(`plan ${name} is not shown: ${because}`), width),
  );
  if (clash.length > 0) {
    return [
      style.bold(paragraph('These requirements cannot be had together; without any one of them the others can:')),
      ...clash.map(({ text, place }) => hanging('  ', printable(`${text} (${place.file}:${place.line})`), width)),
    ].join('\n');
  }
  if (plans.length === 0) {
    return [paragraph('No plan withstood its proof.'), ...refusedLines].join('\n');
  }
  const rows = plans.map((plan) => [
    plan.name,
    billText(plan),
    String(plan.circuits.length),
    `${tenths(plan.meanRoundTrip)} ms`,
    `${tenths(plan.worstRoundTrip)} ms`,
    `${tenths(plan.longestRoundTrip)} ms`,
    plan.survives ? 'any single one' : 'not of its circuit',
    plan.gap === 0 ? 'optimal' : `within ${Number((plan.gap * 100).toPrecision(2))} %`,
  ]);
  return [
    style.bold(
      `${plans.length} ${plans.length === 1 ? 'plan' : 'plans'} for ${considered.sites} sites, from ${considered.candidates} places for circuits`,
    ),
    ...formatTable(rows, {
      header: [
        'Plan',
        `${currency} a month`,
        'Circuits',
        'Mean wait',
        'Longest',
        'After a failure',
        'Survives failure',
        'Proved',
      ],
      align: ['left', 'right', 'right', 'right', 'right', 'right', 'left', 'left'],
    }),
    ...plans.flatMap((plan) => ['', ...planLines(plan, currency, terminal)]),
    ...(refusedLines.length === 0 ? [] : ['', ...refusedLines]),
    '',
    ...(putAside.length === 0
      ? []
      : [paragraph(`Put aside, because a plan decides it: ${putAside.join(', ')}. What the estate needs was kept.`)]),
    ...(missingPrices.length === 0
      ? []
      : [paragraph(`Nobody says what these cost; they count as nothing: ${missingPrices.join('; ')}.`)]),
    ...(folder === undefined
      ? ['Next: the same with -o plans/ writes them as documents.']
      : [`Next: bothways check ${folder.replace(/\/$/, '')}/${plans[0]?.name ?? ''}`]),
  ].join('\n');
}

function planLines(plan: PlanView, currency: string, { style, width }: Terminal): readonly string[] {
  const line = (text: string): string => hanging('  ', printable(text), width);
  return [
    style.bold(`Plan ${plan.name}`),
    ...plan.circuits.flatMap(({ name, location, provider, sku, billing, bandwidth, why, withoutIt }) => [
      line(`${name}: ${bandwidth} ${sku}, ${billing}, in ${location} from ${provider}`),
      ...why.map((each) => hanging('    ', printable(each), width)),
      ...(withoutIt.tried ? [hanging('    ', withoutText(withoutIt.extra, currency), width)] : []),
    ]),
    ...(plan.breakouts.length === 0 ? [] : [line(`own internet breakout: ${plan.breakouts.join(', ')}`)]),
    ...(plan.nextCheaper === undefined ? [] : [line(`cheaper: ${plan.nextCheaper}`)]),
    line(
      plan.proof.failures === 0
        ? 'proved on the engine in the normal state; it is not meant to survive failures'
        : `proved on the engine in the normal state and under ${plan.proof.failures} single failures`,
    ),
    ...(plan.proof.insideEdges.length === 0
      ? []
      : [
          line(
            `not bought but to be set up: a router that loses its own firewall has to stop announcing the pool (${plan.proof.insideEdges.length} cables inside the edges)`,
          ),
        ]),
    ...plan.proof.warnings.slice(0, 3).map((each) => line(`warning: ${each}`)),
  ];
}

function withoutText(extra: number | undefined, currency: string): string {
  if (extra === undefined) return 'without this location nothing satisfies the requirements';
  return extra < 0.005
    ? 'another location would cost the same; this one is nearer'
    : `without this location the plan costs ${extra.toFixed(2)} ${currency} more a month`;
}

function billText({ bill, monthly }: PlanView): string {
  if (bill === undefined) return monthly.toFixed(2);
  return bill.high === undefined
    ? `${bill.low} or more`
    : bill.low === bill.high
      ? bill.low
      : `${bill.low} to ${bill.high}`;
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
