/** A company with two offices and a datacentre, written out, with a script at one of the offices. */
import { loadEstate } from '@bothways/estate';
import { flow as flowOf } from '@bothways/facts';
import { type CompiledNetwork, compileNetwork, type PacEvaluator } from '@bothways/network';
import { scriptOf } from './runs.ts';

export interface Written {
  /** Lines of the function of the script; undefined: no script. */
  readonly body?: string;
  /** Instead of `body`. */
  readonly script?: string;
  /** Further keys of the site hq, as YAML flow text: 'proxy: web-proxy'. */
  readonly hq?: string;
  readonly more?: string;
}

function textOf({ body, script, hq = '', more = '' }: Written): string {
  const text = script ?? (body === undefined ? undefined : scriptOf(body));
  const pac = text === undefined ? '' : `    pac: |\n${text.replaceAll(/^/gm, '      ')}\n`;
  return `bothways: 1
organisation: { name: Contoso, asn: 64500 }
environments:
  production: { region: Europe }
  overseas: { region: United Kingdom }
sites:
  hq:
    city: Munich
    clients: [10.10.0.0/17, 10.10.128.0/17, 2001:db8:10::/48]
    resolver: dc
${hq === '' ? '' : `    ${hq}\n`}${pac}  branch: { city: Berlin, clients: 10.20.0.0/16, proxy: web-proxy, resolver: public }
  dc: { city: Frankfurt, servers: 10.30.0.0/24 }
wan:
  a: { between: [hq, dc], bandwidth: 1 Gbps }
  b: { between: [branch, dc], bandwidth: 1 Gbps }
internetEdges:
  inet: { site: dc, isp: Northwind Telecom, bandwidth: 1 Gbps, firewall: fw-inet, nat: 198.51.100.0/28 }
expressRouteEdges:
  er: { site: dc, firewall: fw-er, nat: 203.0.113.0/28 }
circuits:
  er-fra:
    location: Frankfurt
    provider: Equinix
    bandwidth: 500 Mbps
    edge: er
    microsoftPeering:
      vlan: 100
      links: [192.0.2.0/30, 192.0.2.4/30]
      advertises: [203.0.113.0/28]
      routeFilter: [West Europe, North Europe, UK South, UK West]
azure:
  vnets:
    hub:
      region: West Europe
      addressSpace: 10.100.0.0/16
      privateEndpoints: [{ service: Storage, address: 10.100.8.4 }]
      machines: { vm: { address: 10.100.1.4, calls: PP-F68, proxy: web-proxy } }
    spoke:
      region: North Europe
      addressSpace: 10.101.0.0/16
      peeredWith: hub
      resolver: hub
      machines: { vm: { address: 10.101.1.4, calls: PP-F68 } }
    plain: { region: North Europe, addressSpace: 10.102.0.0/16, machines: { vm: { address: 10.102.1.4, calls: PP-F68 } } }
services:
  portal:
    site: dc
    kind: web
    address: 10.30.0.40
    names: [portal.contoso.example]
    published: [{ edge: inet, address: 198.51.100.9 }]
  intranet: { site: dc, kind: web, address: 10.30.0.41, names: [intranet.contoso.example] }
proxies:
  web-proxy: { site: dc, address: 10.30.0.10, reach: internet, edges: inet }
  spare-proxy: { site: dc, address: 10.30.0.11, port: 3128 }
users:
  roaming: { kind: roaming, users: 5, city: Rome }
  homeworkers: { kind: vpn, users: 5, vpn: { edge: inet, clients: 10.40.0.0/24 } }
demands:
  everyday: { flows: [PP-F01, PP-F03, PP-F04, PP-F05, PP-F11, PP-F16], from: [hq, branch, roaming, homeworkers], to: [production] }
  far: { flows: [PP-F01], from: [hq], to: [overseas] }
${more}`;
}

export function compiled(written: Written, evaluatePac?: PacEvaluator): Required<CompiledNetwork> {
  const { estate, findings, document } = loadEstate([{ name: 'estate.yaml', text: textOf(written) }]);
  if (estate === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));
  return compileNetwork(estate, document.placeOf, evaluatePac === undefined ? {} : { evaluatePac });
}

/** The demand of a place for a flow, as arguments of `proxyFor`. */
export function asked({ demands }: Required<CompiledNetwork>, place: string, id: string, environment?: string) {
  const found = demands.concrete.find(
    (each) =>
      each.site.name === place &&
      each.flow.id === id &&
      (environment === undefined || each.environment === environment),
  );
  const flow = flowOf(id);
  if (found === undefined || flow === undefined) throw new Error(`${place} has no demand for ${id}`);
  return [place, flow, found.target, found.environment] as const;
}
