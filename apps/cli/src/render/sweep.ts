/**
 * The answer of `sweep`, for a meeting: the verdict, one line for each intent, demand and place, the smallest sets of
 * failures that break it with one packet that is lost, then the worst sets with the ways before and after.
 */
import { plural, printable } from '@bothways/diagnostics';
import type { ChangeView, MinimalView, QuestionView, SetView, SweepView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { grouped, hanging, verdictStyle, viaWords } from './words.ts';

const NUMBERS = ['', 'single failures', 'failures of two', 'failures of three', 'failures of four'];

export function renderSweep(view: SweepView, terminal: Terminal): string {
  const { style } = terminal;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Intents', lines(view, 'intent', terminal)],
    ['Demands', lines(view, 'demand', terminal)],
    ['Places', lines(view, 'place', terminal)],
    ['What breaks most', importantLines(view, terminal)],
    ['Worst', view.worst.flatMap((set) => setLines(set, terminal))],
  ];
  return [
    headline(view, terminal),
    ...sections.flatMap(([title, text]) => (text.length === 0 ? [] : [`${style.bold(title)}\n${text.join('\n')}`])),
  ].join('\n\n');
}

function headline(view: SweepView, terminal: Terminal): string {
  const { style, width } = terminal;
  const claims = view.questions.some(({ claim }) => claim !== undefined);
  const words = {
    holds: claims ? 'survives what it claims to' : 'survives everything that was swept',
    broken: claims ? 'does not survive what it claims to' : 'does not survive everything',
    unknown: 'is not known to survive',
  }[view.verdict];
  const title = style.bold(verdictStyle(terminal, view.verdict)(`${printable(view.estate)} ${words}.`));
  const swept = `${grouped(view.swept)} of ${plural(view.count, 'set')} of up to ${plural(view.most, 'failure')} among ${plural(view.elements, 'element')}.`;
  const partial = view.partial
    ? `\n${style.yellow('Partial:')} it was stopped before the end; what is not listed may still break.`
    : '';
  return `${title}\n${hanging('', swept, width)}${partial}`;
}

function lines(view: SweepView, kind: QuestionView['kind'], terminal: Terminal): readonly string[] {
  return view.questions
    .filter((question) => question.kind === kind)
    .flatMap((question) => [
      questionLine(question, view, terminal),
      ...question.minimal.flatMap((minimal) => minimalLines(minimal, terminal)),
      ...(question.minimalCount > question.minimal.length
        ? [`      and ${grouped(question.minimalCount - question.minimal.length)} more; --worst shows more of them`]
        : []),
    ]);
}

function questionLine(question: QuestionView, view: SweepView, terminal: Terminal): string {
  const { name, before, claim, sizes, place } = question;
  const counts = sizes.flatMap(({ elements, swept, broken, unknown }) => {
    if (broken + unknown === 0) return [];
    const number = NUMBERS[elements] ?? `failures of ${elements}`;
    const open = unknown === 0 ? '' : `, unknown under ${grouped(unknown)}`;
    return [`broken by ${grouped(broken)} of ${grouped(swept)} ${number}${open}`];
  });
  const verdict = {
    holds: '',
    broken: 'broken before anything fails',
    unknown: 'not known to hold before anything fails',
  };
  const everything = view.partial ? 'survives what was swept so far' : 'survives everything';
  const answer = before === 'holds' ? (counts.length === 0 ? everything : counts.join('; ')) : verdict[before];
  const style = verdictStyle(terminal, before === 'holds' && counts.length > 0 ? 'broken' : before);
  const where = place === undefined ? '' : ` (line ${place.line})`;
  const line = hanging(`  ${printable(name)}: `, `${answer}${where}`, terminal.width);
  if (claim === undefined) return style(line);
  const because = claim.because === undefined ? '' : `: ${claim.because}`;
  const claimed = `claims to survive ${claim.survives.replaceAll('-', ' ')}: ${claim.answer}${because}`;
  const claimLine = hanging('      ', claimed, terminal.width);
  return `${style(line)}\n${verdictStyle(terminal, claim.answer)(claimLine)}`;
}

