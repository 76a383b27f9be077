import { Random } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { FAULTS, faultText } from '../test/faults.ts';
import { fileOf, shippedFolders } from '../test/shipped-estates.ts';
import { type Fixed, fixEstate, type InputFile } from './index.ts';

const contoso = fileOf('examples/contoso', 'estate.yaml');

function fixed(text: string): Fixed {
  return fixEstate([{ name: 'estate.yaml', text }]);
}

function errors({ findings }: Fixed['before']): number {
  return findings.filter(({ severity }) => severity === 'error').length;
}

/** What must hold after any fixing. */
function expectSound(files: readonly InputFile[], done: Fixed): void {
  const { before, after } = done;
  if (before.usable === after.usable) expect(errors(after)).toBeLessThanOrEqual(errors(before));
  else expect(after.usable).toBe(true);
  if (before.usable) {
    expect(after.report?.summary.broken ?? 0).toBeLessThanOrEqual(before.report?.summary.broken ?? 0);
  }
  const again = fixEstate(done.files);
  expect(again.changed).toEqual([]);
  expect(again.files).toEqual(done.files);
  expect(done.changed.length > 0).toBe(done.applied.length > 0);
  if (done.applied.length === 0) expect(done.files).toEqual(files);
}

describe('safe fixes', () => {
  it('leave a healthy document alone', () => {
    expect(fixed(contoso)).toMatchObject({ changed: [], applied: [], declined: [] });
  });

  it('mend the asymmetric figure, and keep every comment and the order', () => {
    const text = fileOf('scenarios/PP-S10-asymmetric-routing', 'estate.yaml');
    const done = fixed(text);
    expect(done.applied.map(({ rule }) => rule)).toEqual(['no-shared-nat-pool']);
    expect(done.after.report?.verdict).toBe('holds');
    const lines = text.split('\n');
    const after = (done.files[0]?.text ?? '').split('\n');
    expect(after.length).toBe(lines.length);
    expect(after.filter((line, at) => line !== lines[at])).toHaveLength(1);
    expect(done.files[0]?.text.match(/#.*/g)).toEqual(text.match(/#.*/g));
  });

  it('change only the file that is meant, in an estate of several', () => {
    const [head = '', tail = ''] = fileOf('scenarios/PP-S10-asymmetric-routing', 'estate.yaml').split('\ncircuits:');
    const files = [
      { name: 'a.yaml', text: `${head}\n` },
      { name: 'b.yaml', text: `bothways: 1\ncircuits:${tail}` },
    ];
    const done = fixEstate(files);
    expect(done.changed).toEqual(['b.yaml']);
    expect(done.files[0]).toEqual(files[0]);
    expect(done.after.report?.verdict).toBe('holds');
    expectSound(files, done);
  });

  it('make a document usable, and go on with what then shows', () => {
    const done = fixed(
      fileOf('scenarios/PP-S10-asymmetric-routing', 'estate.yaml').replace('flows: [PP-F01', 'flows: [pp-f01'),
    );
    expect(done.before.usable).toBe(false);
    expect(done.applied.map(({ rule }) => rule)).toEqual(['estate/unknown-flow', 'no-shared-nat-pool']);
    expect(done.after.report?.verdict).toBe('holds');
  });

  it.each(FAULTS.filter((_, at) => at % 2 === 0).map((fault) => [`${fault.base}: ${fault.name}`, fault] as const))(
    '%s: never worse, and the second run finds nothing to do',
    (_, fault) => {
      const files = [{ name: 'estate.yaml', text: faultText(fault) }];
      expectSound(files, fixEstate(files));
    },
  );

  it.each(shippedFolders())('%s: never worse, and the second run finds nothing to do', (folder) => {
    const files = [{ name: 'estate.yaml', text: fileOf(folder, 'estate.yaml') }];
    expectSound(files, fixEstate(files));
  });

  const seed = 20602;
  it(`hold for documents with slips of the pen (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < 40; round += 1) {
      let text = contoso;
      for (let slip = 0; slip < 1 + random.below(4); slip += 1) {
        const at = random.below(text.length);
        const kind = random.below(3);
        if (kind === 0) text = text.slice(0, at) + text.slice(at + 1);
        else if (kind === 1) text = text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2);
        else text = text.slice(0, at) + (text[at] ?? '') + text.slice(at);
      }
      const files = [{ name: 'estate.yaml', text }];
      expectSound(files, fixEstate(files));
    }
  });
});
