/**
 * What Microsoft may do with the routes of its customers and no document decides. Each is a reading of the decision on
 * the backbone: a possibility beside the documented one, and only where the customer's policies can make it matter.
 *
 * - MED: the documents are silent (ER-250); that it does nothing is deduced (ER-095).
 * - Private ASNs are taken out of the path (ER-052). Nothing says what becomes of one between public ones, and that a
 *   private peer cannot prepend with a public ASN (ER-096) says what happens and not how.
 */
import { asnKind } from '@bothways/net';
import type { DecisionReading, Network, PolicyAction, SessionEnd } from './model.ts';

const MED: DecisionReading = {
  kind: 'neighbours-med',
  because: 'whether Microsoft compares the MED that its customers send is not documented (ER-250)',
};

const PRIVATE_AS: DecisionReading = {
  kind: 'private-as-kept',
  because:
    'how Microsoft takes private ASNs out of a path that holds public ones besides is not documented (ER-052, ER-096)',
};

export function withMicrosoftReadings(network: Network): Network {
  const { devices, policies } = network;
  const sent: { readonly action: PolicyAction; readonly end: SessionEnd }[] = [];
  for (const { ends, link } of network.sessions) {
    if (link === undefined || network.links[link]?.peering === 'private') continue;
    for (const [at, end] of ends.entries()) {
      const other = ends[1 - at];
      if (other === undefined || devices[other.device]?.role !== 'msee' || devices[end.device]?.half === 'microsoft') {
        continue;
      }
      for (const { set } of policies[end.export]?.terms ?? []) for (const action of set) sent.push({ action, end });
    }
  }
  const readings: DecisionReading[] = [];
  if (sent.some(({ action }) => action.kind === 'med')) readings.push(MED);
  if (sent.some(({ action, end }) => action.kind === 'prepend' && isMixed(action.asn, end))) readings.push(PRIVATE_AS);
  if (readings.length === 0) return network;
  return {
    ...network,
    devices: devices.map((device) =>
      device.role === 'microsoft-backbone' ? { ...device, decision: { ...device.decision, readings } } : device,
    ),
  };
}

/** A path of public and private ASNs; one of the customer's own alone is not. */
function isMixed(prepended: SessionEnd['asn'], { asn }: SessionEnd): boolean {
  return asnKind(prepended) !== asnKind(asn);
}
