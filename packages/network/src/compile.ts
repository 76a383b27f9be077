/** Estate and facts to one network of both halves, with the demands made concrete. Pure; same estate, same network. */
import type { Finding } from '@bothways/diagnostics';
import type { Estate, PublishedService } from '@bothways/estate';
import { NetworkBuilder } from './builder.ts';
import { compileSteering } from './compile-steering.ts';
import { CompilerFindings, type PlaceOf } from './compiler-findings.ts';
import { type CustomerHalf, compileCustomerHalf } from './customer-half.ts';
import { compileDemands, type Demands } from './demands.ts';
import { Destinations } from './destinations.ts';
import { type Backend, type DeviceRef, type InboundDemand, type PlannedInbound, planInbound } from './inbound.ts';
import { need } from './inside.ts';
import { internalPrefixes } from './internal-prefixes.ts';
import { compileInternet } from './internet.ts';
import { withLatencyEstimates } from './latency-estimates.ts';
import { compileMicrosoftHalf } from './microsoft-half.ts';
import { withMicrosoftReadings } from './microsoft-readings.ts';
import type { DeviceIx, Network } from './model.ts';
import { NameResolution } from './name-resolution.ts';
import { fromDocument } from './origin.ts';
import type { PacEvaluator } from './pac.ts';
import { type PlaceInScript, reportScripts } from './pac-findings.ts';
import { compilePlaces } from './places.ts';
import { compilePrivateConnections } from './private-peering.ts';
import { ProxyChoices } from './proxy-choice.ts';
import { publishServices } from './published-services.ts';
import { compileRisks, type Risks } from './risks.ts';
import { applyRoutingOverrides } from './routing-overrides.ts';
import type { Steering } from './steering.ts';
import { compileUsers } from './users.ts';
import { compileVirtualNetworks } from './virtual-networks.ts';

export interface CompiledNetwork {
  readonly estate: Estate;
  readonly network: Network;
  readonly demands: Demands;
  /** The device that the clients of a place stand behind: of a site its router, of a group or machine its own device. */
  readonly siteRouters: ReadonlyMap<string, DeviceIx>;
  /** What fails together, and the maintenance windows. */
  readonly risks?: Risks;
  /** Proxies, PAC files, resolvers and names, beside the policy routes that stand on the devices. */
  readonly steering?: Steering;
  /** What the compiler could not make sense of. */
  readonly findings?: readonly Finding[];
}

export interface CompileOptions {
  /** Runs proxy scripts; without it their answers are unknown. */
  readonly evaluatePac?: PacEvaluator;
  /** Milliseconds since 1970, UTC: the times for which proxy scripts are asked; absent: any time. */
  readonly instants?: readonly number[];
  /** Where a point of a proxy script stands, for findings; by default in the file it came from. */
  readonly placeInScript?: PlaceInScript;
}

/** `placeOf`, where the document is at hand, gives the findings their places. */
export function compileNetwork(
  estate: Estate,
  placeOf?: PlaceOf,
  { evaluatePac, instants, placeInScript }: CompileOptions = {},
): Required<CompiledNetwork> {
  const builder = new NetworkBuilder();
  const findings = new CompilerFindings(placeOf);
  const customer = compileCustomerHalf(estate, internalPrefixes(estate), builder);
  const internet = compileInternet(estate, customer, builder);
  const users = compileUsers(estate, customer, internet, builder);
  const described = compileSteering(estate, customer, findings, builder);
  const destinations = new Destinations(estate);
  const places = compilePlaces(estate, users);
  const demands = compileDemands(estate, destinations, places);
  // Which view of a name a place gets does not depend on devices, which are not all there yet.
  const nowhere = { deviceOf: () => -1, deviceOfVnet: () => -1, internet: -1 };
  const views = new NameResolution({ ...described, ...nowhere, estate });
  const planned = planInbound(estate, destinations, places, (place, name) => views.addressFor(place, name));
  const microsoft = compileMicrosoftHalf(estate, destinations.hosts(), customer, internet, builder);
  const { cloud } = estate.organisation;
  const networks = compileVirtualNetworks(estate.vnets, cloud, microsoft, findings, builder);
  compilePrivateConnections({ estate, customer, microsoft, networks, findings, builder });
  publishServices(estate, customer, builder);
  applyRoutingOverrides(estate, findings, builder);
  const risks = compileRisks(estate, findings, builder);

  const siteRouters = new Map([...customer.siteRouters].map(([name, router]) => [name, router.ix]));
  for (const { group, device } of users) siteRouters.set(group.name, device.ix);
  for (const place of places.values()) {
    if (place.kind !== 'machine') continue;
    const vnet = estate.vnets.find(({ name }) => place.site.name.startsWith(`${name}/`));
    if (vnet !== undefined) siteRouters.set(place.site.name, need(networks.byName, vnet.name).device.ix);
  }
  const resolution = new NameResolution({
    ...described,
    estate,
    deviceOf: (place) => need(siteRouters, place),
    deviceOfVnet: (vnet) => need(networks.byName, vnet).device.ix,
    internet: internet.device.ix,
  });
  const choices = new ProxyChoices({ ...described, estate, places, resolution, evaluate: evaluatePac, instants });
  const steering: Steering = {
    ...described,
    proxyFor: (place, flow, target, environment) => choices.proxyFor(place, flow, target, environment),
    partsFor: (place, flow, target, environment) => choices.partsFor(place, flow, target, environment),
    addressFor: (place, name) => resolution.addressFor(place, name),
    dnsAnswer: (place, flow, target) => resolution.dnsAnswer(place, flow, target),
    resolverDevice: (place) => resolution.resolverOf(place),
  };
  if (evaluatePac !== undefined) {
    for (const { site, flow, target, environment } of demands.concrete) {
      if (described.sites.get(site.name)?.pac === undefined) continue;
      choices.partsFor(site.name, flow, target, environment);
    }
    reportScripts(choices.said, described, findings, placeInScript);
  }

  const deviceOf = (ref: DeviceRef): DeviceIx => {
    if (ref.kind === 'microsoft') return need(microsoft.hosts, ref.name).ix;
    if (ref.kind === 'vnet') return need(networks.byName, ref.name).device.ix;
    return need(siteRouters, ref.name);
  };
  const services = new Map(estate.services.map((service) => [service.name, service]));
  const inbound = planned.map((each) => resolved(each, customer, services, deviceOf));
  return {
    estate,
    network: withMicrosoftReadings(withLatencyEstimates(builder.build(), estate)),
    demands: { ...demands, inbound },
    siteRouters,
    risks,
    steering,
    findings: findings.all,
  };
}

function resolved(
  planned: PlannedInbound,
  customer: CustomerHalf,
  services: ReadonlyMap<string, PublishedService>,
  deviceOf: (ref: DeviceRef) => DeviceIx,
): InboundDemand {
  const { kind, name, device } = planned.from;
  const homeOf = (service: PublishedService): DeviceIx => need(customer.siteRouters, service.site).ix;
  const backends: Backend[] = [];
  const passed = new Set<string>();
  for (let front = planned.service; front.backend !== undefined && !passed.has(front.name); ) {
    passed.add(front.name);
    const service = services.get(front.backend);
    if (service === undefined) break;
    backends.push({ service, home: homeOf(service), origins: [fromDocument([...front.path, 'backend'])] });
    front = service;
  }
  return {
    ...planned,
    from: { kind, name, device: deviceOf(device) },
    home: homeOf(planned.service),
    ...(backends.length === 0 ? {} : { backends }),
  };
}
