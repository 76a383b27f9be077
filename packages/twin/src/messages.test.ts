/**
 * How the messages that people meet most often read, as text. The golden file is changed on purpose only: read the
 * difference as the person who gets it at night. The list is what the shipped estates, their seeded faults and the
 * commonest slips of the pen give.
 */
import { RULES } from '@bothways/checks';
import { plainStyle, renderFinding } from '@bothways/diagnostics';
import { expect, it } from 'vitest';
import { fileOf } from '../test/shipped-estates.ts';
import { checkEstate } from './index.ts';

const contoso = fileOf('examples/contoso', 'estate.yaml');

/** Rules whose own example makes them speak. */
const rules = [
  'microsoft-prefixes-stay-inside',
  'demand-is-computable',
  'intent-holds',
  'internet-only-flow-has-internet',
  'microsoft365-authorised',
  'nat-pool-announced-on-circuit',
  'no-shared-nat-pool',
  'one-pool-per-circuit',
  'prefixes-validated',
  'round-trip-holds',
  'route-filter-attached',
  'route-filter-covers-region-pair',
  'sku-reaches-region',
];

const slips: readonly (readonly [rule: string, passage: string, by: string])[] = [
  ['estate/unknown-key', 'clients: 10.10.0.0/16', 'cleints: 10.10.0.0/16'],
  ['estate/unknown-flow', 'flows: [PP-F01, PP-F02, PP-F05', 'flows: [pp-f01, PP-F02, PP-F05'],
  ['estate/unknown-site', 'site: dc, isp', 'site: cd, isp'],
  ['estate/unknown-region', 'region: Europe', 'region: Erope'],
  ['estate/bad-bandwidth', 'bandwidth: 500 Mbps', 'bandwidth: 500'],
  ['estate/bad-prefix', 'clients: 10.20.0.0/16', 'clients: 10.20.0.0/33'],
  ['estate/duplicate-key', '    vlan: 100', '    vlan: 100\n      vlan: 101'],
  ['estate/syntax', 'advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28'],
  ['estate/documentation-addresses', 'Contoso', 'Contoso'],
  ['acceptance/unused', 'demands:', 'acceptedRisks:\n  old: { rule: one-pool-per-circuit, because: x }\ndemands:'],
  ['acceptance/unknown-rule', 'demands:', 'acceptedRisks:\n  old: { rule: one-pol-per-circuit, because: x }\ndemands:'],
];

function changed(text: string, passage: string, by: string): string {
  if (!text.includes(passage)) throw new Error(`the example has no '${passage}'`);
  return text.replace(passage, by);
}

function message(rule: string, text: string): string {
  // Proxy scripts are not run here: one of the messages is about that.
  const { findings, sources } = checkEstate([{ name: 'estate.yaml', text }]);
  const found = findings.find((each) => each.rule === rule);
  if (found === undefined)
    throw new Error(`${rule} does not speak; there are ${findings.map((each) => each.rule).join(', ')}`);
  return renderFinding(found, sources, plainStyle);
}

it('the most frequent messages read as a good colleague says them', async () => {
  const ofRules = rules.map((name) => {
    const rule = RULES.find((each) => each.name === name);
    if (rule === undefined) throw new Error(`there is no rule ${name}`);
    return message(
      name,
      rule.fires.replace.reduce((text, { text: passage, by }) => changed(text, passage, by), contoso),
    );
  });
  const ofSlips = slips.map(([rule, passage, by]) => message(rule, changed(contoso, passage, by)));
  expect(rules.length + slips.length).toBeGreaterThanOrEqual(20);
  await expect(`${[...ofRules, ...ofSlips].join('\n\n\n')}\n`).toMatchFileSnapshot('../test/golden/messages.txt');
});
