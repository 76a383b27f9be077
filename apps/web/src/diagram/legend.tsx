/** What the lines mean. */
export function Legend({ withWays }: { readonly withWays: boolean }) {
  return (
    <ul className="legend" aria-label="Legend">
      {withWays ? (
        <>
          <Entry className="way request" text="request" arrow />
          <Entry className="way answer" text="answer" arrow />
        </>
      ) : null}
      <Entry className="line circuit" text="circuit" />
      <Entry className="line wan" text="WAN" />
      <Entry className="line internet" text="internet" />
      <Entry className="line tunnel" text="tunnel" />
      <Entry className="line lan" text="local" />
    </ul>
  );
}

function Entry({
  className,
  text,
  arrow = false,
}: {
  readonly className: string;
  readonly text: string;
  readonly arrow?: boolean;
}) {
  return (
    <li>
      <svg width="34" height="12" aria-hidden="true">
        <g className={className}>
          <path className="stroke over" d="M1 6H33" fill="none" />
          {arrow ? <path className="arrow" d="M13 1L23 6L13 11Z" /> : null}
        </g>
      </svg>
      {text}
    </li>
  );
}
