/** The checklist before the change: what is ready, what shows it, what is missing. */

import type { ReadinessView } from '@bothways/twin';
import { Checkbox } from '@fluentui/react-components';
import { useState } from 'react';
import { FactLinks, WithFacts } from '../parts/links.tsx';
import { VerdictIcon, type VerdictName } from '../parts/verdict.tsx';
import { useAnswer } from '../state/hooks.ts';

type State = ReadinessView['items'][number]['state'];

const words: Readonly<Record<State, string>> = {
  ready: 'ready',
  'not-ready': 'not ready',
  unknown: 'not known',
  'not-applicable': 'does not apply',
};
const icons: Readonly<Record<State, VerdictName>> = {
  ready: 'holds',
  'not-ready': 'broken',
  unknown: 'unknown',
  'not-applicable': 'unknown',
};

export default function Readiness() {
  const answer = useAnswer('readiness', {});
  const [hidden, setHidden] = useState<ReadonlySet<State>>(new Set(['not-applicable']));
  if (answer === undefined) return <p className="quiet pad">Going through the checklist …</p>;
  const { score, items } = answer;
  const counts: Readonly<Record<State, number>> = {
    ready: score.ready,
    'not-ready': score.notReady,
    unknown: score.unknown,
    'not-applicable': score.notApplicable,
  };
  const states: readonly State[] = ['ready', 'not-ready', 'unknown', 'not-applicable'];
  return (
    <div className="page">
      <div className="bar">
        <h1>Readiness</h1>
        {states.map((state) => (
          <Checkbox
            key={state}
            label={`${words[state]} (${counts[state]})`}
            checked={!hidden.has(state)}
            onChange={(_, { checked }) =>
              setHidden(
                checked === true ? new Set([...hidden].filter((each) => each !== state)) : new Set([...hidden, state]),
              )
            }
          />
        ))}
      </div>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">Item</th>
            <th scope="col">State</th>
            <th scope="col">What shows it</th>
            <th scope="col">To do</th>
            <th scope="col">Facts and rules</th>
          </tr>
        </thead>
        <tbody>
          {items
            .filter(({ state }) => !hidden.has(state))
            .map(({ id, statement, original, state, evidence, todo, facts, rules }) => (
              <tr key={id}>
                <th scope="row" className="wide-cell">
                  <a className="fact" href={`#/facts?id=${encodeURIComponent(id)}`}>
                    {id}
                  </a>
                  {original ? <span className="quiet">Microsoft's own list</span> : null}
                  <br />
                  <span className="plain-weight">{statement}</span>
                </th>
                <td>
                  <span className="tag">
                    <VerdictIcon verdict={icons[state]} />
                    {words[state]}
                  </span>
                </td>
                <td className="wide-cell">
                  {evidence.slice(0, 4).map((text) => (
                    <div key={text}>
                      <WithFacts text={text} />
                    </div>
                  ))}
                  {evidence.length > 4 ? <span className="quiet">and {evidence.length - 4} more</span> : null}
                </td>
                <td className="wide-cell">{todo === undefined ? '' : <WithFacts text={todo} />}</td>
                <td>
                  <FactLinks ids={facts} />
                  {rules.map((rule) => (
                    <a key={rule} className="fact" href={`#/findings?rule=${encodeURIComponent(rule)}`}>
                      {rule}
                    </a>
                  ))}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
