/** A difference of texts; every line begins with its sign, so that the colour only repeats it. */
export function Diff({ text }: { readonly text: string }) {
  const lines = text.split('\n').filter((line) => !/^(---|\+\+\+) /.test(line) && line !== '');
  return (
    <pre className="diff" tabIndex={0} aria-label="The change">
      {lines.map((line, at) => (
        // A difference is shown once and never reordered.
        <span
          key={at}
          className={
            line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : line.startsWith('@') ? 'head' : ''
          }
        >
          {line}
        </span>
      ))}
    </pre>
  );
}
