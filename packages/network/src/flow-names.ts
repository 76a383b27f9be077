/**
 * Host names that stand for a flow: the patterns of the catalogue with the placeholders filled in for one environment. The
 * choice is fixed, so that a verdict can say for which name it holds: the organisation takes the place of '{org}' and of a
 * wildcard, the number of the environment's geography that of '{n}'.
 *
 * A name stands for its pattern only as far as nobody treats one name under it differently from another.
 */
import type { Environment, Estate } from '@bothways/estate';
import {
  type CloudVariant,
  cloudVariants,
  type Flow,
  flow as flowOf,
  microsoft365Sets,
  type PowerPlatformRegion,
  powerPlatformRegion,
} from '@bothways/facts';

/** Flows whose catalogue record says "the hosts of these" instead of names. */
const NAMES_OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  'PP-F06': ['PP-F01', 'PP-F04'],
  // The service that the hairpin leads to is the one that demands are made concrete with.
  'PP-F68': ['PP-F01'],
};

/** Names of the flow for an environment, or for every environment of the estate; empty: no name is documented. */
export function representativeNames(flow: Flow, estate: Estate, environment: string | undefined): readonly string[] {
  const organisation = label(estate.organisation.name);
  const named = estate.environments.filter((each) => environment === undefined || each.name === environment);
  const regions = named.map(regionOf);
  const names = new Set<string>();
  for (const region of regions.length === 0 ? [undefined] : regions) {
    const variant = region?.variant ?? defaultVariant(estate);
    for (const pattern of patternsOf(flow, variant)) names.add(nameOf(pattern, organisation, region));
  }
  return [...names];
}

function regionOf({ region }: Environment): PowerPlatformRegion | undefined {
  return powerPlatformRegion(region);
}

function defaultVariant({ organisation }: Estate): CloudVariant {
  const { cloud } = organisation;
  return cloud === 'public' ? 'public' : (cloudVariants.find((each) => each.startsWith(cloud)) ?? 'public');
}

function patternsOf(flow: Flow, variant: CloudVariant): readonly string[] {
  const own = flow.names[variant] ?? [];
  if (own.length > 0) return own;
  const others = (NAMES_OF_OTHERS[flow.id] ?? []).flatMap((id) => flowOf(id)?.names[variant] ?? []);
  if (others.length > 0) return others;
  const sets = new Set(flow.destinations.flatMap((each) => (each.kind === 'microsoft365' ? each.sets : [])));
  return sets.size === 0 ? [] : microsoft365Sets(variant).flatMap((each) => (sets.has(each.id) ? each.urls : []));
}

function nameOf(pattern: string, organisation: string, region: PowerPlatformRegion | undefined): string {
  const suffix = region?.environmentSuffix;
  const geography = suffix?.slice(0, suffix.indexOf('.'));
  // 'crm.dynamics.com' and 'crm{n}.dynamics.com' are the first and the other geographies of one host.
  const placed =
    geography !== undefined && /^crm\d*$/.test(geography)
      ? pattern.replace(/(^|\.)crm(?:\{n\}|\d+)?\./, `$1${geography}.`)
      : pattern.replaceAll('{n}', '');
  return placed
    .toLowerCase()
    .replaceAll(/\*+/g, organisation)
    .replaceAll(/\{\w+\}/g, organisation);
}

/** 'Contoso Ltd.' → 'contoso-ltd'. */
function label(name: string): string {
  const text = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return text === '' ? 'organisation' : text.slice(0, 40);
}
