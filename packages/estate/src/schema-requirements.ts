/** The shape of the requirements of a plan. */
import { COUNTRY, choice, DURATION, list, MONEY, nameText, prefixText, record, scalar } from './schema-parts.ts';

export const requirements = record('What a plan has to satisfy; for bothways plan.', {
  countries: list(
    'Countries in which circuits may end (ISO 3166-1). Default: any.',
    scalar('A country.', COUNTRY),
  ).optional(),
  providers: list(
    'Connectivity providers that may be asked. Default: any.',
    scalar('A connectivity provider.', { type: 'string', examples: ['Equinix'] }),
  ).optional(),
  locations: list(
    'Peering locations that may be used. Default: any.',
    scalar('A peering location.', { type: 'string', examples: ['Frankfurt'] }),
  ).optional(),
  hubs: list(
    'Sites where a circuit may land. Default: a new hub in the city of the peering location.',
    nameText,
  ).optional(),
  private: list(
    'Whose traffic must keep to circuits: all, countries, geopolitical regions or sites. Default: all.',
    scalar('All, a country, a geopolitical region or a site.', { type: 'string', examples: ['all', 'DE', 'Europe'] }),
  ).optional(),
  latency: scalar('Round trip from every site to its environments, at most.', {
    ...DURATION,
    examples: ['60 ms'],
  }).optional(),
  survives: choice(
    'What may fail without loss of the traffic that must keep to circuits. Default: any-single-failure.',
    ['nothing', 'any-single-failure'],
  ).optional(),
  budget: scalar('What all of it may cost in a month.', { ...MONEY, examples: ['9000 EUR'] }).optional(),
  pools: list(
    'Public prefixes that pools and link subnets are cut from. Default: what the organisation owns, else prefixes set aside for documentation.',
    prefixText,
  ).optional(),
});
