/** The shape of services on premises, connectors, proxies and users who are not at a site. */
import {
  ADDRESS,
  COUNT,
  COUNTRY,
  choice,
  coordinates,
  flowText,
  list,
  NAME,
  nameText,
  PORTS,
  prefixText,
  record,
  records,
  scalar,
  YES_NO,
} from './schema-parts.ts';

export const portText = scalar('A port, a range of ports, or either with tcp/ or udp/ in front.', PORTS);

export const service = record('A service on premises that Microsoft or users elsewhere reach.', {
  site: scalar('Site where it runs.', NAME),
  kind: choice('What it is. Default: other.', [
    'web',
    'adfs',
    'exchange',
    'smtp',
    'sharepoint',
    'sql',
    'reverse-proxy',
    'other',
  ]).optional(),
  address: scalar('Its address inside.', ADDRESS),
  names: list('Public DNS names.', scalar('A DNS name.', { examples: ['mail.example.com'] })).optional(),
  splitDns: scalar('Resolvers inside answer its names with the address inside. Default: true.', YES_NO).optional(),
  backend: scalar('Of a reverse proxy: the service it asks in turn, from its own address.', NAME).optional(),
  published: records('Public addresses of the service, one per edge. Left out: reached from inside only.', {
    edge: scalar('Internet edge or ExpressRoute edge.', NAME),
    address: scalar('Public address.', { ...ADDRESS, examples: ['198.51.100.20'] }),
    inboundNat: scalar(
      'Sources of sessions that come in are translated, so that answers return to this edge. Default: as the edge.',
      YES_NO,
    ).optional(),
    hairpin: scalar(
      'Sessions from the inside to the public address are translated like those from outside. Default: false.',
      YES_NO,
    ).optional(),
  }).optional(),
  ports: list('Ports it listens on. Default: as the kind has it, otherwise tcp/443.', portText).optional(),
  calledBy: list('Flows that Microsoft opens to it.', flowText, { examples: ['PP-F30', 'PP-F37'] }).optional(),
  tls: scalar('Sessions are encrypted. Default: true.', YES_NO).optional(),
});

export const desktopFlowMachines = record('Machines at a site that run desktop flows.', {
  site: scalar('Site of the machines.', NAME),
  machines: scalar('How many. Default: 1.', { ...COUNT, minimum: 1 }).optional(),
  clients: list('Their source addresses. Default: clients of the site.', prefixText).optional(),
  environments: list('Environments they belong to. Default: all.', nameText).optional(),
});

export const connector = record('A connector that apps and flows use.', {
  kind: scalar('As the connector is called.', { examples: ['SQL Server', 'SharePoint', 'HTTP'] }),
  class: choice('The way its calls take. Default: gateway when one is named, else customer-public or microsoft.', [
    'microsoft',
    'third-party',
    'customer-public',
    'gateway',
    'vnet',
  ]).optional(),
  gateway: scalar('Data gateway it goes through.', NAME).optional(),
  service: scalar('Service it calls.', NAME).optional(),
  environments: list('Environments that use it. Default: all.', nameText).optional(),
});

export const proxy = record('An explicit proxy.', {
  site: scalar('Site where it stands.', NAME),
  address: scalar('Address its sessions start from.', ADDRESS),
  port: scalar('Port clients talk to. Default: 8080.', {
    type: 'integer',
    minimum: 1,
    maximum: 65_535,
    examples: [3128],
  }).optional(),
  reach: choice('What it can reach. Default: internet.', ['internet', 'expressroute', 'both']).optional(),
  rewrites: scalar('Breaks TLS open or alters requests. Default: false.', YES_NO).optional(),
  edges: list('Edges it leaves by. Default: those that routing gives.', nameText).optional(),
});

export const userGroup = record('Users who are not at a site.', {
  kind: choice('On the internet, or joined to a site by VPN. Default: vpn when there is one, else roaming.', [
    'roaming',
    'vpn',
  ]).optional(),
  users: scalar('Number of users. Default: 0.', COUNT).optional(),
  city: scalar('Where most of them are; add the country code where the name is ambiguous.', {
    examples: ['Munich', 'Portland, US'],
  }).optional(),
  country: scalar('Country code (ISO 3166-1). Default: that of the city.', COUNTRY).optional(),
  location: coordinates(
    'Where most of them are, when the city is not known: [latitude, longitude] or a map.',
  ).optional(),
  vpn: record('The VPN they use.', {
    edge: scalar('Internet edge the tunnels end on.', NAME),
    site: scalar('Site the packets come out at. Default: that of the edge.', NAME).optional(),
    clients: list('Addresses given to the users.', prefixText),
    splitTunnel: list('Flows that stay outside the tunnel. Default: none.', flowText).optional(),
  }).optional(),
});
