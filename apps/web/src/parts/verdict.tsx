/** A verdict as an icon and as a word; a colour alone says nothing. */
import { BrokenIcon, HoldsIcon, NoteIcon, UnknownIcon, WarningIcon } from '../shell/icons.ts';

export type VerdictName = 'holds' | 'broken' | 'unknown';

const verdictWords: Readonly<Record<VerdictName, string>> = {
  holds: 'works',
  broken: 'broken',
  unknown: 'not known',
};

export function VerdictIcon({ verdict }: { readonly verdict: VerdictName }) {
  const Icon = { holds: HoldsIcon, broken: BrokenIcon, unknown: UnknownIcon }[verdict];
  return <Icon className={`icon ${verdict}`} aria-hidden="true" />;
}

export function VerdictTag({ verdict }: { readonly verdict: VerdictName }) {
  return (
    <span className={`tag ${verdict}`}>
      <VerdictIcon verdict={verdict} />
      {verdictWords[verdict]}
    </span>
  );
}

export function SeverityTag({ severity }: { readonly severity: 'error' | 'warning' | 'note' }) {
  const Icon = { error: BrokenIcon, warning: WarningIcon, note: NoteIcon }[severity];
  return (
    <span className={`tag ${severity}`}>
      <Icon className={`icon ${severity}`} aria-hidden="true" />
      {severity}
    </span>
  );
}
