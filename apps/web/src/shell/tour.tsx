/** The guide: the figure that is open, what it teaches, the next one; on every page until it is left. */
import { Button } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { Markdown } from '../parts/markdown.tsx';
import { useShown, useStore } from '../state/hooks.ts';
import { CloseIcon, NextIcon, PreviousIcon } from './icons.ts';

export function Tour() {
  const store = useStore();
  const figure = useShown((state) => state.figure);
  const gallery = useShown((state) => state.gallery);
  const [more, setMore] = useState(false);
  const id = figure?.line.id;
  useEffect(() => setMore(false), [id]);
  if (figure === undefined) return null;
  const { line, readme } = figure;
  const at = gallery.findIndex((each) => each.id === line.id);
  const [previous, next] = [gallery[at - 1], gallery[at + 1]];
  const stations = gallery.filter(({ tour }) => tour !== undefined).length;
  return (
    <section className="tour" aria-label="Tour">
      <div className="tour-head">
        <strong>
          {line.tour === undefined ? '' : `${line.tour} of ${stations}: `}
          {line.title}
        </strong>
        <span className="grow" />
        <Button
          size="small"
          icon={<PreviousIcon />}
          disabledFocusable={previous === undefined}
          onClick={() => {
            if (previous !== undefined) void store.openFigure(previous);
          }}
        >
          Previous
        </Button>
        <Button
          size="small"
          appearance="primary"
          icon={<NextIcon />}
          disabledFocusable={next === undefined}
          onClick={() => {
            if (next !== undefined) void store.openFigure(next);
          }}
        >
          Next figure
        </Button>
        <Button
          size="small"
          appearance="subtle"
          icon={<CloseIcon />}
          aria-label="Leave the tour"
          onClick={() => store.leaveTour()}
        />
      </div>
      <p aria-live="polite">{line.lesson}</p>
      <div className="tour-links">
        <a href="#/network">Network</a>
        <a href="#/paths">Paths</a>
        <a href="#/findings">Findings</a>
        <a href="#/what-if">What if</a>
        <button type="button" className="link" aria-expanded={more} onClick={() => setMore(!more)}>
          {more ? 'Less about this figure' : 'More about this figure'}
        </button>
      </div>
      {more ? (
        <div className="tour-more" tabIndex={0} role="region" aria-label={`About ${line.title}`}>
          <Markdown text={readme} />
        </div>
      ) : null}
    </section>
  );
}
