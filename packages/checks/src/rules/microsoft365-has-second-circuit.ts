/** Microsoft 365 over ExpressRoute wants two active circuits at different locations. */
import type { Circuit } from '@bothways/estate';
import { describeCommunity } from '@bothways/facts';
import { secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

interface Alone {
  readonly circuit: Circuit;
}

export const microsoft365HasSecondCircuit = defineRule<Alone>({
  name: 'microsoft365-has-second-circuit',
  title: 'Microsoft 365 uses circuits of one peering location only',
  family: 'Microsoft 365',
  severity: 'warning',
  ids: ['PP-C37', 'CHK-APRL-01', 'CHK-M365-11', 'CHK-WAF-R08', 'ER-147', 'ER-189'],
  what: 'Counts the peering locations of circuits whose route filter selects Microsoft 365.',
  why: 'Mail and meetings stop with that location, or fall to an internet line that must be sized and allowed for all of them; the guidance asks for two active circuits.',
  fix: 'select the same services on a circuit in another peering location, and size the internet line as the last way out',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'Exchange Online on the only circuit',
    ['  asn: 64500\n', '  asn: 64500\n  microsoft365: { authorised: true, services: exchange }\n'],
    ['sku: standard', 'sku: premium'],
    ['routeFilter: [West Europe, North Europe]', 'routeFilter: [West Europe, North Europe, 12076:5010]'],
  ),
  silent: example(
    'Exchange Online on two circuits',
    ...secondCircuit({ filter: "[West Europe, '12076:51003', '12076:5010']", lines: '    sku: premium\n' }),
    ['  asn: 64500\n', '  asn: 64500\n  microsoft365: { authorised: true, services: exchange }\n'],
    ['sku: standard', 'sku: premium'],
    [
      'routeFilter: [West Europe, North Europe]\n\ndemands',
      'routeFilter: [West Europe, North Europe, 12076:5010]\n\ndemands',
    ],
  ),
  find: (view) => {
    const with365 = view.index
      .peered()
      .filter(({ filter }) => [...filter].some((each) => describeCommunity(each)?.authorisationRequired === true));
    const [first] = with365;
    const authorised = view.estate.organisation.microsoft365.authorised;
    if (first === undefined || !authorised) return [];
    return new Set(with365.map(({ circuit }) => circuit.location)).size > 1 ? [] : [{ circuit: first.circuit }];
  },
  word: ({ circuit }) => ({
    message: `Microsoft 365 rides ${circuit.name} and no circuit of another peering location`,
    path: [...circuit.path, 'microsoftPeering', 'routeFilter'],
  }),
});
