import { describe, expect, it } from 'vitest';
import { fileOf } from '../test/shipped-estates.ts';
import { openSweep, type QuestionView, type SweepJob, type SweepQuery, type SweepView, sweepView } from './index.ts';

function opened(name: string, query: SweepQuery = {}): SweepJob {
  const { job, problem } = openSweep([{ name: 'estate.yaml', text: fileOf(name, 'estate.yaml') }], query);
  if (job === undefined) throw new Error(problem ?? 'the document is unusable');
  return job;
}

function view(name: string, query: SweepQuery = {}): SweepView {
  const job = opened(name, query);
  return sweepView(job, job.run(0, job.count), 3);
}

describe('a sweep of the example', () => {
  const contoso = view('examples/contoso');

  it('says what one failure takes from the headquarters, and where the packet ends', () => {
    const hq = contoso.questions.find(({ id }) => id === 'place hq');
    expect(hq?.before).toBe('holds');
    expect(hq?.minimal.map(({ set }) => set)).toEqual(['device hq', 'device dc', 'link mpls-hq', 'site dc']);
    expect(hq?.minimal[2]?.example).toMatchObject({
      flow: 'PP-F01',
      outcome: { before: 'holds', after: 'broken' },
      droppedAt: { device: 'hq' },
    });
    expect(hq?.minimal[2]?.elements[0]?.place?.line).toBe(17);
  });

  it('holds a site that failed to nothing', () => {
    const hq = contoso.questions.find(({ id }) => id === 'place hq');
    expect(hq?.minimal.some(({ set }) => set === 'site hq')).toBe(false);
  });

  it('says which way the traffic took before and after, and how long nobody noticed', () => {
    const worst = contoso.worst.find(({ set }) => set === 'device dc');
    expect(worst?.cutOff).toEqual(['hq', 'branch']);
    expect(worst?.changes[0]?.before.devicesThere.slice(0, 2)).toEqual(['hq', 'dc']);
    expect(worst?.detection).toMatchObject({
      leastMilliseconds: 120_000,
      mostMilliseconds: 180_000,
      facts: ['ER-056'],
    });
  });

  it('puts sets together that do the same, and demands that change alike', () => {
    const worst = contoso.worst.find(({ set }) => set === 'device dc');
    expect(worst?.alike).toEqual(['site dc']);
    expect(worst?.changes.map(({ alike }) => [alike.demands, alike.flows, alike.sources])).toEqual([
      [8, ['PP-F01', 'PP-F02'], ['hq', 'branch']],
      [6, ['PP-F05', 'PP-F11', 'PP-F16'], ['hq', 'branch']],
    ]);
  });

  it('says when it is the answer that is lost', () => {
    const cut = contoso.worst.find(({ set }) => set === 'link fw-er-er-ce1');
    expect(cut?.changes[0]?.droppedAt).toMatchObject({
      device: 'er-ce1',
      direction: 'answer',
      disposition: 'no-route',
      towards: '203.0.113.1',
    });
  });

  it('shows what survives by another way, and not what nobody is left for', () => {
    expect(contoso.rerouted.map(({ set, alike }) => [set, ...alike])).toEqual([
      ['device er-ce1', 'port er-fra-primary', 'msee er-fra-msee1'],
      ['device er-ce2', 'port er-fra-secondary', 'msee er-fra-msee2'],
    ]);
    expect(contoso.rerouted[0]?.changes[0]?.after.devicesThere).toContain('er-ce2');
    expect(contoso.rerouted[1]?.changes[0]).toMatchObject({ before: { branches: 4 }, after: { branches: 1 } });
    expect(contoso.reroutedCount).toBe(6);
  });

  it('says what is missing of a part', () => {
    const job = opened('examples/contoso');
    const part = sweepView(job, job.run(0, 5), 3);
    expect([part.partial, part.swept, part.missing]).toEqual([true, 5, [[5, job.count - 1]]]);
  });
});

