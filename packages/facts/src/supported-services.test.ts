import { describe, expect, it } from 'vitest';
import { fact } from './fact.ts';
import { nameExceptions, supportedService, supportedServices, wrongBeliefs } from './supported-services.ts';

describe('services', () => {
  it('are 26, of which CDN, Front Door, Logic Apps and Intune are not offered', () => {
    expect(supportedServices()).toHaveLength(26);
    const refused = ['Azure CDN', 'Azure Front Door', 'Logic Apps', 'Intune'];
    expect(refused.map((name) => supportedService(name)?.offered)).toEqual(['no', 'no', 'no', 'no']);
  });

  it('have a way of selection when offered and none when not', () => {
    const odd = supportedServices().filter(
      (service) => (service.regional || service.communities.length > 0) !== (service.offered !== 'no'),
    );
    expect(odd).toEqual([]);
  });

  it('know twelve internet names under circuit wildcards and eleven the other way round', () => {
    expect(nameExceptions().filter((row) => row.path === 'internet')).toHaveLength(12);
    expect(nameExceptions().filter((row) => row.path === 'circuit')).toHaveLength(11);
    expect(nameExceptions().filter((row) => row.name !== row.name.toLowerCase())).toEqual([]);
  });

  it('name existing facts', () => {
    const ids = [
      ...supportedServices().flatMap((row) => row.facts),
      ...[...wrongBeliefs(), ...nameExceptions()].map((row) => row.fact),
    ];
    expect(ids.filter((id) => fact(id) === undefined)).toEqual([]);
  });

  it('correct thirty beliefs', () => {
    expect(wrongBeliefs()).toHaveLength(30);
    expect(wrongBeliefs().find((row) => row.belief.includes('HSRP'))?.fact).toBe('ER-006');
  });
});
