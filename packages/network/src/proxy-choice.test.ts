import { flow as flowOf } from '@bothways/facts';
import { prefixSet } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { addressOfText, estateOf, prefixes, service, site } from '../test/estates.ts';
import { standIn } from '../test/pac-stand-in.ts';
import { compileNetwork, type PacEvaluator, type PacReply } from './index.ts';

const PROXY = {
  name: 'px',
  path: ['proxies', 'px'],
  site: 'dc',
  address: addressOfText('10.30.0.99'),
  port: 8080,
  reach: 'internet' as const,
  rewrites: false,
  edges: [],
};

/** Two offices with the same script. */
function compiled(text: string, evaluatePac: PacEvaluator) {
  const pac = (name: string) => ({ file: 'proxy.pac', text, path: ['sites', name, 'pac'] });
  const sites = [
    site({ name: 'hq', clients: prefixes('10.10.0.0/16'), pac: pac('hq') }),
    site({ name: 'shop', clients: prefixes('10.12.0.0/16'), pac: pac('shop') }),
    site({ name: 'old', clients: prefixes('10.13.0.0/16'), proxy: 'px' }),
    site({ name: 'dc' }),
  ];
  const services = [service({ name: 'proxies', names: ['proxy.contoso.example'], address: PROXY.address })];
  return compileNetwork(estateOf({ sites, services, proxies: [PROXY], wan: [], demands: [] }), undefined, {
    evaluatePac,
  });
}

function flow(id: string) {
  const found = flowOf(id);
  if (found === undefined) throw new Error(id);
  return found;
}

const target = { id: 'somewhere', set: prefixSet(prefixes('198.18.0.0/24')) };

describe('a script that sites share', () => {
  it('is run once for each name, however many sites ask', () => {
    let runs = 0;
    const inner = standIn({ it: () => 'PROXY proxy.contoso.example:8080' });
    const { steering } = compiled('it', (request) => {
      runs += 1;
      return inner(request);
    });
    expect(steering.proxyFor('hq', flow('PP-F01'), target)).toMatchObject({ kind: 'proxy', name: 'px' });
    expect(steering.proxyFor('shop', flow('PP-F01'), target)).toMatchObject({ kind: 'proxy', name: 'px' });
    expect(steering.proxyFor('hq', flow('PP-F01'), { ...target, id: 'elsewhere' })).toMatchObject({ kind: 'proxy' });
    expect(runs).toBe(1);
  });

  it('that is slow on purpose is given up, for good', () => {
    let runs = 0;
    const slow = (): PacReply => {
      runs += 1;
      const reads = { networks: [], seconds: [runs], days: [], months: [], years: [] };
      return { kind: 'question', question: { kind: 'in-net', about: `240.0.0.0 x ${runs}` }, reads, cost: 900 };
    };
    const { steering } = compiled('it', slow);
    expect(steering.proxyFor('hq', flow('PP-F01'), target).because).toMatch(/too many steps/);
    expect(steering.proxyFor('shop', flow('PP-F04'), target).kind).toBe('unknown');
    expect(runs).toBeLessThan(250);
  });
});

describe('an explicit proxy', () => {
  const { steering } = compiled('it', standIn({}));

  it('is not used for what is inside', () => {
    const inside = { id: 'hub', set: prefixSet(prefixes('10.100.0.0/16')) };
    expect(steering.proxyFor('old', flow('PP-F01'), target)).toMatchObject({ kind: 'proxy', name: 'px' });
    expect(steering.proxyFor('old', flow('PP-F01'), inside)).toMatchObject({ kind: 'direct' });
  });

  it('carries the HTTP of a flow only', () => {
    expect(steering.proxyFor('old', flow('PP-F03'), target)).toMatchObject({ kind: 'direct' });
    expect(steering.proxyFor('old', flow('PP-F62'), target)).toMatchObject({
      kind: 'unknown',
      possibilities: [{ kind: 'proxy', name: 'px' }, { kind: 'direct' }],
    });
  });

  it('uses no proxy itself', () => {
    expect(steering.proxyFor('px', flow('PP-F01'), target)).toMatchObject({ kind: 'direct' });
  });
});
