/** What is known about Microsoft's side, each with source and date, and what rests on it. */
import { SearchBox } from '@fluentui/react-components';
import { useState } from 'react';
import { WithFacts } from '../parts/links.tsx';
import { useAnswer, useRoute } from '../state/hooks.ts';

const MOST = 80;

export default function Facts() {
  const { query } = useRoute();
  const id = query.get('id');
  const [words, setWords] = useState('');
  const found = useAnswer('facts', { query: words.trim() === '' ? 'ExpressRoute' : words });
  return (
    <div className="page">
      <div className="bar">
        <h1>Facts</h1>
        <SearchBox
          className="wide-search"
          placeholder="Words or an id, such as prefixes 200 or ER-091"
          aria-label="Search the facts"
          value={words}
          onChange={(_, { value }) => setWords(value)}
        />
      </div>
      {id === null ? null : <FactPanel id={id} />}
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">Id</th>
            <th scope="col">Statement</th>
            <th scope="col">Source</th>
            <th scope="col">Date</th>
            <th scope="col">Confidence</th>
          </tr>
        </thead>
        <tbody>
          {(found ?? []).slice(0, MOST).map((fact) => (
            <tr key={fact.id} className={fact.id === id ? 'chosen' : ''}>
              <th scope="row">
                <a className="fact" href={`#/facts?id=${encodeURIComponent(fact.id)}`}>
                  {fact.id}
                </a>
              </th>
              <td className="wide-cell">{fact.statement}</td>
              <td>{fact.source}</td>
              <td className="nowrap">{fact.date}</td>
              <td>{fact.confidence}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {(found?.length ?? 0) > MOST ? (
        <p className="quiet">and {(found?.length ?? 0) - MOST} more: say more words</p>
      ) : null}
      {found?.length === 0 ? <p>Nothing has all of these words.</p> : null}
    </div>
  );
}

function FactPanel({ id }: { readonly id: string }) {
  const fact = useAnswer('fact', { id });
  if (fact === undefined) return <p className="quiet">No fact has the id {id}.</p>;
  return (
    <article className="card" aria-label={`Fact ${fact.id}`}>
      <h2>
        <code>{fact.id}</code> <span className="quiet">{fact.topic}</span>
      </h2>
      <p>
        <WithFacts text={fact.statement} />
      </p>
      <dl>
        {fact.value === undefined ? null : (
          <>
            <dt>Value</dt>
            <dd>
              {fact.value.toLocaleString('en-GB')} {fact.unit}
            </dd>
          </>
        )}
        <dt>Source</dt>
        <dd>
          {fact.from.document}, {fact.from.date}
          {fact.from.repository === undefined ? '' : `, ${fact.from.repository}`}
          {fact.from.commit === undefined ? '' : ` at ${fact.from.commit.slice(0, 12)}`}
        </dd>
        {fact.alsoIn.map(({ document, date }) => (
          <FactRow key={`${document} ${date}`} name="Also in" text={`${document}, ${date}`} />
        ))}
        <dt>Confidence</dt>
        <dd>{fact.confidence}</dd>
        {fact.more.map(({ title, text }) => (
          <FactRow key={`${title} ${text}`} name={title} text={text} />
        ))}
      </dl>
      {fact.citedBy.length === 0 ? null : (
        <details>
          <summary>{fact.citedBy.length} things rest on it</summary>
          <ul>
            {fact.citedBy.map(({ kind, id: other, title }) => (
              <li key={`${kind} ${other}`}>
                {kind}{' '}
                <a
                  className="fact"
                  href={
                    kind === 'rule'
                      ? `#/findings?rule=${encodeURIComponent(other)}`
                      : `#/facts?id=${encodeURIComponent(other)}`
                  }
                >
                  {other}
                </a>
                {title}
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}

function FactRow({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <WithFacts text={text} />
      </dd>
    </>
  );
}
