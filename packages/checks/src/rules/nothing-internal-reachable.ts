/** What anybody at Microsoft can reach over a circuit is what is published, and nothing else. */
import type { Path } from '@bothways/estate';
import { type Packet, type PacketPath, type Transport, walkRequest } from '@bothways/forwarding';
import { type Address, compareAddresses, formatAddress, type Prefix, prefixContains, prefixSet } from '@bothways/net';
import type { DeviceIx } from '@bothways/network';
import { wayLines } from '../path-words.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Open {
  readonly circuit: string;
  readonly address: Address;
  readonly inside: Address;
  readonly site: string;
  readonly path: Path;
  readonly way: PacketPath;
}

export const nothingInternalReachable = defineRule<Open>({
  name: 'nothing-internal-reachable',
  title: 'An address that is not published can be reached from Microsoft over a circuit',
  family: 'exposure',
  severity: 'error',
  ids: ['PP-C10', 'CHK-PP-09', 'PP-N07', 'PP-N14', 'ER-229'],
  what: 'Sends the first packet of a session from Microsoft to every part of every announced prefix that the tables and filters treat alike, on the ports that firewalls of the document name and on HTTPS, and looks for one that reaches a client or a server which is not published.',
  why: 'Microsoft peering carries the traffic of all its customers: anybody with a machine at Microsoft can send the same packet.',
  fix: 'announce pools and published addresses only, and deny what starts outside at the firewall of the edge',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'public addresses of servers are announced, and the edge has no firewall',
    ['  dc: { city: Frankfurt }', '  dc: { city: Frankfurt, servers: 203.0.113.64/28 }'],
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.64/28]'],
    ['firewall: fw-er', 'firewall: none'],
  ),
  silent: example(
    'a firewall stands in front of them',
    ['  dc: { city: Frankfurt }', '  dc: { city: Frankfurt, servers: 203.0.113.64/28 }'],
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.64/28]'],
  ),
  find: (view) => {
    const start = startAtMicrosoft(view);
    if (start === undefined) return [];
    const hosts = view.estate.sites.map(({ name, clients, servers }) => ({ name, prefixes: [...clients, ...servers] }));
    const published = view.estate.services.flatMap((each) => (each.published.length > 0 ? [each.address] : []));
    const transports = portsToTry(view);
    return view.index.peered().flatMap(({ circuit, peering }) =>
      peering.advertises.flatMap((prefix, at) => {
        const reached = firstReached(view, start, prefix, transports, (inside) => {
          if (published.some((each) => compareAddresses(each, inside) === 0)) return undefined;
          return hosts.find(({ prefixes }) => prefixes.some((each) => prefixContains(each, inside)))?.name;
        });
        if (reached === undefined) return [];
        return [{ circuit: circuit.name, path: [...peering.path, 'advertises', at], ...reached }];
      }),
    );
  },
  word: ({ circuit, address, inside, site, path, way }, view) => ({
    message: `anybody at Microsoft reaches ${formatAddress(inside)} at ${site} over ${circuit}${compareAddresses(address, inside) === 0 ? '' : ` as ${formatAddress(address)}`}, and it is not published`,
    path,
    evidence: [
      {
        title: 'the way in',
        lines: wayLines(view, {
          path: way,
          disposition: way.disposition,
          via: { kind: 'expressroute', name: circuit },
        }),
      },
    ],
  }),
});

interface Start {
  readonly device: DeviceIx;
  readonly source: Address;
}

/** A machine at Microsoft: where a request over a circuit ended. */
function startAtMicrosoft(view: CheckView): Start | undefined {
  for (const { forward } of view.data.roundTrips) {
    const last = forward.path.hops.at(-1);
    if (forward.via.kind !== 'expressroute' || forward.disposition !== 'delivered' || last === undefined) continue;
    if (view.compiled.network.devices[last.device]?.half !== 'microsoft') continue;
    return { device: last.device, source: forward.path.last.destination };
  }
  return undefined;
}

/** HTTPS, and the first port of everything that firewalls of the document let in. */
function portsToTry({ estate }: CheckView): readonly Transport[] {
  const sourcePort = 49_152;
  const named = estate.firewalls.flatMap(({ rules }) =>
    rules
      .filter(({ action, zone }) => action === 'allow' && zone !== 'inside')
      .flatMap(({ ports }) => ports.map(({ protocol, first }) => ({ protocol, sourcePort, destinationPort: first }))),
  );
  return [{ protocol: 'tcp', sourcePort, destinationPort: 443 }, ...named];
}

function firstReached(
  view: CheckView,
  { device, source }: Start,
  prefix: Prefix,
  transports: readonly Transport[],
  siteOf: (inside: Address) => string | undefined,
): Pick<Open, 'address' | 'inside' | 'site' | 'way'> | undefined {
  const { input, space } = view.data;
  for (const family of [4, 6] as const) {
    if (source.family !== family) continue;
    for (const { representative: address } of space.pieces(prefixSet([prefix]), family)) {
      for (const transport of transports) {
        const packet: Packet = { source, destination: address, transport };
        for (const way of walkRequest(input, device, packet, { flow: undefined })) {
          const inside = way.last.destination;
          const site = way.disposition === 'delivered' ? siteOf(inside) : undefined;
          if (site !== undefined) return { address, inside, site, way };
        }
      }
    }
  }
  return undefined;
}
