/** Networks to start from, and the tour through the figures. */
import { Button, SearchBox } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import type { GalleryLine } from '../state/api.ts';
import { goTo, useShown, useStore } from '../state/hooks.ts';

export default function Gallery() {
  const store = useStore();
  const gallery = useShown((state) => state.gallery);
  const [query, setQuery] = useState('');
  const shown = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return gallery.filter(({ id, title, lesson }) =>
      words.every((word) => `${id} ${title} ${lesson}`.toLowerCase().includes(word)),
    );
  }, [gallery, query]);
  const open = async (figure: GalleryLine): Promise<void> => {
    await store.openFigure(figure);
    goTo('network');
  };
  const first = gallery.find(({ tour }) => tour === 1);
  return (
    <div className="page">
      <div className="bar">
        <h1>Gallery</h1>
        <SearchBox
          size="small"
          placeholder="Words of a figure"
          aria-label="Search the gallery"
          value={query}
          onChange={(_, { value }) => setQuery(value)}
        />
        <span className="grow" />
        {first === undefined ? null : (
          <Button appearance="primary" onClick={() => void open(first)}>
            Start the tour
          </Button>
        )}
      </div>
      <p>
        Every figure is a network that is computed like any other. Look, pull cables, change it: with the first change
        it becomes a copy of your own, and the figure stays as it is.
      </p>
      <ul className="cards">
        {shown.map((figure) => (
          <li key={figure.id} className="card">
            <h2>
              {figure.tour === undefined ? '' : `${figure.tour}. `}
              {figure.title}
            </h2>
            <p>{figure.lesson}</p>
            <Button size="small" onClick={() => void open(figure)} aria-label={`Open ${figure.title}`}>
              Open
            </Button>
          </li>
        ))}
      </ul>
      {shown.length === 0 ? <p>No figure has all of these words.</p> : null}
    </div>
  );
}
