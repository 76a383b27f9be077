/** The estate document: reading it with positions, its schema, its defaults, and edits that keep its layout. */
export { completeDocument } from './complete-document.ts';
export { defaultsApplied } from './defaults.ts';
export { type AppliedDefault, type EstateDocument, NAMED_KINDS, type NamedKind } from './document.ts';
export { editInsert, editRemove, editRename, editSet } from './edits.ts';
export { type EstateLoad, type LoadOptions, loadEstate } from './load.ts';
export type {
  ApplicationBreakout,
  BgpTimers,
  Billing,
  Circuit,
  ConnectivityModel,
  Coordinates,
  DelegatedSubnet,
  Demand,
  DirectPorts,
  Environment,
  EnvironmentType,
  Estate,
  ExpressRouteEdge,
  Firewall,
  FirewallRule,
  Intent,
  InternetEdge,
  LocalNetwork,
  Microsoft365,
  Microsoft365Service,
  MicrosoftPeering,
  Money,
  Organisation,
  Path,
  Ports,
  Prepend,
  Product,
  PromisedService,
  Provisioning,
  ProxyScript,
  Resiliency,
  RouteFilterEntry,
  Secret,
  Site,
  Sku,
  Survives,
  WanCloud,
  WanConnection,
  WanLink,
  WanMember,
} from './model.ts';
export type {
  Machine,
  PrivateEndpoint,
  PrivatePeering,
  SiteToSiteVpn,
  Subnet,
  UserRoute,
  VirtualNetwork,
  VnetGateway,
} from './model-azure.ts';
export {
  type AcceptedRisk,
  AVAILABILITY_KINDS,
  type AvailabilityKind,
  type ChargedAmounts,
  type FailureGroup,
  type MaintenanceWindow,
  type PriceOverrides,
  type ProviderPrice,
  type StatedAvailability,
} from './model-operations.ts';
export type { Named, PrivateSites, Requirements } from './model-requirements.ts';
export type {
  DeviceRouting,
  NeighbourRouting,
  PrefixMatch,
  RoutingMatch,
  RoutingSet,
  RoutingTerm,
  StaticRouteOverride,
} from './model-routing.ts';
export type {
  Connector,
  ConnectorClass,
  DataGateway,
  DataSource,
  DesktopFlowMachines,
  Proxy,
  Publication,
  PublishedService,
  ServiceKind,
  UserGroup,
  UserVpn,
} from './model-services.ts';
export { type EstateFile, FILE_LIMITS, type FileLimits } from './parse-file.ts';
export { fileBeside, referencedFiles } from './references.ts';
export { estateJsonSchema } from './schema.ts';
export { secret } from './secret.ts';
export { SITE_COLUMNS } from './sites-csv.ts';
export { subjectAt } from './subject.ts';
export { estateTemplate, type TemplateAnswers } from './template.ts';
export {
  formatBandwidth,
  formatDuration,
  formatMoney,
  formatPercentage,
  parseBandwidth,
  parseDuration,
  parseMoney,
  parsePercentage,
} from './units.ts';
export { documentValues } from './values.ts';
export { type EditValue, flowText } from './yaml-text.ts';
