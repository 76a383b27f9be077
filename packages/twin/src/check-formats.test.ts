import { describe, expect, it } from 'vitest';
import { readCommand, readXml, sarifProblems } from '../../diagnostics/test/readers.ts';
import { FAULTS, faultText } from '../test/faults.ts';
import { checkedText, fileOf, shippedFolders } from '../test/shipped-estates.ts';
import { type Checked, checkEstate, checkGithub, checkJunit, checkMarkdown, checkSarif } from './index.ts';

const torn = checkEstate([{ name: 'torn.yaml', text: 'bothways: 1\norganisation: { name: [' }]);
const contoso = fileOf('examples/contoso', 'estate.yaml');
const asymmetric = fileOf('scenarios/PP-S10-asymmetric-routing', 'estate.yaml');

const estates: readonly (readonly [string, () => Checked])[] = [
  ...shippedFolders().map((folder) => [folder, () => checkedText(fileOf(folder, 'estate.yaml'))] as const),
  ...FAULTS.filter((_, at) => at % 9 === 0).map((fault) => [fault.name, () => checkedText(faultText(fault))] as const),
  ['a document that cannot be read', () => torn],
];

describe.each(estates)('%s', (_, checked) => {
  it('is valid SARIF, well-formed JUnit, and commands line by line', () => {
    expect(sarifProblems(checkSarif(checked(), '0.1.0'))).toEqual([]);
    const suites = readXml(checkJunit(checked(), 'error'));
    const [trips, rules] = suites.children;
    expect(trips?.children).toHaveLength(checked().report?.roundTrips.length ?? 0);
    const broken = (checked().report?.roundTrips ?? []).filter(({ outcome }) => outcome === 'broken');
    expect(Number(trips?.attributes['failures'])).toBe(broken.length);
    const errors = checked().findings.filter(({ severity }) => severity === 'error');
    expect(Number(rules?.attributes['failures'])).toBe(errors.length);
    const lines = checkGithub(checked()).split('\n');
    expect(lines.slice(0, -1).map((line) => readCommand(line)?.command)).toEqual(
      checked().findings.map(({ severity }) => (severity === 'note' ? 'notice' : severity)),
    );
    expect(lines.at(-1)).toMatch(/^bothways: /);
    expect(checkMarkdown(checked())).toMatch(/^## \S/);
  });
});

describe('fingerprints in SARIF', () => {
  const of = (text: string): readonly (readonly [string, string])[] => {
    const log: {
      runs: { results: { ruleId: string; partialFingerprints: Record<string, string> }[] }[];
    } = JSON.parse(JSON.stringify(checkSarif(checkedText(text), '0.1.0')));
    return (log.runs[0]?.results ?? []).map((each) => [each.ruleId, each.partialFingerprints['bothways/v1'] ?? '']);
  };

  it('stay under edits elsewhere', () => {
    const moved = `# one more line\n${asymmetric.replace('users: 900', 'users: 950').replace('sites:', '# and another\nsites:')}`;
    expect(moved).not.toBe(asymmetric);
    expect(of(moved)).toEqual(of(asymmetric));
  });
});

it('Markdown of the example, as a colleague reads it', () => {
  expect(checkMarkdown(checkedText(contoso)).split('\n').slice(0, 8).join('\n')).toMatchInlineSnapshot(`
    "## Contoso holds

    18 round trips checked there and back, 0 broken; 1 note.

    | flow | from | to | goes over | outcome |
    | --- | --- | --- | --- | --- |
    | \`PP-F01\` Model-driven app pages | hq and branch | West Europe | \`expressroute:er-fra\` | holds |
    | \`PP-F01\` Model-driven app pages | hq and branch | North Europe | \`expressroute:er-fra\` | holds |"
  `);
});

it('Markdown that would be too long for a comment is cut at a heading', () => {
  const sites = Array.from(
    { length: 150 },
    (_, at) => `  s${at}: { city: Munich, clients: 10.${100 + (at % 100)}.${at}.0/24 }`,
  );
  const text = contoso.replace('sites:\n', `sites:\n${sites.join('\n')}\n`);
  const checked = checkedText(text);
  const many = { ...checked, findings: Array.from({ length: 400 }, () => checkedText(asymmetric).findings).flat() };
  const comment = checkMarkdown(many);
  expect(comment.length).toBeLessThan(65_536);
  expect(comment).toMatch(/too long for a comment/);
});