function minimalLines({ elements, example }: MinimalView, { style, width }: Terminal): readonly string[] {
  const names = elements.map(({ id, place }) => `${id}${place === undefined ? '' : ` (line ${place.line})`}`);
  const head = hanging('    ✗ ', names.join(' + '), width);
  if (example === undefined) return [head];
  const { droppedAt, flow, source, destination } = example;
  const reason = droppedAt === undefined ? shortfall(example) : `${droppedAt.device}: ${droppedAt.reason}`;
  const where = droppedAt?.place === undefined ? '' : ` (line ${droppedAt.place.line})`;
  return [head, style.dim(hanging('        ', `${flow} ${source} to ${destination}: ${reason}${where}`, width))];
}

function shortfall({ after }: ChangeView): string {
  return `it arrives, but over the ${viaWords(after.there)}`;
}

function importantLines({ important }: SweepView, { width }: Terminal): readonly string[] {
  return important.map(({ id, place, breaks, partOf }) => {
    const alone = breaks.length === 0 ? 'breaks nothing alone' : `breaks ${breaks.join(', ')}`;
    const others = partOf === 0 ? '' : `; part of ${plural(partOf, 'larger set')} that breaks something`;
    const where = place === undefined ? '' : ` (line ${place.line})`;
    return hanging(`  ${printable(id)}${where}: `, `${alone}${others}`, width);
  });
}

function setLines(set: SetView, terminal: Terminal): readonly string[] {
  const { style, width } = terminal;
  const parts = [
    set.lost > 0 ? `${plural(set.lost, 'demand')} lost` : '',
    set.changed > set.lost ? `${plural(set.changed - set.lost, 'demand')} rerouted` : '',
    set.cutOff.length > 0 ? `cut off: ${set.cutOff.join(', ')}` : '',
    set.unknown.length > 0 ? `not known: ${set.unknown.join(', ')}` : '',
  ].filter((text) => text !== '');
  return [
    style.bold(hanging('  ', `${set.set}: ${parts.join('; ')}`, width)),
    hanging('    noticed ', detectionText(set.detection), width),
    ...set.overloads.map(({ name, loadBitsPerSecond, capacityBitsPerSecond }) =>
      style.red(
        hanging(
          '    overload ',
          `${name}: ${megabits(loadBitsPerSecond)} of ${megabits(capacityBitsPerSecond)} Mbps`,
          width,
        ),
      ),
    ),
    ...set.changes.flatMap((change) => changeLines(change, terminal)),
  ];
}

function changeLines(
  { flow, source, destination, outcome, before, after, droppedAt }: ChangeView,
  terminal: Terminal,
): readonly string[] {
  const { width } = terminal;
  const way = ({ there, devicesThere }: ChangeView['before']): string =>
    `${devicesThere.join(' → ')} (${viaWords(there)})`;
  const lost = droppedAt === undefined ? '' : `; dropped at ${droppedAt.device}: ${droppedAt.reason}`;
  return [
    verdictStyle(
      terminal,
      outcome.after,
    )(hanging('    ', `${flow} ${source} to ${destination}: ${outcome.after}${lost}`, width)),
    hanging('      before ', way(before), width),
    hanging('      after  ', way(after), width),
  ];
}

function detectionText({
  leastMilliseconds,
  mostMilliseconds,
  because,
  session,
  mostAfterwardsMilliseconds,
  facts,
}: SetView['detection']): string {
  if (mostMilliseconds === undefined || leastMilliseconds === undefined) return `by nobody who has to: ${because}`;
  const range =
    leastMilliseconds === mostMilliseconds
      ? `within ${seconds(mostMilliseconds)}`
      : `within ${seconds(leastMilliseconds)} to ${seconds(mostMilliseconds)}`;
  const more =
    mostAfterwardsMilliseconds === undefined
      ? ''
      : `, and up to ${seconds(mostAfterwardsMilliseconds)} until a gateway has converged`;
  const cited = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return `${range}${more}: ${because}, on session ${session ?? ''}${cited}`;
}

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;
const megabits = (bits: number): string => grouped(Math.round(bits / 1e6));
