import { address, formatPrefix, prefix, setHas, setPrefixes } from '@bothways/net';
import type { PacRequest, ProxyChoice, SteeringPart } from '@bothways/network';
import { describe, expect, it } from 'vitest';
import { asked, compiled, type Written } from '../test/estate.ts';
import { evaluate } from '../test/runs.ts';

/** 'direct', 'web-proxy then direct', 'unknown: direct | web-proxy'. */
function short(choice: ProxyChoice): string {
  if ('possibilities' in choice) return `${choice.kind}: ${choice.possibilities.map(short).join(' | ')}`;
  const then = choice.fallback.map((each) => (each.kind === 'direct' ? 'direct' : each.name));
  return [choice.kind === 'direct' ? 'direct' : choice.name, ...then].join(' then ');
}

function chosen(written: Written, place = 'hq', id = 'PP-F01', environment?: string): ProxyChoice {
  const network = compiled(written, evaluate);
  return network.steering.proxyFor(...asked(network, place, id, environment));
}

function parts(written: Written, place = 'hq', id = 'PP-F01', environment?: string): readonly SteeringPart[] {
  const network = compiled(written, evaluate);
  return network.steering.partsFor(...asked(network, place, id, environment));
}

const rulesOf = (written: Written): readonly string[] =>
  compiled(written, evaluate).findings.map(({ rule, severity }) => `${severity} ${rule}`);

