/** Every intent against every failure: a heat map whose cells say what they mean. */

import type { MatrixColumn, MatrixView } from '@bothways/twin';
import { Button, ProgressBar } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { Superseded } from '../engine/engine.ts';
import { goTo, useShown, useStore } from '../state/hooks.ts';

const AT_ONCE = 12;
/** Before somebody asks for the rest: a table of thousands of rows helps nobody. */
const FIRST = 240;
const MOST_QUESTIONS = 12;

export function Matrix() {
  const store = useStore();
  const edition = useShown((state) => state.edition);
  const usable = useShown((state) => state.opened?.usable);
  const [matrix, setMatrix] = useState<MatrixView>();
  const [limit, setLimit] = useState(FIRST);
  useEffect(() => {
    if (edition === 0) return undefined;
    const page = { wanted: true };
    const sweep = async (): Promise<void> => {
      const columns: MatrixColumn[] = [];
      for (let from = 0; page.wanted; from += AT_ONCE) {
        const part = await store.engine.ask('matrix', { from, to: Math.min(limit, from + AT_ONCE) });
        if (part === undefined || !page.wanted) return;
        columns.push(...part.columns);
        setMatrix({ ...part, columns: [...columns] });
        if (part.columns.length === 0 || columns.length >= Math.min(limit, part.of)) return;
      }
    };
    sweep().catch((error: unknown) => {
      if (!(error instanceof Superseded)) throw error;
    });
    return () => {
      page.wanted = false;
    };
  }, [store, edition, limit]);
  if (usable === false) return <p className="pad">The document has errors; there is nothing to sweep yet.</p>;
  if (matrix === undefined) return <p className="quiet pad">Failing one element after the other …</p>;
  const intents = matrix.questions.filter(({ kind }) => kind === 'intent');
  const rows = (intents.length > 0 ? intents : matrix.questions).slice(0, MOST_QUESTIONS);
  const positions = rows.map(({ id }) => matrix.questions.findIndex((each) => each.id === id));
  const goal = Math.min(limit, matrix.of);
  return (
    <div className="page">
      <p>
        One row for each element that can fail, one column for each {intents.length > 0 ? 'intent' : 'demand and place'}
        . Choose a row to see it in the network.
      </p>
      {matrix.columns.length < goal ? (
        <ProgressBar value={matrix.columns.length / goal} aria-label={`${matrix.columns.length} of ${goal} failures`} />
      ) : null}
      <div className="matrix-scroll" tabIndex={0} role="region" aria-label="Failure matrix">
        <table className="grid matrix">
          <thead>
            <tr>
              <th scope="col">Fails</th>
              {rows.map(({ id, kind, name }) => (
                <th key={id} scope="col">
                  <span className="quiet">{kind}</span> {name}
                </th>
              ))}
              <th scope="col">Lost</th>
              <th scope="col">Moved</th>
              <th scope="col">Too small</th>
            </tr>
          </thead>
          <tbody>
            {matrix.columns.map(({ element, kind, name, answers, lost, moved, overloads }) => (
              <tr key={element}>
                <th scope="row">
                  <button
                    type="button"
                    className="link"
                    onClick={() => {
                      store.fail([element]);
                      goTo('what-if', { view: 'pull' });
                    }}
                  >
                    {name}
                  </button>{' '}
                  <span className="quiet">{kind.replaceAll('-', ' ')}</span>
                </th>
                {positions.map((position, at) => {
                  const verdict = answers[position] ?? 'unknown';
                  return (
                    <td
                      key={rows[at]?.id}
                      className={`cell ${verdict}${verdict !== 'holds' && rows[at]?.before === verdict ? ' before' : ''}`}
                    >
                      {verdict === 'broken' && rows[at]?.before === 'broken' ? 'broken anyway' : cellWords[verdict]}
                    </td>
                  );
                })}
                <td>{lost === 0 ? '' : lost}</td>
                <td>{moved - lost <= 0 ? '' : moved - lost}</td>
                <td>{overloads === 0 ? '' : overloads}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {matrix.of > limit ? (
        <div className="buttons">
          <Button onClick={() => setLimit(limit * 4)}>
            {(matrix.of - limit).toLocaleString('en-GB')} more elements can fail: go on
          </Button>
        </div>
      ) : null}
    </div>
  );
}

const cellWords = { holds: 'holds', broken: '✕ breaks', unknown: '? not known' } as const;
