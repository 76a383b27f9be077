/**
 * The document `bothways init` writes: one datacentre with an internet edge and one ExpressRoute circuit, every other
 * site joined to it by one link. Addresses are stand-ins from the documentation ranges (RFC 5737), AS number too
 * (RFC 5398): they are there to be replaced, and a check says so.
 */

import { nearestName } from '@bothways/diagnostics';
import {
  azureRegion,
  findPeeringLocation,
  findPowerPlatformRegion,
  type PeeringLocation,
  type PowerPlatformRegion,
  peeringLocations,
  powerPlatformRegions,
} from '@bothways/facts';

export interface SiteAnswer {
  readonly name: string;
  readonly city: string | undefined;
  readonly users: number;
}

export interface Answers {
  readonly organisation: string;
  readonly asn: string;
  readonly region: PowerPlatformRegion;
  readonly sites: readonly SiteAnswer[];
  readonly location: PeeringLocation;
  readonly provider: string | undefined;
  readonly bandwidth: string;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** One /16 of 10.0.0.0/8 for each site. */
const siteLimit = 250;

export function readRegion(text: string): Answer<PowerPlatformRegion> {
  const found = findPowerPlatformRegion(text.trim());
  if (found !== undefined) return { ok: true, value: found };
  const names = powerPlatformRegions().map(({ name }) => name);
  return unknown('Power Platform region', text, names);
}

export function readLocation(text: string): Answer<PeeringLocation> {
  const found = findPeeringLocation(text.trim());
  if (found !== undefined) return { ok: true, value: found };
  const names = peeringLocations().map(({ name }) => name);
  return unknown('peering location', text, names);
}

function unknown(what: string, text: string, names: readonly string[]): Answer<never> {
  const near = nearestName(text, names);
  const hint = near === undefined ? `Known are: ${names.join(', ')}.` : `Did you mean '${near}'?`;
  return { ok: false, problem: `there is no ${what} '${text}'. ${hint}` };
}

/** `hq:Munich:900,branch:Milan:120`; city and users may be left out. */
export function readSites(text: string): Answer<readonly SiteAnswer[]> {
  const sites: SiteAnswer[] = [];
  for (const part of text.split(',')) {
    const [name = '', city = '', users = '', ...rest] = part.split(':').map((word) => word.trim());
    if (name === '' || rest.length > 0) {
      return { ok: false, problem: `'${part.trim()}' is not a site: write name:city:users, as in hq:Munich:900` };
    }
    if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,62}$/u.test(name)) {
      return { ok: false, problem: `'${name}' cannot name a site: letters, digits, dots, dashes and underscores` };
    }
    if (!/^\d{0,7}$/.test(users)) {
      return { ok: false, problem: `'${users}' is no number of users for the site ${name}: write a whole number` };
    }
    if (sites.some((site) => site.name === name)) return { ok: false, problem: `the site ${name} is there twice` };
    sites.push({ name, city: city === '' ? undefined : city, users: Number(users) });
  }
  if (sites.length > siteLimit)
    return { ok: false, problem: `${siteLimit} sites at most; add the others to the document` };
  return { ok: true, value: sites };
}

/** The peering location nearest to the region's first Azure region, among those a Standard circuit reaches it from. */
export function nearestLocation(region: PowerPlatformRegion): PeeringLocation | undefined {
  const target = azureRegion(region.pairs[0]?.[0] ?? '');
  if (target === undefined) return undefined;
  const distance = ({ latitude, longitude }: PeeringLocation): number => {
    // Equirectangular: good enough to rank places of one continent.
    const east = (longitude - target.longitude) * Math.cos((target.latitude * Math.PI) / 180);
    return Math.hypot(latitude - target.latitude, east);
  };
  return peeringLocations()
    .filter(
      ({ cloud, geopoliticalRegion }) =>
        cloud === region.cloud && region.geopoliticalRegions.includes(geopoliticalRegion),
    )
    .map((location) => ({ location, distance: distance(location) }))
    .sort((a, b) => a.distance - b.distance || (a.location.id < b.location.id ? -1 : 1))[0]?.location;
}

