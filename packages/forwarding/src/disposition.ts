/**
 * How a path ends. The list is closed; each disposition has its condition written down, and every renderer names all
 * of them or does not compile.
 */
export type Disposition =
  | 'delivered'
  | 'no-state'
  | 'unexpected-answer'
  | 'denied'
  | 'no-route'
  | 'discarded'
  | 'refused-at-microsoft-edge'
  | 'not-carried-by-expressroute'
  | 'loop'
  | 'nat-exhausted'
  | 'too-big'
  | 'device-down'
  | 'proxy-down'
  | 'name-not-resolved'
  | 'too-many-branches';

/** The condition under which a path ends so. */
export const DISPOSITION_CONDITIONS: Readonly<Record<Disposition, string>> = {
  delivered: 'the packet reached the device that the address belongs to',
  'no-state': 'a stateful firewall got an answer to a request that it never saw',
  'unexpected-answer':
    'the answer comes from another address than the one that was asked, so whoever opened the session refuses it',
  denied: 'a firewall does not let a session start in this direction',
  'no-route': 'a device on the way has no route to the destination',
  discarded: 'a route on the way says to drop the packet',
  'refused-at-microsoft-edge':
    "the source is not in the prefixes declared on the peering, so Microsoft's edge drops it",
  'not-carried-by-expressroute':
    'the packet came in over a circuit and its destination lies on the internet, to which a circuit gives no transit',
  loop: 'the packet came back to a device that had already forwarded it',
  'nat-exhausted': 'the pool that the source would be translated to has no free ports left',
  'too-big': 'the packet is too big for a link and the message that says so does not reach the sender',
  'device-down': 'the device that the packet would start at has failed',
  'proxy-down': 'the proxy that the connection has to go through has failed',
  'name-not-resolved':
    'the name that is asked for has no address where the client is, or no answer comes from the resolver that the client uses',
  'too-many-branches': 'more equal-cost branches than are followed; what they do is not known',
};

/** Delivered is success, too-many-branches is unknown, everything else is a loss. */
export function outcomeOf(disposition: Disposition): 'holds' | 'broken' | 'unknown' {
  if (disposition === 'delivered') return 'holds';
  return disposition === 'too-many-branches' ? 'unknown' : 'broken';
}
