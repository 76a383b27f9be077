/**
 * A network while links are drained: Microsoft announces maintenance by a longer AS path on the link, in both
 * directions of the session, and takes the link down later (ER-149). An edge that does not look at path length goes on
 * using a link that is about to vanish (cause A7).
 */
import type { Network, Policy, PolicyIx, PolicyTerm, Session } from './model.ts';
import { fromFact } from './origin.ts';
import type { Maintenance } from './risks.ts';

/** How often the AS of the draining side is repeated: more than any derived path is long. */
const DRAIN_PREPENDS = 8;

/** The network with the sessions of a window drained; a window of kind `down` leaves the network as it is. */
export function drainedNetwork(network: Network, window: Maintenance): Network {
  if (window.kind !== 'drain') return network;
  const policies = [...network.policies];
  const drained = new Set(window.sessions);
  const copies = new Map<string, PolicyIx>();
  const longer = (policy: PolicyIx, asn: Session['ends'][0]['asn']): PolicyIx => {
    const key = `${policy} ${asn}`;
    const known = copies.get(key);
    if (known !== undefined) return known;
    const before = network.policies[policy];
    if (before === undefined) throw new RangeError(`policy ${policy} of ${network.policies.length}`);
    const term: PolicyTerm = {
      name: `${window.name}: a longer AS path leads traffic away`,
      when: [],
      set: [{ kind: 'prepend', asn, times: DRAIN_PREPENDS }],
      then: 'next',
      origins: [...window.origins, fromFact('ER-149')],
    };
    const copy: Policy = {
      ...before,
      ix: policies.length,
      name: `${before.name} (${window.name})`,
      terms: [term, ...before.terms],
      origins: [...window.origins, ...before.origins],
    };
    policies.push(copy);
    copies.set(key, copy.ix);
    return copy.ix;
  };
  const sessions = network.sessions.map((session): Session => {
    if (!drained.has(session.ix)) return session;
    const [a, b] = session.ends;
    // Both imports lengthen the path by the AS of Microsoft's end: a private AS would be taken out of it (ER-052).
    const drains = network.devices[a.device]?.half === 'microsoft' ? a.asn : b.asn;
    return {
      ...session,
      ends: [
        { ...a, import: longer(a.import, drains) },
        { ...b, import: longer(b.import, drains) },
      ],
    };
  });
  return { ...network, sessions, policies };
}
