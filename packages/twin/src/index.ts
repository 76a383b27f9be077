export {
  type Checked,
  type CheckReport,
  checkEstate,
  checkJson,
  type RoundTripView,
  roundTripJson,
  type Summary,
  type WayView,
} from './check.ts';
export type { InputFile } from './estate-view.ts';
export type { OverviewLine, Verdict } from './overview.ts';
export {
  type DeviceRoutes,
  type PathView,
  type RoutesQuery,
  type RoutesView,
  type RouteView,
  routesOf,
} from './routes.ts';
export { type ExplainedRule, type RulePage, ruleNames, rulePage } from './rules.ts';
export { type Traced, type TraceQuery, traceEstate } from './trace.ts';

import { estateJsonSchema } from '@bothways/estate';

/** JSON Schema (draft-07) of the estate document. */
export function estateSchema(): object {
  return estateJsonSchema();
}
