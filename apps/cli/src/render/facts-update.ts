/** What changed between address files, and what that means for an estate. */
import { plural, printable } from '@bothways/diagnostics';
import {
  type AddressFilesChange,
  type Consequence,
  type EndpointFileChangeView,
  type PrefixChangeView,
  type RoundTripView,
  roundTripJson,
  type TagFileChangeView,
  type TagSetChangeView,
  type UpdateImpact,
} from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { grouped, hanging, viaWords } from './words.ts';

const mostSets = 15;

export function renderChange(change: AddressFilesChange, all: boolean, terminal: Terminal): string {
  return [
    ...change.serviceTags.map((each) => tagChange(each, all, terminal)),
    ...change.microsoft365.map((each) => endpointChange(each, all, terminal)),
  ].join('\n\n');
}

function arrow(before: number | string, after: number | string): string {
  return `${grouped(before)} → ${grouped(after)}`;
}

function tagChange(change: TagFileChangeView, all: boolean, terminal: Terminal): string {
  const { style, width } = terminal;
  const { before, after, sets } = change;
  const added = sets.filter(({ kind }) => kind === 'added');
  const removed = sets.filter(({ kind }) => kind === 'removed');
  const changed = sets.filter(({ kind }) => kind === 'changed');
  const regions = [...new Set(sets.flatMap(({ region }) => region ?? []))].sort();
  const sum = (key: 'added' | 'removed'): number => sets.reduce((count, set) => count + set[key].length, 0);
  const older = (after.changeNumber ?? 0) < (before.changeNumber ?? 0);
  const named = (list: readonly TagSetChangeView[]): string =>
    list.map((set) => `${set.name} (${plural(Math.max(set.before, set.after), 'prefix', 'prefixes')})`).join(', ');
  const lines = [
    style.bold(
      `Service tags ${change.cloud}: change ${before.changeNumber} of ${before.date} → change ${after.changeNumber} of ${after.date}`,
    ),
    style.dim(`  ${printable(before.file)} → ${printable(after.file)}`),
    ...(older ? [style.yellow('  The new file is older than the one it is compared with.')] : []),
  ];
  if (sets.length === 0) {
    const renumbered = change.renumbered === 0 ? '' : `; ${change.renumbered} sets have a new number`;
    return [...lines, `  No prefix differs in any of ${grouped(after.sets)} sets${renumbered}.`].join('\n');
  }
  return [
    ...lines,
    `  Sets            ${arrow(before.sets, after.sets)}: ${added.length} added, ${removed.length} removed, ${changed.length} changed, ${grouped(change.unchanged + change.renumbered)} with the same prefixes`,
    `  Prefixes        ${arrow(before.distinct, after.distinct)} different ones: ${grouped(change.fresh)} new, ${grouped(change.gone)} gone`,
    `  Entries         ${arrow(before.prefixes, after.prefixes)} over all sets: ${grouped(sum('added'))} added, ${grouped(sum('removed'))} removed`,
    `  IPv4 addresses  ${arrow(before.addresses4, after.addresses4)}`,
    hanging(`  Regions         ${regions.length}: `, regions.join(', '), width),
    ...(added.length === 0 ? [] : [hanging('  Added           ', named(added), width)]),
    ...(removed.length === 0 ? [] : [hanging('  Removed         ', named(removed), width)]),
    ...setLines(changed, ({ name }) => name, all, terminal),
  ].join('\n');
}

/** The sets that changed most, all of them with their prefixes on demand. */
function setLines<T extends PrefixChangeView>(
  sets: readonly T[],
  nameOf: (set: T) => string,
  all: boolean,
  { style }: Terminal,
): readonly string[] {
  const ranked = [...sets].sort((a, b) => b.added.length + b.removed.length - (a.added.length + a.removed.length));
  const shown = all ? sets : ranked.slice(0, mostSets);
  const nameWidth = Math.max(0, ...shown.map((set) => nameOf(set).length));
  const rest = sets.length - shown.length;
  return [
    ...(shown.length === 0 ? [] : [all ? '  Changed' : '  Changed most']),
    ...shown.flatMap((set) => [
      `    ${nameOf(set).padEnd(nameWidth)}  ${`+${set.added.length}`.padStart(5)}  ${`−${set.removed.length}`.padStart(5)}  ${arrow(set.before, set.after)} prefixes${addressWords(set)}`,
      ...(all
        ? [
            ...set.added.map((each) => style.green(`      + ${each}`)),
            ...set.removed.map((each) => style.red(`      − ${each}`)),
          ]
        : []),
    ]),
    ...(rest === 0 ? [] : [`    and ${plural(rest, 'set')} more with --all`]),
  ];
}

/** Prefixes can be rewritten without a single address coming or going. */
function addressWords({ addresses4: { gained, lost } }: PrefixChangeView): string {
  const words = [
    ...(gained === '0' ? [] : [`${grouped(gained)} new`]),
    ...(lost === '0' ? [] : [`${grouped(lost)} gone`]),
  ];
  return words.length === 0 ? '' : `, IPv4 addresses ${words.join(', ')}`;
}

