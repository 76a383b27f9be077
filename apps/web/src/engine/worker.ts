/** The engine's thread: one opened estate, questions one after the other. Everything it says is computed by the twin. */

import type { InputFile } from '@bothways/twin';
import {
  diffOfFiles,
  documentValues,
  editFiles,
  estateSchema,
  factPage,
  fixEstate,
  reachInEstate,
  reportDocument,
  reportEstate,
  reportHtml,
  reportMarkdown,
  rulePage,
  searchedFacts,
  Workbench,
} from '@bothways/twin';
import type { Reply, Request, RuleWords, VariantView } from './protocol.ts';

let bench = new Workbench([{ name: 'estate.yaml', text: '' }]);
let opened: readonly InputFile[] = [];

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  reply(data);
});

function reply(request: Request): void {
  const { number } = request;
  let said: Reply;
  try {
    said = { number, answer: answer(request) };
  } catch (error) {
    said = { number, fault: error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error) };
  }
  postMessage(said);
}

function answer(request: Request): unknown {
  switch (request.question) {
    case 'open': {
      const started = performance.now();
      const { files, today } = request.ask;
      opened = files;
      bench = new Workbench(files, { today }, bench);
      const verdict = bench.verdict();
      return { ...verdict, took: performance.now() - started };
    }
    case 'judge':
      return bench.judgement();
    case 'topology':
      return bench.topology();
    case 'trip':
      return bench.trip(request.ask.id, request.ask.failed);
    case 'trace':
      return bench.trace(request.ask.query, request.ask.failed);
    case 'routes':
      return bench.routes(request.ask.query, request.ask.failed);
    case 'whatIf':
      return bench.whatIf(request.ask.failed);
    case 'matrix':
      return bench.matrix(request.ask.from, request.ask.to);
    case 'load':
      return bench.load(request.ask.failed);
    case 'cost':
      return bench.cost(request.ask.failed);
    case 'readiness':
      return bench.readiness();
    case 'intents':
      return bench.intents();
    case 'flows':
      return bench.flows();
    case 'reach':
      return reachInEstate(opened, request.ask.query);
    case 'facts':
      return searchedFacts(request.ask.query);
    case 'fact':
      return factPage(request.ask.id);
    case 'rule':
      return ruleWords(request.ask.name);
    case 'schema':
      return estateSchema();
    case 'edit':
      return editFiles(request.ask.files, request.ask.edits);
    case 'fix':
      return bench.fixed(request.ask.files, request.ask.fingerprint, request.ask.fix);
    case 'fixAll': {
      const { files, applied } = fixEstate(request.ask.files, { today: request.ask.today });
      return { files, applied: applied.length };
    }
    case 'diff':
      return diffOfFiles(request.ask.before, request.ask.after);
    case 'values':
      return documentValues(request.ask.files);
    case 'report': {
      const { files, format, date } = request.ask;
      const { view } = reportEstate(files, { version: '0.1.0', date, today: date });
      if (view === undefined) return undefined;
      const document = reportDocument(view);
      return format === 'html' ? reportHtml(document) : reportMarkdown(document);
    }
    case 'variant':
      return variant(request.ask);
  }
}

/** What of a rule is data. */
function ruleWords(name: string): RuleWords | undefined {
  const rule = rulePage(name);
  if (rule === undefined) return undefined;
  const { title, severity, what, why, fix, facts, answers } = rule;
  return { name, title, severity, what, why, fix, ids: [...facts, ...answers].map(({ id }) => id) };
}

function variant({ files, failed, today }: Extract<Request, { question: 'variant' }>['ask']): VariantView {
  const other = new Workbench(files, { today });
  const verdict = other.verdict();
  return {
    verdict,
    judgement: other.judgement(),
    trips: verdict.trips.map(({ id }) => other.trip(id, failed)),
    load: other.load(failed),
    cost: other.cost(failed),
  };
}
