/** Demands, intents, failures, routing, prices and accepted risks, as fields of a document. */
import { formatCommunity, formatPrefix } from '@bothways/net';
import { kindFields, prependFields } from './complete-records.ts';
import { bandwidthText, durationText, moneyText, percentText } from './exact-text.ts';
import type { Demand, Estate, Intent, Path } from './model.ts';
import type { ChargedAmounts, PriceOverrides } from './model-operations.ts';
import type { DeviceRouting, NeighbourRouting, PrefixMatch, RoutingTerm } from './model-routing.ts';
import { type Field, fieldsAt } from './outline.ts';
import { allFlows } from './read-flows.ts';

export function completeTraffic(estate: Estate): readonly Field[] {
  const everybody = everybodyOf(estate);
  return [
    ...kindFields(['demands'], estate.demands, (demand, path) => {
      const at = fieldsAt(path);
      const rate = fieldsAt([...path, 'rate']);
      return [
        ...trafficFields(demand, path, everybody),
        ...at.map(
          'rate',
          demand.rate === undefined
            ? []
            : 'perUser' in demand.rate
              ? rate.value('perUser', bandwidthText(demand.rate.perUser))
              : rate.value('total', bandwidthText(demand.rate.total)),
        ),
        ...at.value('peakFactor', demand.peakFactor),
        ...at.value('class', demand.class),
      ];
    }),
    ...kindFields(['intents'], estate.intents, (intent, path) => [
      ...trafficFields(intent, path, everybody),
      ...intentFields(intent, path),
    ]),
    ...kindFields(['failureGroups'], estate.failureGroups, (group, path) =>
      fieldsAt(path).value('elements', [...group.elements]),
    ),
    ...kindFields(['maintenance'], estate.maintenance, (window, path) => [
      ...fieldsAt(path).value('elements', [...window.elements]),
      ...fieldsAt(path).value('kind', window.kind),
    ]),
    ...kindFields(['routing'], estate.routing, (device, path) =>
      routingFields(device, path, device.asn ?? estate.organisation.asn),
    ),
    ...fieldsAt([]).map('requirements', requirementFields(estate.requirements)),
    ...fieldsAt([]).map('prices', priceFields(estate.prices)),
    ...fieldsAt([]).map(
      'availability',
      estate.availability.flatMap(({ kind, name, fraction }) =>
        fieldsAt(['availability']).value(name === undefined ? kind : `${kind}.${name}`, percentText(fraction)),
      ),
    ),
    ...kindFields(['acceptedRisks'], estate.acceptedRisks, (risk, path) => {
      const at = fieldsAt(path);
      return [
        ...at.value('rule', risk.rule),
        ...at.value('where', risk.where),
        ...at.value('because', risk.because),
        ...at.value('until', risk.until),
      ];
    }),
  ];
}

interface Everybody {
  readonly from: string;
  readonly to: string;
}

function everybodyOf(estate: Estate): Everybody {
  const sites = estate.sites.filter((site) => site.clients.length > 0).map((site) => site.name);
  return {
    from: listKey(
      sites,
      estate.users.map((group) => group.name),
    ),
    to: listKey(
      estate.environments.map((each) => each.name),
      [],
    ),
  };
}

function listKey(first: readonly string[], second: readonly string[]): string {
  return JSON.stringify([first, second]);
}

function trafficFields(each: Demand | Intent, path: Path, everybody: Everybody): readonly Field[] {
  const at = fieldsAt(path);
  const isEverybody = listKey(each.from, each.users) === everybody.from;
  const isEverything = listKey(each.to, [...each.vnets, ...each.services]) === everybody.to;
  return [
    ...at.value('flows', each.flows.join() === allFlows().join() ? 'all' : [...each.flows]),
    ...at.value('from', isEverybody ? 'all' : [...each.from, ...each.users]),
    ...at.value('to', isEverything ? 'all' : [...each.to, ...each.vnets, ...each.services]),
  ];
}

function intentFields(intent: Intent, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  const { latency, survives, minimumBandwidthPerUser } = intent;
  return [
    ...at.value('over', intent.over),
    ...at.value('latency', latency === undefined ? undefined : durationText(latency)),
    ...at.value('survives', typeof survives === 'string' ? survives : [...survives]),
    ...at.value(
      'minimumBandwidthPerUser',
      minimumBandwidthPerUser === undefined ? undefined : bandwidthText(minimumBandwidthPerUser),
    ),
    ...at.value('load', intent.load === undefined ? undefined : percentText(intent.load)),
    ...at.value('private', intent.private),
    ...at.value('because', intent.because),
  ];
}

