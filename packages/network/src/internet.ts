/**
 * The internet as the estate sees it: one provider device per ISP, one device for everything else.
 *
 * A provider gives its customer a default route and carries the customer's announced prefixes; the internet device
 * knows what was announced to it and takes every other address to be some public host. Providers' AS numbers are
 * stand-ins from the private 32-bit range unless the document names them: no rule depends on them.
 *
 * Left out: several upstreams, route policies of the ISP, ingress filtering by the ISP (BCP 38).
 */
import type { Estate } from '@bothways/estate';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import type { CustomerHalf } from './customer-half.ts';
import { addPoolDiscard, addSourceNat } from './edges.ts';
import { AsnPool, defaultRoutes, EQUAL_WAYS, need } from './inside.ts';
import type { PolicyIx } from './model.ts';
import { derived, fromDocument } from './origin.ts';

const FIRST_PROVIDER_ASN = 4_290_000_001;

export interface Internet {
  readonly device: DeviceDraft;
  readonly asns: AsnPool;
  /** Policies that connect something to the internet without a provider of its own. */
  readonly acceptAll: PolicyIx;
}

export function compileInternet(estate: Estate, customer: CustomerHalf, builder: NetworkBuilder): Internet {
  const asns = new AsnPool(FIRST_PROVIDER_ASN);
  const everything = defaultRoutes();
  const because = [derived('an internet provider gives its customer a default route')];
  const acceptAll = builder.addPolicy('internet: accept everything', [], 'accept', because);
  const onlyDefault = builder.addPolicy(
    'internet provider: default route only',
    [
      {
        name: 'the default route',
        when: [{ kind: 'prefix-list', entries: everything.map((prefix) => ({ prefix })) }],
        set: [],
        then: 'accept',
        origins: because,
      },
    ],
    'reject',
    because,
  );
  const noDefault = builder.addPolicy(
    'internet: no default route between providers',
    [
      {
        name: 'the default route stays with the customer it was given to',
        when: [{ kind: 'prefix-list', entries: everything.map((prefix) => ({ prefix })) }],
        set: [],
        then: 'reject',
        origins: because,
      },
    ],
    'accept',
    because,
  );

  const internet = builder.addDevice({
    name: 'internet',
    role: 'internet',
    half: 'internet',
    asn: asns.next(),
    origins: [derived('every public host that is not described otherwise')],
    // Many routers in truth: each has a way of its own among equal ones, and the data plane says that it is not known.
    maximumPaths: EQUAL_WAYS,
  });
  internet.connected.push({
    name: 'public internet',
    prefixes: everything,
    origins: [derived('an address that nobody announced to the internet is taken to be some public host')],
  });

  const providers = new Map<string, DeviceDraft>();
  for (const edge of estate.internetEdges) {
    let provider = providers.get(edge.isp);
    if (provider === undefined) {
      provider = builder.addDevice({
        name: edge.isp,
        role: 'internet-provider',
        half: 'internet',
        asn: edge.asn ?? asns.next(),
        place: { provider: edge.isp },
        origins: [fromDocument(edge.path)],
      });
      providers.set(edge.isp, provider);
      const upstream = builder.addLink(provider.ix, internet.ix, {
        name: `${edge.isp}-internet`,
        kind: 'internet',
        origins: because,
      });
      for (const prefix of everything) {
        provider.statics.push({
          prefix,
          next: { kind: 'forward', link: upstream, device: internet.ix },
          distance: 254,
          origins: because,
        });
      }
      provider.originations.push({
        name: 'default route',
        prefixes: everything,
        communities: [],
        largeCommunities: [],
        med: 0,
        originCode: 'igp',
        origins: because,
      });
      builder.addSession(
        `${edge.isp}-internet`,
        upstream,
        { device: provider.ix, import: acceptAll, export: noDefault },
        { device: internet.ix, import: acceptAll, export: acceptAll },
        because,
      );
    }

    const front = need(customer.fronts, edge.name);
    const firewall = front.device;
    const origins = [fromDocument(edge.path)];
    const advertised = [fromDocument([...edge.path, 'advertises'])];
    const announce = builder.addPolicy(
      `${edge.name} announces`,
      [
        {
          name: `prefixes ${edge.name} announces to ${edge.isp}`,
          when: [{ kind: 'prefix-list', entries: edge.advertises.map((prefix) => ({ prefix })) }],
          set: [],
          then: 'accept',
          origins: advertised,
        },
      ],
      'reject',
      advertised,
    );
    firewall.originations.push({
      name: `${edge.name} announcements`,
      prefixes: edge.advertises,
      communities: [],
      largeCommunities: [],
      med: 0,
      originCode: 'igp',
      origins: advertised,
    });
    const link = builder.addLink(firewall.ix, provider.ix, {
      name: edge.name,
      kind: 'internet',
      owner: edge.name,
      bandwidth: edge.bandwidth,
      latency: edge.latency,
      ...(edge.loss === undefined ? {} : { loss: edge.loss }),
      ...(edge.utilisation === undefined ? {} : { utilisation: edge.utilisation }),
      place: { site: edge.site, provider: edge.isp },
      origins,
    });
    front.outside.push(link);
    builder.addSession(
      edge.name,
      link,
      { device: firewall.ix, import: acceptAll, export: announce },
      { device: provider.ix, import: acceptAll, export: onlyDefault },
      origins,
    );
    addSourceNat(firewall, link, edge.nat, customer.internal, edge.path);
    for (const pool of edge.nat) addPoolDiscard(firewall, pool, [...edge.path, 'nat']);
  }
  return { device: internet, asns, acceptAll };
}
