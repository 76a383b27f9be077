/**
 * Where devices stand, as far as anybody said: sites and user groups by their coordinates, Microsoft's edge by the
 * peering location, regions by theirs. Backbones, providers and global services stand nowhere in particular.
 */
import { azureRegion, type Coordinates, peeringLocation } from '@bothways/facts';
import type { CompiledNetwork, Device, DeviceIx } from '@bothways/network';

export type PlaceOfDevice = (device: DeviceIx) => Coordinates | undefined;

const known = new WeakMap<CompiledNetwork, readonly (Coordinates | undefined)[]>();

export function devicePlaces(compiled: CompiledNetwork): PlaceOfDevice {
  let places = known.get(compiled);
  if (places === undefined) {
    const { sites, users } = compiled.estate;
    const named = new Map([...sites, ...users].map(({ name, location }) => [name, location]));
    places = compiled.network.devices.map((device) => placeOf(device, named));
    known.set(compiled, places);
  }
  const all = places;
  return (device) => all[device];
}

const STANDS_BY_NAME: ReadonlySet<string> = new Set(['site-router', 'roaming-users', 'vpn-users']);

function placeOf(device: Device, named: ReadonlyMap<string, Coordinates | undefined>): Coordinates | undefined {
  const { place, role, name } = device;
  if (STANDS_BY_NAME.has(role)) return named.get(name);
  if (place?.peeringLocation !== undefined) return peeringLocation(place.peeringLocation);
  if (place?.azureRegion !== undefined) return azureRegion(place.azureRegion);
  return place?.site === undefined ? undefined : named.get(place.site);
}