function routingFields(device: DeviceRouting, path: Path, own: number | undefined): readonly Field[] {
  const at = fieldsAt(path);
  return [
    ...at.value('asn', device.asn),
    ...policyFields(device, path, own),
    ...kindFields(
      [...path, 'neighbours'],
      device.neighbours.map((each) => ({ ...each, name: each.device })),
      (each, inner) => policyFields(each, inner, own),
    ),
    ...at.list(
      'statics',
      device.statics.map(({ prefix, next, path: inner }) => [
        ...fieldsAt(inner).value('prefix', formatPrefix(prefix)),
        ...fieldsAt(inner).value('next', next.kind === 'discard' ? 'discard' : next.device),
      ]),
    ),
    ...at.value('defaultRoute', device.defaultRoute),
    ...at.value('igpCost', device.igpCost),
    ...at.value('maximumPaths', device.maximumPaths),
  ];
}

function policyFields(
  policy: Pick<NeighbourRouting, 'import' | 'export'>,
  path: Path,
  own: number | undefined,
): readonly Field[] {
  const at = fieldsAt(path);
  return [
    ...at.list(
      'import',
      policy.import.map((term) => termFields(term, own)),
    ),
    ...at.list(
      'export',
      policy.export.map((term) => termFields(term, own)),
    ),
  ];
}

function termFields(term: RoutingTerm, own: number | undefined): readonly Field[] {
  const at = fieldsAt(term.path);
  const match = fieldsAt([...term.path, 'match']);
  const set = fieldsAt([...term.path, 'set']);
  return [
    ...at.map('match', [
      ...match.some('prefixes', term.match.prefixes.map(prefixMatchText)),
      ...match.some('communities', term.match.communities.map(formatCommunity)),
      ...match.some('asPathContains', term.match.asPathContains),
      ...match.some('originatedBy', term.match.originatedBy),
    ]),
    ...at.map('set', [
      ...set.value('localPreference', term.set.localPreference),
      ...set.value('med', term.set.med),
      ...prependFields([...term.path, 'set'], term.set.prepend, own),
      ...set.some('communities', term.set.communities.map(formatCommunity)),
    ]),
    ...at.value('then', term.then),
  ];
}

function prefixMatchText({ prefix, atLeast, atMost }: PrefixMatch): string {
  const low = atLeast === undefined ? '' : ` ge ${atLeast}`;
  const high = atMost === undefined ? '' : ` le ${atMost}`;
  return formatPrefix(prefix) + low + high;
}

function requirementFields(requirements: Estate['requirements']): readonly Field[] {
  if (requirements === undefined) return [];
  const at = fieldsAt(requirements.path);
  const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);
  const { countries, providers, locations, hubs, latency, survives, budget, pools } = requirements;
  return [
    ...at.some('countries', names(countries)),
    ...at.some('providers', names(providers)),
    ...at.some('locations', names(locations)),
    ...at.some('hubs', names(hubs)),
    ...at.value('private', names(requirements.private)),
    ...at.value('latency', latency === undefined ? undefined : durationText(latency)),
    ...at.value('survives', survives),
    ...at.value('budget', budget === undefined ? undefined : moneyText(budget)),
    ...at.some('pools', pools.map(formatPrefix)),
  ];
}

function priceFields(prices: PriceOverrides): readonly Field[] {
  const at = fieldsAt(prices.path);
  const { wanPerMbps, internetPerMbps } = prices;
  return [
    ...at.value('currency', prices.currency),
    ...at.map(
      'exchangeRates',
      prices.exchangeRates.flatMap((rate) =>
        fieldsAt([...prices.path, 'exchangeRates']).value(rate.currency, rate.perUsDollar),
      ),
    ),
    ...at.value('microsoftDiscount', percentText(prices.microsoftDiscount)),
    ...kindFields(
      [...prices.path, 'providers'],
      prices.providers.map((each) => ({ ...each, name: each.provider })),
      (each, path) => chargeFields(each, path),
    ),
    ...at.value('wanPerMbps', wanPerMbps === undefined ? undefined : moneyText(wanPerMbps)),
    ...at.value('internetPerMbps', internetPerMbps === undefined ? undefined : moneyText(internetPerMbps)),
    ...at.map('internal', chargeFields(prices.internal, [...prices.path, 'internal'])),
    ...at.map(
      'overrides',
      prices.overrides.flatMap(({ name, money }) =>
        fieldsAt([...prices.path, 'overrides']).value(name, moneyText(money)),
      ),
    ),
    ...at.map(
      'volumes',
      prices.volumes.flatMap(({ circuit, gigabytes }) =>
        fieldsAt([...prices.path, 'volumes']).value(circuit, gigabytes),
      ),
    ),
    ...at.value('trafficHours', prices.trafficHours),
  ];
}

function chargeFields({ once, monthly }: ChargedAmounts, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  return [
    ...at.value('once', once === undefined ? undefined : moneyText(once)),
    ...at.value('monthly', monthly === undefined ? undefined : moneyText(monthly)),
  ];
}
