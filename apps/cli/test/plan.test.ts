import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bothways, temporaryFolder } from './bothways.ts';

const requirements = 'examples/requirements';

describe('plan and roadmap', () => {
  it('writes plans that check clean, and the way to one of them as calendar and chart', async () => {
    const folder = temporaryFolder();
    const plans = join(folder, 'plans');
    const made = await bothways(['plan', requirements, '-o', plans]);
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^3 plans for 5 sites/);
    expect(made.stdout).toMatch(/under \d+ single failures/);
    expect(readdirSync(plans)).toEqual(['balanced', 'cheapest', 'fastest']);

    const checked = await bothways(['check', join(plans, 'cheapest'), '--fail-on', 'warning']);
    expect(checked.code).toBe(0);
    expect(checked.stdout).toMatch(/^Fabrikam holds/);

    const out = join(folder, 'roadmap');
    const leads = ['provider=45', 'hardware=60', 'wan-line=50', 'internet-line=30', 'prefix-validation=10'];
    const ends = [requirements, join(plans, 'cheapest')];
    const way = await bothways(['roadmap', ...ends, '--start', '2027-01-04', '-o', out, '--lead', ...leads]);
    expect({ code: way.code, stderr: way.stderr }).toEqual({ code: 0, stderr: '' });
    expect(way.stdout).toMatch(/steps, 2027-01-04 to 2027-/);
    expect(way.stdout).toMatch(/what worked in the beginning works in all of them/);
    expect(readFileSync(join(out, 'roadmap.ics'), 'utf8')).toMatch(/^BEGIN:VCALENDAR\r\n/);
    expect(readFileSync(join(out, 'roadmap.svg'), 'utf8')).toMatch(/^<svg /);
  }, 120_000);

  it('plans an estate afresh: what it needs stays, what it buys is put aside', async () => {
    const { code, stdout } = await bothways(['plan', 'examples/contoso', '--format', 'json']);
    expect(code).toBe(0);
    const { plans, putAside, missingPrices } = JSON.parse(stdout);
    expect(putAside).toEqual(['circuits', 'expressRouteEdges', 'intents']);
    expect(plans[0]).toMatchObject({ name: 'cheapest', survivesAnySingleFailure: true });
    expect(missingPrices.length).toBeGreaterThan(0);
  }, 60_000);

  it('says which requirements clash, with their lines, and ends with 1', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'REQUIREMENTS.yaml');
    const text = readFileSync(join(requirements, 'REQUIREMENTS.yaml'), 'utf8');
    writeFileSync(file, text.replace('latency: 80 ms', 'latency: 5 ms'));
    const { code, stdout } = await bothways(['plan', file]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/cannot be had together/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/at most 5 ms there and back \(\S*REQUIREMENTS\.yaml:\d+\)/);
    const json = await bothways(['plan', file, '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      plans: [],
      clash: [{ kind: 'latency', line: expect.any(Number) }],
    });
  }, 60_000);

  it('asks for lead times nobody said, and refuses unknown ones', async () => {
    const unknown = await bothways(['roadmap', requirements, requirements, '--lead', 'providers=3']);
    expect({ code: unknown.code, stderr: unknown.stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/did you mean 'provider'/),
    });
    const none = await bothways(['roadmap', requirements, requirements, '--start', '2027-02-30']);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/is not a day/) });
    const same = await bothways(['roadmap', requirements, requirements, '--start', '2027-01-04']);
    expect(same).toMatchObject({ code: 0, stdout: expect.stringMatching(/Nothing has to be done/) });
  });

  it('reports a wrong document like every other command, and writes nothing', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, 'bothways: 1\norganisation: { name: F }\nrequirements: { latency: 60 }\n');
    const { code, stderr } = await bothways(['plan', file, '-o', join(folder, 'plans')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/error\[estate\/bad-duration\]/);
    expect(existsSync(join(folder, 'plans'))).toBe(false);
  });
});
