/** Reads lists of flow ids, and the side that opens their sessions where that matters. */
import { type Flow, flow, flows } from '@bothways/facts';
import type { Path } from './model.ts';
import type { Reading } from './reading.ts';

const ALL = 'all';

let customerFlowIds: readonly string[] | undefined;

/** Every flow that the customer opens and that has a destination: what `all` stands for. */
export function allFlows(): readonly string[] {
  customerFlowIds ??= flows()
    .filter(isCustomerFlow)
    .map((each) => each.id);
  return customerFlowIds;
}

function isCustomerFlow(each: Flow): boolean {
  return each.tcpOpenedBy === 'customer' && each.destinations.length > 0;
}

export function readFlows(reading: Reading, path: Path, texts: readonly string[] | undefined): readonly string[] {
  if (texts?.length === 0) {
    reading.report({
      rule: 'estate/empty-list',
      path,
      message: 'the list of flows is empty',
      help: 'name at least one flow, or write all',
    });
  }
  const ids = reading.items(path, texts, (text, at) => (text === ALL ? allFlows() : readFlow(reading, at, text)));
  return [...new Set(ids.flat())];
}

/** The flow of an id; `undefined` after reporting. */
export function readFlow(reading: Reading, path: Path, text: string): string | undefined {
  if (flow(text) !== undefined) return text;
  const upper = text.toUpperCase();
  if (flow(upper) === undefined) {
    reading.unknownName({
      rule: 'estate/unknown-flow',
      path,
      text,
      what: 'flow',
      // The numbers of the catalogue have no meaning of their own: a near one is not a likely one.
      candidates: [],
      otherwise: 'the flows are PP-F01 and on; all stands for every one that the customer opens',
    });
  } else {
    reading.report({
      rule: 'estate/unknown-flow',
      path,
      message: `flow ids are written in capitals: ${upper}`,
      help: `write ${upper}`,
      fixes: reading.replacement(path, upper, true),
    });
  }
  return undefined;
}

/** Flows that Microsoft opens: those that arrive at a service. */
export function readFlowsFromMicrosoft(
  reading: Reading,
  path: Path,
  texts: readonly string[] | undefined,
): readonly string[] {
  const ids = reading.items(path, texts, (text, at) => {
    const id = readFlow(reading, at, text);
    const found = id === undefined ? undefined : flow(id);
    if (found === undefined || found.tcpOpenedBy === 'microsoft') return id;
    reading.report({
      rule: 'estate/wrong-flow',
      path: at,
      message: `${found.id} (${found.name}) is opened by the customer, so it does not call a service`,
      help: `name flows that Microsoft opens: ${callable().join(', ')}`,
    });
    return undefined;
  });
  return [...new Set(ids)];
}

function callable(): readonly string[] {
  return flows()
    .filter((each) => each.tcpOpenedBy === 'microsoft' && each.group === 'outbound')
    .map((each) => each.id);
}
