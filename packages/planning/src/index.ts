/** What to buy, where, and what it is worth. */
export { cheapestOffer, type PlaceChoice, type PlaceOffer, type PlaceProblem, pricedChoice } from './model.ts';
export { type ChoiceOptions, type ChosenPlaces, choosePlaces } from './model-choice.ts';
export { enumeratedChoice } from './model-enumeration.ts';
export { type LinearForm, linearForm } from './model-linear.ts';
export type { LinearModel, Solution, Solve, SolveOptions, SolveProgress } from './model-solver.ts';
