/** Everything a rule may look at: the document, the network compiled from it, its tables and its round trips. */
import type { Place } from '@bothways/diagnostics';
import type { Path } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import type { Origin } from '@bothways/network';
import type { EstateIndex } from './estate-index.ts';
import type { EstateView } from './estate-view.ts';

export type { EstateView } from './estate-view.ts';

/** What a rule sees in addition. */
export interface CheckView extends EstateView {
  /** Broken round trips that no rule has explained so far; residual rules report these. */
  readonly unexplained: readonly RoundTrip[];
  /** Look-ups that rules share; each is built when first asked for. */
  readonly index: EstateIndex;
}

export function placeOf(view: EstateView, path: Path): Place {
  return view.document.placeOf(path);
}

/** The first place of the document among the origins of an element. */
export function placeOfOrigins(view: EstateView, origins: readonly Origin[]): Place | undefined {
  for (const origin of origins) if (origin.kind === 'document') return view.document.placeOf(origin.path);
  return undefined;
}

/** The fact ids among the origins of an element. */
export function factsOf(origins: readonly Origin[]): readonly string[] {
  return origins.flatMap((origin) => (origin.kind === 'fact' ? [origin.fact] : []));
}

/** 'line 26', or 'sites.yaml:26' where the document has several files: short enough to stand inside a sentence. */
export function placeText(view: EstateView, place: Place): string {
  if (view.document.sources.size === 1) return `line ${place.line}`;
  return `${place.file.slice(place.file.lastIndexOf('/') + 1)}:${place.line}`;
}

export function brokenTrips(view: EstateView): readonly RoundTrip[] {
  return view.data.roundTrips.filter((trip) => trip.outcome === 'broken');
}
