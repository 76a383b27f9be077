/** What a device is, as a small drawing of 20 by 20. */
import type { ShownNode } from './grouping.ts';

const paths: Readonly<Record<string, string>> = {
  site: 'M3 18V7l7-4 7 4v11M8 18v-5h4v5M6.5 9h1M12.5 9h1',
  firewall: 'M2 4h16v12H2zM2 8h16M2 12h16M7 4v4M13 4v4M10 8v4M5 8v0M15 8v0M7 12v4M13 12v4',
  router: 'M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16M6 8h8m-2-2 2 2-2 2M14 12H6m2-2-2 2 2 2',
  cloud: 'M5.5 16a3.7 3.7 0 0 1-.4-7.4 5 5 0 0 1 9.6-.9A4.2 4.2 0 0 1 14.5 16z',
  globe: 'M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16M2 10h16M10 2c-5 5-5 11 0 16c5-5 5-11 0-16',
  region: 'M3 5h14v4H3zM3 11h14v4H3zM6 7h.1M6 13h.1',
  service: 'M10 2l7 4v8l-7 4-7-4V6zM3 6l7 4 7-4M10 10v8',
  users:
    'M7 9a3 3 0 1 0 0-6a3 3 0 1 0 0 6M1.500 17c0-4 2-6 5.500-6s5.500 2 5.500 6M13 9a2.500 2.500 0 1 0 0-5M15 11.500c2.500.5 3.500 2.500 3.500 5',
  proxy: 'M3 10h4m6 0h4M7 5h6v10H7zM15 8l2 2-2 2',
  sites: 'M2 17V9l5-3 5 3v8M9 6V4.500l4.500-2.500L18 4.500V17M5 17v-4h4v4M13 8h1.500M13 11h1.500',
};

const glyphOf: Readonly<Record<ShownNode['role'], string>> = {
  'site-router': 'site',
  firewall: 'firewall',
  'customer-edge': 'router',
  'provider-edge': 'cloud',
  proxy: 'proxy',
  'vpn-users': 'users',
  'roaming-users': 'users',
  'internet-provider': 'router',
  internet: 'globe',
  msee: 'router',
  vnet: 'service',
  'vnet-gateway': 'router',
  'vnet-appliance': 'firewall',
  'microsoft-internet-edge': 'router',
  'microsoft-backbone': 'cloud',
  'azure-region': 'region',
  'microsoft-service': 'service',
  'public-service': 'service',
  bundle: 'sites',
};

export function Glyph({ role }: { readonly role: ShownNode['role'] }) {
  return <path className="glyph" d={paths[glyphOf[role]] ?? ''} fill="none" strokeWidth="1.4" strokeLinejoin="round" />;
}
