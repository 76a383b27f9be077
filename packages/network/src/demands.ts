/**
 * Demands made concrete: one flow from the clients of one site to one set of addresses.
 *
 * A flow that does not depend on the environment (static content, revocation lists, sign-in) appears once per site,
 * not once per environment.
 */
import type { Demand, Estate, Site } from '@bothways/estate';
import { type Flow, flow as flowOf } from '@bothways/facts';
import type { Prefix } from '@bothways/net';
import { type Destinations, type FlowTarget, PUBLIC_INTERNET } from './destinations.ts';

export interface ConcreteDemand {
  /** 'PP-F01/hq/production/westeurope'; unique in the estate and stable under edits elsewhere. */
  readonly id: string;
  readonly demand: Demand;
  readonly flow: Flow;
  readonly site: Site;
  /** The environment, or undefined where the target does not depend on it. */
  readonly environment: string | undefined;
  readonly target: FlowTarget;
  readonly sources: readonly Prefix[];
}

/** A demand that cannot be computed, and why. */
export interface SkippedDemand {
  readonly demand: Demand;
  readonly flow: Flow;
  readonly because: 'opened-by-microsoft' | 'inside-microsoft' | 'does-not-cross-the-edge';
}

export interface Demands {
  readonly concrete: readonly ConcreteDemand[];
  readonly skipped: readonly SkippedDemand[];
}

export function compileDemands(estate: Estate, destinations: Destinations): Demands {
  const sites = new Map(estate.sites.map((site) => [site.name, site]));
  const environments = new Map(estate.environments.map((environment) => [environment.name, environment]));
  const concrete = new Map<string, ConcreteDemand>();
  const skipped = new Map<string, SkippedDemand>();
  for (const demand of estate.demands) {
    for (const id of demand.flows) {
      const flow = flowOf(id);
      if (flow === undefined) throw new Error(`the loader let the unknown flow '${id}' pass`);
      const because = skipReason(flow);
      if (because !== undefined) {
        skipped.set(id, { demand, flow, because });
        continue;
      }
      for (const environmentName of demand.to) {
        const environment = environments.get(environmentName);
        if (environment === undefined) throw new Error(`the loader let the environment '${environmentName}' pass`);
        for (const target of destinations.targetsOf(flow, environment.azureRegions)) {
          const bound = target.azureRegion === undefined ? undefined : environmentName;
          for (const siteName of demand.from) {
            const site = sites.get(siteName);
            if (site === undefined) throw new Error(`the loader let the site '${siteName}' pass`);
            const key = [id, siteName, ...(bound === undefined ? [] : [bound]), target.id].join('/');
            if (concrete.has(key)) continue;
            concrete.set(key, { id: key, demand, flow, site, environment: bound, target, sources: site.clients });
          }
        }
      }
    }
  }
  const customer = [
    ...estate.sites.flatMap((site) => site.clients),
    ...estate.internetEdges.flatMap((edge) => [...edge.nat, ...edge.advertises]),
    ...estate.expressRouteEdges.flatMap((edge) => edge.nat),
    ...estate.circuits.flatMap((circuit) => circuit.microsoftPeering?.advertises ?? []),
  ];
  const everythingElse = { ...PUBLIC_INTERNET, set: destinations.publicInternet(customer) };
  return {
    concrete: [...concrete.values()].map((each) =>
      each.target === PUBLIC_INTERNET ? { ...each, target: everythingElse } : each,
    ),
    skipped: [...skipped.values()],
  };
}

function skipReason(flow: Flow): SkippedDemand['because'] | undefined {
  if (flow.expressRoute === 'internal') return 'inside-microsoft';
  if (flow.expressRoute === 'not-applicable') return 'does-not-cross-the-edge';
  if (flow.tcpOpenedBy === 'microsoft') return 'opened-by-microsoft';
  return undefined;
}
