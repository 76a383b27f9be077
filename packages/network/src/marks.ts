/**
 * Large communities (RFC 8092) that the customer's own routers put on routes where they enter, so that the rest of the
 * network can tell them apart (ER-223). They stand for what iBGP would carry by itself: the inside is modelled as eBGP
 * with an AS per device, and LOCAL_PREF does not cross a border between autonomous systems (RFC 4271 section 5.1.5).
 */
import type { Estate } from '@bothways/estate';
import type { LargeCommunity } from '@bothways/net';
import type { PolicyAction, PolicyTerm } from './model.ts';
import { derived } from './origin.ts';

/** The private AS that defines the marks (RFC 6996). */
const MARKS_OF = 4_200_000_000;

/** Learned over private peering, Global Reach or a VPN into a virtual network. */
export const PRIVATE_MARK: LargeCommunity = { global: MARKS_OF, first: 1, second: 0 };

/** Learned from the other circuit of a Global Reach pair; set and read by Microsoft's edge. */
export const GLOBAL_REACH_MARK: LargeCommunity = { global: MARKS_OF, first: 3, second: 0 };

const preferenceMark = (value: number): LargeCommunity => ({ global: MARKS_OF, first: 2, second: value });

/** What an edge router does with a preference the document sets on a peering. */
export function preferenceActions(value: number | undefined): readonly PolicyAction[] {
  if (value === undefined) return [];
  return [
    { kind: 'local-preference', value },
    { kind: 'large-community-add', communities: [preferenceMark(value)] },
  ];
}

/** The terms with which every router of the inside honours the preferences set at the edges; mostly none. */
export function preferenceTerms(estate: Estate): readonly PolicyTerm[] {
  const values = new Set<number>();
  for (const { microsoftPeering, privatePeering } of estate.circuits) {
    for (const peering of [microsoftPeering, privatePeering]) {
      if (peering?.localPreference !== undefined) values.add(peering.localPreference);
    }
  }
  for (const { import: shared, neighbours } of estate.routing) {
    for (const { set } of [...shared, ...neighbours.flatMap((each) => each.import)]) {
      if (set.localPreference !== undefined) values.add(set.localPreference);
    }
  }
  return [...values]
    .sort((a, b) => a - b)
    .map((value) => ({
      name: `local preference ${value} set at an edge holds in the whole network`,
      when: [{ kind: 'large-community', any: [preferenceMark(value)] }],
      set: [{ kind: 'local-preference', value }],
      then: 'next',
      origins: [derived('the inside follows LOCAL_PREF as one AS would')],
    }));
}
