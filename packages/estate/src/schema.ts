/**
 * The shape of the document: which keys there are, which are required, and what each is for.
 *
 * One description serves three readers: the loader (structure), editors (JSON Schema draft-07 with descriptions,
 * examples, patterns) and people. Scalars are text at this level; units.ts and names.ts give them meaning, because a
 * schema cannot suggest a near name. A single value may stand for a list with one item.
 */
import { z } from 'zod';

type JsonSchema = Readonly<Record<string, unknown>>;

/** A scalar; `shape` is what the JSON Schema says about it beyond the description. */
function scalar(description: string, shape: JsonSchema = { type: 'string' }): z.ZodString {
  return z.string().meta({ type: 'string', ...shape, description });
}

const LIST_ITEM = 'x-bothways-list';

/** A list; one value without brackets is a list with one item. */
function list(description: string, item: z.ZodString, shape: JsonSchema = {}) {
  return z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item))
    .meta({ description, [LIST_ITEM]: true, ...shape });
}

function choice<const Values extends readonly [string, ...string[]]>(description: string, values: Values) {
  return z.enum(values).meta({ description });
}

/** Letters, digits, dots, dashes and underscores: names end up in router configuration and file names. */
export const NAME_PATTERN = '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,62}$';

const BANDWIDTH: JsonSchema = {
  pattern: '^\\s*[0-9]*\\.?[0-9]+\\s*([kKmMgGtT]?(bps|bit/s|b/s|Bps|BPS|Bit/s))\\s*$',
  examples: ['200 Mbps', '1 Gbps'],
};
const DURATION: JsonSchema = { pattern: '^\\s*[0-9]*\\.?[0-9]+\\s*(us|µs|μs|ms|s|min|h)\\s*$', examples: ['12 ms'] };
const PREFIX: JsonSchema = { pattern: '^[0-9a-fA-F:.]+/[0-9]{1,3}$', examples: ['10.0.0.0/16', '2001:db8::/48'] };
const ASN: JsonSchema = { type: ['integer', 'string'], examples: [64500, '1.10'] };
const YES_NO: JsonSchema = { type: 'boolean' };
const COUNT: JsonSchema = { type: 'integer', minimum: 0 };
const NAME: JsonSchema = { type: ['string', 'integer'] };
const FLOW: JsonSchema = { pattern: '^(all|PP-F[0-9]{2})$', examples: ['PP-F01', 'all'] };

const prefixText = scalar('An address prefix in CIDR form.', PREFIX);
const nameText = scalar('A name defined elsewhere in the document.', NAME);
const flowText = scalar('Id of a catalogue flow.', FLOW);

const organisation = z
  .strictObject({
    name: scalar('Name of the organisation, for headings.', NAME),
    asn: scalar('Its AS number: 64500, AS64500 or dotted (1.10).', ASN).optional(),
    cloud: choice('The Microsoft cloud it uses. Default: public.', ['public', 'usgov', 'china']).optional(),
    microsoft365: z
      .strictObject({
        authorised: scalar(
          'Microsoft has authorised Microsoft 365 over ExpressRoute for this tenant. Default: false.',
          YES_NO,
        ),
      })
      .meta({ description: 'Microsoft 365 of this organisation.' })
      .optional(),
  })
  .meta({ description: 'Whose network this is.' });

const environment = z
  .strictObject({
    region: scalar('Power Platform region (geography) by name, id or alias.', {
      examples: ['Europe', 'United States'],
    }),
    pair: list('The pair of Azure regions, where the geography has several.', scalar('An Azure region.')).optional(),
    azureRegion: scalar('One Azure region of the pair; selects the pair like `pair` does.', {
      examples: ['West Europe'],
    }).optional(),
    canvasCdn: scalar(
      'Canvas apps load static files from the content delivery network. Default: true.',
      YES_NO,
    ).optional(),
  })
  .meta({ description: 'A Power Platform environment.' });

const location = z
  .strictObject({
    latitude: scalar('Degrees, north positive.', { type: 'number', minimum: -90, maximum: 90 }),
    longitude: scalar('Degrees, east positive.', { type: 'number', minimum: -180, maximum: 180 }),
  })
  .meta({ description: 'Where the site is, when the city is not known to the gazetteer.' });

const site = z
  .strictObject({
    city: scalar('City; add the country code where the name is ambiguous.', {
      examples: ['Munich', 'Portland, US'],
    }).optional(),
    location: location.optional(),
    users: scalar('Number of users. Default: 0.', COUNT).optional(),
    clients: list('Client subnets.', prefixText).optional(),
    breakout: scalar('Internet edge this site uses for Microsoft traffic instead of the circuit.', NAME).optional(),
  })
  .meta({ description: 'A place with users or servers.' });

