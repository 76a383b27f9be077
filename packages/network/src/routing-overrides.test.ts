import type { DeviceRouting, RoutingTerm } from '@bothways/estate';
import { asn, communityLiteral, formatPrefix, prefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, deviceNamed, linkNamed, policyOf, sessionNamed } from '../test/contoso.ts';
import { estateOf } from '../test/estates.ts';
import { compileNetwork } from './index.ts';

function routing(device: string, parts: Partial<DeviceRouting> = {}): DeviceRouting {
  return {
    name: device,
    device,
    path: ['routing', device],
    asn: undefined,
    import: [],
    export: [],
    neighbours: [],
    statics: [],
    defaultRoute: undefined,
    igpCost: undefined,
    maximumPaths: undefined,
    ...parts,
  };
}

function term(
  at: string,
  parts: Partial<Pick<RoutingTerm, 'then'>> & {
    match?: Partial<RoutingTerm['match']>;
    set?: Partial<RoutingTerm['set']>;
  } = {},
): RoutingTerm {
  return {
    path: ['routing', at],
    match: { prefixes: [], communities: [], asPathContains: [], originatedBy: [], ...parts.match },
    set: { localPreference: undefined, med: undefined, prepend: undefined, communities: [], ...parts.set },
    then: parts.then ?? 'accept',
  };
}

const compiled = (...overrides: readonly DeviceRouting[]) => compileNetwork(estateOf({ routing: overrides }));

