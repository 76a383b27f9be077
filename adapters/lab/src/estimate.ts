/** What a lab will take, before it is built: rough. Memory is fitted to labs of 14 to 22 nodes; time is for two idle cores. */
import type { LabDesign } from './lab-design.ts';

export interface LabEstimate {
  /** Until it is verified. */
  readonly seconds: number;
  /** Of all daemons together, bytes. */
  readonly memory: number;
  /** Routes that all daemons together will hold. */
  readonly routes: number;
  /** Daemon processes. */
  readonly processes: number;
}

const MEBIBYTE = 2 ** 20;
/** Seconds at least, seconds for each router, seconds for each thousand routes, bytes for each router and each route. */
const costs = {
  bird: { least: 2, router: 0.03, thousand: 0.05, memory: 1 * MEBIBYTE, route: 300, processes: 1 },
  frr: { least: 2.5, router: 0.1, thousand: 0.1, memory: 18.5 * MEBIBYTE, route: 4000, processes: 2 },
  gobgp: { least: 2.5, router: 0.1, thousand: 0.1, memory: 25 * MEBIBYTE, route: 2000, processes: 1 },
} as const;

export function estimateLab({ daemon, routers, prediction }: LabDesign): LabEstimate {
  const { least, router, thousand, memory, route, processes } = costs[daemon];
  const nodes = routers.nodes.filter(({ alive }) => alive).length;
  const tables = [...prediction.tables.values()].flatMap(({ candidates }) => [...candidates.values()]);
  const routes = tables.reduce((sum, { length }) => sum + length, 0);
  return {
    seconds: Math.ceil(least + router * nodes + (thousand * routes) / 1000),
    memory: memory * nodes + route * routes,
    routes,
    processes: processes * nodes,
  };
}
