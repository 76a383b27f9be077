/**
 * The answer of `sweep`, for a meeting: the verdict, one line for each intent, demand and place, the failures that break
 * it with one packet that is lost; then the worst failures and those that only send traffic another way, with the ways
 * before and after, what overflows, and how long it takes until routers notice.
 */
import { plural, printable } from '@bothways/diagnostics';
import type { ChangeView, MinimalView, QuestionView, SetView, SweepPathView, SweepView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { grouped, hanging, verdictStyle, viaWords } from './words.ts';

const NUMBERS = ['', 'single failures', 'failures of two', 'failures of three', 'failures of four'];

/** `limit`: sets and kinds of change that are shown at most. */
export function renderSweep(view: SweepView, terminal: Terminal, limit: number): string {
  const { style } = terminal;
  const otherWays = view.rerouted.flatMap((set) => setLines(set, terminal));
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Intents', lines(view, 'intent', terminal, limit)],
    ['Demands', lines(view, 'demand', terminal, limit)],
    ['Places', lines(view, 'place', terminal, limit)],
    ['What breaks most', importantLines(view, terminal)],
    ['Worst', view.worst.flatMap((set) => setLines(set, terminal))],
    [`Survived by another way (${grouped(view.reroutedCount)})`, otherWays],
  ];
  return [
    headline(view, terminal),
    ...sections.flatMap(([title, text]) => (text.length === 0 ? [] : [`${style.bold(title)}\n${text.join('\n')}`])),
  ].join('\n\n');
}

function headline(view: SweepView, terminal: Terminal): string {
  const { style, width } = terminal;
  const title = style.bold(verdictStyle(terminal, view.verdict)(`${printable(view.estate)} ${verdictWords(view)}.`));
  const swept = `${grouped(view.swept)} of ${plural(view.count, 'set')} of up to ${plural(view.most, 'failure')} among ${plural(view.elements, 'element')}.`;
  const partial = view.partial
    ? `\n${style.yellow('Partial:')} it was stopped before the end; what is not listed may still break.`
    : '';
  return `${title}\n${hanging('', swept, width)}${partial}`;
}

function verdictWords({ verdict, questions }: SweepView): string {
  const claims = questions.flatMap(({ claim }) => (claim === undefined ? [] : [claim.survives]));
  if (claims.length === 0) {
    return {
      holds: 'survives everything that was swept',
      broken: 'does not survive everything',
      unknown: 'is not known to survive everything',
    }[verdict];
  }
  if (verdict === 'holds' && claims.every((survives) => survives === 'nothing')) {
    return 'keeps its intents, none of which claims to survive a failure';
  }
  return {
    holds: 'survives what it claims to',
    broken: 'does not survive what it claims to',
    unknown: 'is not known to survive what it claims to',
  }[verdict];
}

function lines(view: SweepView, kind: QuestionView['kind'], terminal: Terminal, limit: number): readonly string[] {
  return view.questions
    .filter((question) => question.kind === kind)
    .flatMap((question) => {
      const groups = sameReason(question.minimal);
      const shown = groups.slice(0, limit);
      const more = question.minimalCount - shown.reduce((sum, members) => sum + members.length, 0);
      return [
        questionLine(question, view, terminal),
        ...shown.flatMap((members) => minimalLines(members, terminal)),
        ...(more > 0 ? [`      and ${grouped(more)} more; --worst shows more of them`] : []),
      ];
    });
}

/** Sets that lose the same packet for the same reason, in the order of the first. */
function sameReason(sets: readonly MinimalView[]): readonly (readonly MinimalView[])[] {
  const groups = new Map<string, MinimalView[]>();
  for (const minimal of sets) {
    const key = reasonText(minimal) ?? minimal.set;
    const held = groups.get(key);
    if (held === undefined) groups.set(key, [minimal]);
    else held.push(minimal);
  }
  return [...groups.values()];
}

function questionLine(question: QuestionView, view: SweepView, terminal: Terminal): string {
  const { name, before, claim, sizes, place } = question;
  const counts = sizes.flatMap(({ elements, swept, broken, unknown }) => {
    if (broken + unknown === 0) return [];
    const number = NUMBERS[elements] ?? `failures of ${elements}`;
    const parts = [
      broken === 0 ? '' : `broken by ${grouped(broken)} of ${grouped(swept)} ${number}`,
      unknown === 0
        ? ''
        : `not known to survive ${grouped(unknown)}${broken === 0 ? ` of ${grouped(swept)} ${number}` : ''}`,
    ];
    return [parts.filter((part) => part !== '').join(', ')];
  });
  const verdict = {
    holds: '',
    broken: 'broken before anything fails',
    unknown: 'not known to hold before anything fails',
  };
  const everything = view.partial ? 'survives what was swept so far' : 'survives everything';
  const answer = before === 'holds' ? (counts.length === 0 ? everything : counts.join('; ')) : verdict[before];
  const isBroken = sizes.some(({ broken }) => broken > 0);
  const now = before !== 'holds' || counts.length === 0 ? before : isBroken ? 'broken' : 'unknown';
  const where = place === undefined ? '' : ` (line ${place.line})`;
  const line = verdictStyle(terminal, now)(hanging(`  ${printable(name)}: `, `${answer}${where}`, terminal.width));
  if (claim === undefined) return line;
  const { survives, because } = claim;
  if (survives === 'nothing') return `${line}\n      claims to survive no failure`;
  const words = { holds: 'it does', broken: 'it does not', unknown: 'not known' }[claim.answer];
  const claimed = `claims to survive ${survives.replaceAll('-', ' ')}: ${words}${because === undefined ? '' : ` (${because})`}`;
  return `${line}\n${verdictStyle(terminal, claim.answer)(hanging('      ', claimed, terminal.width))}`;
}

