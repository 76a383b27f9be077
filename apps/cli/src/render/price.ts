/** The bill for people: sums first, then every line with its source, what is missing, and what would be cheaper. */
import { formatTable, printable } from '@bothways/diagnostics';
import type { BillLineView, BreakEvenView, CostView, PriceView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { grouped, hanging } from './words.ts';

export function renderPrice(view: PriceView, terminal: Terminal): string {
  const { style, width } = terminal;
  const { currency, termMonths, list } = view;
  const block = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [[style.bold(title), ...lines].join('\n')];
  const missing = view.lines.filter(({ status }) => status === 'missing');
  const totals = formatTable(
    [
      ...view.byParty.map(({ party, monthly, once }) => [`  ${party}`, costText(monthly), costText(once)]),
      ['  all', costText(view.monthly), costText(view.once)],
    ],
    { header: ['', `Per month, ${currency}`, `Once, ${currency}`], align: ['left', 'right', 'right'] },
  );
  const lines = formatTable(
    view.lines.map((line) => [
      line.status === 'missing' ? '?' : line.status === 'range' ? '~' : '',
      line.subject,
      line.what,
      `${costText(line.cost)} ${line.period === 'month' ? 'a month' : 'once'}`,
      sourceText(line),
    ]),
    { header: ['', 'For', 'What', currency, 'From'], align: ['left', 'left', 'left', 'right', 'left'] },
  );
  const notes = [
    ...view.lines
      .filter(({ doubt }) => doubt !== undefined)
      .map(({ subject, what, doubt }) => `${subject}, ${what}: the listed price is doubtful, ${doubt}`),
    ...unique(
      view.lines.flatMap(({ subject, billed }) => (billed === undefined ? [] : [`${subject}: billed ${billed}`])),
    ),
    ...(view.monthBeforeUse.low === '0.00'
      ? []
      : [`each month between service key and first packet costs ${amountText(view.monthBeforeUse, currency)}`]),
  ];
  const stale = list.stale === true ? [style.yellow(hanging('! ', staleText(view), width))] : [];
  return [
    ...stale,
    style.bold(`${printable(view.estate)}, ${termMonths} months: ${amountText(view.term, currency)}`),
    totals.join('\n'),
    ...block('Lines', lines),
    ...block(
      'Not known',
      unknownTexts(missing).map((each) => hanging('  ? ', each, width)),
    ),
    ...block(
      'Assumed',
      unique(
        view.lines
          .filter(({ id }) => id.endsWith('/data-out'))
          .map(({ subject, quantityText, quantityLow, quantityHigh }) => {
            const volume =
              quantityHigh === quantityLow
                ? gigabytes(quantityLow)
                : `${gigabytes(quantityLow)} to ${gigabytes(quantityHigh ?? quantityLow)}`;
            return `${subject}: ${volume} GB out a month: ${quantityText}`;
          }),
      ).map((each) => hanging('  ', each, width)),
    ),
    ...block(
      'Instead',
      view.breakEvens.map((each) => hanging('  ', breakEvenText(each, currency), width)),
    ),
    ...block(
      'What moves it, per month',
      formatTable(
        view.sensitivity.map(({ change, monthly, difference }) => [
          `  ${change}`,
          costText(monthly),
          costText(difference),
        ]),
        { header: ['', currency, 'more'], align: ['left', 'right', 'right'] },
      ).filter(() => view.sensitivity.length > 0),
    ),
    ...block(
      'When it is paid',
      notes.map((each) => hanging('  ', each, width)),
    ),
    style.dim(hanging('', `List prices: ${list.document}, ${list.date}. ${list.caveat}`, width)),
    style.dim('? not known, and what it adds is open  ~ between two figures'),
  ].join('\n\n');
}

function staleText({ list }: Pick<PriceView, 'list'>): string {
  return `the list prices are of ${list.date}, more than a year ago: state current ones under prices.overrides`;
}

const NOT_KNOWN = 'not known';

/** '1,200.00', '0.00 to 4,106.25', 'at least 290.00'. */
function costText({ low, high }: CostView): string {
  if (high === undefined) return Number(low) === 0 ? NOT_KNOWN : `at least ${money(low)}`;
  return low === high ? money(low) : `${money(low)} to ${money(high)}`;
}

function amountText(cost: CostView, currency: string): string {
  const text = costText(cost);
  return text === NOT_KNOWN ? text : `${text} ${currency}`;
}

function money(text: string): string {
  const [whole = '', fraction] = text.split('.');
  return grouped(whole) + (fraction === undefined ? '' : `.${fraction}`);
}

function sourceText({ origin, because, date, facts }: BillLineView): string {
  if (origin === 'document') return because;
  if (origin === 'missing') return 'missing';
  return `list of ${date ?? 'no date'} (${facts.at(-1) ?? ''})`;
}

/** What is missing for the same reason and mended by the same line is told once. */
function unknownTexts(missing: readonly BillLineView[]): readonly string[] {
  const groups = new Map<string, { readonly line: BillLineView; readonly subjects: string[] }>();
  for (const line of missing) {
    const key = `${line.because}\n${remedy(line)}\n${openText(line)}`;
    const held = groups.get(key);
    if (held === undefined) groups.set(key, { line, subjects: [line.subject] });
    else held.subjects.push(line.subject);
  }
  return [...groups.values()].map(
    ({ line, subjects }) =>
      `${unique(subjects).join(', ')}: ${line.what}: ${line.because}; it adds ${openText(line)}. ${remedy(line)}`,
  );
}

function openText({ cost }: BillLineView): string {
  if (cost.high === undefined)
    return cost.low === '0.00' ? 'an amount that nothing bounds' : `at least ${money(cost.low)}`;
  return `${money(cost.low)} to ${money(cost.high)}`;
}

function remedy({ priceName, id, origin }: BillLineView): string {
  if (origin !== 'missing') return 'Add the exchange rate under prices.exchangeRates.';
  if (priceName.startsWith('internal.')) return `Write it as prices.${priceName}.`;
  if (/^circuits\..*\/provider$/.test(id))
    return `Write ${id.replace('/provider', '.monthlyCost')}, or prices.providers.`;
  if (id.endsWith('/line')) return `Write ${id.replace('/line', '.monthlyCost')}, or a price per Mbps under prices.`;
  return `Write it as prices.overrides.${priceName}.`;
}

function breakEvenText(each: BreakEvenView, currency: string): string {
  const { circuit, kind, alternative, now, then, gigabytes: from, utilisationPercent, cheaper, remarks, facts } = each;
  const costs =
    now === undefined || then === undefined
      ? 'a price is missing'
      : `${amountText(then, currency)} a month instead of ${amountText(now, currency)}`;
  const point =
    kind !== 'metered-unlimited' || from === undefined
      ? ''
      : `; unlimited pays from ${grouped(from)} GB out a month, ${utilisationPercent} % of the full rate`;
  const verdict = {
    now: 'not cheaper',
    alternative: 'cheaper',
    equal: 'the same',
    open: 'depends on what is not known',
  }[cheaper];
  const remark = remarks.length === 0 ? '' : `; ${remarks.join('; ')}`;
  return `circuit ${circuit}, ${alternative}: ${costs}${kind === 'second-circuit' ? '' : `, ${verdict}`}${point}${remark} (${facts.join(', ')})`;
}

function gigabytes(amount: number): string {
  return grouped(Math.round(amount));
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
