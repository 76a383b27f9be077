/** A proxy on the way to Power Platform has to tunnel: broken TLS, rewritten hosts and dropped headers are unsupported. */
import { editSet, type Proxy, type Site } from '@bothways/estate';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Opened {
  readonly proxy: Proxy;
  readonly sites: readonly [Site, ...Site[]];
}

const WITH_PROXY = ['clients: 10.10.0.0/16 }', 'clients: 10.10.0.0/16, proxy: web }'] as const;

export const proxyLeavesTlsAlone = defineRule<Opened>({
  name: 'proxy-leaves-tls-alone',
  title: 'A proxy that opens TLS stands between clients and Power Platform',
  family: 'clients',
  severity: 'error',
  ids: ['PP-C03', 'CHK-PP-03', 'PP-R20', 'X23'],
  what: 'Looks for sites with clients whose explicit proxy breaks TLS open or alters requests.',
  why: 'Apps and connectors check whom they talk to; with certificates of the proxy, other host names or missing headers they fail in ways that look like faults of the application.',
  fix: 'let the names of Power Platform and sign-in pass the proxy untouched, or lead them around it',
  status: 'stable',
  since: '0.1.0',
  fires: example('the proxy of headquarters opens TLS', WITH_PROXY, [
    'wan:\n',
    'proxies:\n  web: { site: dc, address: 10.30.0.5, rewrites: true }\n\nwan:\n',
  ]),
  silent: example('the proxy passes TLS on', WITH_PROXY, [
    'wan:\n',
    'proxies:\n  web: { site: dc, address: 10.30.0.5, rewrites: false }\n\nwan:\n',
  ]),
  find: (view) =>
    view.estate.proxies
      .filter(({ rewrites }) => rewrites)
      .flatMap((proxy) => {
        const [first, ...rest] = view.estate.sites.filter(
          (site) => site.proxy === proxy.name && site.clients.length > 0,
        );
        return first === undefined ? [] : [{ proxy, sites: [first, ...rest] satisfies readonly [Site, ...Site[]] }];
      }),
  word: ({ proxy, sites }, view) => ({
    message: `proxy ${proxy.name} opens the TLS of clients at ${listText(sites.map(({ name }) => name))}, which Power Platform does not support`,
    path: [...proxy.path, 'rewrites'],
    related: [{ message: 'a site that uses it', place: placeOf(view, [...sites[0].path, 'proxy']) }],
  }),
  mend: ({ proxy }, view) => [
    {
      title: `plan ${proxy.name} without opening TLS`,
      safe: false,
      edits: editSet(view.document, [...proxy.path, 'rewrites'], false),
    },
  ],
});
