import { type Estate, type EstateDocument, loadEstate } from '@bothways/estate';
import { describe, expect, it } from 'vitest';
import { type LeadTimes, type Roadmap, roadmapOf } from './roadmap.ts';
import { dayAfter, roadmapCalendar } from './roadmap-calendar.ts';
import { roadmapChart } from './roadmap-chart.ts';
import { stateVerdicts } from './roadmap-states.ts';

const before = `
bothways: 1
organisation: { name: Fabrikam, asn: 64500 }
environments: { production: { region: Europe } }
sites:
  munich: { city: Munich, users: 900, clients: 10.10.0.0/16 }
  dc: { city: Frankfurt }
wan:
  line: { between: [munich, dc], bandwidth: 1 Gbps }
internetEdges:
  internet: { site: dc, bandwidth: 1 Gbps, nat: 198.51.100.0/28 }
`;
const circuit = (name: string, location: string, net: number): string => `
  ${name}:
    location: ${location}
    provider: Equinix
    bandwidth: 500 Mbps
    edge: edge-${name}
    microsoftPeering: { vlan: ${100 + net}, links: [192.0.2.${net}/30, 192.0.2.${net + 4}/30], routeFilter: [West Europe, North Europe] }
`;
const after = `${before}
expressRouteEdges:
  edge-new: { site: dc, nat: 203.0.113.0/28 }
circuits:${circuit('new', 'Frankfurt', 0)}`;

function estateOf(text: string): { readonly estate: Estate; readonly document: EstateDocument } {
  const { estate, document, findings } = loadEstate([{ name: 'a.yaml', text }]);
  if (estate === undefined) throw new Error(findings.map(({ message }) => message).join('; '));
  return { estate, document };
}

function roadmap(from: string, to: string, leads: LeadTimes): Roadmap {
  return roadmapOf(estateOf(from).estate, estateOf(to).estate, leads);
}

const known: LeadTimes = { provider: 45, hardware: 30, 'prefix-validation': 10 };

describe('a roadmap', () => {
  it('has nothing to do between two estates that are the same', () => {
    expect(roadmap(after, after, {}).steps).toEqual([]);
  });

  it('waits for the provider, the hardware and the validation before the sessions come up', () => {
    const { steps, missing, days } = roadmap(before, after, known);
    expect(missing).toEqual([]);
    const at = (id: string): readonly [number, number] => {
      const step = steps.find((each) => each.id === id);
      return [step?.begins ?? -1, step?.ends ?? -1];
    };
    expect(at('order-new')).toEqual([0, 1]);
    expect(at('provision-new')).toEqual([1, 46]);
    expect(at('validate-new')).toEqual([1, 11]);
    expect(at('build-edge-new')).toEqual([30, 32]);
    expect(at('peer-new')).toEqual([46, 47]);
    expect(at('filter-new')).toEqual([47, 48]);
    expect(days).toBe(48);
  });

  it('asks for lead times that nobody said, and calls later dates not before', () => {
    const { steps, missing } = roadmap(before, after, { hardware: 30 });
    expect(missing).toEqual(['provider', 'prefix-validation']);
    expect(steps.find(({ id }) => id === 'peer-new')).toMatchObject({ notBefore: true, begins: 32 });
    expect(steps.find(({ id }) => id === 'build-edge-new')).toMatchObject({ notBefore: false });
  });

  it('begins no step before all it depends on is done, and changes one thing at a time', () => {
    const two = `${before}
expressRouteEdges:
  edge-new: { site: dc, nat: 203.0.113.0/28 }
  edge-other: { site: dc, nat: 203.0.113.16/28 }
circuits:${circuit('new', 'Frankfurt', 0)}${circuit('other', 'Amsterdam', 8)}`;
    const { steps } = roadmap(before, two, known);
    const byId = new Map(steps.map((step) => [step.id, step]));
    for (const { begins, after: ids } of steps) {
      for (const id of ids) expect(byId.get(id)?.ends).toBeLessThanOrEqual(begins);
    }
    const changes = steps.filter(({ kind }) => kind === 'change' || kind === 'remove');
    expect(changes.length).toBe(4);
    for (const [ix, step] of changes.entries()) {
      if (ix > 0) expect(step.begins).toBeGreaterThanOrEqual(changes[ix - 1]?.ends ?? 0);
    }
  });

  it('withdraws the old circuit last, and loses nothing on the way', () => {
    const other = `${before}
expressRouteEdges:
  edge-other: { site: dc, nat: 203.0.113.16/28 }
circuits:${circuit('other', 'Amsterdam', 8)}`;
    const from = estateOf(after);
    const to = estateOf(other);
    const made = roadmapOf(from.estate, to.estate, known);
    expect(made.steps.at(-1)?.id).toBe('remove-new');
    const verdicts = stateVerdicts(from.estate, to.estate, to.document, made);
    expect(verdicts.map(({ step, lost }) => [step, lost.length])).toEqual([
      ['peer-other', 0],
      ['filter-other', 0],
      ['remove-new', 0],
    ]);
    expect(verdicts.every(({ onCircuits }) => onCircuits > 0)).toBe(true);
  });

  it('names what a state loses: the pool that was taken from the internet edge', () => {
    // The new circuit announces the pool of the internet edge, so answers of the internet come over the circuit.
    const wrong = after
      .replace('nat: 203.0.113.0/28', 'nat: 203.0.113.0/28')
      .replace('routeFilter: [West', 'advertises: [203.0.113.0/28, 198.51.100.0/28], routeFilter: [West');
    const from = estateOf(before);
    const to = estateOf(wrong);
    const made = roadmapOf(from.estate, to.estate, known);
    const lost = stateVerdicts(from.estate, to.estate, to.document, made).flatMap((each) =>
      each.lost.map((words) => `${each.step}: ${words}`),
    );
    expect(lost.length).toBeGreaterThan(0);
    expect(lost[0]).toMatch(/^(peer|filter)-new: PP-F\d\d from munich/);
  });
});

