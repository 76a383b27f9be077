/**
 * The thread that HiGHS runs on. It takes one model at a time; while it solves it looks at a shared number to see whether
 * the answer is still wanted, because it cannot receive messages meanwhile.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { MessagePort, workerData } from 'node:worker_threads';
import engine, { type Highs, type Model, type ModelData } from 'highs';
import type { Reply, Request } from './protocol.ts';

interface Start {
  readonly port: MessagePort;
  /** Counts what was cancelled: a request whose number is not above it stops. */
  readonly cancelled: Int32Array;
}

const start: unknown = workerData;
if (!isStart(start)) throw new Error('the thread of the solver was started without a port');
const { port, cancelled } = start;
/** Seconds between two reports of progress. */
const REPORT_INTERVAL = 0.2;

const load = loader();
const highs = await load({ wasmBinary: readFileSync(enginePath()) });
reply({ kind: 'ready' });

port.on('message', (request: Request) => {
  reply(answer(request));
});

function reply(message: Reply): void {
  port.postMessage(message, []);
}

function answer(request: Request): Reply {
  try {
    return highs.withModel(modelData(highs, request), (model) => solved(model, request));
  } catch (thrown) {
    return { kind: 'failed', id: request.id, message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function modelData({ constants }: Highs, { model }: Request): ModelData {
  const { costs, lower, upper, whole, rowLower, rowUpper, starts, columns, values } = model;
  const { continuous, integer } = constants.variableType;
  return {
    numCols: costs.length,
    numRows: rowLower.length,
    colCost: costs,
    colLower: lower,
    colUpper: upper,
    rowLower,
    rowUpper,
    matrix: {
      format: 'csr',
      numCols: costs.length,
      numRows: rowLower.length,
      starts,
      indices: columns,
      values,
    },
    ...(whole.some((each) => each === 1)
      ? { integrality: Array.from(whole, (each) => (each === 1 ? integer : continuous)) }
      : {}),
  };
}

function solved(model: Model, { id, timeLimit, relativeGap, start: first }: Request): Reply {
  const { callbackType, modelStatus } = highs.constants;
  model.options.set({
    output_flag: false,
    time_limit: timeLimit,
    mip_rel_gap: relativeGap,
    mip_abs_gap: 1e-6,
    random_seed: 1,
  });
  if (first !== undefined) model.setSolution({ colValue: first });
  let reported = -1;
  const unwanted = (): boolean => Atomics.load(cancelled, 0) >= id;
  model.run({
    [callbackType.mipInterrupt](event) {
      if (unwanted()) event.interrupt();
    },
    [callbackType.simplexInterrupt](event) {
      if (unwanted()) event.interrupt();
    },
    [callbackType.mipLogging]({ data }) {
      const { running_time: time = 0, mip_primal_bound: cost, mip_dual_bound: bound } = data;
      if (cost === undefined || bound === undefined || time - reported < REPORT_INTERVAL) return;
      reported = time;
      reply({ kind: 'progress', id, cost, bound });
    },
  });
  const status = model.getModelStatus();
  if (status === modelStatus.infeasible || status === modelStatus.unboundedOrInfeasible) {
    return { kind: 'solved', id, outcome: 'infeasible', cost: Infinity, bound: Infinity, values: undefined };
  }
  const found = model.info.get('primal_solution_status') === 2;
  const whole = model.info.get('mip_dual_bound');
  const cost = found ? model.getObjectiveValue() : Number.POSITIVE_INFINITY;
  const optimal = status === modelStatus.optimal;
  return {
    kind: 'solved',
    id,
    outcome: optimal ? 'optimal' : 'stopped',
    cost,
    bound: optimal && !Number.isFinite(Number(whole)) ? cost : Number(whole),
    values: found ? Float64Array.from(model.getSolution().colValue) : undefined,
  };
}

/** The package declares its types as CommonJS; as a module its default export is the loader itself. */
function loader(): typeof engine.default {
  const found: unknown = engine;
  if (!isLoader(found)) throw new Error('the package of the solver exports no loader');
  return found;
}

function isLoader(value: unknown): value is typeof engine.default {
  return typeof value === 'function';
}

function isStart(value: unknown): value is Start {
  return (
    typeof value === 'object' &&
    value !== null &&
    'port' in value &&
    value.port instanceof MessagePort &&
    'cancelled' in value &&
    value.cancelled instanceof Int32Array
  );
}

/** Beside the bundle, else where the package is installed. */
function enginePath(): string {
  const beside = fileURLToPath(new URL('./highs.wasm', import.meta.url));
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve('highs/runtime');
}
