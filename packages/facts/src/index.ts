// The vendor's side of a design as data, each piece with source and date. Look-ups only: nothing here decides.

export {
  type AddressFileHead,
  compareEndpointFiles,
  compareTagFiles,
  type EndpointFileChange,
  type EndpointSetChange,
  type PrefixChange,
  type TagFileChange,
  type TagSetChange,
} from './address-change.ts';
export {
  type AddressData,
  type AddressFile,
  addressFiles,
  type EndpointListFile,
  endpointFile,
  endpointFiles,
  type Microsoft365Instance,
  type PackedEndpointFile,
  type PackedEndpointSet,
  type PackedTagFile,
  replacedAddressData,
  tagFile,
  useAddressData,
  withAddressData,
} from './address-data.ts';
export { dateInFileName, readEndpoints, readServiceTags } from './address-downloads.ts';
export {
  type AddressSet,
  addressSet,
  addressSetNames,
  addressSets,
  regionalTag,
} from './address-sets.ts';
export {
  incompleteness,
  mergeAddressData,
  newerThanBuiltIn,
  readAddressUpdate,
  writeAddressUpdate,
} from './address-update.ts';
export { type AsymmetryCause, asymmetryCause, asymmetryCauses } from './asymmetry-causes.ts';
export {
  type AzureRegion,
  azureRegion,
  azureRegions,
  findAzureRegion,
  type RegionCommunities,
} from './azure-regions.ts';
export { type ChecklistItem, type ChecklistProof, checklist, checklistItem, checklistProofs } from './checklist.ts';
export { type Cloud, type CloudVariant, cloudOfVariant, clouds, cloudVariants } from './cloud.ts';
export { type CommunityKind, type CommunityRow, communities, describeCommunity } from './communities.ts';
export { type Claim, type Contradiction, contradiction, contradictions } from './contradictions.ts';
export {
  type Coordinates,
  estimatedLatency,
  greatCircleKilometres,
  type LatencyEstimate,
  latencyMethod,
} from './distance.ts';
export { fact, facts, searchFacts } from './fact.ts';
export { type Fact, type FactConfidence, factConfidences } from './fact-record.ts';
export {
  type Flow,
  type FlowDestination,
  type FlowDirection,
  type FlowEligibility,
  type FlowGroup,
  type FlowPeering,
  type FlowPort,
  flow,
  flows,
  type TagScope,
} from './flows.ts';
export { type City, cities, citiesNamed, findCity } from './gazetteer.ts';
export {
  type AsnRange,
  asnRanges,
  type BandwidthSteps,
  type BillingPlan,
  bandwidthSteps,
  billingPlans,
  circuitSkus,
  type DscpClass,
  dscpClasses,
  type GatewayFigures,
  gatewayFigures,
  globalReachCountries,
  limits,
  type NetworkLinkLimit,
  networkLinkLimits,
  type Quantity,
  type ResilienceLevel,
  type ResilienceLevelName,
  type ResiliencyIndexTable,
  type ResiliencyRouteWay,
  regionsWithoutScalableGateway,
  resilienceLevels,
  resiliencyIndexTable,
  type ScalableGatewayFigures,
  type ScalableGatewayStep,
  type SkuFigures,
  scalableGatewayFigures,
  scalableGatewaySteps,
  sizing,
  skuFigures,
  type TrafficClass,
  timers,
  trafficClasses,
} from './limits.ts';
export {
  type EndpointCategory,
  type EndpointPorts,
  type Microsoft365Set,
  microsoft365Instance,
  microsoft365Sets,
  type PortRange,
} from './microsoft365.ts';
export { type Ownership, whoOwns } from './ownership.ts';
export { packPrefixes, unpackPrefixes } from './packed-prefixes.ts';
export {
  findPeeringLocation,
  type GeopoliticalRegion,
  geopoliticalRegions,
  type Metro,
  metro,
  metros,
  type PeeringLocation,
  peeringLocation,
  peeringLocations,
} from './peering-locations.ts';
export {
  type Confidence,
  findPowerPlatformRegion,
  type PowerPlatformRegion,
  powerPlatformCandidateRegions,
  powerPlatformRegion,
  powerPlatformRegions,
  retiredEnvironmentSuffixes,
} from './power-platform-regions.ts';
export {
  circuitPriceName,
  directPriceName,
  gatewayPriceName,
  outboundPriceName,
  type PriceName,
  type PriceZone,
  priceName,
  priceNames,
  priceZones,
  zoneText,
} from './price-names.ts';
export {
  type BillingZone,
  billingZones,
  type ChargeKind,
  type CircuitPrice,
  type CircuitPriceQuestion,
  circuitPrice,
  type GatewayPrice,
  type OutboundPrice,
  outboundPrice,
  type PremiumSurcharge,
  prices,
} from './prices.ts';
export {
  type ExchangeCarriers,
  exchangeCarriers,
  findProvider,
  type Provider,
  providers,
} from './providers.ts';
export { type CircuitSku, type Reach, reachOf } from './reach.ts';
export { type ReviewCheck, type ReviewInput, reviewCheck, reviewChecks } from './review-checks.ts';
export { type FigureReading, figureReadings, type Scenario, scenario, scenarios } from './scenarios.ts';
export { type SourceRef, source, sources } from './source.ts';
export {
  type NameException,
  nameExceptions,
  type SupportedService,
  supportedService,
  supportedServices,
  type WrongBelief,
  wrongBeliefs,
} from './supported-services.ts';