describe('the proxy of a place', () => {
  it('is none where the document names none', () => {
    expect(chosen({}, 'hq')).toMatchObject({ kind: 'direct', because: 'the document names no proxy for hq' });
    expect(short(chosen({}, 'roaming'))).toBe('direct');
    expect(short(chosen({}, 'homeworkers'))).toBe('direct');
  });

  it('is the explicit one, for HTTP only', () => {
    expect(short(chosen({}, 'branch'))).toBe('web-proxy');
    expect(short(chosen({}, 'hub/vm', 'PP-F68'))).toBe('web-proxy');
    expect(chosen({}, 'branch', 'PP-F03')).toMatchObject({
      kind: 'direct',
      because: expect.stringMatching(/not HTTP/),
    });
  });

  it('is what the script says, whatever the explicit one is', () => {
    const body = 'return "DIRECT";';
    expect(chosen({ body, hq: 'proxy: web-proxy' })).toMatchObject({
      kind: 'direct',
      because: 'the script of estate.yaml says "DIRECT" for contoso.crm4.dynamics.com',
      origins: expect.arrayContaining([{ kind: 'document', path: ['sites', 'hq', 'pac'] }]),
    });
  });

  it('of a script that nothing evaluates is unknown', () => {
    const network = compiled({ body: 'return "DIRECT";' });
    expect(short(network.steering.proxyFor(...asked(network, 'hq', 'PP-F01')))).toBe(
      'unknown: direct | web-proxy | spare-proxy',
    );
    expect(network.findings).toEqual([]);
  });

  it('keeps the order in which the script wants proxies tried', () => {
    const body = 'return "PROXY web-proxy:8080; PROXY spare-proxy:3128; DIRECT";';
    expect(short(chosen({ body }))).toBe('web-proxy then spare-proxy then direct');
    expect(short(chosen({ body: 'return "DIRECT; PROXY web-proxy:8080";' }))).toBe('direct then web-proxy');
    expect(short(chosen({ body: 'return "";' }))).toBe('direct');
    expect(short(chosen({ body: 'return null;' }))).toBe('direct');
  });

  it.each([
    ['PROXY 10.30.0.10:8080', 'web-proxy'],
    ['HTTPS web-proxy.contoso.example:8080', 'web-proxy'],
    ['SOCKS5 WEB-PROXY:8080', 'web-proxy'],
    ['PROXY web-proxy', 'unresolved: '],
    ['PROXY web-proxy:3128', 'unresolved: '],
    ['PROXY other:8080; DIRECT', 'unresolved: direct'],
    ['PROXY other:8080; PROXY web-proxy:8080; DIRECT', 'unresolved: web-proxy then direct'],
    ['gibberish', 'unresolved: '],
  ])('for %s is %s', (answer, expected) => {
    expect(short(chosen({ body: `return "${answer}";` }))).toBe(expected);
  });

  it('goes by the name of the environment', () => {
    const body = 'return shExpMatch(host, "*.crm4.dynamics.com") ? "DIRECT" : "PROXY web-proxy:8080";';
    expect(short(chosen({ body }, 'hq', 'PP-F01', 'production'))).toBe('direct');
    expect(short(chosen({ body }, 'hq', 'PP-F01', 'overseas'))).toBe('web-proxy');
    expect(parts({ body }, 'hq', 'PP-F01', 'overseas').map(({ names }) => names)).toEqual([
      ['contoso.crm11.dynamics.com'],
    ]);
  });

  it('is unknown where the names of one flow differ, and says which', () => {
    const body = 'return dnsDomainIs(host, ".azureedge.net") ? "DIRECT" : "PROXY web-proxy:8080";';
    const choice = chosen({ body }, 'hq', 'PP-F05');
    expect(short(choice)).toBe('unknown: direct | web-proxy');
    expect(choice.because).toBe(
      'names of the flow are treated differently at hq: contoso.azureedge.net | contoso.azurefd.net, res.cdn.office.net',
    );
    expect(parts({ body }, 'hq', 'PP-F05').map(({ names, choice: each }) => [names, short(each)])).toEqual([
      [['contoso.azureedge.net'], 'direct'],
      [['contoso.azurefd.net', 'res.cdn.office.net'], 'web-proxy'],
    ]);
  });

  it('can differ between addresses of the destination', () => {
    const body = 'return isInNet(dnsResolve(host), "20.0.0.0", "255.0.0.0") ? "DIRECT" : "PROXY web-proxy:8080";';
    const found = parts({ body });
    expect(found.map(({ choice }) => short(choice))).toEqual(['direct', 'web-proxy', 'unknown: direct | web-proxy']);
    const [inside, outside, six] = found;
    expect(
      setPrefixes(inside?.targets ?? { ipv4: [], ipv6: [] }).every((each) => formatPrefix(each).startsWith('20.')),
    ).toBe(true);
    expect(setHas(outside?.targets ?? { ipv4: [], ipv6: [] }, address('20.50.1.1'))).toBe(false);
    // Which IPv4 address goes with an IPv6 address of the same name nobody said.
    expect(six?.targets.ipv4).toEqual([]);
    expect(six?.targets.ipv6.length).toBeGreaterThan(0);
    expect(short(chosen({ body }))).toBe('unknown: direct | web-proxy');
  });

  it('can differ between clients', () => {
    const body = 'return isInNet(myIpAddress(), "10.10.128.0", "255.255.128.0") ? "DIRECT" : "PROXY web-proxy:8080";';
    const found = parts({ body });
    expect(found.map(({ sources, choice }) => [sources.map(formatPrefix), short(choice)])).toEqual([
      [['10.10.128.0/17'], 'direct'],
      [['10.10.0.0/17'], 'web-proxy'],
      [['2001:db8:10::/48'], 'unknown: direct | web-proxy'],
    ]);
    const narrow = 'return isInNet(myIpAddress(), "10.10.128.0", "255.255.255.0") ? "DIRECT" : "PROXY web-proxy:8080";';
    expect(parts({ body: narrow })[0]?.sources).toEqual([prefix('10.10.128.0/24')]);
  });

  it('is the same for a script that writes an address as a pattern', () => {
    const body =
      'return shExpMatch(myIpAddress(), "10.10.12?.*") || shExpMatch(myIpAddress(), "10.10.*") ? "DIRECT" : "PROXY web-proxy:8080";';
    expect(short(chosen({ body }))).toBe('direct');
  });

  it('is unknown where the hour decides, unless every hour says the same', () => {
    const hour = chosen({ body: 'return timeRange(8, 18) ? "DIRECT" : "PROXY web-proxy:8080";' });
    expect(short(hour)).toBe('unknown: web-proxy | direct');
    expect(hour.because).toMatch(/goes by the time of day$/);
    const both =
      'if (timeRange(8, 18)) return "DIRECT"; if (timeRange(19, 23) || timeRange(0, 7)) return "DIRECT"; return "PROXY x:1";';
    expect(short(chosen({ body: both }))).toBe('direct');
    const never = 'return weekdayRange("MON", "SUN") || dateRange(1, 31) ? "DIRECT" : "PROXY x:1";';
    expect(short(chosen({ body: never }))).toBe('direct');
    expect(chosen({ body: 'return new Date().getDay() === 0 ? "DIRECT" : "PROXY web-proxy:8080";' }).because).toMatch(
      /clock/,
    );
    expect(
      chosen({ body: 'return Math.random() < 0.5 ? "PROXY web-proxy:8080" : "PROXY spare-proxy:3128";' }).because,
    ).toMatch(/chance/);
    expect(short(chosen({ body: 'return dateRange("JUN", "AUG") ? "DIRECT" : "PROXY web-proxy:8080";' }))).toMatch(
      /^unknown/,
    );
  });

  it('is unknown where nobody knows whether a name resolves, and known where the document says', () => {
    const about = (name: string) => `return isResolvable("${name}") ? "DIRECT" : "PROXY web-proxy:8080";`;
    expect(chosen({ body: about('inside.nowhere.example') }).because).toMatch(
      /whether inside\.nowhere\.example resolves$/,
    );
    expect(short(chosen({ body: about('intranet.contoso.example') }))).toBe('direct');
    const published =
      'return dnsResolve("portal.contoso.example") === "10.30.0.40" ? "DIRECT" : "PROXY web-proxy:8080";';
    expect(short(chosen({ body: published }))).toBe('direct');
  });

  it('of a script that fails is unknown', () => {
    expect(chosen({ script: 'function FindProxyForURL(url, host) { return ; ) }' })).toMatchObject({ kind: 'unknown' });
    expect(chosen({ body: 'while (true) {}' }).because).toMatch(/ten million steps/);
  });

  it('does not depend on the order of the questions', () => {
    const body =
      'if (timeRange(8, 18) && isInNet(myIpAddress(), "10.10.0.0", "255.255.192.0")) return "DIRECT"; return isInNet(host, "20.0.0.0", "255.0.0.0") ? "PROXY spare-proxy:3128" : "PROXY web-proxy:8080";';
    const ask = (order: readonly string[]) => {
      const network = compiled({ body });
      const again = compiled({ body }, (request: PacRequest) => evaluate(request));
      expect(network.demands.concrete).toEqual(again.demands.concrete);
      return new Map(order.map((id) => [id, again.steering.partsFor(...asked(again, 'hq', id))]));
    };
    const ids = ['PP-F01', 'PP-F04', 'PP-F11', 'PP-F16'];
    const forwards = ask(ids);
    const backwards = ask(ids.toReversed());
    for (const id of ids) expect(forwards.get(id)).toEqual(backwards.get(id));
  });
});

