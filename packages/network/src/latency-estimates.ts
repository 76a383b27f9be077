/**
 * An estimate for every line whose latency nobody stated and whose two ends have a place: sites by their coordinates,
 * Microsoft's edge by the peering location. The method and its limits are those of `estimatedLatency` in the facts.
 */
import type { Estate } from '@bothways/estate';
import { azureRegion, type Coordinates, estimatedLatency, peeringLocation } from '@bothways/facts';
import type { Device, Link, Network } from './model.ts';

export function withLatencyEstimates(network: Network, estate: Estate): Network {
  const sites = new Map(estate.sites.map((site) => [site.name, site.location]));
  const places = network.devices.map((device) => placeOf(device, sites));
  return { ...network, links: network.links.map((link) => estimated(link, places[link.a], places[link.b])) };
}

function estimated(link: Link, a: Coordinates | undefined, b: Coordinates | undefined): Link {
  if (link.latency !== undefined || a === undefined || b === undefined) return link;
  return { ...link, latencyEstimate: estimatedLatency(a, b) };
}

function placeOf(device: Device, sites: ReadonlyMap<string, Coordinates | undefined>): Coordinates | undefined {
  const { place } = device;
  if (device.role === 'site-router') return sites.get(device.name);
  if (place?.peeringLocation !== undefined) return peeringLocation(place.peeringLocation);
  if (place?.azureRegion !== undefined) return azureRegion(place.azureRegion);
  return place?.site === undefined ? undefined : sites.get(place.site);
}
