/** Who changed what and when; every revision can be looked at and restored. */

import type { InputFile } from '@bothways/twin';
import { Button } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { Diff } from '../parts/diff.tsx';
import { api, type RevisionLine } from '../state/api.ts';
import { useShown, useStore } from '../state/hooks.ts';
import { whenAnswered } from '../state/late.ts';

export default function History() {
  const store = useStore();
  const estate = useShown((state) => state.estate);
  const current = useShown((state) => state.base?.revision);
  const files = useShown((state) => state.files);
  const editable = useShown((state) => state.estate?.writable === true && state.session?.user.role !== 'viewer');
  const [revisions, setRevisions] = useState<readonly RevisionLine[]>();
  const [problem, setProblem] = useState<string>();
  const [looked, setLooked] = useState<{ readonly revision: number; readonly diff: string }>();
  const id = estate?.figure === undefined ? estate?.id : undefined;
  useEffect(() => {
    if (id === undefined) return undefined;
    return whenAnswered(api.history(id), setRevisions, (error) =>
      setProblem(error instanceof Error ? error.message : String(error)),
    );
  }, [id, current]);
  if (id === undefined) {
    return (
      <div className="page">
        <h1>History</h1>
        <p>A figure of the gallery has no history; with the first change it becomes a copy of your own.</p>
      </div>
    );
  }
  const look = async (revision: number): Promise<void> => {
    const before = await api.filesAt(id, revision);
    const diff = await store.engine.ask('diff', { before: before.files, after: onlyTexts(files) });
    setLooked({ revision, diff });
  };
  const restore = async (revision: number): Promise<void> => {
    await api.restore(id, revision);
    await store.openEstate(id);
    store.say(`Restored what was saved as revision ${revision}`);
  };
  return (
    <div className="page">
      <div className="bar">
        <h1>History</h1>
        <span className="quiet">of {estate?.name}; nothing is ever taken out of it</span>
      </div>
      {problem === undefined ? null : <p role="alert">{problem}</p>}
      {looked === undefined ? null : (
        <section className="card" aria-label={`Since revision ${looked.revision}`}>
          <h2>What changed since revision {looked.revision}</h2>
          {looked.diff === '' ? <p>Nothing.</p> : <Diff text={looked.diff} />}
        </section>
      )}
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">Revision</th>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">Do</th>
          </tr>
        </thead>
        <tbody>
          {(revisions ?? []).map(({ revision, at, by, label }) => (
            <tr key={revision} className={revision === current ? 'chosen' : ''}>
              <td>
                {revision}
                {revision === current ? <span className="quiet"> (now)</span> : null}
              </td>
              <td className="nowrap">{new Date(at).toLocaleString('en-GB')}</td>
              <td>{by}</td>
              <td className="wide-cell">{label}</td>
              <td className="nowrap">
                <Button
                  size="small"
                  onClick={() => void look(revision)}
                  aria-label={`What changed since revision ${revision}`}
                >
                  What changed since
                </Button>{' '}
                {editable && revision !== current ? (
                  <Button
                    size="small"
                    onClick={() => void restore(revision)}
                    aria-label={`Restore revision ${revision}`}
                  >
                    Restore
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function onlyTexts(files: readonly InputFile[]): readonly InputFile[] {
  return files.map(({ name, text }) => ({ name, text }));
}
