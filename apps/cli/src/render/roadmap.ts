/** The steps of a roadmap with their dates, and what every state of the network on the way does. */
import { formatTable, printable } from '@bothways/diagnostics';
import type { RoadmapView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { hanging } from './words.ts';

export function renderRoadmap({ steps, missing, safe, start, end }: RoadmapView, { style, width }: Terminal): string {
  if (steps.length === 0) return 'Nothing has to be done: both estates buy the same.';
  const rows = steps.map(({ kind, title, dates, skill, state }) => [
    dates,
    kind,
    printable(title),
    skill,
    state === undefined
      ? ''
      : state.lost.length > 0
        ? `loses ${state.lost.length}`
        : `${state.holding} of ${state.roundTrips} hold`,
  ]);
  const lost = steps.flatMap(({ id, state }) =>
    (state?.lost ?? []).slice(0, 3).map((each) => `after ${id}: ${each} no longer works`),
  );
  return [
    style.bold(`${steps.length} steps, ${start} to ${missing.length === 0 ? end : `${end} at the earliest`}`),
    ...formatTable(rows, { header: ['When', 'Kind', 'Step', 'Skill', 'Round trips'] }),
    '',
    ...(missing.length === 0
      ? []
      : [
          hanging(
            '',
            `Nobody said how long these take, so they count no days: ${missing.join(', ')}. Ask, and give them with --lead ${missing[0] ?? ''}=DAYS.`,
            width,
          ),
        ]),
    ...(safe
      ? ['Every state on the way was computed: what worked in the beginning works in all of them.']
      : [
          style.red('Some state on the way loses what worked in the beginning:'),
          ...lost.map((each) => hanging('  ', printable(each), width)),
        ]),
  ].join('\n');
}
