/**
 * A baseline: the findings of an earlier run, kept in a file, so that a later run shows only what came since. Reading is
 * strict: a file that is not a baseline is refused with the reason, never half believed.
 */
import { type Parsed, parsed, problem } from '@bothways/net';
import type { Finding, Severity } from './finding.ts';
import { fingerprints, identityOf } from './fingerprint.ts';
import { redact } from './printable.ts';

export interface BaselineEntry {
  readonly rule: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fingerprint: string;
}

export interface Baseline {
  readonly findings: readonly BaselineEntry[];
}

export interface Since {
  /** Not in the baseline, or there with a milder severity. */
  readonly added: readonly Finding[];
  readonly known: readonly Finding[];
  /** In the baseline and not found any more. */
  readonly gone: readonly BaselineEntry[];
}

const schema = 'urn:bothways:baseline:1';
const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** The value to write; keys in a fixed order, entries in the order of the findings, so that versions of it compare well. */
export function baselineJson(findings: readonly Finding[], version: string, secrets: readonly string[] = []): object {
  return {
    schema,
    bothways: version,
    findings: fingerprints(findings).map(({ finding, fingerprint }) => ({
      rule: finding.rule,
      subject: redact(finding.subject ?? '', secrets),
      severity: finding.severity,
      message: redact(finding.message, secrets),
      fingerprint,
    })),
  };
}

export function readBaseline(text: string): Parsed<Baseline> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return problem('it is not JSON');
  }
  const whole = record(value);
  if (whole === undefined || whole['schema'] !== schema) {
    return problem(`it is no baseline: the key schema is not ${schema}`);
  }
  const { findings } = whole;
  if (!Array.isArray(findings)) return problem('the key findings is no list');
  const entries: BaselineEntry[] = [];
  for (const [position, each] of findings.entries()) {
    const entry = entryOf(each);
    if (entry === undefined) return problem(`finding ${position + 1} has not the form of a baseline`);
    entries.push(entry);
  }
  return parsed({ findings: entries });
}

function entryOf(value: unknown): BaselineEntry | undefined {
  const entry = record(value) ?? {};
  const { rule, subject, message, fingerprint } = entry;
  const severity = severities.find((each) => each === entry['severity']);
  if (severity === undefined || typeof rule !== 'string' || typeof subject !== 'string') return undefined;
  if (typeof message !== 'string' || typeof fingerprint !== 'string') return undefined;
  return { rule, subject, severity, message, fingerprint };
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/**
 * What came and what went. Of several findings of one rule about one thing, equal messages are matched first, then the
 * rest in order; one that has become more severe is new.
 */
export function since(findings: readonly Finding[], baseline: Baseline): Since {
  const open = new Map<string, BaselineEntry[]>();
  for (const entry of baseline.findings) {
    const held = open.get(identityOf(entry)) ?? [];
    held.push(entry);
    open.set(identityOf(entry), held);
  }
  const known = new Set<Finding>();
  const match = (finding: Finding, fits: (entry: BaselineEntry) => boolean): void => {
    const held = open.get(identityOf(finding)) ?? [];
    const at = held.findIndex((entry) => rank(entry.severity) <= rank(finding.severity) && fits(entry));
    if (known.has(finding) || at < 0) return;
    known.add(finding);
    held.splice(at, 1);
  };
  for (const finding of findings) match(finding, ({ message }) => message === finding.message);
  for (const finding of findings) match(finding, () => true);
  const left = new Set([...open.values()].flat());
  return {
    added: findings.filter((each) => !known.has(each)),
    known: findings.filter((each) => known.has(each)),
    gone: baseline.findings.filter((entry) => left.has(entry)),
  };
}

function rank(severity: Severity): number {
  return severities.indexOf(severity);
}
