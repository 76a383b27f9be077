/** A hundred sites: nothing is found in a healthy estate, and the rules cost next to nothing beside the paths. */
import { describe, expect, it } from 'vitest';
import { checkText } from '../test/example.ts';
import { checkRules } from './index.ts';

/** Sites on two datacentres with a circuit each; every tenth breaks out to the internet by itself. */
function estateOf(count: number): string {
  const each = (line: (at: number) => string, step = 1): string =>
    Array.from({ length: Math.ceil(count / step) }, (_, at) => line(at * step)).join('');
  const circuit = (name: string, location: string, provider: string, edge: string, at: number, more = ''): string =>
    `  ${name}:\n    location: ${location}\n    provider: ${provider}\n    bandwidth: 1 Gbps\n    edge: ${edge}\n${more}    microsoftPeering: { vlan: ${100 + at}, links: [192.0.2.${at * 8}/30, 192.0.2.${at * 8 + 4}/30], advertises: [203.0.113.${at * 16}/28], routeFilter: [West Europe, North Europe], maximumPrefixes: 4000, md5: example-key }\n`;
  return [
    'bothways: 1\n\norganisation: { name: Contoso, asn: 64500, owns: [192.0.2.0/24, 203.0.113.0/24] }\n\n',
    'environments:\n  production: { region: Europe, ipFirewall: [203.0.113.0/24, 198.51.100.0/24] }\n\nsites:\n',
    each(
      (at) =>
        `  s${at}: { city: Munich, users: 50, clients: 10.10.${at}.0/24${at % 10 === 0 ? `, breakout: i${at}` : ''} }\n`,
    ),
    '  dc1: { city: Frankfurt, servers: 10.250.0.0/24 }\n  dc2: { city: Amsterdam, servers: 10.251.0.0/24 }\n\n',
    'wan:\n  core: { between: [dc1, dc2], bandwidth: 10 Gbps, latency: 5 ms }\n',
    each((at) => `  w${at}: { between: [s${at}, dc${1 + (at % 2)}], bandwidth: 100 Mbps }\n`),
    '\ninternetEdges:\n',
    '  inet1: { site: dc1, isp: Northwind Telecom, bandwidth: 1 Gbps, firewall: fi1, nat: 198.51.100.0/28 }\n',
    '  inet2: { site: dc2, isp: Tailspin Net, bandwidth: 1 Gbps, firewall: fi2, nat: 198.51.100.16/28 }\n',
    each(
      (at) =>
        `  i${at}: { site: s${at}, isp: Wingtip Net, bandwidth: 100 Mbps, firewall: f${at}, nat: 198.51.100.${32 + at}/32 }\n`,
      10,
    ),
    '\nexpressRouteEdges:\n  er1: { site: dc1, firewall: fe1, nat: 203.0.113.0/28 }\n',
    '  er2: { site: dc2, firewall: fe2, nat: 203.0.113.16/28 }\n\ncircuits:\n',
    circuit('c1', 'Frankfurt', 'Equinix', 'er1', 0, '    pairedWith: c2\n'),
    circuit('c2', 'Amsterdam', 'Colt', 'er2', 1),
    '\ndemands:\n  everyday: { flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16], from: all, to: production }\n',
  ].join('');
}

describe('a hundred sites', () => {
  const checked = checkText(estateOf(100));

  it('have no finding where nothing is wrong', () => {
    expect(checked.document.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(checked.rules.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    // What single failures do to a pair of circuits is more than a check computes here, and it says so.
    expect(checked.unknown.map(({ rule, input }) => `${rule}: ${input}`)).toEqual([
      'latency-within-budget-after-failure: bothways sweep',
      'link-has-headroom-after-failure: bothways sweep',
      'round-trip-survives-any-failure: bothways sweep',
    ]);
    expect(checked.view?.data.roundTrips.length).toBeGreaterThan(500);
  });

  it('cost all rules, with loads and latency, less than half a second of processor time', () => {
    const { view } = checked;
    if (view === undefined) throw new Error('the estate cannot be used');
    const before = process.cpuUsage();
    checkRules(view);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(500);
  });
});
