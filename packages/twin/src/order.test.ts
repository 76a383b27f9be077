import { Random } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { FAULTS, faultText } from '../test/faults.ts';
import { checkedText, fileOf, shippedFolders } from '../test/shipped-estates.ts';

/** The same document with its sections, and the records inside them, in another order. */
function shuffled(text: string, seed: number): string {
  const random = new Random(seed);
  return random
    .shuffle(text.split(/^(?=[a-zA-Z])/m))
    .map((section) => {
      const [head = '', ...records] = section.trimEnd().split(/^(?= {2}\S)/m);
      return `${[head, ...random.shuffle(records).map((each) => `${each.trimEnd()}\n`)].join('').trimEnd()}\n`;
    })
    .join('');
}

/** What must not depend on the order of the document. */
function story(text: string): unknown {
  const { report, findings, usable } = checkedText(text);
  return {
    usable,
    verdict: report?.verdict,
    rules: findings.map(({ rule, severity }) => `${severity} ${rule}`).sort(),
    trips: (report?.roundTrips ?? [])
      .map(({ id, forward, return: back, outcome, droppedAt, covers }) =>
        [id.replace(/#.*/, ''), forward.via, back?.via, outcome, droppedAt?.device, covers.addresses].join(' '),
      )
      .sort(),
  };
}

const shipped = shippedFolders().map((folder) => [folder, fileOf(folder, 'estate.yaml')] as const);
const faulty = FAULTS.filter(({ base }) => base === 'examples/contoso').map(
  (fault) => [fault.name, faultText(fault)] as const,
);

describe('the order of the document', () => {
  it('is changed by the shuffle of this test', () => {
    const text = fileOf('examples/contoso', 'estate.yaml');
    const other = shuffled(text, 1);
    expect(other).not.toBe(text);
    expect(other.split('\n').sort().filter(Boolean)).toEqual(text.split('\n').sort().filter(Boolean));
  });

  it.each(shipped)('does not change the verdict of %s, seeds 1 to 5', (_, text) => {
    const expected = story(text);
    for (const seed of [1, 2, 3, 4, 5]) expect(story(shuffled(text, seed)), `seed ${seed}`).toEqual(expected);
  });

  it.each(faulty)('does not change the verdict of the example with a fault, seed 1: %s', (_, text) => {
    expect(story(shuffled(text, 1))).toEqual(story(text));
  });
});
