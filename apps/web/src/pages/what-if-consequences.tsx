/** Verdicts, lost and moved demands with their latency before and after, and lines that become too small. */
import type { CostSummary, WhatIfChange, WhatIfView } from '@bothways/twin';
import { viaWords } from '../parts/links.tsx';
import { type VerdictName, VerdictTag } from '../parts/verdict.tsx';
import { count } from '../shell/verdict-banner.tsx';
import { useAnswer, useShown, useStore } from '../state/hooks.ts';

const MOST = 60;

export function Consequences() {
  const failed = useShown((state) => state.failed);
  const whatIf = useShown((state) => state.whatIf);
  if (failed.length === 0) {
    return (
      <>
        <div>
          <h2>Nothing has failed</h2>
          <p className="quiet">Tick an element, or click it in the picture. Several at once are fine.</p>
        </div>
        <div>
          <Loads />
          <Cost />
        </div>
      </>
    );
  }
  if (whatIf === undefined) return <p className="quiet">Following every packet again …</p>;
  return (
    <>
      <div>
        <h2>With {whatIf.failed.join(', ')} failed</h2>
        <p role="status">
          {count(whatIf.lost, 'demand')} lost, {Math.max(0, whatIf.moved - whatIf.lost)} on another way.
        </p>
        <Questions whatIf={whatIf} />
      </div>
      <div>
        <Changes changes={whatIf.changes} />
      </div>
      <div>
        <Overloads whatIf={whatIf} />
        <Loads />
        <Cost />
      </div>
    </>
  );
}

function Questions({ whatIf }: { readonly whatIf: WhatIfView }) {
  const rank = { broken: 0, unknown: 1, holds: 2 } as const;
  const shown = whatIf.questions.filter(({ kind, before, after }) => kind === 'intent' || before !== after);
  return (
    <table className="grid small">
      <thead>
        <tr>
          <th scope="col">Intent, demand, place</th>
          <th scope="col">Before</th>
          <th scope="col">Now</th>
        </tr>
      </thead>
      <tbody>
        {shown
          .toSorted((a, b) => rank[a.after] - rank[b.after])
          .slice(0, MOST)
          .map(({ id, kind, name, before, after }) => (
            <tr key={id}>
              <td>
                <span className="quiet">{kind}</span> {name}
              </td>
              <td>
                <VerdictTag verdict={before} />
              </td>
              <td>
                <VerdictTag verdict={after} />
              </td>
            </tr>
          ))}
        {shown.length === 0 ? (
          <tr>
            <td colSpan={3}>Every answer is as it was.</td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

function Overloads({ whatIf }: { readonly whatIf: WhatIfView }) {
  if (whatIf.overloads.length === 0) return null;
  return (
    <>
      <h3>Too small now</h3>
      <ul className="plain-list">
        {whatIf.overloads.map(({ name, certain, leastMbps, mostMbps, capacityMbps }) => (
          <li key={name}>
            <strong>{name}</strong>: {certain ? '' : 'perhaps '}
            {rate(leastMbps)}
            {mostMbps > leastMbps ? ` to ${rate(mostMbps)}` : ''} on {rate(capacityMbps)}
          </li>
        ))}
      </ul>
    </>
  );
}

function Changes({ changes }: { readonly changes: readonly WhatIfChange[] }) {
  const store = useStore();
  const chosen = useShown((state) => state.tripId);
  if (changes.length === 0) return null;
  const lostFirst = changes.toSorted((a, b) => lostRank(a.after.outcome) - lostRank(b.after.outcome));
  return (
    <>
      <h3>Round trips that changed</h3>
      <ul className="stories">
        {lostFirst.slice(0, MOST).map(({ before, after, latencyBefore, latencyAfter }) => (
          <li key={after.id}>
            <button type="button" aria-pressed={chosen === after.id} onClick={() => store.choose(after.id)}>
              <VerdictTag verdict={after.outcome} />
              <strong>{after.flowName}</strong>
              <span>
                {after.source} → {after.destination}
                <br />
                {before === undefined ? '' : `${viaWords(before.there)} → `}
                {after.outcome === 'broken' && after.dropped !== undefined
                  ? `${after.dropped.direction} dropped at ${after.dropped.device}: ${after.dropped.reason}`
                  : `${viaWords(after.there)}${after.symmetric ? '' : `, back over ${viaWords(after.back)}`}`}
                {latencyWords(latencyBefore, latencyAfter)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {changes.length > MOST ? <p className="quiet">and {changes.length - MOST} more</p> : null}
    </>
  );
}

function Loads() {
  const failed = useShown((state) => state.failed);
  const load = useAnswer('load', { failed });
  const busy = (load?.lines ?? [])
    .filter(({ bandwidthMbps, highMbps }) => bandwidthMbps !== undefined && bandwidthMbps > 0 && highMbps > 0)
    .map((line) => ({ ...line, share: line.highMbps / (line.bandwidthMbps ?? 1) }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, 8);
  if (busy.length === 0) return null;
  return (
    <>
      <h3>Busiest lines in the busy hour</h3>
      <table className="grid small">
        <tbody>
          {busy.map(({ name, from, to, highMbps, bandwidthMbps, share }) => (
            <tr key={`${name} ${from} ${to}`}>
              <th scope="row">
                {name} <span className="quiet">to {to}</span>
              </th>
              <td className="nowrap">
                {rate(highMbps)} of {rate(bandwidthMbps ?? 0)}
              </td>
              <td>
                <meter min={0} max={1} high={0.8} value={Math.min(1, share)} aria-label={`${name} to ${to}`} />{' '}
                {Math.round(share * 100)} %
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Cost() {
  const failed = useShown((state) => state.failed);
  const cost = useAnswer('cost', { failed });
  if (cost === undefined) return null;
  return (
    <p>
      <strong>Cost a month:</strong> {costWords(cost.monthly, cost.currency)}{' '}
      <span className="quiet">for what is priced, with the traffic as it goes now</span>
    </p>
  );
}

/** '1,234.50 EUR', or from what to what; without an upper bound it is at least that. */
export function costWords({ low, high }: CostSummary['monthly'], currency: string): string {
  const amount = (text: string): string => Number(text).toLocaleString('en-GB', { minimumFractionDigits: 2 });
  if (high === undefined) return `at least ${amount(low)} ${currency}`;
  return low === high ? `${amount(low)} ${currency}` : `${amount(low)} to ${amount(high)} ${currency}`;
}

function lostRank(outcome: VerdictName): number {
  return { broken: 0, unknown: 1, holds: 2 }[outcome];
}

function latencyWords(before: number | undefined, after: number | undefined): string {
  if (after === undefined) return '';
  const now = `${Math.round(after * 10) / 10} ms`;
  if (before === undefined || Math.abs(before - after) < 0.05) return `, ${now}`;
  return `, ${Math.round(before * 10) / 10} → ${now}`;
}

export function rate(mbps: number): string {
  return mbps >= 1000 ? `${Math.round(mbps / 100) / 10} Gbps` : `${Math.round(mbps * 10) / 10} Mbps`;
}
