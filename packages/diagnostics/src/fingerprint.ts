/**
 * Which findings of two runs are the same: by rule and by what they are about, not by line. Edits elsewhere in the
 * document, and further sites that suffer from the same cause, change neither.
 */
import type { Finding } from './finding.ts';
import { stableHash } from './stable-hash.ts';

export interface Fingerprinted {
  readonly finding: Finding;
  /** 16 hexadecimal digits, different for every finding of one run. */
  readonly fingerprint: string;
}

/** In the order given. Findings of one rule about one thing are told apart by the order of their messages. */
export function fingerprints(findings: readonly Finding[]): readonly Fingerprinted[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(identityOf(finding)) ?? [];
    group.push(finding);
    groups.set(identityOf(finding), group);
  }
  const known = new Map<Finding, string>();
  for (const [identity, group] of groups) {
    const sorted = group.toSorted((a, b) => compareText(plainMessage(a.message), plainMessage(b.message)));
    for (const [position, finding] of sorted.entries()) known.set(finding, stableHash(`${identity}\n${position}`));
  }
  return findings.map((finding) => ({ finding, fingerprint: known.get(finding) ?? '' }));
}

/** Rule and subject; a finding without a subject is told by its message. */
export function identityOf({ rule, subject, message }: Pick<Finding, 'rule' | 'subject' | 'message'>): string {
  return `${rule}\n${subject === undefined || subject === '' ? plainMessage(message) : subject}`;
}

/** The message without what moves: line numbers, and counts in brackets. */
function plainMessage(message: string): string {
  return message.replaceAll(/\bline \d+|:\d+(?::\d+)?(?=\s|\)|$)/g, 'line').replaceAll(/\([^()]*\d[^()]*\)/g, '()');
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