export function estateDocument(answers: Answers): string {
  const { organisation, asn, region, sites, location, provider, bandwidth } = answers;
  const datacentre = sites.find(({ name }) => name === 'dc')?.name ?? 'dc';
  const branches = sites.filter(({ name }) => name !== datacentre);
  const all = sites.some(({ name }) => name === datacentre)
    ? sites
    : [...sites, { name: datacentre, city: location.city, users: 0 }];
  const step = all.length <= 25 ? 10 : 1;
  const pair = region.pairs[0] ?? [];
  const pairNames = pair.map((id) => azureRegion(id)?.name ?? id);
  const premium = !region.geopoliticalRegions.includes(location.geopoliticalRegion);
  const hasClients = ({ name, users }: SiteAnswer): boolean => users > 0 || name !== datacentre;
  const names = sites.filter(hasClients).map(({ name }) => scalar(name));
  const from = names.length > 0 ? `[${names.join(', ')}]` : 'all';
  const choosesPair = region.pairs.length > 1 ? `, pair: [${pairNames.map(scalar).join(', ')}]` : '';

  const lines = [
    `# ${comment(organisation)}: what the network looks like, and what must hold. Check it with: bothways check`,
    '# Replace the stand-ins (AS number, NAT pools, link subnets) by your own; "bothways schema" helps your editor.',
    'bothways: 1',
    '',
    'organisation:',
    `  name: ${scalar(organisation)}`,
    `  asn: ${scalar(asn)}`,
    ...(region.cloud === 'public' ? [] : [`  cloud: ${region.cloud}`]),
    '',
    'environments:',
    `  production: { region: ${scalar(region.name)}${choosesPair} }  # its servers: ${pairNames.join(' and ')}`,
    '',
    'sites:',
    ...all.map((site, i) => {
      const fields = [
        site.city === undefined ? [] : `city: ${scalar(site.city)}`,
        site.users > 0 ? `users: ${site.users}` : [],
        hasClients(site) ? `clients: 10.${(i + 1) * step}.0.0/16` : [],
      ].flat();
      return `  ${scalar(site.name)}: ${fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`}`;
    }),
    '',
    ...(branches.length === 0 ? [] : ['wan:']),
    ...branches.map(
      ({ name }) =>
        `  ${scalar(`${name}-${datacentre}`)}: { between: [${scalar(name)}, ${datacentre}], bandwidth: 200 Mbps, latency: 10 ms }`,
    ),
    ...(branches.length === 0 ? [] : ['']),
    'internetEdges:',
    `  internet: { site: ${datacentre}, bandwidth: 1 Gbps, firewall: fw-internet, nat: 198.51.100.0/28 }`,
    '',
    'expressRouteEdges:',
    `  edge: { site: ${datacentre}, firewall: fw-edge, nat: 203.0.113.0/28 }`,
    '',
    'circuits:',
    '  main:',
    `    location: ${scalar(location.name)}`,
    ...(provider === undefined ? [] : [`    provider: ${scalar(provider)}`]),
    `    sku: ${premium ? 'premium  # the environment lies outside the geopolitical region of the location' : 'standard'}`,
    '    billing: metered',
    `    bandwidth: ${scalar(bandwidth)}`,
    '    edge: edge',
    '    microsoftPeering:',
    '      vlan: 100',
    '      links: [192.0.2.0/30, 192.0.2.4/30]',
    '      advertises: [203.0.113.0/28]  # this circuit only: the internet edge must not announce it too',
    `      routeFilter: [${pairNames.map(scalar).join(', ')}]  # both regions of the environment`,
    '',
    'demands:',
    `  everyday: { flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16], from: ${from}, to: production }`,
    '',
    'intents:',
    '  dataverse-is-private:',
    '    flows: [PP-F01, PP-F02]',
    `    from: ${from}`,
    '    to: production',
    '    over: expressroute',
  ];
  return `${lines.join('\n')}\n`;
}

/** A YAML scalar that reads back as this text, inside brackets too. */
function scalar(text: string): string {
  const plain =
    /^[\p{L}][\p{L}\p{N} ._()-]*$/u.test(text) &&
    !text.endsWith(' ') &&
    !/^(true|false|null|yes|no|on|off)$/i.test(text);
  return plain || /^\d{1,9}$/.test(text) || /^\d+ [A-Za-z]+$/.test(text) ? text : JSON.stringify(text);
}

/** Text for a comment: a line break would end it. */
function comment(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
