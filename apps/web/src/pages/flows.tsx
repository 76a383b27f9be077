/** Every kind of traffic: may it ride a circuit, and which way does it go here; and the same for any name or address. */

import type { EstateReach } from '@bothways/twin';
import { Button, Input, SearchBox } from '@fluentui/react-components';
import { type FormEvent, useMemo, useState } from 'react';
import { FactLinks, viaWords, WithFacts } from '../parts/links.tsx';
import { VerdictTag } from '../parts/verdict.tsx';
import { useAnswer, useStore } from '../state/hooks.ts';

const eligibilityWords: Readonly<Record<string, string>> = {
  yes: 'yes',
  conditional: 'on conditions',
  'internet-only': 'internet only',
  'inside-microsoft': 'inside Microsoft',
  'not-applicable': 'does not apply',
  no: 'no',
  unknown: 'not known',
};

export default function Flows() {
  const flows = useAnswer('flows', {});
  const [query, setQuery] = useState('');
  const shown = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return (flows ?? []).filter(({ id, name, reason, eligibility }) =>
      words.every((word) => `${id} ${name} ${reason} ${eligibility}`.toLowerCase().includes(word)),
    );
  }, [flows, query]);
  return (
    <div className="page">
      <div className="bar">
        <h1>Flows</h1>
        <span className="grow" />
        <SearchBox
          size="small"
          placeholder="Name or id"
          aria-label="Search the flows"
          value={query}
          onChange={(_, { value }) => setQuery(value)}
        />
      </div>
      <Reach />
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">Flow</th>
            <th scope="col">Opened by</th>
            <th scope="col">ExpressRoute</th>
            <th scope="col">In this estate</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ id, name, openedBy, protocol, eligibility, reason, ways, outcome }) => (
            <tr key={id}>
              <th scope="row" className="wide-cell">
                <FactLinks ids={[id]} />
                <br />
                <span className="plain-weight">{name}</span>
              </th>
              <td>
                {openedBy} <span className="quiet">{protocol}</span>
              </td>
              <td className="nowrap">{eligibilityWords[eligibility] ?? eligibility}</td>
              <td>
                {outcome === 'not-followed' ? (
                  <span className="quiet">no demand</span>
                ) : (
                  <>
                    <VerdictTag verdict={outcome} /> {ways.map((way) => viaWords(way)).join(', ')}
                  </>
                )}
              </td>
              <td className="wide-cell">
                <WithFacts text={reason} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Reach() {
  const store = useStore();
  const [query, setQuery] = useState('');
  const [answer, setAnswer] = useState<EstateReach>();
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAnswer(await store.engine.ask('reach', { query: query.trim() }));
  };
  const reach = answer?.reach;
  return (
    <section className="card" aria-label="Which way does it go">
      <form className="line-form" onSubmit={(event) => void ask(event)}>
        <label htmlFor="reach">Can it ride ExpressRoute? A name, address, prefix or service</label>
        <Input
          id="reach"
          value={query}
          placeholder="contoso.crm4.dynamics.com"
          onChange={(_, { value }) => setQuery(value)}
        />
        <Button type="submit" disabled={query.trim() === ''}>
          Ask
        </Button>
      </form>
      {answer?.problem === undefined ? null : <p role="alert">{answer.problem}</p>}
      {reach === undefined || answer === undefined ? null : (
        <div role="status">
          <h2>
            {reach.subject}: {eligibilityWords[reach.answer] ?? reach.answer}
          </h2>
          <p>
            <WithFacts text={reach.because} />
          </p>
          {reach.conditions.map((text) => (
            <p key={text}>
              <WithFacts text={text} />
            </p>
          ))}
          {answer.ways.length === 0 ? null : (
            <ul>
              {answer.ways.map(({ target, sites, trip }) => (
                <li key={`${trip.id} ${trip.forward.via} ${trip.outcome} ${sites[0] ?? ''}`}>
                  <VerdictTag verdict={trip.outcome} /> {target} from {sites.slice(0, 5).join(', ')}
                  {sites.length > 5 ? ` and ${sites.length - 5} more` : ''}: there by {viaWords(trip.forward.via)}, back
                  by {viaWords(trip.return?.via)}
                </li>
              ))}
            </ul>
          )}
          {[...reach.notes, ...answer.notes].map((text) => (
            <p key={text} className="quiet">
              <WithFacts text={text} />
            </p>
          ))}
          <FactLinks ids={reach.statements.map(({ id }) => id)} />
        </div>
      )}
    </section>
  );
}
