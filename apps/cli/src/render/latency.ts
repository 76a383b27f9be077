/** Ways by site and region, the fastest first, and what would be faster than what is in use. */
import { formatTable } from '@bothways/diagnostics';
import type { LatencyAnswer } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { hanging } from './words.ts';

type View = NonNullable<LatencyAnswer['latency']>;
type Candidate = View['sites'][number]['candidates'][number];

export function renderLatency(view: View, { style, width }: Terminal): string {
  const rows = view.sites.flatMap(({ site, environment, region, candidates }) =>
    candidates.map((candidate, position) => [
      position === 0 ? site : '',
      position === 0 ? `${environment}, ${region}` : '',
      wayName(candidate),
      candidate.milliseconds === undefined ? 'not known' : `${candidate.milliseconds} ms`,
      candidate.inUse ? 'in use' : candidate.reaches ? '' : 'does not reach it',
      candidate.guidance === 'above' ? `above ${view.guidanceMs} ms` : '',
    ]),
  );
  const faster = view.sites.flatMap(({ site, region, faster: better }) =>
    better === undefined
      ? []
      : [
          hanging(
            '  ',
            `${site} to ${region}: ${wayName(better.candidate)} would save ${better.savedMs} ms of the round trip`,
            width,
          ),
        ],
  );
  return [
    formatTable(rows, {
      header: ['Site', 'To', 'Over', 'Round trip', '', ''],
      align: ['left', 'left', 'left', 'right', 'left', 'left'],
    }).join('\n'),
    ...(faster.length === 0 ? [] : [[style.bold('Faster than what is in use'), ...faster].join('\n')]),
    style.dim(
      hanging(
        '',
        `Guidance: ${view.guidanceMs} ms (${view.fact}). What is in use was followed hop by hop; the rest is put together from lines and distances and only ranks ways.`,
        width,
      ),
    ),
  ].join('\n\n');
}

function wayName({ kind, name }: Candidate): string {
  switch (kind) {
    case 'circuit':
      return `circuit ${name}`;
    case 'internet edge':
      return `internet edge ${name}`;
    case 'local breakout':
      return 'a local breakout (not built)';
    case 'better wan':
      return `circuit ${name} with a WAN line of its own (not built)`;
  }
}