describe('the calendar', () => {
  const made = roadmap(before, after, { hardware: 30 });
  const text = roadmapCalendar(made, '2027-01-04', 'today to cheapest; with, signs');

  it('is the same every time, with whole days, line ends of the format and no line above 75 octets', () => {
    expect(roadmapCalendar(made, '2027-01-04', 'today to cheapest; with, signs')).toBe(text);
    const lines = text.split('\r\n');
    expect(lines.at(-1)).toBe('');
    expect(lines.some((line) => line.includes('\n'))).toBe(false);
    for (const line of lines) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(made.steps.length);
    expect(new Set(text.match(/^UID:.*$/gm)).size).toBe(made.steps.length);
    expect(text).toContain('X-WR-CALNAME:today to cheapest\\; with\\, signs');
    expect(text).toContain('DTSTART;VALUE=DATE:20270104');
  });

  it('says what has to be asked', () => {
    expect(text.replaceAll('\r\n ', '')).toContain('Nobody said how long it takes: ask\\, and give it as provider.');
    expect(text.replaceAll('\r\n ', '')).toContain('SUMMARY:not before: bring up both sessions of new');
  });

  it('counts days over the end of February and of a year', () => {
    expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29');
    expect(dayAfter('2027-12-31', 1)).toBe('2028-01-01');
    expect(() => dayAfter('2027-13-01', 1)).toThrow(RangeError);
    expect(() => dayAfter('2027-02-29', 0)).toThrow(RangeError);
    for (const days of [0, 1, 58, 59, 60, 365, 366, 1461, 36_524, 146_097, 500_000]) {
      const expected = new Date(Date.UTC(1999, 11, 31) + days * 86_400_000).toISOString().slice(0, 10);
      expect(dayAfter('1999-12-31', days)).toBe(expected);
    }
  });
});

describe('the chart', () => {
  const made = roadmap(before, after, { hardware: 30 });
  const svg = roadmapChart(made, '2027-01-04', 'a < b & "c"');

  it('has a title and a description, and every step as text with its dates', () => {
    expect(svg).toContain('role="img" aria-labelledby="title description"');
    expect(svg).toContain('<title id="title">Roadmap: a &lt; b &amp; &quot;c&quot;</title>');
    for (const { title } of made.steps) expect(svg.split(title).length).toBeGreaterThanOrEqual(2);
    expect(svg).toContain('not before 2027-');
  });

  it('tells kinds apart by pattern, and unknown lengths by a dashed edge and a question mark', () => {
    expect(svg.match(/<pattern /g)).toHaveLength(5);
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(made.steps.filter(({ days }) => days === undefined).length);
    expect(svg).toContain('? days');
  });
});
