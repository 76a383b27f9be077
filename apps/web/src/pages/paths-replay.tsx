/** Why a device has this route: what its neighbours said, which route won by which step, and how BGP came to rest. */

import type { RoutesView, RouteView } from '@bothways/twin';
import { Button, Slider } from '@fluentui/react-components';
import { useState } from 'react';
import { WithFacts } from '../parts/links.tsx';
import { CloseIcon } from '../shell/icons.ts';
import { useAnswer, useShown } from '../state/hooks.ts';

export function RouteHistory({
  device,
  prefix,
  onClose,
}: {
  readonly device: string;
  readonly prefix: string;
  readonly onClose: () => void;
}) {
  const failed = useShown((state) => state.failed);
  const answer = useAnswer('routes', { query: { device, prefix, why: true, replay: true }, failed });
  return (
    <section className="card" aria-label={`Routes at ${device}`}>
      <div className="details-head">
        <h2>
          {device}: routes towards <code>{prefix}</code>
        </h2>
        <Button appearance="subtle" size="small" icon={<CloseIcon />} aria-label="Close the routes" onClick={onClose} />
      </div>
      {answer === undefined ? <p className="quiet">Looking …</p> : <Found answer={answer} />}
    </section>
  );
}

function Found({ answer }: { readonly answer: RoutesView }) {
  if (answer.problem !== undefined) return <p>{answer.problem}</p>;
  const [found] = answer.devices;
  const [replay] = answer.replay ?? [];
  return (
    <>
      {(found?.routes ?? []).map((route) => (
        <Route key={route.prefix} route={route} />
      ))}
      {found?.routes.length === 0 ? <p>It has no route there.</p> : null}
      {(found?.absent ?? []).map((text) => (
        <p key={text}>
          <WithFacts text={text} />
        </p>
      ))}
      {(answer.instability ?? []).map((text) => (
        <p key={text} role="note">
          {text}
        </p>
      ))}
      {replay === undefined || replay.steps.length === 0 ? null : <Replay replay={replay} />}
    </>
  );
}

function Route({ route }: { readonly route: RouteView }) {
  return (
    <>
      <p>
        <code>{route.prefix}</code> {route.protocol}, next {route.next.join(', ')} <WithFacts text={route.source} />
      </p>
      {route.paths.length === 0 ? null : (
        <table className="grid small">
          <thead>
            <tr>
              <th scope="col">Neighbour</th>
              <th scope="col">Local preference</th>
              <th scope="col">AS path</th>
              <th scope="col">MED</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {route.paths.map((path) => (
              <tr key={`${path.neighbour} ${path.asPath} ${path.localPreference}`}>
                <td>{path.neighbour}</td>
                <td>{path.localPreference}</td>
                <td>
                  <code>{path.asPath}</code>
                </td>
                <td>{path.med}</td>
                <td>{path.best ? <strong>used</strong> : path.lostBy}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {(route.heard ?? []).length === 0 ? null : (
        <>
          <h3>What neighbours sent</h3>
          <ul className="plain-list">
            {route.heard?.map(({ neighbour, session, outcome, terms }) => (
              <li key={session}>
                <strong>{neighbour}</strong>: {outcome}
                {terms.map((term) => (
                  <div key={term} className="quiet">
                    <WithFacts text={term} />
                  </div>
                ))}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

type ReplayShown = NonNullable<RoutesView['replay']>[number];

function Replay({ replay }: { readonly replay: ReplayShown }) {
  const { steps, prefix, arrives } = replay;
  const [at, setAt] = useState(0);
  const step = steps[Math.min(at, steps.length - 1)];
  if (step === undefined) return null;
  const way = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(' → '));
  return (
    <>
      <h3>
        How BGP came to rest for <code>{prefix}</code>
      </h3>
      <div className="replay">
        <Button size="small" disabledFocusable={at === 0} onClick={() => setAt(Math.max(0, at - 1))}>
          Back
        </Button>
        <Slider
          aria-label="Step of the convergence"
          min={1}
          max={steps.length}
          value={at + 1}
          onChange={(_, { value }) => setAt(value - 1)}
        />
        <Button
          size="small"
          disabledFocusable={at >= steps.length - 1}
          onClick={() => setAt(Math.min(steps.length - 1, at + 1))}
        >
          Next
        </Button>
        <span className="quiet">
          {at + 1} of {steps.length}
        </span>
      </div>
      <p role="status">
        <strong>{step.device}</strong> used {way(step.before)}; now it uses <strong>{way(step.after)}</strong>
        {step.told.length === 0
          ? '; nobody has to be told.'
          : `; it ${step.told.some(({ withdrawn }) => withdrawn) ? 'withdraws from or tells' : 'tells'} ${step.told.map(({ device }) => device).join(', ')}.`}
      </p>
      {arrives ? null : <p role="note">These routes never come to rest; this is the beginning.</p>}
    </>
  );
}
