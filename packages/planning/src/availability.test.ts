import { loadEstate } from '@bothways/estate';
import { FailureAnswers, failureElements, questionsOf } from '@bothways/forwarding';
import { type CompiledNetwork, compileNetwork } from '@bothways/network';
import { describe, expect, it } from 'vitest';
import { contosoWith } from '../test/estates.ts';
import { availabilityOf, MINUTES_OF_A_YEAR } from './availability.ts';

function compiledOf(text: string): CompiledNetwork {
  const { estate, document, findings } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));
  return compileNetwork(estate, document.placeOf);
}

/** The slow twin: every state of the components with a figure, each followed by the engine. */
function enumerated(compiled: CompiledNetwork): number {
  const elements = failureElements(compiled);
  const { components } = availabilityOf(compiled, { weighUnknown: false });
  const questions = questionsOf(compiled);
  const question = questions.findIndex(({ kind }) => kind === 'intent');
  const engine = new FailureAnswers(compiled, elements, questions);
  const counted = components.flatMap(({ id, down }) =>
    down === undefined ? [] : [{ ix: elements.findIndex((each) => each.id === id), down }],
  );
  let broken = 0;
  for (let bits = 0; bits < 2 ** counted.length; bits++) {
    const failed = counted.filter((_, at) => (bits >> at) % 2 === 1);
    if (
      engine.answer(
        question,
        failed.map(({ ix }) => ix),
      ).answer === 'holds'
    )
      continue;
    broken += counted.reduce((product, each) => product * (failed.includes(each) ? each.down : 1 - each.down), 1);
  }
  return broken;
}

describe('availability of an intent', () => {
  it('is the commitment for its circuit where the document has no figure, and names the rest', () => {
    const { components, intents } = availabilityOf(compiledOf(contosoWith()));
    const [intent] = intents;
    expect(intents).toHaveLength(1);
    expect(intent).toMatchObject({ now: 'holds', broken: 0.0005, unknown: 0, error: 0, grounded: true });
    expect(intent?.minutesPerYear).toBeCloseTo(0.0005 * MINUTES_OF_A_YEAR, 9);
    expect(intent?.cuts).toEqual([{ components: ['circuit er-fra'], minutesPerYear: intent?.minutesPerYear }]);
    expect(intent?.importance).toMatchObject([{ id: 'circuit er-fra', shareOfDowntime: 1 }]);
    expect(intent?.withoutFigure.map(({ id }) => id)).toContain('device fw-er');
    // The internet edge does not matter to an intent over the circuit.
    expect(intent?.withoutFigure.map(({ id }) => id)).not.toContain('link inet');
    const basis = (id: string): string | undefined => components.find((each) => each.id === id)?.basis.kind;
    expect(basis('circuit er-fra')).toBe('commitment');
    expect(basis('port er-fra-primary')).toBe('covered');
    expect(basis('msee er-fra-msee2')).toBe('covered');
    expect(basis('link mpls-hq')).toBe('unknown');
  });

  it.each([
    [
      'no route while prefixes are not validated',
      '      advertises:',
      '      validation: validation-needed\n      advertises:',
    ],
    [
      'nothing provisioned',
      '    bandwidth: 500 Mbps\n',
      '    bandwidth: 500 Mbps\n    provisioning: not-provisioned\n',
    ],
  ])('takes no commitment where its conditions are not met: %s', (_, from, to) => {
    const { components, intents } = availabilityOf(compiledOf(contosoWith([from, to])), { weighUnknown: false });
    expect(components.find(({ id }) => id === 'circuit er-fra')).toMatchObject({
      down: undefined,
      basis: { kind: 'unknown' },
    });
    expect(intents).toMatchObject([{ now: 'broken', broken: 1 }]);
  });

  it('reads figures by kind and by name, and says which fit nothing', () => {
    const stated = 'availability: { link: 99.9 %, link.mpls-hq: 99.95 %, circuit.er-fra: 99.5 %, link.mpls-hk: 99 % }';
    const { components, unused } = availabilityOf(compiledOf(`${contosoWith()}\n${stated}\n`), { weighUnknown: false });
    const down = Object.fromEntries(components.map(({ id, down: each }) => [id, each]));
    expect(down).toMatchObject({ 'link mpls-hq': 0.0005, 'link mpls-branch': 0.001, 'circuit er-fra': 0.005 });
    expect(unused).toEqual(['link.mpls-hk']);
  });

  it.each([
    ['a chain', 'availability: { link.mpls-hq: 99 %, device.fw-er: 98 %, circuit: 97 % }'],
    [
      'routers in parallel, where a failure of one mends that of its link',
      'availability: { link.fw-er-er-ce1: 90 %, link.fw-er-er-ce2: 80 %, device.er-ce1: 95 %, device.er-ce2: 97 %, port: 92 %, msee: 94 %, site.branch: 99 % }',
    ],
    [
      'groups beside their members',
      'failureGroups: { conduit: [mpls-hq, mpls-branch], rack: [fw-er, er-ce1] }\navailability: { declared: 98 %, link: 95 %, device.fw-er: 99 %, edge: 97 % }',
    ],
  ])('is what going through every state gives, to 1e-12: %s', (_, stated) => {
    const compiled = compiledOf(`${contosoWith()}\n${stated}\n`);
    const [intent] = availabilityOf(compiled, { weighUnknown: false }).intents;
    expect(Math.abs((intent?.broken ?? 0) - enumerated(compiled))).toBeLessThan(1e-12);
    expect(intent?.error).toBeLessThan(1e-12);
  });

  it('shows the failure that helps', () => {
    const stated = 'availability: { link.fw-er-er-ce1: 99 %, port.er-fra-primary: 99 % }';
    const [intent] = availabilityOf(compiledOf(`${contosoWith()}\n${stated}\n`), { weighUnknown: false }).intents;
    // A router that is cut off from the inside goes on announcing the pool; when its port goes down too, the other takes over.
    expect(intent?.helped).toEqual([
      { broken: ['link fw-er-er-ce1'], works: ['link fw-er-er-ce1', 'port er-fra-primary'] },
    ]);
  });

  it('of a second circuit in another place is better, by the state of both', () => {
    const two = contosoWith([
      'demands:',
      `  er-ams:
    location: Amsterdam
    provider: Equinix
    sku: standard
    billing: metered
    bandwidth: 500 Mbps
    edge: er2
    microsoftPeering:
      vlan: 100
      links: [192.0.2.8/30, 192.0.2.12/30]
      advertises: [203.0.113.16/28]
      routeFilter: [West Europe, North Europe]

demands:`,
    ]).replace('circuits:\n', '  er2: { site: dc, firewall: fw-er2, nat: 203.0.113.16/28 }\n\ncircuits:\n');
    const [intent] = availabilityOf(compiledOf(two), { weighUnknown: false }).intents;
    expect(intent?.broken).toBeCloseTo(0.0005 ** 2, 15);
    expect(intent?.cuts).toMatchObject([{ components: ['circuit er-fra', 'circuit er-ams'] }]);
  });
});
