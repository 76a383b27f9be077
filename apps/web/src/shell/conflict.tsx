/** Two people, or a page and an editor on disk, changed the same lines: ask. Nothing is lost either way. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useShown, useStore } from '../state/hooks.ts';

export function ConflictDialog() {
  const store = useStore();
  const saving = useShown((state) => state.saving);
  const files = useShown((state) => state.files);
  if (saving.kind !== 'conflict') return null;
  const theirs = saving.conflict.current.files;
  const differing = files.filter(({ name, text }) => theirs.find((file) => file.name === name)?.text !== text);
  return (
    <Dialog open modalType="alert">
      <DialogSurface className="wide">
        <DialogBody>
          <DialogTitle>The same lines were changed elsewhere</DialogTitle>
          <DialogContent>
            <p>Both texts stay in the history; choose the one to go on with.</p>
            {differing.map(({ name, text }) => (
              <div key={name} className="two-texts">
                <section aria-label={`This page: ${name}`}>
                  <h3>This page: {name}</h3>
                  <pre tabIndex={0}>{onlyLinesOf(text, theirs.find((file) => file.name === name)?.text ?? '')}</pre>
                </section>
                <section aria-label={`Elsewhere: ${name}`}>
                  <h3>Elsewhere: {name}</h3>
                  <pre tabIndex={0}>{onlyLinesOf(theirs.find((file) => file.name === name)?.text ?? '', text)}</pre>
                </section>
              </div>
            ))}
          </DialogContent>
          <DialogActions>
            <Button onClick={() => void store.resolve('theirs')}>Take the other</Button>
            <Button appearance="primary" onClick={() => void store.resolve('mine')}>
              Keep this page
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** Lines of one text that the other does not have, with their numbers. */
function onlyLinesOf(text: string, other: string): string {
  const known = new Set(other.split('\n'));
  const lines = text.split('\n').flatMap((line, at) => (known.has(line) ? [] : [`${at + 1}  ${line}`]));
  return lines.length === 0 ? '(no line of its own)' : lines.join('\n');
}
