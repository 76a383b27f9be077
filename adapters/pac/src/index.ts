/** Runs PAC files: real JavaScript of the customer, on a thread of its own, in a machine that knows nothing else. */
export { type PacEvaluatorOptions, pacEvaluator } from './evaluator.ts';
