/** Solves mixed-integer linear models with HiGHS on a thread of its own. */
export { highsSolver, type Solver } from './solver.ts';