describe('what is found about a script', () => {
  it.each([
    [
      'a syntax error',
      { script: 'function FindProxyForURL(url, host) {\n  return host ==;\n}' },
      ['error network/script-syntax'],
    ],
    ['no function', { script: '// FindProxyForURL\nvar x = 1;' }, ['error network/script-without-function']],
    ['an exception', { body: 'return nobody();' }, ['warning network/script-failure']],
    ['an unknown proxy', { body: 'return "PROXY webproxy:8080";' }, ['error network/unknown-proxy']],
    ['an address', { body: 'return "PROXY 10.30.0.10:8080";' }, ['note network/script-names-address']],
    ['an answer that is none', { body: 'return "gibberish";' }, ['warning network/script-answer']],
    ['nothing', { body: 'return "PROXY web-proxy:8080; DIRECT";' }, []],
  ] as const)('%s', (_, written, rules) => {
    expect(rulesOf(written)).toEqual(rules);
  });

  it('comes with the place in the script and the near name', () => {
    const found = (written: Written) => compiled(written, evaluate).findings[0];
    expect(found({ script: 'function FindProxyForURL(url, host) {\n  return host ==;\n}' })?.place).toMatchObject({
      line: 2,
    });
    expect(found({ body: 'return "PROXY web-prxy:8080";' })).toMatchObject({
      help: "did you mean 'web-proxy'?",
      place: { line: 2, column: 15, endColumn: 28 },
    });
    expect(found({ body: 'return "PROXY web-proxy:3128";' })?.help).toBe(
      'the proxy web-proxy listens on port 8080, and the script says 3128',
    );
    expect(found({ body: 'return nobody();' })?.place).toMatchObject({ line: 2, column: 8 });
  });
});
