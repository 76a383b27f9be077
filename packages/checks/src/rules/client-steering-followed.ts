/** A proxy script that nothing has evaluated is said, never passed over. */
import type { Site } from '@bothways/estate';
import { defineRule } from '../rule.ts';

export const clientSteeringFollowed = defineRule<Site>({
  name: 'client-steering-followed',
  title: 'A proxy script of a site is not evaluated',
  severity: 'note',
  ids: ['PP-C01', 'PP-C03'],
  what: 'Looks for sites whose clients use a proxy script (PAC). Explicit proxies are followed: the connection to the proxy, and the one that the proxy opens.',
  why: 'Which proxy a script chooses is not known, so every proxy it names and the straight way are followed; where they disagree, the verdict is unknown.',
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
  find: (view) => view.estate.sites.filter((site) => site.pac !== undefined),
  word: (site) => ({
    message: `${site.name} uses a proxy script, which has not been evaluated: every proxy it names is followed, and the straight way`,
    path: [...site.path, 'pac'],
  }),
});
