/** What a change board signs: as it will look, and as a file in every format. */
import { Button } from '@fluentui/react-components';
import { useEffect } from 'react';
import { DownloadIcon } from '../shell/icons.ts';
import { api } from '../state/api.ts';
import { useShown, useStore } from '../state/hooks.ts';

const formats = [
  ['pdf', 'PDF'],
  ['docx', 'Word'],
  ['html', 'HTML'],
  ['md', 'Markdown'],
  ['json', 'JSON'],
] as const;

export default function Report() {
  const store = useStore();
  const estate = useShown((state) => state.estate);
  const usable = useShown((state) => state.opened?.usable);
  const revision = useShown((state) => state.base?.revision);
  const saving = useShown((state) => state.saving.kind);
  const isKept = estate !== undefined && estate.figure === undefined;
  // The server reports on what is saved; a figure of the gallery becomes a copy of one's own first.
  useEffect(() => {
    void store.keep();
  }, [store, estate?.id]);
  if (usable === false) {
    return (
      <div className="page">
        <h1>Report</h1>
        <p>The document has errors, so there is nothing to report on yet.</p>
      </div>
    );
  }
  if (!isKept || revision === undefined || saving !== 'saved') return <p className="quiet pad">Saving first …</p>;
  return (
    <div className="report">
      <div className="bar">
        <h1>Report</h1>
        <span className="grow" />
        {formats.map(([format, words]) => (
          <Button
            key={format}
            as="a"
            size="small"
            icon={<DownloadIcon />}
            href={`${api.reportAddress(estate.id, format)}&download=1`}
            download
          >
            {words}
          </Button>
        ))}
      </div>
      <iframe key={revision} title={`Report on ${estate.name}`} src={api.reportAddress(estate.id, 'html')} />
    </div>
  );
}
