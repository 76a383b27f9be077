/** Minutes a year by intent, what makes them, what is worth improving, and what has no figure. */
import { formatTable } from '@bothways/diagnostics';
import { type AvailabilityView, type IntentAvailabilityView, minutesText } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { hanging } from './words.ts';

/** Rows of a list that are shown. */
const SHOWN = 8;

export function renderAvailability(view: AvailabilityView, terminal: Terminal): string {
  const { style, width } = terminal;
  const figures = view.components.filter(({ upPercent }) => upPercent !== undefined);
  const without = view.components.filter(({ basis }) => basis === 'unknown');
  const block = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [[style.bold(title), ...lines].join('\n')];
  return [
    ...view.intents.map((intent) => intentText(intent, terminal)),
    ...block(
      'Figures',
      formatTable(
        figures.map(({ id, upPercent, basis, because, facts }) => [
          `  ${id}`,
          `${upPercent} %`,
          basis === 'document' ? because : `commitment of Microsoft: ${because} (${facts.join(', ')})`,
        ]),
        { align: ['left', 'right', 'left'] },
      ),
    ),
    ...block(
      'Without a figure, counted as always up',
      without.length === 0
        ? []
        : [
            hanging('  ', without.map(({ id }) => id).join(', '), width),
            hanging('  ', 'Write availability: { link: 99.9 %, device.fw-er: 99.99 % } in the document.', width),
          ],
    ),
    ...view.unused.map((name) => style.yellow(hanging('! ', `availability.${name} fits nothing that can fail`, width))),
    style.dim(
      hanging(
        '',
        'A year has 365 days. Failures are independent, apart from groups that fail together; planned maintenance is not counted.',
        width,
      ),
    ),
  ].join('\n\n');
}

function intentText(intent: IntentAvailabilityView, { style, width }: Terminal): string {
  const { id, now, availablePercent, downMinutesPerYear, unknownMinutesPerYear, errorMinutesPerYear } = intent;
  const head =
    now === 'holds'
      ? `${id}: at most ${percentText(availablePercent)} % of the time, ${minutesText(downMinutesPerYear)} down a year`
      : `${id}: ${now} without any failure`;
  if (now === 'broken') return style.bold(head);
  const rest = intent.cuts.slice(SHOWN).reduce((sum, { minutesPerYear }) => sum + minutesPerYear, 0);
  const lines = [
    ...(unknownMinutesPerYear > 0
      ? [
          hanging(
            '  ',
            `and up to ${minutesText(unknownMinutesPerYear)} more, in which it is not known whether it holds`,
            width,
          ),
        ]
      : []),
    ...(errorMinutesPerYear > 1e-4
      ? [hanging('  ', `failures that were too rare to follow add at most ${minutesText(errorMinutesPerYear)}`, width)]
      : []),
    ...(intent.grounded
      ? []
      : [
          hanging(
            '  ',
            'its tables are not proven to have one stable state, so every component was taken to matter',
            width,
          ),
        ]),
    ...intent.cuts
      .slice(0, SHOWN)
      .map(({ components, minutesPerYear }) =>
        hanging('  ', `${minutesText(minutesPerYear)}: ${components.join(' and ')} down`, width),
      ),
    ...(intent.cuts.length > SHOWN
      ? [`  ${minutesText(rest)}: ${intent.cuts.length - SHOWN} other sets of failures, overlaps counted in each`]
      : []),
    ...intent.helped
      .slice(0, SHOWN)
      .map(({ broken, works }) =>
        hanging(
          '  ! ',
          `a failure helps: with ${broken.join(' and ')} down it is broken, with ${works.filter((each) => !broken.includes(each)).join(' and ')} down as well it holds`,
          width,
        ),
      ),
    ...importanceLines(intent, width),
  ];
  return [style.bold(head), ...lines].join('\n');
}

function importanceLines({ importance, withoutFigure }: IntentAvailabilityView, width: number): readonly string[] {
  const share = importance
    .slice(0, SHOWN)
    .map(({ id, downtimeSharePercent }) => `${id} ${Number((downtimeSharePercent ?? 0).toPrecision(3))} %`);
  const unknown = withoutFigure
    .slice(0, SHOWN)
    .map(({ id, minutesPerHourDown }) => `${id} ${minutesText(minutesPerHourDown)}`);
  const more = withoutFigure.length > SHOWN ? ` and ${withoutFigure.length - SHOWN} more` : '';
  return [
    ...(share.length === 0 ? [] : [hanging('  down in that share of its downtime: ', share.join(', '), width)]),
    ...(unknown.length === 0
      ? []
      : [hanging('  an hour a year without these adds: ', `${unknown.join(', ')}${more}`, width)]),
  ];
}

/** As many nines as there are, and two digits more. */
function percentText(percent: number): string {
  const down = 100 - percent;
  const digits = down <= 0 ? 2 : Math.min(10, Math.max(2, 2 - Math.floor(Math.log10(down))));
  return percent.toFixed(digits);
}