function minimalLines(members: readonly MinimalView[], { style, width }: Terminal): readonly string[] {
  const names = members.map(({ elements }) => elements.map(({ id, place }) => `${id}${lineOf(place)}`).join(' + '));
  const head = hanging('    ✗ ', names.join(', or '), width);
  const text = reasonText(members[0]);
  return text === undefined ? [head] : [head, style.dim(hanging('        ', text, width))];
}

/** One packet that shows it, or what is too narrow where none does. */
function reasonText(minimal: MinimalView | undefined): string | undefined {
  return minimal?.example === undefined ? minimal?.because : exampleText(minimal.example);
}

/** One packet and what becomes of it. */
function exampleText(example: ChangeView): string {
  const { flow, source, destination, after, because } = example;
  const what = `${flow} ${source} to ${destination}: `;
  return example.droppedAt === undefined
    ? `${what}${because ?? `it arrives, but over the ${viaWords(after.there)}`}`
    : `${what}${lossText(example)}`;
}

function lossText({ droppedAt, source }: ChangeView): string {
  if (droppedAt === undefined) return '';
  const { device, direction, disposition, towards, reason, cause, place } = droppedAt;
  if (disposition === 'device-down' && device === source) return `${device} itself has failed`;
  const why = disposition === 'no-route' ? `it has no route to ${towards}` : reason;
  if (disposition === 'no-route' && cause !== undefined) return `${device} drops the ${direction}: ${why}; ${cause}`;
  return `${device} drops the ${direction}: ${why}${lineOf(place)}`;
}

function lineOf(place: { readonly line: number } | undefined): string {
  return place === undefined ? '' : ` (line ${place.line})`;
}

function importantLines({ important }: SweepView, { width }: Terminal): readonly string[] {
  return important.map(({ id, place, breaks, partOf }) => {
    const alone = breaks.length === 0 ? 'breaks nothing alone' : `breaks ${breaks.join(', ')}`;
    const others = partOf === 0 ? '' : `; part of ${plural(partOf, 'larger set')} that breaks something`;
    return hanging(`  ${printable(id)}${lineOf(place)}: `, `${alone}${others}`, width);
  });
}

function setLines(set: SetView, terminal: Terminal): readonly string[] {
  const { style, width } = terminal;
  const parts = [
    set.lost > 0 ? `${plural(set.lost, 'demand')} lost` : '',
    set.changed > set.lost ? `${plural(set.changed - set.lost, 'demand')} on another way` : '',
    set.cutOff.length > 0 ? `cut off: ${set.cutOff.join(', ')}` : '',
    set.unknown.length > 0 ? `not known: ${set.unknown.join(', ')}` : '',
  ].filter((text) => text !== '');
  const names = [set.elements.map(({ id, place }) => `${id}${lineOf(place)}`).join(' + '), ...set.alike];
  const hidden = set.changeCount - set.changes.length;
  return [
    style.bold(hanging('  ', `${names.join(', or ')}: ${parts.join('; ')}`, width)),
    hanging('    noticed ', detectionText(set.detection), width),
    ...overloadLines(set, terminal),
    ...poolLines(set, terminal),
    ...set.changes.flatMap((change) => changeLines(change, terminal)),
    ...(hidden > 0 ? [`    and ${grouped(hidden)} other kinds of change; --worst shows more of them`] : []),
  ];
}

/** The first few of each: where traffic moves as a whole, everything on its way is full. */
const OVERLOADS_SHOWN = 4;

