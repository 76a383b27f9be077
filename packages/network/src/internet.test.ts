import { formatPrefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, contoso, deviceNamed, linkNamed, policyOf } from '../test/contoso.ts';

const { network } = contoso();
const EDGE = 'nat: 198.51.100.0/28 }';

describe('the internet', () => {
  it('takes every address that nobody announced to be a public host', () => {
    const { connected, role } = deviceNamed(network, 'internet');
    expect(role).toBe('internet');
    expect(connected.flatMap((each) => each.prefixes.map(formatPrefix))).toEqual(['0.0.0.0/0', '::/0']);
  });

  it('a provider gives the edge a default route and nothing else', () => {
    const policy = policyOf(network, 'inet', 'Northwind Telecom', 'export');
    expect(policy.otherwise).toBe('reject');
    expect(policy.terms.map(({ when }) => when)).toMatchObject([[{ kind: 'prefix-list' }]]);
  });

  it('no default route leaks between providers', () => {
    const [term] = policyOf(network, 'Northwind Telecom-internet', 'Northwind Telecom', 'export').terms;
    expect(term?.then).toBe('reject');
  });

  it('the edge announces its pool, which is what the document assumes, exactly', () => {
    const policy = policyOf(network, 'inet', 'fw-inet', 'export');
    expect(policy.otherwise).toBe('reject');
    const [term] = policy.terms;
    expect(term?.when).toMatchObject([{ kind: 'prefix-list', entries: [{ prefix: { length: 28 } }] }]);
    expect(cited(term?.origins ?? [])).toEqual(['internetEdges.inet.advertises']);
  });

  it('announces other prefixes where the document says so', () => {
    const other = contoso([EDGE, 'nat: 198.51.100.0/28, advertises: 198.51.100.0/24 }']).network;
    const announced = deviceNamed(other, 'fw-inet').originations.flatMap((each) => each.prefixes.map(formatPrefix));
    expect(announced).toEqual(['198.51.100.0/24']);
  });

  it('has the quality of the line as the document gives it, and none where it gives none', () => {
    const line = contoso([EDGE, 'nat: 198.51.100.0/28, latency: 4 ms, loss: 0.5 %, utilisation: 60 % }']).network;
    expect(linkNamed(line, 'inet')).toMatchObject({ latency: 4, loss: 0.005, utilisation: 0.6 });
    const silent = linkNamed(network, 'inet');
    expect(silent.latency).toBeUndefined();
    expect('loss' in silent || 'utilisation' in silent).toBe(false);
  });

  it('translates clients on the way to the provider', () => {
    const [rule] = deviceNamed(network, 'fw-inet').sourceNat;
    expect(rule?.link).toBe(linkNamed(network, 'inet').ix);
    expect(rule?.pool.map(formatPrefix)).toEqual(['198.51.100.0/28']);
    expect(cited(rule?.origins ?? [])).toEqual(['internetEdges.inet.nat']);
  });

  it('two edges with one provider share its device, with two providers they do not', () => {
    const second = (isp: string) =>
      contoso([
        'expressRouteEdges:\n',
        `  inet2: { site: hq, isp: ${isp}, nat: 198.51.100.16/28 }\n\nexpressRouteEdges:\n`,
      ]).network.devices.filter(({ role }) => role === 'internet-provider');
    expect(second('Northwind Telecom')).toHaveLength(1);
    expect(second('Fabrikam Net')).toHaveLength(2);
  });
});
