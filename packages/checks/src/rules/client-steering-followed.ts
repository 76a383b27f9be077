/** What the document says about proxies and scripts and the data plane does not follow is said, never passed over. */
import type { Site } from '@bothways/estate';
import { listText } from '../causes.ts';
import { defineRule } from '../rule.ts';

interface Unfollowed {
  readonly site: Site;
  readonly what: readonly string[];
}

export const clientSteeringFollowed = defineRule<Unfollowed>({
  name: 'client-steering-followed',
  title: 'A proxy or proxy script of a site is not evaluated',
  family: 'clients',
  severity: 'note',
  ids: ['PP-C01', 'PP-C03'],
  what: 'Looks for sites whose clients use an explicit proxy or a proxy script (PAC).',
  why: 'The packet of the client is followed as if it went straight to its destination; the connection that the proxy opens is not.',
  fix: 'read the verdict for this site as that of clients without a proxy',
  status: 'preview',
  since: '0.1.0',
  fires: {
    title: 'headquarters uses an explicit proxy',
    replace: [
      { text: 'clients: 10.10.0.0/16 }', by: 'clients: 10.10.0.0/16, proxy: web }' },
      { text: 'wan:\n', by: 'proxies:\n  web: { site: dc, address: 10.30.0.5 }\n\nwan:\n' },
    ],
  },
  silent: { title: 'clients send for themselves', replace: [] },
  find: (view) =>
    view.estate.sites.flatMap((site) => {
      const what = [
        ...(site.proxy === undefined ? [] : [`proxy ${site.proxy}`]),
        ...(site.pac === undefined ? [] : ['its proxy script']),
      ];
      return what.length === 0 ? [] : [{ site, what }];
    }),
  word: ({ site, what }) => ({
    message: `${site.name} sends through ${listText(what)}, which is not followed yet`,
    path: [...site.path, site.proxy === undefined ? 'pac' : 'proxy'],
  }),
});