describe('an intent', () => {
  it('is judged by what it claims to survive', () => {
    const { questions, verdict } = view('scenarios/PP-S33-both-coasts-with-expressroute');
    const intent = questions.find(({ id }) => id === 'intent coast-may-fail');
    expect(intent?.claim).toMatchObject({ survives: 'west or east failing', answer: 'holds' });
    expect(intent?.minimalCount).toBeGreaterThan(0);
    expect(verdict).toBe('holds');
  });

  const COASTS: SweepQuery = { groups: ['west', 'east'] };

  /** The intent with more of it, on an IP VPN that leaves Boston with less, and only its own flow as traffic. */
  const asked = (more: string, boston = '1 Gbps', narrowed: SweepQuery = COASTS): QuestionView | undefined => {
    const text = fileOf('scenarios/PP-S33-both-coasts-with-expressroute', 'estate.yaml');
    const changed = text
      .replace(/survives: \[west, east\]/, (survives) => `${survives}, ${more}`)
      .replace('boston: { bandwidth: 1 Gbps', `boston: { bandwidth: ${boston}`)
      .replace('flows: [PP-F01, PP-F02, PP-F16]', 'flows: PP-F01');
    expect(changed).not.toBe(text);
    const { job } = openSweep([{ name: 'estate.yaml', text: changed }], narrowed);
    if (job === undefined) throw new Error(`the document with '${more}' is unusable`);
    return sweepView(job, job.run(0, job.count), 3).questions.find(({ kind }) => kind === 'intent');
  };

  it('is broken where the way around takes too long', () => {
    const question = asked('latency: 85 ms', '1 Gbps', {});
    expect([question?.before, question?.claim?.answer]).toEqual(['holds', 'broken']);
    const around = question?.minimal.find(({ example }) => example?.because !== undefined);
    expect(around?.example).toMatchObject({
      droppedAt: undefined,
      because: expect.stringMatching(/at least .* ms, more than 85 ms/),
    });
  });

  it('is broken where the users do not fit on what is left', () => {
    expect(asked('minimumBandwidthPerUser: 500 kbps')?.claim?.answer).toBe('holds');
    const question = asked('minimumBandwidthPerUser: 500 kbps', '150 Mbps');
    expect([question?.before, question?.claim?.answer]).toEqual(['holds', 'broken']);
    const narrow = question?.minimal.find(({ set }) => set === 'declared west');
    expect(narrow).toMatchObject({
      example: undefined,
      because: expect.stringMatching(/^\w+: \d+ bit\/s on 150000000 free bit\/s of /),
    });
  });

  it('is broken where a link that is left is used too much', () => {
    expect(asked('load: 60%')?.claim?.answer).toBe('holds');
    const question = asked('load: 60%', '20 Mbps');
    expect([question?.before, question?.claim?.answer]).toEqual(['holds', 'broken']);
    const used = question?.minimal.find(({ set }) => set === 'declared west');
    expect(used).toMatchObject({
      example: undefined,
      because: expect.stringMatching(/% of .* is in use, more than 60 %/),
    });
  });

  it('is broken where what was private crosses the internet', () => {
    const question = asked('private: true', '1 Gbps', {});
    const open = question?.minimal.find(({ set }) => set === 'provider Equinix');
    expect(open?.example?.because).toBe('it arrives, but over inet-west, which is not private');
  });

  it('is not known to hold where its claim was not swept', () => {
    const { questions } = view('scenarios/PP-S33-both-coasts-with-expressroute', { kinds: ['link'] });
    const claim = questions.find(({ id }) => id === 'intent coast-may-fail')?.claim;
    expect(claim).toMatchObject({ answer: 'unknown', because: 'west, east was not swept' });
  });
});

describe('sessions of users', () => {
  const pools = (sessionsPerUser?: number) => {
    const query = { groups: ['west', 'east'], ...(sessionsPerUser === undefined ? {} : { sessionsPerUser }) };
    return view('scenarios/PP-S33-both-coasts-with-expressroute', query).worst.flatMap((set) =>
      set.pools.map(({ name, kind, certain }) => [set.set, kind, name, certain]),
    );
  };

  it('fill the pool of the coast that is left', () => {
    expect(pools()).toEqual([]);
    expect(pools(100)).toEqual([]);
    // 16 addresses with 64,512 ports take a million sessions: those of 400 and of 600 users, two flows with 600 each, fit
    // apart and not together, unless the translation gives a port again for another destination.
    expect(pools(600)).toEqual([
      ['declared west', 'pool', '203.0.113.16/28 at fw-er-east', false],
      ['declared east', 'pool', '203.0.113.0/28 at fw-er-west', false],
    ]);
  });
});

describe('a question about failures', () => {
  const ask = (query: SweepQuery) =>
    openSweep([{ name: 'e.yaml', text: fileOf('examples/contoso', 'estate.yaml') }], query);

  it.each<[string, SweepQuery, RegExp]>([
    ['a kind', { kinds: ['links'] }, /'links' is no kind of element; did you mean 'link'/],
    ['a name', { groups: ['mpls-hk'] }, /nothing that can fail is called 'mpls-hk'; did you mean 'mpls-hq'/],
    ['too many at once', { most: 9 }, /1 to 4/],
    ['nothing', { kinds: ['metro'] }, /no such element/],
  ])('is answered with what is wrong: %s', (_, query, expected) => {
    expect(ask(query)).toMatchObject({ job: undefined, problem: expect.stringMatching(expected) });
  });

  it('about an unusable document gets its findings', () => {
    const { job, findings } = openSweep([{ name: 'e.yaml', text: 'bothways: 9' }], {});
    expect([job, findings.length > 0]).toEqual([undefined, true]);
  });
});