function overloadLines({ overloads }: SetView, { style, width }: Terminal): readonly string[] {
  const lines = (certain: boolean): readonly string[] => {
    const all = overloads.filter((each) => each.certain === certain);
    const shown = all.slice(0, OVERLOADS_SHOWN).map(({ name, leastBitsPerSecond, mostBitsPerSecond, ...rest }) => {
      const least = leastBitsPerSecond === mostBitsPerSecond ? '' : `${megabits(leastBitsPerSecond)} to `;
      return `${name}: ${least}${megabits(mostBitsPerSecond)} on ${megabits(rest.capacityBitsPerSecond)} free Mbps`;
    });
    const more = all.length - shown.length;
    const text = [...shown, ...(more > 0 ? [`and ${grouped(more)} more`] : [])].join('; ');
    if (text === '') return [];
    return [
      (certain ? style.red : style.yellow)(
        hanging(certain ? '    overloaded ' : '    perhaps overloaded ', text, width),
      ),
    ];
  };
  return [...lines(true), ...lines(false)];
}

function poolLines({ pools }: SetView, { style, width }: Terminal): readonly string[] {
  return pools.map(({ kind, name, certain, leastSessions, mostSessions, capacitySessions }) => {
    const most = mostSessions === null ? 'or more' : `to ${grouped(mostSessions)}`;
    const count = leastSessions === mostSessions ? grouped(leastSessions) : `${grouped(leastSessions)} ${most}`;
    const room = capacitySessions === undefined ? '' : `, ${grouped(capacitySessions)} fit for certain`;
    const what = kind === 'pool' ? `pool ${name}` : `connection table ${name}`;
    const text = hanging(
      certain ? '    runs out ' : '    perhaps runs out ',
      `${printable(what)}: ${count} sessions${room}`,
      width,
    );
    return (certain ? style.red : style.yellow)(text);
  });
}

function changeLines(change: ChangeView, terminal: Terminal): readonly string[] {
  const { outcome, before, after, droppedAt, source, destination, alike } = change;
  const { width } = terminal;
  const what = `${alike.flows.join(', ')} from ${several(alike.sources)} to ${several(alike.destinations)}: `;
  const moved = outcome.after === 'holds' ? 'another way' : outcome.after === 'unknown' ? 'not known' : 'lost';
  const result =
    droppedAt === undefined ? moved : `${outcome.after === 'unknown' ? 'not known; ' : ''}${lossText(change)}`;
  const [was, is] = [pathLines(before), pathLines(after)];
  if (droppedAt === undefined && was === is) {
    const ways = `${plural(before.branches, 'way')} before, ${plural(after.branches, 'way')} after`;
    const same = before.branches === after.branches ? 'the same devices by other routes' : ways;
    return [hanging('    ', `${what}${same}`, width)];
  }
  const isOne = alike.sources.length === 1 && alike.destinations.length === 1;
  const shown = isOne ? '' : ` (shown: ${source} to ${destination})`;
  const end = (direction: 'request' | 'answer'): string => (droppedAt?.direction === direction ? ' ✗' : '');
  const sameThere = before.devicesThere.join() === after.devicesThere.join();
  // An answer that comes back the way of its request needs no line of its own.
  const showsAnswer = after.devicesBack !== undefined && (sameThere || droppedAt?.direction === 'answer');
  const lines: (readonly [string, readonly string[] | undefined, string])[] = [
    ...(sameThere && showsAnswer
      ? []
      : [
          ['      before  ', before.devicesThere, wayEnd('', before.there)] as const,
          ['      after   ', after.devicesThere, wayEnd(end('request'), after.there)] as const,
        ]),
    ...(showsAnswer
      ? [
          ['      answer before  ', before.devicesBack, wayEnd('', before.back ?? '')] as const,
          ['      answer after   ', after.devicesBack, wayEnd(end('answer'), after.back ?? '')] as const,
        ]
      : []),
  ];
  return [
    verdictStyle(terminal, outcome.after)(hanging('    ', `${what}${result}${shown}`, width)),
    ...lines.flatMap(([label, devices, ending]) =>
      devices === undefined ? [] : [hanging(label, `${devices.join(' → ')}${ending}`, width)],
    ),
  ];
}

function pathLines({ devicesThere, devicesBack }: SweepPathView): string {
  return `${devicesThere.join()} ${devicesBack?.join()}`;
}

/** Where a way ends: at the cross where it was lost, or what it crossed the border by. */
function wayEnd(cross: string, via: string): string {
  return cross === '' ? ` (${viaWords(via)})` : cross;
}

function several(names: readonly string[]): string {
  const shown = names.length <= 4 ? names : names.slice(0, 3);
  const more = names.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} others`;
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
    mostMilliseconds === 0
      ? 'at once'
      : leastMilliseconds === mostMilliseconds
        ? `within ${seconds(mostMilliseconds)}`
        : `after ${seconds(leastMilliseconds)} to ${seconds(mostMilliseconds)}`;
  const more =
    mostAfterwardsMilliseconds === undefined
      ? ''
      : `, and up to ${seconds(mostAfterwardsMilliseconds)} until a gateway has converged`;
  const cited = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return `${range}${more}: ${because}, on session ${session ?? ''}${cited}`;
}

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;
const megabits = (bits: number): string => grouped(Math.round(bits / 1e6));
