/** Every number leads to its line and its source. */

export interface PlaceLike {
  readonly file: string;
  readonly line: number;
}

export function PlaceLink({ place }: { readonly place: PlaceLike | undefined }) {
  if (place === undefined) return null;
  const name = place.file.slice(place.file.lastIndexOf('/') + 1);
  return (
    <a className="place" href={`#/editor?file=${encodeURIComponent(place.file)}&line=${place.line}`}>
      {name}:{place.line}
    </a>
  );
}

export function FactLinks({ ids }: { readonly ids: readonly string[] }) {
  return (
    <span className="facts">
      {ids.map((id) => (
        <a key={id} className="fact" href={`#/facts?id=${encodeURIComponent(id)}`}>
          {id}
        </a>
      ))}
    </span>
  );
}

const FACT = /\b((?:ER|PP-[A-Z]|CHK-[A-Z0-9]+-[A-Z])-?\d{2,3}|X\d{2})\b/g;

/** A sentence of the engine with the ids of facts in it as links. */
export function WithFacts({ text }: { readonly text: string }) {
  const parts = text.split(FACT);
  return (
    <>
      {parts.map((part, at) =>
        at % 2 === 1 ? (
          // The text never changes its order of parts.
          <a key={at} className="fact" href={`#/facts?id=${encodeURIComponent(part)}`}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}

/** 'expressroute:er-fra' as a person says it. */
export function viaWords(via: string | undefined): string {
  if (via === undefined) return 'no answer';
  const [kind, name] = via.split(':');
  if (kind === 'expressroute') return `circuit ${name}`;
  return kind === 'internet' ? `internet (${name})` : via;
}
