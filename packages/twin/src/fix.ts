/**
 * Applying the safe fixes of a check until nothing changes. Every change is checked again before it is kept: a fix after
 * which there are more errors, or more broken round trips, is left out and named. The number of rounds is bounded, and a
 * text that was there before is never gone back to.
 *
 * A document that could not be used at all may show errors of its network once it can: those were there before, only
 * nobody could see them. They do not count against the fix that brought them to light.
 */
import { applyEdits, type Edit, type Finding, type Fix, type Position } from '@bothways/diagnostics';
import { type Checked, type CheckOptions, checkEstate } from './check.ts';
import type { InputFile } from './estate-view.ts';

export interface AppliedFix {
  readonly rule: string;
  readonly title: string;
  /** Place in the text as it was when the fix was applied. */
  readonly file: string;
  readonly line: number;
}

export interface DeclinedFix extends AppliedFix {
  readonly because: string;
}

export interface Fixed {
  readonly before: Checked;
  readonly after: Checked;
  /** All files of the estate as they are after the fixes. */
  readonly files: readonly InputFile[];
  /** Names of those that changed. */
  readonly changed: readonly string[];
  readonly applied: readonly AppliedFix[];
  readonly declined: readonly DeclinedFix[];
}

/** Far above any document that people write: each round keeps at least one fix. */
const mostRounds = 200;

interface Candidate {
  readonly finding: Finding;
  readonly fix: Fix;
}

interface State {
  readonly files: readonly InputFile[];
  readonly checked: Checked;
}

/** Pure: says what the files become, and writes nothing. */
export function fixEstate(files: readonly InputFile[], options: CheckOptions = {}): Fixed {
  const before = checkEstate(files, options);
  const seen = new Set<string>([keyOf(files)]);
  const applied: AppliedFix[] = [];
  let state: State = { files, checked: before };
  let declined = new Map<string, DeclinedFix>();
  for (let round = 0; round < mostRounds; round += 1) {
    const open = candidatesOf(state.checked).filter((each) => !declined.has(candidateKey(each)));
    if (open.length === 0) break;
    const together = compatible(open);
    const taken = tryFixes(state, together, seen, options) ?? firstThatHelps(state, open, seen, options, declined);
    if (taken === undefined) continue;
    state = taken.state;
    seen.add(keyOf(state.files));
    applied.push(...taken.fixes.map(nameOf));
    // What did harm before may do good now.
    declined = new Map();
  }
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  return {
    before,
    after: state.checked,
    files: state.files,
    changed: state.files.filter(({ name, text }) => texts.get(name) !== text).map(({ name }) => name),
    applied,
    declined: [...declined.values()],
  };
}

/** The first fix of every finding that has a safe one, in the order of the findings. */
function candidatesOf({ findings }: Checked): readonly Candidate[] {
  return findings.flatMap((finding) => {
    const fix = finding.fixes.find((each) => each.safe && each.edits.length > 0);
    return fix === undefined ? [] : [{ finding, fix }];
  });
}

function candidateKey({ finding, fix }: Candidate): string {
  return JSON.stringify([finding.rule, fix.title, fix.edits]);
}

function nameOf({ finding, fix }: Candidate): AppliedFix {
  const [edit] = fix.edits;
  return {
    rule: finding.rule,
    title: fix.title,
    file: edit?.file ?? finding.place?.file ?? '',
    line: edit?.start.line ?? finding.place?.line ?? 0,
  };
}

function keyOf(files: readonly InputFile[]): string {
  return JSON.stringify(files.map(({ text }) => text));
}

/** As many as can be applied at once: edits that touch each other wait for the next round. */
function compatible(open: readonly Candidate[]): readonly Candidate[] {
  const taken = new Map<string, Edit[]>();
  return open.filter(({ fix }) => {
    const free = fix.edits.every((edit) => !(taken.get(edit.file) ?? []).some((other) => conflict(edit, other)));
    if (free) for (const edit of fix.edits) taken.set(edit.file, [...(taken.get(edit.file) ?? []), edit]);
    return free;
  });
}

function conflict(a: Edit, b: Edit): boolean {
  const sameSpan = comparePositions(a.start, b.start) === 0 && comparePositions(a.end, b.end) === 0;
  return sameSpan || (comparePositions(a.start, b.end) < 0 && comparePositions(b.start, a.end) < 0);
}

function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

function textsAfter(files: readonly InputFile[], fixes: readonly Candidate[]): readonly InputFile[] | undefined {
  const byFile = new Map<string, Edit[]>();
  for (const edit of fixes.flatMap(({ fix }) => fix.edits)) {
    byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  }
  if ([...byFile.keys()].some((name) => !files.some((file) => file.name === name))) return undefined;
  const result: InputFile[] = [];
  for (const file of files) {
    const after = applyEdits(file.text, byFile.get(file.name) ?? []);
    if (!after.ok) return undefined;
    result.push({ name: file.name, text: after.value });
  }
  return result;
}

interface Taken {
  readonly state: State;
  readonly fixes: readonly Candidate[];
}

/** Undefined when the fixes cannot be applied, change nothing, or make it worse. */
function tryFixes(
  state: State,
  fixes: readonly Candidate[],
  seen: ReadonlySet<string>,
  options: CheckOptions,
): Taken | undefined {
  const files = textsAfter(state.files, fixes);
  if (files === undefined || seen.has(keyOf(files))) return undefined;
  const checked = checkEstate(files, options);
  return isWorse(state.checked, checked) === undefined ? { state: { files, checked }, fixes } : undefined;
}

function firstThatHelps(
  state: State,
  open: readonly Candidate[],
  seen: ReadonlySet<string>,
  options: CheckOptions,
  declined: Map<string, DeclinedFix>,
): Taken | undefined {
  for (const each of open) {
    const files = textsAfter(state.files, [each]);
    let because = 'its edits do not fit the text';
    if (files !== undefined && seen.has(keyOf(files))) because = 'it changes nothing, or undoes another fix';
    else if (files !== undefined) {
      const checked = checkEstate(files, options);
      const worse = isWorse(state.checked, checked);
      if (worse === undefined) return { state: { files, checked }, fixes: [each] };
      because = worse;
    }
    declined.set(candidateKey(each), { ...nameOf(each), because });
  }
  return undefined;
}

/** Why the second is worse than the first; undefined when it is not. */
function isWorse(before: Checked, after: Checked): string | undefined {
  if (before.usable !== after.usable) return after.usable ? undefined : 'the document could not be used after it';
  const errors = ({ findings }: Checked): number => findings.filter(({ severity }) => severity === 'error').length;
  const broken = ({ report }: Checked): number => report?.summary.broken ?? 0;
  if (errors(after) > errors(before)) return `there would be ${errors(after)} errors instead of ${errors(before)}`;
  if (broken(after) > broken(before)) {
    return `${broken(after)} round trips would be broken instead of ${broken(before)}`;
  }
  return undefined;
}
