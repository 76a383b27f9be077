/**
 * Looks at the tables of a lab again and again. Most answers are what they were the last time, and are then neither read
 * nor compared once more: a lab that is waited for should not be kept from its work by whoever waits.
 */
import type { DeviceIx } from '@bothways/network';
import { compareTables, type Difference } from './compare.ts';
import { adapters, readKernels } from './daemons.ts';
import type { LabDesign } from './lab-design.ts';
import type { LabNode } from './plan.ts';
import type { Sandbox } from './sandbox.ts';
import type { DeviceTable } from './tables.ts';

interface Look {
  /** What the daemon said of its routes. */
  readonly routes: readonly string[];
  readonly table: DeviceTable;
  readonly differences: readonly Difference[];
  /** The differences, for comparison. */
  readonly text: string;
}

/** For one state of the network; what is asked of it belongs to one `Observer`. */
export class Observer {
  readonly #sandbox: Sandbox;
  readonly #design: LabDesign;
  readonly #nodes: readonly LabNode[];
  #looks: ReadonlyMap<DeviceIx, Look> = new Map();
  #kernelText = '';

  constructor(sandbox: Sandbox, design: LabDesign) {
    this.#sandbox = sandbox;
    this.#design = design;
    this.#nodes = design.routers.nodes.filter((node) => node.alive);
  }

  /**
   * What the tables hold otherwise than predicted, and whether that is something else than the last time. Of the kernels'
   * tables only where the daemons' own are right: these take a process for each node.
   */
  async look(): Promise<{ readonly differences: readonly Difference[]; readonly hasChanged: boolean }> {
    const before = this.#looks;
    this.#looks = await this.#ask();
    const devices = [...this.#design.prediction.tables.keys()];
    const own = devices.flatMap((device) => this.#looks.get(device)?.differences ?? this.#compare(device, undefined));
    const hasKernels = own.length === 0 && adapters[this.#design.daemon].hasKernel;
    const differences = hasKernels ? await this.#kernels() : own;
    const kernelText = hasKernels ? JSON.stringify(differences) : '';
    const hasChanged =
      kernelText !== this.#kernelText ||
      devices.some((device) => this.#looks.get(device)?.text !== before.get(device)?.text);
    this.#kernelText = kernelText;
    return { differences, hasChanged };
  }

  async #ask(): Promise<ReadonlyMap<DeviceIx, Look>> {
    const { routers, daemon } = this.#design;
    const { asks, read } = adapters[daemon];
    const questions = this.#nodes.map((node) => asks(routers, node));
    const answers = await this.#sandbox.ask(questions.flat());
    const looks = new Map<DeviceIx, Look>();
    let at = 0;
    for (const [ix, node] of this.#nodes.entries()) {
      const count = questions[ix]?.length ?? 0;
      const own = answers.slice(at, at + count);
      at += count;
      const [sessions = '', ...routes] = own;
      const before = this.#looks.get(node.device.ix);
      const isAsBefore = before !== undefined && routes.every((text, which) => text === before.routes[which]);
      const table: DeviceTable = isAsBefore
        ? { ...before.table, up: read(routers, node, [sessions]).up }
        : { ...read(routers, node, own), kernel: undefined };
      looks.set(node.device.ix, this.#lookAt(node.device.ix, table, routes, isAsBefore ? before : undefined));
    }
    return looks;
  }

  /** `before`: the last look, where the routes are the same. */
  #lookAt(device: DeviceIx, table: DeviceTable, routes: readonly string[], before: Look | undefined): Look {
    if (before !== undefined && isSame(before.table.up, table.up)) return before;
    const differences = this.#compare(device, table);
    return { routes, table, differences, text: JSON.stringify(differences) };
  }

  #compare(device: DeviceIx, table: DeviceTable | undefined): readonly Difference[] {
    const predicted = this.#design.prediction.tables.get(device);
    if (predicted === undefined) return [];
    return compareTables(new Map([[device, predicted]]), new Map(table === undefined ? [] : [[device, table]]));
  }

  async #kernels(): Promise<readonly Difference[]> {
    const { routers, prediction } = this.#design;
    const kernels = await readKernels(
      this.#sandbox,
      this.#nodes.map((node) => ({ plan: routers, node })),
    );
    const observed = this.#nodes.flatMap(({ device }, at) => {
      const own = this.#looks.get(device.ix)?.table;
      return own === undefined ? [] : [[device.ix, { ...own, kernel: kernels[at] }] as const];
    });
    return compareTables(prediction.tables, new Map(observed));
  }
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each));
}
