import type { Finding } from '@bothways/diagnostics';
import { describe, expect, it } from 'vitest';
import { checkText, EXAMPLE, exampleText } from '../test/example.ts';

function changed(...replace: readonly (readonly [string, string])[]): readonly Finding[] {
  const text = exampleText({ replace: replace.map(([passage, by]) => ({ text: passage, by })) });
  const { rules, view, document } = checkText(text);
  if (view === undefined) throw new Error(document.map((each) => each.message).join('; '));
  return rules;
}

const ER_POOL = 'nat: 203.0.113.0/28';
const INET_POOL = 'nat: 198.51.100.0/28';
const ANNOUNCED = 'advertises: [203.0.113.0/28]';

const heads = (found: readonly Finding[]): readonly string[] =>
  found.map(({ severity, rule, place }) => `${severity} ${rule} ${place?.line}`);

describe('one cause, one finding', () => {
  it('a lost packet that a rule explains is not reported again as lost', () => {
    const found = changed([ANNOUNCED, 'advertises: [203.0.113.0/28, 198.51.100.0/28]']);
    expect(heads(found)).toEqual(['error no-shared-nat-pool 37']);
  });

  it('servers that each drop what has no way back are one finding, at the edge without a pool', () => {
    const found = changed([`, ${INET_POOL}`, '']);
    expect(heads(found)).toEqual(['error edge-translates-private-sources 21']);
    expect(found[0]?.message).toContain('PP-F05 from hq and branch');
    expect(found[0]?.message).toContain('PP-F16 from hq and branch');
  });

  it('a source without translation points at the edge, not at Microsoft', () => {
    const found = changed([`, ${ER_POOL}`, '']);
    expect(heads(found)).toEqual(['error edge-translates-private-sources 24', 'error intent-holds 47']);
    expect(found[0]?.evidence.map(({ title }) => title).join()).toContain("Microsoft's edge drops it");
  });
});

describe('addresses of an internet-only flow that take the circuit', () => {
  it('are not said to lack the internet', () => {
    const found = changed([ER_POOL, 'nat: 203.0.113.16/28']);
    expect(found.map(({ rule }) => rule)).not.toContain('internet-only-flow-has-internet');
    expect(found[0]?.rule).toBe('nat-pool-announced-on-circuit');
    expect(found[0]?.why).toContain('PP-F05');
  });
});

describe('prefixes that two edges announce', () => {
  it('the pool of the circuit on the internet too is a warning while Microsoft prefers the circuit', () => {
    const found = changed([INET_POOL, `${INET_POOL}, advertises: [198.51.100.0/28, 203.0.113.0/28]`]);
    expect(heads(found)).toEqual(['warning no-shared-nat-pool 37']);
    expect(found[0]?.message).toBe(
      '203.0.113.0/28 is announced on circuit er-fra and is also announced by internet edge inet',
    );
    expect(found[0]?.related.map(({ place }) => place.line)).toEqual([21]);
  });

  it('an overlap that breaks nothing is a warning', () => {
    const found = changed([ANNOUNCED, 'advertises: [203.0.113.0/28, 198.51.100.0/24]']);
    expect(heads(found)).toEqual(['warning no-shared-nat-pool 37']);
  });

  it('a longer prefix on the internet draws the answers there, and that is an error', () => {
    const found = changed([INET_POOL, `${INET_POOL}, advertises: [198.51.100.0/28, 203.0.113.0/29]`]);
    expect(found.some(({ rule, severity }) => rule === 'round-trip-holds' && severity === 'error')).toBe(true);
  });

  it('no fix takes from a circuit what its own edge translates to', () => {
    const found = changed([INET_POOL, ER_POOL], [ANNOUNCED, 'advertises: [203.0.113.0/28, 203.0.113.64/28]']);
    const shared = found.filter(({ rule }) => rule === 'no-shared-nat-pool');
    expect(shared.map(({ severity }) => severity)).toEqual(['error']);
    expect(shared.flatMap(({ fixes }) => fixes)).toEqual([]);
  });
});

it('findings come in the order of severity and place, the same every time', () => {
  const text = exampleText({
    replace: [
      { text: 'routeFilter: [West Europe, North Europe]', by: 'routeFilter: [West Europe, 12076:5010]' },
      { text: ANNOUNCED, by: 'advertises: [203.0.113.0/28, 198.51.100.0/24]' },
    ],
  });
  const [first, second] = [checkText(text).rules, checkText(text).rules];
  expect(first).toEqual(second);
  const ranks = first.map(({ severity }) => ['error', 'warning', 'note'].indexOf(severity));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  expect(checkText(EXAMPLE).rules).toEqual([]);
});

describe('many pools behind one IP firewall', () => {
  it('are one finding, and one fix admits them all', () => {
    const found = changed(
      ['{ region: Europe }', '{ region: Europe, ipFirewall: [192.0.2.128/28] }'],
      [ER_POOL, 'nat: [203.0.113.0/29, 203.0.113.8/29]'],
    ).filter(({ rule }) => rule === 'ip-firewall-admits-egress-pools');
    expect(found.map(({ severity, message }) => `${severity}: ${message}`)).toMatchInlineSnapshot(`
      [
        "error: environment production turns away the NAT pools 203.0.113.0/29 and 203.0.113.8/29",
        "warning: environment production turns away 198.51.100.0/28, the NAT pool of internet edge inet, which a failover would use",
      ]
    `);
    expect(found[0]?.fixes.map(({ title }) => title)).toMatchInlineSnapshot(`
      [
        "admit 203.0.113.0/29 and 203.0.113.8/29 to environment production",
      ]
    `);
  });
});
