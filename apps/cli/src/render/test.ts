/** The answer of `test`: one line for each intent, then what stands in the way of those that do not hold. */
import { plural, printable } from '@bothways/diagnostics';
import type { IntentPartView, IntentView, Tested } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { deviceChain, hanging, viaWords } from './words.ts';

const marks = { holds: '✓', broken: '✗', unknown: '?' } as const;

export function renderTests({ intents, estate }: Tested, path: string, terminal: Terminal): string {
  const { style, invocation } = terminal;
  if (intents.length === 0) {
    return `${printable(estate)} has no intents. Write under intents what must hold, and it is a test; ${invocation} schema shows the keys.`;
  }
  const open = intents.filter(({ outcome }) => outcome !== 'holds');
  const count = (outcome: IntentView['outcome']): number => intents.filter((each) => each.outcome === outcome).length;
  const summary = [
    count('broken') === 0 ? '' : style.red(`${count('broken')} broken`),
    count('unknown') === 0 ? '' : style.yellow(`${count('unknown')} unknown`),
    count('holds') === 0 ? '' : style.green(`${count('holds')} held`),
  ].filter((text) => text !== '');
  const failing = open.flatMap(({ parts }) => parts).find(({ counterexample }) => counterexample !== undefined);
  const place = path === '.' ? '' : ` ${path}`;
  return [
    intents.map((each) => line(each, terminal)).join('\n'),
    ...open.map((each) => details(each, terminal)),
    `${style.bold(`${plural(intents.length, 'intent')}:`)} ${summary.join(', ')}`,
    ...(failing?.counterexample === undefined
      ? []
      : [
          `Next: ${invocation} trace${place} --from ${failing.counterexample.source} --flow ${failing.counterexample.flow}`,
        ]),
  ].join('\n\n');
}

function line({ name, asks, outcome }: IntentView, { style, width }: Terminal): string {
  const paint = { holds: style.green, broken: style.red, unknown: style.yellow }[outcome];
  return `${paint(marks[outcome])} ${hanging('', `${name}: ${asks}`, width - 2).replaceAll('\n', '\n  ')}`;
}

function details({ name, place, because, parts }: IntentView, terminal: Terminal): string {
  const { style, width } = terminal;
  return [
    `${style.bold(printable(name))}  ${style.underline(`${printable(place.file)}:${place.line}:${place.column}`)}`,
    ...(because === undefined ? [] : [hanging('  wanted because  ', because, width)]),
    ...parts.flatMap((part) => partLines(part, terminal)),
  ].join('\n');
}

function partLines(
  { kind, outcome, because, counterexample, failingSets }: IntentPartView,
  { style, width }: Terminal,
): readonly string[] {
  const paint = { holds: style.green, broken: style.red, unknown: style.yellow }[outcome];
  const head = hanging(`  ${marks[outcome]} ${kind.padEnd(9)}  `, because, width);
  if (outcome === 'holds' || counterexample === undefined) return [paint(head)];
  const { packet, forward, return: back, droppedAt } = counterexample;
  return [
    paint(head),
    hanging('      packet  ', packet.sent, width),
    hanging('      there   ', `${deviceChain(forward)} (${viaWords(forward.via)})`, width),
    hanging(
      '      back    ',
      back === undefined ? 'nothing to answer' : `${deviceChain(back)} (${viaWords(back.via)})`,
      width,
    ),
    ...(droppedAt === undefined
      ? []
      : [
          hanging(
            '      dropped ',
            `at ${droppedAt.device}: ${droppedAt.reason}${droppedAt.place === undefined ? '' : ` (${droppedAt.place.file}:${droppedAt.place.line})`}`,
            width,
          ),
        ]),
    ...failingSets.slice(0, 5).map((set) => hanging('      fails   ', set.join(' and '), width)),
  ];
}
