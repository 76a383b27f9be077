/** The estates of the scenarios and the example, with what is expected of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, type Finding } from '@bothways/diagnostics';
import { type Opened, openEstate } from '../src/estate-view.ts';
import { type Checked, checkEstate } from '../src/index.ts';
import type { ExpectedQuality } from './expected-quality.ts';
import type { ExpectedTrips } from './expected-trips.ts';
import { runsNameScripts } from './script-runner.ts';

const root = join(import.meta.dirname, '../../..');

interface SummarisedTrip {
  readonly forward: string;
  /** Absent: nothing comes back. */
  readonly return?: string;
  readonly outcome: string;
  readonly droppedAt?: string;
}

export interface Expected {
  readonly exit: number;
  readonly verdict: string;
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly line: number }[];
  readonly roundTrips: Readonly<Record<string, SummarisedTrip>>;
}

/** Parts of an expectation, in the order in which `decided` names them. */
export const PARTS = ['exit', 'verdict', 'findings', 'roundTrips', 'readiness'] as const;

/**
 * What a scenario must come to: `expected/check.json`.
 *
 * Keys of `roundTrips` are ids; a star at the end stands for any rest, 'PP-F26/hq/*#2' for the second part of any
 * such target. The first entry that fits a round trip decides it.
 */
export interface Expectation extends Omit<Expected, 'roundTrips'> {
  readonly loads: true;
  /** Names of the compiled network that the figure shows; others may be there too. */
  readonly compiles: {
    readonly devices: readonly string[];
    readonly links: readonly string[];
    readonly sessions: readonly string[];
  };
  readonly decided: readonly (typeof PARTS)[number][];
  readonly roundTrips: ExpectedTrips;
  /** State of items of the readiness checklist. */
  readonly readiness?: Readonly<Record<string, string>>;
}

/** 'examples/contoso', 'scenarios/PP-S03-branch-over-wan': every folder that has an estate. */
export function shippedFolders(): readonly string[] {
  return ['examples', 'scenarios'].flatMap((kind) =>
    readdirSync(join(root, kind), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(root, kind, entry.name, 'estate.yaml')))
      .map((entry) => `${kind}/${entry.name}`)
      .sort(),
  );
}

export function fileOf(folder: string, name: string): string {
  return readFileSync(join(root, folder, name), 'utf8');
}

export function hasFile(folder: string, name: string): boolean {
  return existsSync(join(root, folder, name));
}

/** Of a folder whose every part is decided and written without stars. */
export function expectedOf(folder: string): Expected {
  // The test compares every value, so a wrong shape cannot pass.
  const { exit, verdict, findings, roundTrips }: Expected = JSON.parse(fileOf(folder, 'expected/check.json'));
  return { exit, verdict, findings, roundTrips };
}

export function expectationOf(folder: string): Expectation {
  const expectation: Expectation = JSON.parse(fileOf(folder, 'expected/check.json'));
  return expectation;
}

/** States of items of the checklist, whether findings or the quality of paths decide them. */
export function readinessOf(folder: string): Readonly<Record<string, string>> {
  const quality = hasFile(folder, 'expected/quality.json') ? qualityOf(folder).readiness : {};
  return { ...expectationOf(folder).readiness, ...quality };
}

/** What must come out when something fails: round trips by failed elements. */
export function sweepOf(folder: string): Readonly<Record<string, ExpectedTrips>> {
  if (!hasFile(folder, 'expected/sweep.json')) return {};
  const expectation: Readonly<Record<string, ExpectedTrips>> = JSON.parse(fileOf(folder, 'expected/sweep.json'));
  return expectation;
}

/** How good paths must be and what they must carry. */
export function qualityOf(folder: string): ExpectedQuality {
  const expectation: ExpectedQuality = JSON.parse(fileOf(folder, 'expected/quality.json'));
  return expectation;
}

export function openedText(text: string): Opened {
  return openEstate([{ name: 'estate.yaml', text }], { evaluatePac: runsNameScripts });
}

const checkedTexts = new Map<string, Checked>();

/** The check of a document; the same text is checked once. */
export function checkedText(text: string): Checked {
  const held = checkedTexts.get(text);
  if (held !== undefined) return held;
  const checked = checkEstate([{ name: 'estate.yaml', text }], { evaluatePac: runsNameScripts });
  checkedTexts.set(text, checked);
  return checked;
}

/** What a check says in the form of an expectation; the exit code is that of the command without options. */
export function summaryOf(checked: Checked): Expected {
  const trips = (checked.report?.roundTrips ?? []).map((trip): readonly [string, SummarisedTrip] => [
    trip.id,
    {
      forward: trip.forward.via,
      ...(trip.return === undefined ? {} : { return: trip.return.via }),
      outcome: trip.outcome,
      ...(trip.droppedAt === undefined ? {} : { droppedAt: trip.droppedAt.device }),
    },
  ]);
  return {
    exit: checked.findings.some((each) => each.severity === 'error') ? 1 : 0,
    verdict: checked.report?.verdict ?? 'none',
    findings: checked.findings.map(({ rule, severity, place }) => ({ rule, severity, line: place?.line ?? 0 })),
    roundTrips: Object.fromEntries(trips),
  };
}

/** The text after the first fix of a finding. */
export function withFirstFix(text: string, finding: Finding): string {
  const [fix] = finding.fixes;
  if (fix === undefined) throw new Error(`${finding.rule} offers no fix`);
  const edited = applyEdits(text, fix.edits);
  if (!edited.ok) throw new Error(edited.problem);
  return edited.value;
}
