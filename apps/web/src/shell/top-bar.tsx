/** Which estate is open, undo and redo, whether it is saved, light and dark. */
import { Button, Dropdown, Option, Tooltip } from '@fluentui/react-components';
import { useShown, useStore } from '../state/hooks.ts';
import type { Saving } from '../state/state.ts';
import { DarkIcon, LightIcon, RedoIcon, UndoIcon } from './icons.ts';

export function TopBar() {
  const store = useStore();
  const theme = useShown((state) => state.theme);
  const undo = useShown((state) => state.undo.at(-1)?.label);
  const redo = useShown((state) => state.redo.at(-1)?.label);
  const session = useShown((state) => state.session);
  return (
    <header className="top">
      <a className="brand" href="#/network">
        <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
          <path d="M4 11h20m0 0-6-5M24 11l-6 5" fill="none" stroke="currentColor" strokeWidth="3" />
          <path d="M28 22H8m0 0 6-5M8 22l6 5" fill="none" stroke="currentColor" strokeWidth="3" strokeDasharray="5 3" />
        </svg>
        <strong>Bothways</strong>
      </a>
      <EstateChoice />
      <SaveState />
      <span className="grow" />
      <Tooltip content={undo === undefined ? 'Nothing to undo' : `Undo: ${undo} (Ctrl+Z)`} relationship="label">
        <Button
          appearance="subtle"
          icon={<UndoIcon />}
          disabledFocusable={undo === undefined}
          onClick={() => store.undo()}
        />
      </Tooltip>
      <Tooltip content={redo === undefined ? 'Nothing to redo' : `Redo: ${redo} (Ctrl+Y)`} relationship="label">
        <Button
          appearance="subtle"
          icon={<RedoIcon />}
          disabledFocusable={redo === undefined}
          onClick={() => store.redo()}
        />
      </Tooltip>
      <Tooltip content={theme === 'dark' ? 'Light colours' : 'Dark colours'} relationship="label">
        <Button
          appearance="subtle"
          icon={theme === 'dark' ? <LightIcon /> : <DarkIcon />}
          onClick={() => store.setTheme(theme === 'dark' ? 'light' : 'dark')}
        />
      </Tooltip>
      {session === undefined || session.signIn === 'none' ? null : (
        <span className="quiet">
          {session.user.name}, {session.user.role}
        </span>
      )}
    </header>
  );
}

const sourceWords = { disk: 'on disk', database: 'kept here' } as const;

function EstateChoice() {
  const store = useStore();
  const estates = useShown((state) => state.estates);
  const estate = useShown((state) => state.estate);
  if (estate === undefined) return null;
  return (
    <Dropdown
      className="estate"
      size="small"
      aria-label="Estate"
      value={estate.name}
      selectedOptions={[estate.id]}
      onOptionSelect={(_, { optionValue }) => {
        if (optionValue !== undefined && optionValue !== estate.id) void store.openEstate(optionValue);
      }}
    >
      {estates.map(({ id, name, source }) => (
        <Option key={id} value={id} text={name}>
          {name} <span className="quiet">({sourceWords[source]})</span>
        </Option>
      ))}
    </Dropdown>
  );
}

function SaveState() {
  const saving = useShown((state) => state.saving);
  const writable = useShown((state) => state.estate?.writable);
  const text = writable === false ? 'Read only' : savingWords(saving);
  return (
    <span className={`saving ${saving.kind}`} role="status">
      {text}
    </span>
  );
}

function savingWords(saving: Saving): string {
  switch (saving.kind) {
    case 'saved':
      return 'Saved';
    case 'waiting':
    case 'saving':
      return 'Saving …';
    case 'conflict':
      return 'Not saved: changed elsewhere';
    case 'failed':
      return `Not saved: ${saving.because}`;
  }
}