const wanLink = z
  .strictObject({
    between: list('The two sites it joins.', nameText, { minItems: 2, maxItems: 2 }),
    bandwidth: scalar('Rate in each direction.', BANDWIDTH).optional(),
    latency: scalar('One-way latency.', DURATION).optional(),
    cost: scalar('Routing cost; lower is preferred. Default: 1.', {
      type: 'integer',
      minimum: 1,
      maximum: 65_535,
    }).optional(),
  })
  .meta({ description: 'A link between two sites.' });

const firewall = z
  .strictObject({
    stateful: scalar('Drops packets of connections whose start it has not seen. Default: true.', YES_NO).optional(),
    sharesStateWith: list('Firewalls that know the same connections (a cluster).', nameText).optional(),
  })
  .meta({ description: 'A firewall; only needed when the defaults do not fit.' });

const internetEdge = z
  .strictObject({
    site: scalar('Site where the edge stands.', NAME),
    isp: scalar('Internet provider. Default: unnamed.').optional(),
    bandwidth: scalar('Rate of the line.', BANDWIDTH).optional(),
    firewall: scalar('Firewall on this edge. Default: one of its own.', NAME).optional(),
    nat: list('Source address pools. Default: no translation.', prefixText).optional(),
    advertises: list('Prefixes announced to the internet. Default: the pools.', prefixText).optional(),
  })
  .meta({ description: 'Where a site meets the internet.' });

const expressRouteEdge = z
  .strictObject({
    site: scalar('Site where the edge stands.', NAME),
    firewall: scalar('Firewall on this edge. Default: one of its own.', NAME).optional(),
    nat: list('Source address pools. Default: no translation.', prefixText).optional(),
    routers: list('Routers of the primary and the secondary link. Default: two.', nameText, {
      minItems: 1,
      maxItems: 2,
    }).optional(),
  })
  .meta({ description: 'Where a site meets ExpressRoute.' });

const microsoftPeering = z
  .strictObject({
    asn: scalar('AS number of the customer side. Default: that of the organisation.', ASN).optional(),
    vlan: scalar('VLAN id.', { type: 'integer', minimum: 1, maximum: 4094 }),
    links: list('Two public /30 link subnets: primary, secondary.', prefixText, { minItems: 2, maxItems: 2 }),
    links6: list('Two public /126 link subnets: primary, secondary.', prefixText, {
      minItems: 2,
      maxItems: 2,
    }).optional(),
    advertises: list('Prefixes announced to Microsoft. Default: the pools of the edge.', prefixText).optional(),
    routeFilter: list(
      'What the attached route filter lets through: Azure regions, services, communities. Left out: no filter attached.',
      scalar('An Azure region, a service or a community.', {
        examples: ['West Europe', 'Exchange Online', '12076:51002'],
      }),
    ).optional(),
    validation: choice('State of the advertised prefixes at Microsoft. Default: configured.', [
      'configured',
      'validation-needed',
    ]).optional(),
    prepend: scalar('How many times the own AS number is added to the path. Default: 0.', {
      type: 'integer',
      minimum: 0,
      maximum: 16,
    }).optional(),
    md5: scalar('Session key; never shown.', {}).optional(),
    bfd: scalar('Bidirectional forwarding detection. Default: false.', YES_NO).optional(),
  })
  .meta({ description: 'Microsoft peering of the circuit.' });

const circuit = z
  .strictObject({
    location: scalar('Peering location.', { examples: ['Frankfurt', 'Amsterdam2'] }),
    provider: scalar('Connectivity provider.', { examples: ['Equinix'] }).optional(),
    model: choice('Connectivity model. Default: exchange.', ['exchange', 'ethernet', 'ipvpn', 'direct']).optional(),
    sku: choice('What the circuit reaches. Default: standard.', ['local', 'standard', 'premium']).optional(),
    billing: choice('Default: metered; unlimited for a local circuit.', ['metered', 'unlimited']).optional(),
    bandwidth: scalar('Circuit bandwidth, one of the offered steps.', BANDWIDTH),
    edge: scalar('ExpressRoute edge where it lands.', NAME),
    microsoftPeering: microsoftPeering.optional(),
  })
  .meta({ description: 'An ExpressRoute circuit.' });

