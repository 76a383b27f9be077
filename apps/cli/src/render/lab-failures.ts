/** What the commands print that let a lab fail: how long the routers took, and predicted beside observed. */
import { plural } from '@bothways/diagnostics';
import {
  type Convergence,
  differencesIn,
  differencesOf,
  formatDifference,
  type LabDesign,
  type LabSweep,
  type LabVerdict,
  type SweptFailure,
} from '@bothways/lab';
import manifest from '../../package.json' with { type: 'json' };
import type { Terminal } from '../terminal.ts';
import { daemonNames, named, namesIn, renderVerdict, soMany, table, verdictJson } from './lab.ts';

export interface Change {
  /** Everything that has failed by now. */
  readonly failed: readonly string[];
  readonly convergence: Convergence;
  /** Undefined: not asked for. */
  readonly verdict: LabVerdict | undefined;
}

/** Differences of one failure that are shown. */
const MOST_SHOWN = 5;

export function renderChange(design: LabDesign, { failed, convergence, verdict }: Change, terminal: Terminal): string {
  const { style } = terminal;
  const nameOf = namesIn(design);
  const { differences } = convergence;
  const lines = [
    ...table([
      ['Failed', failed.length === 0 ? 'nothing' : failed.join(', ')],
      ['Routers', `${settledText(convergence)}, ${soMany(differences.length)}`],
    ]),
  ];
  if (verdict !== undefined)
    return [...lines, '', renderVerdict(design, { verdict, times: undefined }, terminal)].join('\n');
  if (differences.length === 0) return lines.join('\n');
  const shown = differences.slice(0, MOST_SHOWN).map((each) => `  ${named(formatDifference(each), nameOf)}`);
  return [...lines, '', style.bold('Tables that differ'), ...shown].join('\n');
}

export function changeJson(design: LabDesign, { failed, convergence, verdict }: Change): object {
  const nameOf = namesIn(design);
  return {
    bothways: manifest.version,
    failed,
    convergence: {
      seconds: convergence.settled / 1000,
      differences: convergence.differences.map((each) => ({ ...each, device: nameOf(each.device) })),
    },
    ...(verdict === undefined ? {} : { verified: verdictJson(design, { verdict, times: undefined }) }),
  };
}

export function renderSweep(
  design: LabDesign,
  { healthy, failures }: LabSweep,
  seconds: number,
  { style, invocation }: Terminal,
): string {
  const nameOf = namesIn(design);
  const healthyDifferences = differencesOf(healthy);
  const wrong = failures.filter((failure) => differencesIn(failure) > 0);
  const trips = failures.reduce((sum, { verdict }) => sum + verdict.packets.compared, healthy.packets.compared);
  const what = `${plural(failures.length, 'failure')} on ${daemonNames[design.daemon]}, one after the other`;
  const isRight = wrong.length === 0 && healthyDifferences === 0;
  const lines = [
    isRight
      ? style.green(style.bold(`${what}: predicted and observed agree in every one.`))
      : style.red(style.bold(`${what}: predicted and observed differ in ${wrong.length}.`)),
    `  ${trips.toLocaleString('en')} round trips sent, ${seconds.toFixed(0)} s; before the first failure ${soMany(healthyDifferences)}`,
    '',
    ...table([
      ['Failed', 'Settled', 'Tables', 'Round trips', 'Lost', 'Back again'],
      ...failures.map(({ element, convergence, verdict, lost, back }) => [
        element.id,
        timeText(convergence),
        differencesText(verdict.tables.length),
        `${verdict.packets.compared}, ${differencesText(verdict.packets.differences.length)}`,
        String(lost),
        `${timeText(back)}${back.differences.length === 0 ? '' : `, ${differencesText(back.differences.length)}`}`,
      ]),
    ]),
    '',
    'Settled and back again: seconds until the tables of all routers were as predicted, measured here. Links that go down',
    'are seen at once in the lab, and the IGP and BFD are played by it: on a real network detection comes on top.',
  ];
  for (const failure of wrong) {
    lines.push('', style.bold(failure.element.id), ...differenceLines(failure, nameOf));
  }
  if (!isRight) lines.push('', `All of them: ${invocation} lab sweep … --json`);
  return lines.join('\n');
}

function differenceLines({ verdict, back }: SweptFailure, nameOf: (device: number) => string): readonly string[] {
  return [
    ...verdict.tables.slice(0, MOST_SHOWN).map((each) => `  ${named(formatDifference(each), nameOf)}`),
    ...verdict.packets.differences.slice(0, MOST_SHOWN).map(({ text }) => `  ${named(text, nameOf)}`),
    ...back.differences.slice(0, MOST_SHOWN).map((each) => `  back again: ${named(formatDifference(each), nameOf)}`),
  ];
}

export function sweepJson(design: LabDesign, { healthy, failures }: LabSweep, seconds: number): object {
  const nameOf = namesIn(design);
  const withNames = ({ settled, differences }: Convergence): object => ({
    seconds: settled / 1000,
    differences: differences.map((each) => ({ ...each, device: nameOf(each.device) })),
  });
  return {
    bothways: manifest.version,
    agrees: differencesOf(healthy) === 0 && failures.every((failure) => differencesIn(failure) === 0),
    daemon: design.daemon,
    nodes: design.routers.nodes.length,
    memory: healthy.memory,
    seconds,
    healthy: verdictJson(design, { verdict: healthy, times: undefined }),
    failures: failures.map(({ element, convergence, verdict, lost, back }) => ({
      element: element.id,
      kinds: element.kinds,
      settled: withNames(convergence),
      tables: verdict.tables.map((each) => ({ ...each, device: nameOf(each.device) })),
      roundTrips: {
        compared: verdict.packets.compared,
        lost,
        notCompared: [...verdict.packets.incomparable].map(([reason, count]) => ({ reason, count })),
        differences: verdict.packets.differences.map(({ text }) => text),
      },
      drops: verdict.drops.map(({ device, reason, packets }) => ({ device: nameOf(device), reason, packets })),
      backAgain: withNames(back),
    })),
  };
}

function settledText({ settled, differences }: Convergence): string {
  const seconds = (settled / 1000).toFixed(1);
  return differences.length === 0 ? `settled after ${seconds} s` : `as they stayed after ${seconds} s`;
}

function timeText({ settled }: Convergence): string {
  return `${(settled / 1000).toFixed(1)} s`;
}

function differencesText(count: number): string {
  return count === 0 ? 'as predicted' : `${count} differ`;
}