function endpointChange(change: EndpointFileChangeView, all: boolean, terminal: Terminal): string {
  const { style, width } = terminal;
  const { before, after, sets } = change;
  const head = [
    style.bold(`Microsoft 365 ${change.instance}: ${before.date} → ${after.date}`),
    style.dim(`  ${printable(before.file)} → ${printable(after.file)}`),
  ];
  if (sets.length === 0) return [...head, `  Nothing differs in ${after.sets} endpoint sets.`].join('\n');
  const count = (kind: EndpointFileChangeView['sets'][number]['kind']): number =>
    sets.filter((set) => set.kind === kind).length;
  return [
    ...head,
    `  Sets      ${arrow(before.sets, after.sets)}: ${count('added')} added, ${count('removed')} removed, ${count('changed')} changed`,
    `  Prefixes  ${arrow(before.distinct, after.distinct)} different ones`,
    ...sets.flatMap((set) => [
      `  ${set.kind === 'changed' ? '' : `${set.kind} `}set ${set.id} (${set.serviceArea}): +${set.added.length} −${set.removed.length} prefixes, +${set.namesAdded.length} −${set.namesRemoved.length} names`,
      ...set.properties.map(({ property, before: was, after: is }) =>
        style.yellow(
          hanging('      ', `${property}: ${was === '' ? 'none' : was} becomes ${is === '' ? 'none' : is}`, width),
        ),
      ),
      ...(all
        ? [
            ...[...set.namesAdded, ...set.added].map((text) => style.green(`      + ${printable(text)}`)),
            ...[...set.namesRemoved, ...set.removed].map((text) => style.red(`      − ${printable(text)}`)),
          ]
        : []),
    ]),
  ].join('\n');
}

const headlines: Readonly<Record<UpdateImpact['action'], string>> = {
  none: 'no action',
  if: 'no action in the design; lists that somebody wrote by hand need a change',
  must: 'the design has to change',
};

export function renderImpact(impact: UpdateImpact, all: boolean, terminal: Terminal): string {
  const { style, width } = terminal;
  const colour = { none: style.green, if: style.yellow, must: style.red }[impact.action];
  const { before, after, changed } = impact.roundTrips;
  const trips = changed.length === 0 ? 'none goes another way or ends otherwise' : `${changed.length} change`;
  return [
    style.bold(`For ${printable(impact.estate ?? 'the estate')}: ${colour(headlines[impact.action])}.`),
    `  Round trips computed with both: ${arrow(before, after)}, ${trips}.`,
    ...impact.consequences.flatMap((each) => consequenceLines(each, all, width)),
    ...(all ? changed : changed.slice(0, mostSets)).map(({ id, before: old, after: young }) =>
      hanging('    ', `${id}: ${becomes(old, young)}`, width),
    ),
  ].join('\n');
}

function consequenceLines(each: Consequence, all: boolean, width: number): readonly string[] {
  const label = { must: 'change', if: 'look', none: 'fine' }[each.action];
  return [
    hanging(`  ${label.padEnd(6)}  `, `${each.touched} ${each.element}: ${each.text}`, width),
    ...(all
      ? [
          ...each.add.map((text) => `          + ${printable(text)}`),
          ...each.remove.map((text) => `          − ${printable(text)}`),
        ]
      : []),
  ];
}

function becomes(before: RoundTripView | undefined, after: RoundTripView | undefined): string {
  if (before === undefined) return after === undefined ? 'nothing' : `new, ${tripWords(after)}`;
  return after === undefined
    ? `${tripWords(before)}, no longer there`
    : `${tripWords(before)} becomes ${tripWords(after)}`;
}

function tripWords(trip: RoundTripView): string {
  const back =
    trip.return === undefined || trip.return.via === trip.forward.via
      ? ''
      : `, back over the ${viaWords(trip.return.via)}`;
  return `${trip.outcome} over the ${viaWords(trip.forward.via)}${back}`;
}

interface StoredWords {
  /** File that was written. */
  readonly written: string | undefined;
  readonly obstacles: readonly string[];
  readonly isDefault: boolean;
  readonly folder: string;
}

export function renderStored({ written, obstacles, isDefault, folder }: StoredWords, { width }: Terminal): string {
  if (written !== undefined) {
    return [
      `Written to ${written}. Later runs use it and say so.`,
      ...(isDefault ? [] : [`It is not the usual folder: set BOTHWAYS_DATA=${folder} for runs that are to use it.`]),
      'To go back: bothways facts update --reset',
    ].join('\n');
  }
  if (obstacles.length > 0) return hanging('Nothing was written. --apply would refuse: ', obstacles.join('; '), width);
  return 'Nothing was written. To use the new files from now on, add --apply.';
}

export function impactJson(impact: UpdateImpact): object {
  const { estate, action, consequences, roundTrips } = impact;
  return {
    estate: estate ?? null,
    action,
    consequences,
    roundTrips: {
      before: roundTrips.before,
      after: roundTrips.after,
      changed: roundTrips.changed.map(({ id, before, after }) => ({
        id,
        before: before === undefined ? null : roundTripJson(before),
        after: after === undefined ? null : roundTripJson(after),
      })),
    },
  };
}
