/** A site-to-site VPN stands in for private peering and for nothing else. */
import type { Circuit, Intent, SiteToSiteVpn } from '@bothways/estate';
import { ANY_FAILURE, privatePeering } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface FalseBackup {
  readonly vpn: SiteToSiteVpn;
  readonly circuit: Circuit;
  readonly intent: Intent;
}

/** Private peering, and a VPN over the internet edge that stands in for it. */
const WITH_VPN = privatePeering().map(
  ([text, by]) =>
    [
      text,
      by.replace(
        '\n\ndemands:',
        '\n  vpns:\n    tunnel: { site: dc, vnet: west, bandwidth: 500 Mbps, over: inet, backupOf: er-fra }\n\ndemands:',
      ),
    ] as const,
);

export const vpnBacksPrivatePeeringOnly = defineRule<FalseBackup>({
  name: 'vpn-backs-private-peering-only',
  title: 'A VPN is counted on as the backup of Microsoft peering',
  family: 'resilience',
  severity: 'warning',
  ids: ['PP-C37', 'CHK-APRL-30', 'CHK-ALZ-08', 'CHK-ALZ-21', 'CHK-RC-03', 'CHK-WAF-R10', 'ER-148'],
  what: 'Looks for circuits whose only stand-in is a VPN while an intent over Microsoft peering has to bear a failure.',
  why: 'The tunnel ends in a virtual network; Power Platform and Microsoft 365 are not behind it. When the circuit fails they fall to the internet alone.',
  fix: 'plan a second circuit for Microsoft peering, or accept the internet as its fallback and let the intent say so',
  status: 'stable',
  since: '0.1.0',
  fires: example('a VPN stands in for the circuit, and the intent bears any failure', ...WITH_VPN, ANY_FAILURE),
  silent: example('the intent speaks of the normal state', ...WITH_VPN),
  find: (view) => {
    const [intent] = view.index.resilientIntents();
    const peered = view.index.peered();
    if (intent === undefined || peered.length > 1) return [];
    return view.estate.vpns.flatMap((vpn) => {
      const circuit = vpn.backupOf === undefined ? undefined : view.index.circuit(vpn.backupOf);
      return circuit?.microsoftPeering === undefined ? [] : [{ vpn, circuit, intent }];
    });
  },
  word: ({ vpn, circuit, intent }, view) => ({
    message: `VPN ${vpn.name} stands in for the private peering of ${circuit.name} only; what intent ${intent.name} speaks of falls to the internet`,
    path: [...vpn.path, 'backupOf'],
    related: [{ message: `intent ${intent.name}`, place: placeOf(view, intent.path) }],
  }),
});