const demand = z
  .strictObject({
    flows: list('Catalogue flows; all: every flow that the customer opens and that has a destination.', flowText),
    from: list('Sites; all: every site with clients. Default: all.', nameText).optional(),
    to: list('Environments. Default: all.', nameText).optional(),
  })
  .meta({ description: 'Traffic that the network has to carry.' });

const intent = z
  .strictObject({
    flows: list('Catalogue flows; all: every flow that the customer opens and that has a destination.', flowText),
    from: list('Sites; all: every site with clients. Default: all.', nameText).optional(),
    to: list('Environments. Default: all.', nameText).optional(),
    over: choice('What both directions must use. Default: any.', ['expressroute', 'internet', 'any']).optional(),
    because: scalar('The reason, in your words.').optional(),
  })
  .meta({ description: 'Something that must hold: a test of the network.' });

function named<Shape extends z.ZodType>(description: string, shape: Shape) {
  return z.record(z.string(), shape).meta({ description, propertyNames: { pattern: NAME_PATTERN } });
}

export const estateSchema = z
  .strictObject({
    bothways: scalar('Version of the document format.', { type: 'integer', const: 1 }),
    organisation,
    environments: named('Power Platform environments by name.', environment).optional(),
    sites: named('Sites by name.', site).optional(),
    wan: named('WAN links by name.', wanLink).optional(),
    firewalls: named('Firewalls by name.', firewall).optional(),
    internetEdges: named('Internet edges by name.', internetEdge).optional(),
    expressRouteEdges: named('ExpressRoute edges by name.', expressRouteEdge).optional(),
    circuits: named('Circuits by name.', circuit).optional(),
    demands: named(
      'Demands by name. Default: the everyday flows from every site with clients to every environment.',
      demand,
    ).optional(),
    intents: named('Intents by name.', intent).optional(),
  })
  .meta({ description: 'An estate: a network that reaches Microsoft over ExpressRoute and the internet.' });

export type EstateShape = z.output<typeof estateSchema>;
export type EnvironmentShape = z.output<typeof environment>;
export type SiteShape = z.output<typeof site>;
export type WanLinkShape = z.output<typeof wanLink>;
export type FirewallShape = z.output<typeof firewall>;
export type InternetEdgeShape = z.output<typeof internetEdge>;
export type ExpressRouteEdgeShape = z.output<typeof expressRouteEdge>;
export type CircuitShape = z.output<typeof circuit>;
export type MicrosoftPeeringShape = z.output<typeof microsoftPeering>;
export type DemandShape = z.output<typeof demand>;
export type IntentShape = z.output<typeof intent>;

/**
 * The schema for editors, JSON Schema draft-07. Its id is a URN: there is nothing to download.
 * An editor finds it through a comment in the document (`# yaml-language-server: $schema=...`) or a setting.
 */
export function estateJsonSchema(): object {
  const schema = z.toJSONSchema(estateSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema[LIST_ITEM] !== true) return;
      const { description, items, minItems, maxItems } = jsonSchema;
      const bounds = {
        ...(minItems === undefined ? {} : { minItems }),
        ...(maxItems === undefined ? {} : { maxItems }),
      };
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      const several = { type: 'array' as const, items: items ?? {}, ...bounds };
      const single = Array.isArray(items) || typeof items === 'boolean' || items === undefined ? {} : items;
      Object.assign(jsonSchema, {
        description,
        anyOf: minItems !== undefined && minItems > 1 ? [several] : [single, several],
      });
    },
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:bothways:estate:1',
    title: 'Bothways estate',
    ...schema,
  };
}

/** The keys that the map at `path` may have, for suggestions; empty where the keys are names or there is no map. */
export function keysAt(path: readonly (string | number)[]): readonly string[] {
  const [section, , inner] = path;
  switch (path.length) {
    case 0:
      return Object.keys(estateSchema.shape);
    case 1:
      return section === 'organisation' ? Object.keys(organisation.shape) : [];
    case 2:
      if (section === 'organisation') return ['authorised'];
      return Object.keys(recordShapes.get(String(section)) ?? {});
    case 3:
      if (inner === 'microsoftPeering') return Object.keys(microsoftPeering.shape);
      return inner === 'location' ? ['latitude', 'longitude'] : [];
    default:
      return [];
  }
}

const recordShapes: ReadonlyMap<string, object> = new Map<string, object>([
  ['environments', environment.shape],
  ['sites', site.shape],
  ['wan', wanLink.shape],
  ['firewalls', firewall.shape],
  ['internetEdges', internetEdge.shape],
  ['expressRouteEdges', expressRouteEdge.shape],
  ['circuits', circuit.shape],
  ['demands', demand.shape],
  ['intents', intent.shape],
]);
