import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bothways, command, contoso, root, temporaryFolder } from './bothways.ts';

const verbs = [
  'check',
  'trace',
  'load',
  'routes',
  'sweep',
  'price',
  'capacity',
  'latency',
  'availability',
  'compare',
  'plan',
  'roadmap',
  'lab',
  'explain',
  'serve',
  'schema',
  'init',
  'completion',
];
const colours = /\u001b\[/;

describe('help and version', () => {
  it('names the version of the workspace', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(await bothways(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it.each([[[]], [['--help']], [['-h']]])('%j shows every command, and examples', async (args) => {
    const { code, stdout } = await bothways(args);
    expect(code).toBe(0);
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
    expect(stdout).toMatch(/Examples:/);
    expect(stdout).toMatch(/Exit codes: 0/);
  });

  it.each(verbs)('%s --help shows its usage and examples', async (verb) => {
    const { code, stdout } = await bothways([verb, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: bothways ${verb}`));
    expect(stdout).toMatch(/Examples:\n {2}\S/);
    expect(stdout).toMatch(/--color <when>/);
    expect(stdout.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });
});

describe('check', () => {
  it('holds for the example: exit code 0, the verdict in the first line', async () => {
    const { code, stdout, stderr } = await bothways(['check', contoso]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toMatch(/Contoso/);
    expect(stdout.split('\n')[0]).toMatch(/holds/);
    expect(stdout).toMatch(/bothways trace examples\/contoso/);
  });

  it('gives the JSON contract', async () => {
    const { code, stdout } = await bothways(['check', contoso, '--format', 'json']);
    expect(code).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ verdict: 'holds', estate: 'Contoso', summary: { errors: 0, broken: 0 } });
    expect(answer.roundTrips.length).toBe(answer.summary.roundTrips);
    expect(Object.keys(answer)).toEqual(
      expect.arrayContaining(['bothways', 'schema', 'estate', 'verdict', 'summary', 'roundTrips', 'findings']),
    );
    for (const trip of answer.roundTrips) {
      expect(trip).toMatchObject({
        id: expect.any(String),
        flow: expect.stringMatching(/^PP-F\d\d$/),
        symmetric: true,
      });
      expect(trip.forward.hops.length).toBeGreaterThan(0);
      expect(trip.return.hops.length).toBeGreaterThan(0);
    }
  });

  it('prints the same bytes for the same input', async () => {
    for (const format of ['text', 'json']) {
      const args = ['check', contoso, '--format', format];
      const [first, second] = [await bothways(args), await bothways(args)];
      expect(first.stdout).toBe(second.stdout);
      expect(first.stdout.length).toBeGreaterThan(100);
    }
  });

  it('reads standard input, and a file of a folder, as it reads the folder', async () => {
    const input = readFileSync(join(root, contoso, 'estate.yaml'));
    const fromPipe = await bothways(['check', '-', '--format', 'json'], { input });
    const fromFile = await bothways(['check', join(contoso, 'estate.yaml'), '--format', 'json']);
    const fromFolder = await bothways(['check', contoso, '--format', 'json']);
    expect(fromFile.stdout).toBe(fromFolder.stdout);
    expect(fromPipe.stdout.replaceAll('<stdin>', join(contoso, 'estate.yaml'))).toBe(fromFolder.stdout);
  });

  it('--fail-on note makes the notes of the example count', async () => {
    const { code, stdout } = await bothways(['check', contoso, '--fail-on', 'note', '--format', 'json']);
    const { summary } = JSON.parse(stdout);
    expect(code).toBe(summary.notes + summary.warnings > 0 ? 1 : 0);
  });

  it('shows every error of a document in one run, each with its place, and exits with 2', async () => {
    const folder = temporaryFolder();
    const good = readFileSync(join(root, contoso, 'estate.yaml'), 'utf8');
    const bad = good
      .replace('region: Europe', 'region: Erope')
      .replace('clients:', 'cleints:')
      .replace('500 Mbps', '500');
    writeFileSync(join(folder, 'estate.yaml'), bad);
    const { code, stdout } = await bothways(['check', 'estate.yaml'], { cwd: folder });
    expect(code).toBe(2);
    expect(stdout).toMatch(/estate\.yaml:\d+:\d+/);
    expect(stdout).toMatch(/Europe/);
    expect(stdout).toMatch(/cleints/);
    expect(stdout).toMatch(/Mbps/);
  });
});

describe('session keys', () => {
  it('are never printed, in whatever form, whether the document is usable or not', async () => {
    const folder = temporaryFolder();
    const good = readFileSync(join(root, contoso, 'estate.yaml'), 'utf8');
    const keyed = good.replace(/^( +)vlan: \d+$/m, (line, indent) => `${line}\n${indent}md5: hunter2secret`);
    expect(keyed).not.toBe(good);
    writeFileSync(join(folder, 'good.yaml'), keyed);
    writeFileSync(join(folder, 'bad.yaml'), keyed.replace('md5: hunter2secret', 'md5: { key: hunter2secret }'));
    writeFileSync(join(folder, 'torn.yaml'), keyed.replace('md5: hunter2secret', 'md5: [hunter2secret'));
    writeFileSync(join(folder, 'flow.yaml'), `${good}\nfirewalls: { fw: { statefull: true, md5: hunter2secret } }\n`);
    for (const name of ['good', 'bad', 'torn', 'flow']) {
      for (const args of [['check'], ['check', '--format', 'json'], ['trace'], ['routes']]) {
        const { code, stdout, stderr } = await bothways([...args, `${name}.yaml`], { cwd: folder });
        expect({ name, args, fault: code === 3, shown: (stdout + stderr).includes('hunter2secret') }).toEqual({
          name,
          args,
          fault: false,
          shown: false,
        });
      }
    }
  });
});

describe('trace, routes, explain, schema', () => {
  it('trace shows the packet there and back', async () => {
    const { code, stdout, stderr } = await bothways(['trace', contoso, '--from', 'hq', '--to', 'production']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/hq/);
  });

  it('routes lists devices, then the table of one', async () => {
    const list = await bothways(['routes', contoso]);
    expect(list).toMatchObject({ code: 0, stderr: '' });
    const table = await bothways(['routes', contoso, '--device', 'er-ce1']);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/12076/);
  });

  it('trace and routes answer in JSON', async () => {
    for (const args of [
      ['trace', contoso, '--from', 'hq'],
      ['routes', contoso, '--device', 'er-ce1'],
    ]) {
      const { code, stdout } = await bothways([...args, '--format', 'json']);
      expect(code).toBe(0);
      expect(typeof JSON.parse(stdout)).toBe('object');
    }
  });

  it('an unknown device is unusable input, with the names there are', async () => {
    const { code, stderr } = await bothways(['routes', contoso, '--device', 'er-ce9']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/er-ce1/);
  });

  it('explain shows an id of a reviewer with the rules that answer it, and what they leave open', async () => {
    const { stdout } = await bothways(['explain', 'chk-gap-17']);
    expect(stdout).toMatch(/^CHK-GAP-17 What/);
    expect(stdout).toContain('link-has-headroom-after-failure');
    expect(stdout).toContain('Needs people');
    const live: { rules: unknown[]; open: { kind: string } } = JSON.parse(
      (await bothways(['explain', 'CHK-APRL-23', '--format', 'json'])).stdout,
    );
    expect(live).toMatchObject({ rules: [], open: { kind: 'live' } });
  });

  it('explain lists all rules and shows each page', async () => {
    const list = await bothways(['explain', '--format', 'json']);
    const pages: { name: string }[] = JSON.parse(list.stdout);
    expect(pages.length).toBeGreaterThan(0);
    const first = pages[0]?.name ?? '';
    const page = await bothways(['explain', first]);
    expect(page.code).toBe(0);
    expect(page.stdout).toMatch(first);
    expect((await bothways(['explain'])).stdout).toMatch(first);
  });

  it('schema prints JSON Schema, or writes it whole', async () => {
    const { stdout } = await bothways(['schema']);
    expect(JSON.parse(stdout)).toMatchObject({ $schema: expect.stringMatching(/draft-07/) });
    const folder = temporaryFolder();
    const written = await bothways(['schema', '-o', 'bothways.schema.json'], { cwd: folder });
    expect(written.code).toBe(0);
    expect(readFileSync(join(folder, 'bothways.schema.json'), 'utf8')).toBe(stdout);
    const refused = await bothways(['schema', '-o', 'no-such-folder/x.json'], { cwd: folder });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/cannot be written \(ENOENT\)/);
  });
});

describe('init', () => {
  it('writes an estate that checks clean', async () => {
    const folder = temporaryFolder();
    const made = await bothways(['init', 'net', '--yes'], { cwd: folder });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await bothways(['check', 'net', '--format', 'json'], { cwd: folder });
    expect({ code, verdict: JSON.parse(stdout).verdict }).toEqual({ code: 0, verdict: 'holds' });
  });

  it.each([
    ['United States', ''],
    ['Australia', ''],
    ['Europe', 'hq:Munich:900,branch:Milan:120,plant:Porto:40'],
    ['Europe', 'dc:Frankfurt:10'],
    ['Europe', 'yes:Munich:1,1:Paris:2'],
  ])('for %s with sites "%s", too', async (region, sites) => {
    const folder = temporaryFolder();
    const more = sites === '' ? [] : ['--sites', sites];
    const made = await bothways(['init', '--name', 'A: "strange" #name', '--region', region, ...more], { cwd: folder });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await bothways(['check', '--format', 'json'], { cwd: folder });
    const { verdict, estate } = JSON.parse(stdout);
    expect({ code, verdict, estate }).toEqual({ code: 0, verdict: 'holds', estate: 'A: "strange" #name' });
  });

  it('never replaces a document without --force', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'estate.yaml'), 'mine');
    const refused = await bothways(['init', '--yes'], { cwd: folder });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(readFileSync(join(folder, 'estate.yaml'), 'utf8')).toBe('mine');
    expect(await bothways(['init', '--yes', '--force'], { cwd: folder })).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'estate.yaml'), 'utf8')).toMatch(/^bothways: 1$/m);
  });

  it('writes nothing when an answer is wrong', async () => {
    const folder = temporaryFolder();
    for (const [args, message] of [
      [['--region', 'Erope'], /did you mean 'Europe'/i],
      [['--location', 'Frankfrt'], /did you mean 'Frankfurt'/i],
      [['--sites', 'hq:Munich:many'], /'many' is no number of users/],
      [['--sites', 'hq:Atlantis:3'], /Atlantis/],
      [['--bandwidth', '123 Mbps'], /123 Mbps/],
      [['--asn', '12076'], /12076/],
    ] as const) {
      const { code, stderr } = await bothways(['init', 'net', ...args], { cwd: folder });
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toMatch(message);
      expect(statSync(join(folder, 'net'), { throwIfNoEntry: false })).toBeUndefined();
    }
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('for %s is a valid script that knows commands, options and rules', async (shell) => {
    const { code, stdout } = await bothways(['completion', shell]);
    expect(code).toBe(0);
    for (const verb of verbs) expect(stdout).toContain(verb);
    expect(stdout).toMatch(/fail-on/);
    const { error, status, stderr } = spawnSync(shell, shell === 'fish' ? ['--no-execute'] : ['-n'], { input: stdout });
    // A shell that is not installed cannot judge.
    if (error === undefined) expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
  });

  it('completes commands, options, choices and rules in bash', async () => {
    const { stdout } = await bothways(['completion', 'bash']);
    const rules: { name: string }[] = JSON.parse((await bothways(['explain', '--format', 'json'])).stdout);
    const complete = (...words: readonly string[]): readonly string[] => {
      const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
      const script = `${stdout}\n${line}\n_bothways\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['--norc'], { input: script, encoding: 'utf8' }).stdout.trim().split('\n');
    };
    expect(complete('bothways', 'ch')).toEqual(['check']);
    expect(complete('bothways', 'check', '--fo')).toEqual(['--format']);
    expect(complete('bothways', 'check', '--format', '')).toContain('sarif');
    expect(complete('bothways', 'trace', '--format', '')).toEqual(['text', 'json']);
    expect(complete('bothways', 'explain', '')).toEqual(rules.map(({ name }) => name));
    expect(complete('bothways', 'completion', 'z')).toEqual(['zsh']);
    expect(complete('bothways', 'lab', 'ver')).toEqual(['verify']);
    expect(complete('bothways', 'lab', 'verify', '--dae')).toEqual(['--daemon']);
    expect(complete('bothways', 'lab', 'verify', '--daemon', 'f')).toEqual(['frr']);
    expect(complete('bothways', 'lab', 'verify', 'exam')).toContain('examples');
  });
});

describe('terminals and pipes', () => {
  it('no colour in a pipe, colour on demand, NO_COLOR respected, --color above both', async () => {
    const coloured = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<boolean> =>
      colours.test((await bothways(['check', contoso, ...args], { env })).stdout);
    expect(await coloured([], {})).toBe(false);
    expect(await coloured([], { FORCE_COLOR: '1' })).toBe(true);
    expect(await coloured([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(await coloured(['--color', 'always'], { NO_COLOR: '1' })).toBe(true);
    expect(await coloured(['--color', 'never'], { FORCE_COLOR: '1' })).toBe(false);
  });

  it('a reader that stops early ends it quietly', () => {
    const pipe = `"${process.execPath}" "${command}" check ${contoso} --format json | head -c 20`;
    const { stdout, stderr } = spawnSync('bash', ['-c', pipe], { cwd: root, encoding: 'utf8' });
    expect(stdout.length).toBe(20);
    expect(stderr).toBe('');
  });

  it('a fault of ours is one line, with the stack on demand', async () => {
    const broken = {
      NODE_OPTIONS: `--import=data:text/javascript,process.stdout.write=()=>{throw%20new%20Error('planted')}`,
    };
    const short = await bothways(['check', 'no-such.yaml'], { env: broken });
    expect(short.code).toBe(3);
    expect(short.stderr).toMatch(/^bothways: internal error, our fault: planted\n/);
    expect(short.stderr).not.toMatch(/^ {4}at /m);
    const long = await bothways(['check', 'no-such.yaml'], { env: { ...broken, BOTHWAYS_DEBUG: '1' } });
    expect(long.stderr).toMatch(/^ {4}at /m);
  });
});

describe('sweep', () => {
  it('shows what breaks, with the packet that is lost: exit code 0 where every claim holds', async () => {
    const { code, stdout, stderr } = await bothways(['sweep', contoso]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Contoso keeps its intents, none of which claims to survive a failure\./);
    expect(stdout).toMatch(/hq: broken by \d+ of \d+ single failures \(line \d+\)/);
    expect(stdout).toMatch(/✗ device dc \(line \d+\), or link mpls-hq/);
    expect(stdout).toMatch(/before .*hq → dc/);
    expect(stdout).toMatch(/er-ce1 drops the answer: it has no route to 203\.0\.113\.1/);
    expect(stdout).toMatch(/^Survived by another way \(6\)$/m);
    expect(stdout.split('\n').filter((line) => line.length > 110)).toEqual([]);
  });

  it('gives JSON, narrowed to elements and groups', async () => {
    const { code, stdout } = await bothways(['sweep', contoso, '--elements', 'link,circuit', '-k', '2', '--json']);
    expect(code).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ schema: 'urn:bothways:sweep:1', partial: false, most: 2 });
    expect(answer.count).toBe(answer.elements + (answer.elements * (answer.elements - 1)) / 2);
    const one = await bothways(['sweep', contoso, '--group', 'mpls-hq', '--json']);
    expect(JSON.parse(one.stdout)).toMatchObject({ count: 1 });
  });

  it('counts the sessions of users in what is left', async () => {
    const coasts = 'scenarios/PP-S33-both-coasts-with-expressroute';
    const { stdout } = await bothways(['sweep', coasts, '--group', 'west', '--sessions-per-user', '600']);
    expect(stdout).toMatch(
      /perhaps runs out pool 203\.0\.113\.16\/28 at fw-er-east: 1,200,000 sessions, 1,032,192 fit for\s+certain/,
    );
    const without = await bothways(['sweep', coasts, '--group', 'west']);
    expect(without.stdout).not.toMatch(/runs out pool/);
  });

  it.each([
    [['-k', '0']],
    [['-k', 'x']],
    [['--group', 'nobody']],
    [['--elements', 'links']],
    [['--limit', '0']],
    [['--sessions-per-user', 'many']],
  ])('refuses %j', async (args) => {
    const { code, stdout, stderr } = await bothways(['sweep', contoso, ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });
});
