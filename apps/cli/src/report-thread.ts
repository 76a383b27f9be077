/**
 * Reports on a thread of their own: a large estate takes seconds, and the server goes on answering. One at a time; one that
 * takes too long is ended.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { plainStyle, renderFindings } from '@bothways/diagnostics';
import { type InputFile, reportEstate } from '@bothways/twin';
import manifest from '../package.json' with { type: 'json' };
import { dayOf } from './clock.ts';
import { type ReportContent, type ReportFormat, reportContent } from './report-content.ts';

/** What the thread is started with. */
interface Task {
  readonly task: 'report';
  readonly format: ReportFormat;
  readonly files: readonly InputFile[];
}

const PATIENCE = 180_000;
const MEGABYTES = 3000;

let last: Promise<unknown> = Promise.resolve();

/** @param program the module that calls `answerAsReportThread` when it is started as a thread */
export function reportOnThread(
  program: URL,
  format: ReportFormat,
  files: readonly InputFile[],
): Promise<ReportContent> {
  const report = last.then(() => employ(program, { task: 'report', format, files }));
  last = report.catch(() => undefined);
  return report;
}

function employ(program: URL, task: Task): Promise<ReportContent> {
  return new Promise((done, failed) => {
    const worker = new Worker(program, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: MEGABYTES } });
    const patience = setTimeout(() => {
      done({ problem: `the report took longer than ${PATIENCE / 1000} s; write it with bothways report` });
      void worker.terminate();
    }, PATIENCE);
    worker.on('message', (content: ReportContent) => done(content));
    worker.on('error', failed);
    worker.on('exit', () => {
      clearTimeout(patience);
      failed(new Error('the thread of a report ended without an answer'));
    });
  });
}

/** Does the work where this is such a thread, and nothing elsewhere. */
export function answerAsReportThread(): void {
  const task: unknown = workerData;
  if (parentPort === null || !isTask(task)) return;
  const port = parentPort;
  void written(task).then((content) => port.postMessage(content, []));
}

function isTask(value: unknown): value is Task {
  return typeof value === 'object' && value !== null && 'task' in value && value.task === 'report';
}

async function written({ format, files }: Task): Promise<ReportContent> {
  const today = dayOf(undefined) ?? '';
  const { checked, view } = reportEstate(files, { version: manifest.version, today, date: today });
  if (view !== undefined) return reportContent(format, view);
  const said = renderFindings(checked.findings, checked.sources, plainStyle, { width: 100 });
  return { problem: `the document has errors, so there is nothing to report on:\n${said}`.slice(0, 4000) };
}
