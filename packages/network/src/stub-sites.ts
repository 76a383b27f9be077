/**
 * Sites with one way out. Where hundreds of them hang on one device, giving each of them every route would cost the
 * square of their number and change no path: whatever they send can only go one way. They get a default route instead,
 * as a provider would do it, and announce their own prefixes as every site does.
 *
 * A site that anything else in the document touches (an edge, a breakout, a tunnel, a routing override) keeps all routes.
 */
import type { Estate } from '@bothways/estate';
import type { DeviceDraft } from './builder.ts';
import { defaultRoutes } from './inside.ts';
import type { LinkIx, Origin } from './model.ts';
import { derived } from './origin.ts';

/** Fewer than this many on one device, and every site keeps every route: tables that show more are worth more. */
const MANY = 256;

/** Names of the sites that are given a default route. */
export function stubSites(estate: Estate): ReadonlySet<string> {
  const attachments = new Map<string, string[]>();
  const attach = (site: string, to: string): void => {
    const held = attachments.get(site);
    if (held === undefined) attachments.set(site, [to]);
    else held.push(to);
  };
  for (const wan of estate.wan) {
    if (wan.kind === 'link') {
      const [a, b] = wan.between;
      attach(a, `site ${b}`);
      attach(b, `site ${a}`);
    } else {
      for (const member of wan.members) attach(member.site, `cloud ${wan.name}`);
    }
  }
  const busy = busySites(estate);
  const hanging = new Map<string, string[]>();
  for (const [site, to] of attachments) {
    const [only] = to;
    if (to.length !== 1 || only === undefined || busy.has(site)) continue;
    const held = hanging.get(only);
    if (held === undefined) hanging.set(only, [site]);
    else held.push(site);
  }
  return new Set([...hanging.values()].filter((sites) => sites.length >= MANY).flat());
}

/** Sites that something besides the WAN hangs on. */
function busySites(estate: Estate): ReadonlySet<string> {
  const routed = estate.routing.flatMap((each) => [each.device, ...each.neighbours.map(({ device }) => device)]);
  return new Set([
    ...estate.sites.flatMap((site) =>
      site.breakout === undefined && site.applicationBreakout.length === 0 ? [] : [site.name],
    ),
    ...estate.internetEdges.map((edge) => edge.site),
    ...estate.expressRouteEdges.flatMap((edge) => edge.site ?? []),
    ...estate.vpns.map((vpn) => vpn.site),
    ...estate.proxies.map((proxy) => proxy.site),
    ...estate.users.flatMap((group) => group.vpn?.site ?? []),
    ...routed,
  ]);
}

/** The default route of a stub site. */
export function addDefaultRoute(
  router: DeviceDraft,
  link: LinkIx,
  next: DeviceDraft,
  origins: readonly Origin[],
): void {
  for (const prefix of defaultRoutes()) {
    router.statics.push({
      prefix,
      next: { kind: 'forward', link, device: next.ix },
      distance: 1,
      origins: [...origins, derived('a site with one way out, among many, needs no more than a default route')],
    });
  }
}
