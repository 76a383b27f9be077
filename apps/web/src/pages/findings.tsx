/** What is wrong, where, how we know, and the change that mends it, applied with one click. */

import type { FindingView } from '@bothways/twin';
import { Button, Checkbox } from '@fluentui/react-components';
import { useState } from 'react';
import { Diff } from '../parts/diff.tsx';
import { FactLinks, PlaceLink, WithFacts } from '../parts/links.tsx';
import { SeverityTag } from '../parts/verdict.tsx';
import { useRoute, useShown, useStore } from '../state/hooks.ts';
import { today } from '../state/store.ts';
import { RulePanel } from './rule-panel.tsx';

const severities = ['error', 'warning', 'note'] as const;

export default function Findings() {
  const store = useStore();
  const { query } = useRoute();
  const opened = useShown((state) => state.opened);
  const judgement = useShown((state) => state.judgement);
  const files = useShown((state) => state.files);
  const editable = useShown((state) => state.estate?.writable === true && state.session?.user.role !== 'viewer');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const rule = query.get('rule');
  const findings = judgement?.findings ?? opened?.findings ?? [];
  const shown = findings.filter(({ severity }) => !hidden.has(severity));
  const fixable = findings.filter(({ fixes }) => fixes.some(({ safe }) => safe)).length;

  const apply = async (finding: FindingView, fix: number): Promise<void> => {
    const { fingerprint } = finding;
    const title = finding.fixes[fix]?.title ?? finding.rule;
    const after = fingerprint === undefined ? undefined : await store.engine.ask('fix', { files, fingerprint, fix });
    if (after === undefined) {
      store.say('The text has changed meanwhile; look at the finding again');
      return;
    }
    store.change(after, `fix: ${title}`);
    store.say('Fix applied; Ctrl+Z takes it back');
  };
  const applyAll = async (): Promise<void> => {
    const { files: after, applied } = await store.engine.ask('fixAll', { files, today: today() });
    store.change(after, `${applied} safe fixes`);
    store.say(`${applied} fixes applied; Ctrl+Z takes them back`);
  };

  return (
    <div className="page">
      <div className="bar">
        <h1>Findings</h1>
        {severities.map((severity) => (
          <Checkbox
            key={severity}
            label={`${severity}s (${findings.filter((each) => each.severity === severity).length})`}
            checked={!hidden.has(severity)}
            onChange={(_, { checked }) => {
              const next = new Set(hidden);
              if (checked === true) next.delete(severity);
              else next.add(severity);
              setHidden(next);
            }}
          />
        ))}
        <span className="grow" />
        {fixable > 1 && editable ? (
          <Button appearance="primary" onClick={() => void applyAll()}>
            Apply every safe fix
          </Button>
        ) : null}
      </div>
      {rule === null ? null : <RulePanel name={rule} />}
      {judgement === undefined && opened?.usable === true ? (
        <p className="quiet">The rules are still looking …</p>
      ) : null}
      {judgement !== undefined && findings.length === 0 ? (
        <p>Nothing. {judgement.rules} rules looked at the document, the tables and every round trip.</p>
      ) : null}
      {shown.map((finding) => (
        <Finding
          key={`${finding.fingerprint ?? ''} ${finding.message}`}
          finding={finding}
          onApply={editable ? (fix) => void apply(finding, fix) : undefined}
        />
      ))}
      <Unknowns />
    </div>
  );
}

function Finding({
  finding,
  onApply,
}: {
  readonly finding: FindingView;
  readonly onApply: ((fix: number) => void) | undefined;
}) {
  const { rule, severity, message, why, help, ids, place, related, evidence, fixes, diffs } = finding;
  return (
    <article className="card finding" aria-label={`${severity}: ${message}`}>
      <div className="finding-head">
        <SeverityTag severity={severity} />
        <PlaceLink place={place} />
        <span className="grow" />
        {rule.includes('/') ? (
          <code>{rule}</code>
        ) : (
          <a href={`#/findings?rule=${encodeURIComponent(rule)}`}>
            <code>{rule}</code>
          </a>
        )}
      </div>
      <h2>{message}</h2>
      {why === undefined ? null : (
        <p>
          <WithFacts text={why} />
        </p>
      )}
      {help === undefined ? null : (
        <p>
          <strong>To do:</strong> <WithFacts text={help} />
        </p>
      )}
      {related.map((each) => (
        <p key={`${each.message} ${each.place.line}`} className="quiet">
          {each.message} <PlaceLink place={each.place} />
        </p>
      ))}
      {evidence.map(({ title, lines }) => (
        <details key={title}>
          <summary>{title}</summary>
          <pre className="evidence" tabIndex={0} aria-label={title}>
            {lines.join('\n')}
          </pre>
        </details>
      ))}
      {fixes.map(({ title, safe }, at) => (
        <div key={title} className="fix">
          <Diff text={diffs[at] ?? ''} />
          <div className="buttons">
            {onApply === undefined ? null : (
              <Button appearance={at === 0 && safe ? 'primary' : 'secondary'} onClick={() => onApply(at)}>
                Apply: {title}
              </Button>
            )}
            <span className="quiet">
              {safe ? 'safe to apply' : 'needs a decision: it changes what the document says'}
            </span>
          </div>
        </div>
      ))}
      {ids.length === 0 ? null : (
        <p className="ids">
          <FactLinks ids={ids} />
        </p>
      )}
    </article>
  );
}

function Unknowns() {
  const judgement = useShown((state) => state.judgement);
  if (judgement === undefined) return null;
  return (
    <>
      {judgement.accepted.length === 0 ? null : (
        <section className="card">
          <h2>Taken on by the document</h2>
          <ul>
            {judgement.accepted.map(({ name, because, message }) => (
              <li key={`${name} ${message}`}>
                {message}{' '}
                <span className="quiet">
                  ({name}: {because})
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {judgement.unknown.length === 0 ? null : (
        <details className="card">
          <summary>{judgement.unknown.length} questions that the document does not answer</summary>
          <ul>
            {judgement.unknown.map(({ rule, input, message, place }) => (
              <li key={`${rule} ${input} ${message}`}>
                {message} <span className="quiet">missing: {input}</span> <PlaceLink place={place} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
