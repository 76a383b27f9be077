/** A proxy script whose answer is not known is said, never passed over. */
import type { Site } from '@bothways/estate';
import { defineRule } from '../rule.ts';

interface Unsettled {
  readonly site: Site;
  readonly because: string;
}

export const clientSteeringFollowed = defineRule<Unsettled>({
  name: 'client-steering-followed',
  title: 'What a proxy script of a site answers is not known',
  family: 'clients',
  severity: 'note',
  ids: ['PP-C01', 'PP-C03'],
  what: 'Looks for sites whose clients use a proxy script (PAC). Explicit proxies are followed: the connection to the proxy, and the one that the proxy opens.',
  why: 'Where the answer of a script depends on what nobody said (the hour, an address that has to be looked up), every possibility is followed; where they disagree, the verdict is unknown.',
  fix: 'name the proxy of the site instead of a script, or read the verdict as that of all possibilities',
  status: 'preview',
  since: '0.1.0',
  fires: {
    title: 'headquarters uses a proxy script',
    replace: [
      {
        text: 'clients: 10.10.0.0/16 }',
        by: 'clients: 10.10.0.0/16, pac: "function FindProxyForURL(url, host) { return \'PROXY 10.30.0.5:8080\' }" }',
      },
      { text: 'wan:\n', by: 'proxies:\n  web: { site: dc, address: 10.30.0.5 }\n\nwan:\n' },
    ],
  },
  silent: {
    title: 'headquarters uses an explicit proxy',
    replace: [
      { text: 'clients: 10.10.0.0/16 }', by: 'clients: 10.10.0.0/16, proxy: web }' },
      { text: 'wan:\n', by: 'proxies:\n  web: { site: dc, address: 10.30.0.5 }\n\nwan:\n' },
    ],
  },
  find: (view) => {
    const { steering } = view.compiled;
    return view.estate.sites.flatMap((site) => {
      if (site.pac === undefined || steering === undefined) return [];
      for (const { site: from, flow, target, environment } of view.compiled.demands.concrete) {
        if (from.name !== site.name) continue;
        const choice = steering.proxyFor(site.name, flow, target, environment);
        if (choice.kind === 'unknown' || choice.kind === 'unresolved') return [{ site, because: choice.because }];
      }
      return [];
    });
  },
  word: ({ site, because }) => ({
    message: `which proxy the clients of ${site.name} use is not known: ${because}`,
    path: [...site.path, 'pac'],
  }),
});
