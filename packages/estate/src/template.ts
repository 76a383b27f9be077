/**
 * The text a new document starts with: small enough to read at a glance, complete enough to be checked at once. Numbers
 * and addresses are the ones set aside for documentation, and loading it says so.
 */

import { flowText, scalarText } from './yaml-text.ts';

/** What a caller may know already; everything else gets a placeholder that the comments explain. */
export interface TemplateAnswers {
  /** Default: Example. */
  readonly organisation?: string;
  /** Power Platform region by name. Default: Europe. */
  readonly region?: string;
  /** Peering location by name. Default: Frankfurt. */
  readonly location?: string;
  /** Azure regions of the route filter. Default: West Europe and North Europe. */
  readonly azureRegions?: readonly string[];
}

/** A document in block style with one site, an internet edge and a circuit. Loads without errors for valid answers. */
export function estateTemplate(answers: TemplateAnswers = {}): string {
  const text = (value: string): string => scalarText(value, 'block');
  const regions = answers.azureRegions ?? ['West Europe', 'North Europe'];
  return `# An estate: your network as far as it reaches Microsoft. Change what is here and run the check again.
bothways: 1

organisation:
  name: ${text(answers.organisation ?? 'Example')}
  asn: 64500 # your public AS number

environments:
  production:
    region: ${text(answers.region ?? 'Europe')} # where the Power Platform environment lives

sites:
  office:
    users: 200
    clients: 10.10.0.0/16
  datacentre:

wan:
  office-datacentre:
    between: [office, datacentre]
    bandwidth: 1 Gbps
    latency: 5 ms

internetEdges:
  internet:
    site: datacentre
    bandwidth: 1 Gbps
    nat: 198.51.100.0/28 # public addresses that clients are translated to

expressRouteEdges:
  expressroute:
    site: datacentre
    nat: 203.0.113.0/28 # other public addresses than those of the internet edge

circuits:
  circuit:
    location: ${text(answers.location ?? 'Frankfurt')} # peering location
    bandwidth: 500 Mbps
    edge: expressroute
    microsoftPeering:
      vlan: 100
      links: [192.0.2.0/30, 192.0.2.4/30]
      routeFilter: ${flowText(regions, 'flow')}
`;
}
