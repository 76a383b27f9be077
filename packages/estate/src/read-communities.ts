/** Reads communities: by value, or by the name of an Azure region or a service that has one. */
import { type Cloud, describeCommunity, limits } from '@bothways/facts';
import { type Community, communityHigh, formatCommunity, parseCommunity } from '@bothways/net';
import type { Path, RouteFilterEntry } from './model.ts';
import { readRouteFilterName, routeFilterNames } from './names.ts';
import { type Reading } from './reading.ts';

export function readRouteFilter(
  reading: Reading,
  path: Path,
  texts: readonly string[],
  cloud: Cloud,
): readonly RouteFilterEntry[] {
  return reading.items(path, texts, (written, at) => readRouteFilterEntry(reading, at, written, cloud));
}

function readRouteFilterEntry(
  reading: Reading,
  path: Path,
  written: string,
  cloud: Cloud,
): RouteFilterEntry | undefined {
  const name = readRouteFilterName(written, cloud);
  if (name.kind === 'community') {
    checkCommunity(reading, path, name.community, cloud);
    return { community: name.community, written, path };
  }
  if (name.kind === 'problem') {
    const help = name.help === undefined ? {} : { help: name.help };
    reading.report({ rule: 'estate/bad-community', path, message: name.problem, ...help });
    return undefined;
  }
  if (name.kind === 'unknown') {
    reading.unknownName({
      rule: 'estate/unknown-route-filter-entry',
      path,
      text: written,
      what: 'Azure region or service',
      candidates: routeFilterNames(cloud),
      otherwise: 'write an Azure region, a service with a community of its own, or a community such as 12076:51002',
    });
    return undefined;
  }
  const named = name.kind === 'region' ? name.region : name.row;
  if (named.cloud !== cloud) {
    reading.wrongCloud(path, named.name, named.cloud, cloud);
    return undefined;
  }
  const community = name.kind === 'region' ? name.region.communities.microsoftPeering : name.row.community;
  if (community !== undefined) return { community, written, path };
  reading.report({
    rule: 'estate/no-known-community',
    path,
    message: `the community of ${named.name} is not in the facts`,
    why: 'the published list that the facts were taken from does not have the region',
    help: 'write the community itself (12076:...) as the portal shows it',
  });
  return undefined;
}

function checkCommunity(reading: Reading, path: Path, community: RouteFilterEntry['community'], cloud: Cloud): void {
  const text = formatCommunity(community);
  const row = describeCommunity(community);
  if (communityHigh(community) !== limits.microsoftAsn.value) {
    reading.report({
      rule: 'estate/unknown-community',
      severity: 'warning',
      path,
      message: `${text} is not a community of Microsoft's`,
      why: 'a route filter lists values that Microsoft attaches to its routes, and those begin with 12076',
      help: 'write an Azure region or a service by name',
    });
  } else if (row === undefined) {
    reading.report({
      rule: 'estate/unknown-community',
      severity: 'warning',
      path,
      message: `nothing is known about community ${text}`,
      why: 'it is not in the published lists that the facts were taken from',
      help: 'check the value',
    });
  } else if (row.cloud !== cloud) {
    reading.wrongCloud(path, `${text} (${row.name})`, row.cloud, cloud);
  } else if (row.kind === 'private-peering') {
    reading.report({
      rule: 'estate/private-peering-community',
      severity: 'warning',
      path,
      message: `${text} marks routes on private peering (${row.name})`,
      why: 'no route on Microsoft peering carries it, so it lets nothing through',
      help: 'write the Azure region by name',
    });
  }
}

/** Communities in the customer's own policies: any value, or a name with a community of Microsoft's. */
export function readCommunities(
  reading: Reading,
  path: Path,
  texts: readonly string[] | undefined,
  cloud: Cloud,
): readonly Community[] {
  return reading.items(path, texts, (text, at) => {
    const value = parseCommunity(text.trim());
    return value.ok ? value.value : readRouteFilterEntry(reading, at, text, cloud)?.community;
  });
}
