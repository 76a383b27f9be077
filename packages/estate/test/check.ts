/** What the tests of the loader share: the example, a way to change it, and its findings as a user sees them. */
import { type Finding, plainStyle, renderFinding } from '@bothways/diagnostics';
import { expect } from 'vitest';
import { type EstateFile, loadEstate } from '../src/index.ts';

/** A headquarters and a branch, one datacentre with an internet edge and one circuit. */
export const example = `# Contoso: headquarters and a branch, one datacentre with an internet edge and one circuit.
bothways: 1

organisation:
  name: Contoso
  asn: 64500

environments:
  production: { region: Europe }          # Power Platform geography: West Europe and North Europe

sites:
  hq: { city: Munich, users: 900, clients: 10.10.0.0/16 }
  branch: { city: Milan, users: 120, clients: 10.20.0.0/16 }
  dc: { city: Frankfurt }

wan:
  mpls-hq: { between: [hq, dc], bandwidth: 1 Gbps, latency: 6 ms }
  mpls-branch: { between: [branch, dc], bandwidth: 100 Mbps, latency: 11 ms }

internetEdges:
  inet: { site: dc, isp: Northwind Telecom, bandwidth: 1 Gbps, firewall: fw-inet, nat: 198.51.100.0/28 }

expressRouteEdges:
  er: { site: dc, firewall: fw-er, nat: 203.0.113.0/28 }

circuits:
  er-fra:
    location: Frankfurt
    provider: Equinix
    sku: standard
    billing: metered
    bandwidth: 500 Mbps
    edge: er
    microsoftPeering:
      vlan: 100
      links: [192.0.2.0/30, 192.0.2.4/30]
      advertises: [203.0.113.0/28]
      routeFilter: [West Europe, North Europe]

demands:
  everyday:
    flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]
    from: [hq, branch]
    to: production

intents:
  dataverse-is-private:
    flows: [PP-F01, PP-F02]
    from: [hq, branch]
    to: production
    over: expressroute
`;

/** The findings of some files as a user sees them, without the standing note about documentation addresses. */
export function check(...files: readonly (string | EstateFile)[]): string {
  const named = files.map((file, index) =>
    typeof file === 'string'
      ? { name: files.length === 1 ? 'estate.yaml' : `part-${index + 1}.yaml`, text: file }
      : file,
  );
  const { findings, document, estate } = loadEstate(named);
  const shown = findings.filter((finding) => finding.rule !== 'estate/documentation-addresses');
  expect(estate === undefined).toBe(shown.some((finding) => finding.severity === 'error'));
  return `\n${shown.map((finding: Finding) => renderFinding(finding, document.printableSources, plainStyle)).join('\n')}\n`;
}

/** The example with one thing changed; the thing must be there. */
export function changed(...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, example);
}
