/** What a rule looks for. */
import { Button } from '@fluentui/react-components';
import { FactLinks, WithFacts } from '../parts/links.tsx';
import { CloseIcon } from '../shell/icons.ts';
import { goTo, useAnswer } from '../state/hooks.ts';

export function RulePanel({ name }: { readonly name: string }) {
  const rule = useAnswer('rule', { name });
  if (rule === undefined) return null;
  return (
    <section className="card" aria-label={`Rule ${name}`}>
      <div className="details-head">
        <h2>
          {rule.title} <code>{name}</code>
        </h2>
        <Button
          appearance="subtle"
          size="small"
          icon={<CloseIcon />}
          aria-label="Close the rule"
          onClick={() => goTo('findings')}
        />
      </div>
      {[rule.what, rule.why, rule.fix].map((text) => (
        <p key={text}>
          <WithFacts text={text} />
        </p>
      ))}
      <p className="ids">
        <FactLinks ids={rule.ids} />
      </p>
    </section>
  );
}
