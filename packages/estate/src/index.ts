/** The estate document: reading it with positions, its schema, its defaults, and edits that keep its layout. */
export { defaultsApplied } from './defaults.ts';
export { type AppliedDefault, type EstateDocument, NAMED_KINDS, type NamedKind } from './document.ts';
export { editInsert, editRemove, editRename, editSet } from './edits.ts';
export { type EstateLoad, type LoadOptions, loadEstate } from './load.ts';
export type {
  Billing,
  Circuit,
  ConnectivityModel,
  Demand,
  Environment,
  Estate,
  ExpressRouteEdge,
  Firewall,
  Intent,
  InternetEdge,
  MicrosoftPeering,
  Organisation,
  Path,
  RouteFilterEntry,
  Secret,
  Site,
  Sku,
  WanLink,
} from './model.ts';
export { type EstateFile, FILE_LIMITS, type FileLimits } from './parse-file.ts';
export { estateJsonSchema } from './schema.ts';
export { secret } from './secret.ts';
export { estateTemplate, type TemplateAnswers } from './template.ts';
export { formatBandwidth, formatDuration, parseBandwidth, parseDuration, parsePercentage } from './units.ts';
export type { EditValue } from './yaml-text.ts';
