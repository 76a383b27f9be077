import { describe, expect, it } from 'vitest';
import { fileOf } from '../test/shipped-estates.ts';
import { type Checked, checkEstate, checkFails } from './index.ts';

const asymmetric = fileOf('scenarios/PP-S10-asymmetric-routing', 'estate.yaml');

function checked(risk: string, today?: string): Checked {
  const text = `${asymmetric}\nacceptedRisks:\n  lease: ${risk}\n`;
  return checkEstate([{ name: 'estate.yaml', text }], today === undefined ? {} : { today });
}

const rules = ({ findings }: Checked): readonly string[] => findings.map(({ rule }) => rule);
const RISK = 'rule: no-shared-nat-pool, where: circuits.er-fra, because: the lease of the line ends soon';

describe('accepted risks', () => {
  it('are set apart with their reason, and the check no longer fails for them', () => {
    const result = checked(`{ ${RISK} }`);
    expect(rules(result)).not.toContain('no-shared-nat-pool');
    expect(result.accepted.map(({ finding, risk }) => [finding.rule, risk.because])).toEqual([
      ['no-shared-nat-pool', 'the lease of the line ends soon'],
    ]);
    expect(result.report?.verdict).toBe('broken');
    expect(checkFails(result, 'error')).toBe(false);
  });

  it('count through their last day, and are errors again after it', () => {
    const risk = `{ ${RISK}, until: 2026-03-31 }`;
    expect(rules(checked(risk, '2026-03-31'))).not.toContain('no-shared-nat-pool');
    const late = checked(risk, '2026-04-01');
    const [finding] = late.findings;
    expect(finding).toMatchObject({ rule: 'no-shared-nat-pool', severity: 'error' });
    expect(finding?.related.at(-1)?.message).toBe('accepted as lease until 2026-03-31; that day is over');
    expect(late.accepted).toEqual([]);
    expect(checkFails(late, 'error')).toBe(true);
  });

  it('that end are not believed without a day to compare with', () => {
    expect(rules(checked(`{ ${RISK}, until: 2999-12-31 }`))).toContain('no-shared-nat-pool');
  });

  it('are about what they name, and nothing that only begins like it', () => {
    for (const where of ['internetEdges.inet', 'circuits.er-fra.provider']) {
      expect(rules(checked(`{ rule: no-shared-nat-pool, where: ${where}, because: x }`))).toContain(
        'no-shared-nat-pool',
      );
    }
    expect(rules(checked('{ rule: no-shared-nat-pool, because: x }'))).not.toContain('no-shared-nat-pool');
  });

  it('that fit nothing are said, and a misspelt rule is more than a note', () => {
    const unused = checked('{ rule: sku-reaches-region, because: x }').findings.find(({ rule }) =>
      rule.startsWith('acc'),
    );
    expect(unused).toMatchObject({ rule: 'acceptance/unused', severity: 'note' });
    const misspelt = checked('{ rule: no-shard-nat-pool, because: x }').findings.find(({ rule }) =>
      rule.startsWith('acc'),
    );
    expect(misspelt).toMatchObject({
      rule: 'acceptance/unknown-rule',
      severity: 'warning',
      help: 'did you mean no-shared-nat-pool?',
    });
  });
});