describe('routing of single devices', () => {
  it('puts terms in front of the derived ones, those of a neighbour first', () => {
    const { network, findings } = compiled(
      routing('dc', {
        import: [term('dc-import')],
        neighbours: [{ device: 'hq', path: ['n'], import: [term('hq-import', { then: 'reject' })], export: [] }],
      }),
    );
    const toHq = policyOf(network, 'mpls', 'dc', 'import');
    expect(toHq.terms.map(({ then, origins }) => [then, cited(origins)])).toEqual([
      ['reject', ['routing.hq-import']],
      ['accept', ['routing.dc-import']],
    ]);
    expect(toHq.otherwise).toBe('accept');
    expect(policyOf(network, 'dc-fw-er', 'dc', 'import').terms.map(({ origins }) => cited(origins))).toEqual([
      ['routing.dc-import'],
    ]);
    expect(policyOf(network, 'mpls', 'hq', 'import').terms).toEqual([]);
    expect(findings).toEqual([]);
  });

  it('keeps what was derived behind its terms', () => {
    const { network } = compiled(routing('er-fra-msee1', { export: [term('x', { then: 'reject' })] }));
    const terms = policyOf(network, 'er-fra-primary', 'er-fra-msee1', 'export').terms;
    expect(terms.at(0)?.origins).toEqual([{ kind: 'document', path: ['routing', 'x'] }]);
    expect(terms.at(-1)?.name).toBe('route filter');
    expect(policyOf(network, 'er-fra-secondary', 'er-fra-msee2', 'export').terms[0]?.name).not.toContain(
      'er-fra-msee1',
    );
  });

  it('says every condition and every action', () => {
    const { network } = compiled(
      routing('hq', {
        import: [
          term('all', {
            match: {
              prefixes: [{ prefix: prefix('20.0.0.0/8'), atLeast: 9, atMost: 24 }],
              communities: [communityLiteral('12076:51002')],
              asPathContains: [asn(12076)],
              originatedBy: [asn(8075)],
            },
            set: {
              localPreference: 300,
              med: 5,
              prepend: { asn: asn(64500), times: 2 },
              communities: [communityLiteral('64500:1')],
            },
          }),
        ],
      }),
    );
    const [only] = policyOf(network, 'mpls', 'hq', 'import').terms;
    expect(only?.when.map(({ kind }) => kind)).toEqual([
      'prefix-list',
      'community',
      'as-path-contains',
      'as-path-originated-by',
    ]);
    expect(only?.set.map(({ kind }) => kind)).toEqual(['local-preference', 'med', 'prepend', 'community-add']);
  });

  it('marks a preference where routes enter the network, as iBGP would carry it, and not inside', () => {
    const { network } = compiled(
      routing('er-ce1', { import: [term('preferred', { set: { localPreference: 300 } })] }),
      routing('dc', { import: [term('inner', { set: { localPreference: 90 } })] }),
    );
    const actions = (session: string, device: string): readonly string[] =>
      policyOf(network, session, device, 'import').terms.flatMap(({ origins, set }) =>
        cited(origins).some((path) => path.startsWith('routing.')) ? set.map(({ kind }) => kind) : [],
      );
    expect(actions('er-fra-primary', 'er-ce1')).toEqual(['local-preference', 'large-community-add']);
    expect(actions('fw-er-er-ce1', 'er-ce1')).toEqual(['local-preference']);
    expect(actions('mpls', 'dc')).toEqual(['local-preference']);
    const honoured = policyOf(network, 'fw-er-er-ce1', 'fw-er', 'import').terms.flatMap(({ set }) => set);
    expect(honoured).toContainEqual({ kind: 'local-preference', value: 300 });
  });

  it('sets the AS of a device and of the sessions that spoke it', () => {
    const { network } = compiled(routing('dc', { asn: asn(64_600) }));
    const dc = deviceNamed(network, 'dc');
    expect(dc.asn).toBe(64_600);
    for (const { ends } of network.sessions) {
      for (const end of ends) if (end.device === dc.ix) expect(end.asn).toBe(64_600);
    }
    expect(sessionNamed(network, 'mpls').ends[0].asn).not.toBe(64_600);
  });

  it('sets cost, equal paths and statics', () => {
    const { network } = compiled(
      routing('dc', {
        igpCost: 7,
        maximumPaths: 3,
        statics: [
          {
            prefix: prefix('10.99.0.0/16'),
            next: { kind: 'device', device: 'hq' },
            path: ['routing', 'dc', 'statics', 0],
          },
          { prefix: prefix('10.98.0.0/16'), next: { kind: 'discard' }, path: ['routing', 'dc', 'statics', 1] },
        ],
      }),
    );
    const dc = deviceNamed(network, 'dc');
    expect([linkNamed(network, 'mpls').cost, linkNamed(network, 'dc-fw-er').cost]).toEqual([7, 7]);
    expect(linkNamed(network, 'inet').cost).toBe(1);
    expect(dc.decision.maximumPaths).toBe(3);
    expect(dc.statics.map(({ prefix, next }) => [formatPrefix(prefix), next.kind])).toEqual([
      ['10.99.0.0/16', 'forward'],
      ['10.98.0.0/16', 'discard'],
    ]);
    expect(dc.statics[0]?.next).toMatchObject({ link: linkNamed(network, 'mpls').ix });
  });

  it.each(['accept', 'reject'] as const)('%ss default routes before anything else', (defaultRoute) => {
    const { network } = compiled(routing('hq', { defaultRoute, import: [term('later')] }));
    const [first] = policyOf(network, 'mpls', 'hq', 'import').terms;
    expect(first).toMatchObject({ then: defaultRoute, when: [{ kind: 'prefix-list' }] });
    expect(cited(first?.origins ?? [])).toEqual(['routing.hq.defaultRoute']);
  });

  it('originates a default route of both families', () => {
    const { network } = compiled(routing('dc', { defaultRoute: 'originate' }));
    const dc = deviceNamed(network, 'dc');
    expect(dc.originations.flatMap(({ prefixes }) => prefixes.map(formatPrefix))).toEqual(['0.0.0.0/0', '::/0']);
    expect(dc.statics.map(({ next, distance }) => [next.kind, distance])).toEqual([
      ['discard', 254],
      ['discard', 254],
    ]);
  });

  it('of a device or neighbour that does not exist is a finding with a suggestion', () => {
    const { findings } = compiled(
      routing('fw-err'),
      routing('hq', { neighbours: [{ device: 'dcc', path: ['n'], import: [], export: [] }] }),
      routing('dc', {
        statics: [{ prefix: prefix('10.0.0.0/8'), next: { kind: 'device', device: 'internet' }, path: ['s'] }],
      }),
    );
    expect(findings.map(({ message, help }) => [message, help])).toEqual([
      ["there is no device 'fw-err' in the compiled network", "did you mean 'fw-er'?"],
      ["there is no neighbour of hq 'dcc' in the compiled network", "did you mean 'dc'?"],
      ["there is no neighbour of dc 'internet' in the compiled network", "'bothways show --network' lists the names"],
    ]);
    expect(findings.every(({ severity, rule }) => severity === 'error' && rule === 'network/unknown-name')).toBe(true);
  });

  it('gives its findings the places it is told', () => {
    const place = { file: 'estate.yaml', line: 3, column: 1, endLine: 3, endColumn: 5 };
    const estate = estateOf({ routing: [routing('nowhere')] });
    const asked: (readonly (string | number)[])[] = [];
    const { findings } = compileNetwork(estate, (path) => {
      asked.push(path);
      return place;
    });
    expect(findings[0]?.place).toEqual(place);
    expect(asked).toEqual([['routing', 'nowhere']]);
  });
});
