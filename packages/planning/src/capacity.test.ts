import { loadEstate } from '@bothways/estate';
import { branchesOver, type DataPlane, loadOf, loadSpace, roundTrips, trafficOf } from '@bothways/forwarding';
import { type CompiledNetwork, compileNetwork } from '@bothways/network';
import { converge, type Failures } from '@bothways/routing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contosoWith } from '../test/estates.ts';
import { type Capacity, capacityOf, grownBy, type LineCapacity, yearsUntilFull } from './capacity.ts';

function opened(text: string): { readonly compiled: CompiledNetwork; readonly data: DataPlane } {
  const { estate, document, findings } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));
  const compiled = compileNetwork(estate, document.placeOf);
  return { compiled, data: roundTrips(compiled, converge(compiled.network)) };
}

/** 100 Mbps on the average, 200 Mbps in the busy hour, all of it private. */
const stated = contosoWith([
  '    to: production\n\nintents:',
  '    to: production\n    rate: { total: 100 Mbps }\n    peakFactor: 2\n\nintents:',
]).replace('[PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]', '[PP-F01]');

function lineOf({ lines }: Capacity, kind: string, name: string, direction: number): LineCapacity {
  const found = lines.find((line) => line.kind === kind && line.name === name && line.direction === direction);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

describe('capacity', () => {
  it('is the load model without failures, and the worst of the failures one by one', () => {
    const { compiled, data } = opened(stated);
    const capacity = capacityOf(compiled, data);
    const space = loadSpace(compiled);
    const traffic = trafficOf(compiled);
    // The slow twin: each failure converged, followed and laid on the lines from nothing.
    const totalsOf = (failed: Failures) => {
      const plane = roundTrips(compiled, converge(compiled.network, { failed }));
      return loadOf(compiled, space, traffic, plane.roundTrips, branchesOver(compiled, plane.input)).totals;
    };
    const normal = totalsOf({});
    const failures = (compiled.risks?.groups ?? []).map(({ id, devices, links }) => ({
      id,
      totals: totalsOf({ devices, links }),
    }));
    expect(failures.length).toBe(capacity.failures);
    for (const line of capacity.lines) {
      const carrier = space.carriers.find(({ kind, name }) => kind === line.kind && name === line.name);
      const key = (carrier?.key ?? 0) + line.direction;
      expect(line.normal, line.name).toEqual(normal.at(key));
      const highest = Math.max(normal.at(key).high, ...failures.map(({ totals }) => totals.at(key).high));
      expect(line.worst.high, line.name).toBe(highest);
      if (line.worstUnder !== undefined) {
        expect(failures.find(({ id }) => id === line.worstUnder)?.totals.at(key)).toEqual(line.worst);
      }
    }
  });

  it('divides a circuit over its links and needs it whole in one of them', () => {
    const { compiled, data } = opened(stated);
    const capacity = capacityOf(compiled, data, { growthPercent: 50, years: 3 });
    const port = lineOf(capacity, 'port', 'er-fra-primary', 0);
    expect(port.normal.high).toBeLessThan(port.worst.high);
    expect(port.worst.high).toBe(200e6);
    const circuit = lineOf(capacity, 'circuit', 'er-fra', 0);
    expect(circuit).toMatchObject({ bandwidth: 500e6, headroomPercent: 60, judgement: 'usual' });
    // 200, 300, 450, 675 Mbps.
    expect(circuit.fullAfterYears).toBe(3);
    expect(capacity.circuits).toEqual([
      {
        circuit: 'er-fra',
        bandwidth: 500e6,
        needed: 200e6,
        neededThen: 675e6,
        stepNow: 200e6,
        stepThen: 1e9,
        advice: 'raise',
        facts: ['ER-011', 'ER-015', 'ER-017'],
      },
    ]);
  });

  it('says that a bandwidth is larger than needed, because it cannot be lowered', () => {
    const { compiled, data } = opened(stated.replace('bandwidth: 500 Mbps', 'bandwidth: 2 Gbps'));
    expect(capacityOf(compiled, data).circuits).toMatchObject([{ advice: 'large', stepThen: 200e6 }]);
    const full = opened(stated.replace('total: 100 Mbps', 'total: 9 Gbps'));
    expect(capacityOf(full.compiled, full.data).circuits).toMatchObject([{ advice: 'none is large enough' }]);
  });

  it('counts what is in use before as used and not as growing', () => {
    const { compiled, data } = opened(
      stated.replace('bandwidth: 100 Mbps, latency: 11 ms', 'bandwidth: 100 Mbps, latency: 11 ms, utilisation: 50 %'),
    );
    const line = lineOf(capacityOf(compiled, data, { growthPercent: 100 }), 'link', 'mpls-branch', 0);
    // 120 of 1,020 users of 200 Mbps are 23.5 Mbps; 50 are free.
    expect(line).toMatchObject({ inUse: 50e6, headroomPercent: 26, fullAfterYears: 2 });
  });

  it('judges pools by the measured sessions, and by the guidance without them', () => {
    const { compiled, data } = opened(stated);
    const byGuidance = capacityOf(compiled, data).pools.find(({ pool }) => pool.includes('203.0.113.0/28'));
    expect(byGuidance).toMatchObject({ basis: 'guidance', verdict: 'fits', users: { low: 1020, high: 1020 } });
    const measured = capacityOf(compiled, data, { sessions: { sessionsPerUser: () => 5000 } }).pools;
    const pool = measured.find(({ pool: name }) => name.includes('203.0.113.0/28'));
    expect(pool).toMatchObject({ basis: 'measured', verdict: 'exhausted' });
  });
});

describe('growth', () => {
  const seed = 8080;
  it(`fills a line in the first year in which it is more than what is free (seed ${seed})`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 200_000 }),
        (load, free, thousandths) => {
          const growth = thousandths / 1000;
          const years = yearsUntilFull(load, free, growth);
          const then = (count: number): bigint => BigInt(load) * (100_000n + BigInt(thousandths)) ** BigInt(count);
          const room = (count: number): bigint => BigInt(free) * 100_000n ** BigInt(count);
          if (years === undefined) expect(then(100) <= room(100)).toBe(true);
          else {
            expect(then(years) > room(years)).toBe(true);
            if (years > 0) expect(then(years - 1) <= room(years - 1)).toBe(true);
          }
        },
      ),
      { seed, numRuns: 300 },
    );
  });

  it('is exact where floating point is not: 10 % from 100 reach 110 and do not pass it', () => {
    expect(yearsUntilFull(100, 110, 10)).toBe(2);
    expect(yearsUntilFull(111, 110, 10)).toBe(0);
    expect(yearsUntilFull(100, 110, 0)).toBeUndefined();
    expect(grownBy(100, 10, 1)).toBe(110);
    expect(grownBy(1, 10, 1)).toBe(2);
  });
});
