/** Reasons, replays and uncertainty of routes, on the example and on an estate whose routes go nowhere. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { routesOf } from './index.ts';

const text = readFileSync(join(import.meta.dirname, '../../../examples/contoso/estate.yaml'), 'utf8');
const files = [{ name: 'estate.yaml', text }];

describe('routes', () => {
  it('have no reasons and no replay unless asked for', () => {
    const view = routesOf(files, { device: 'er-ce1', prefix: '20.50.1.1' });
    expect(view).not.toHaveProperty('replay');
    expect(view).not.toHaveProperty('instability');
    expect(view.devices[0]?.routes[0]).not.toHaveProperty('heard');
  });

  it('say what every neighbour sent, and why it did not arrive', () => {
    const { devices } = routesOf(files, { device: 'er-ce1', prefix: '20.50.1.1', why: true });
    const heard = devices[0]?.routes[0]?.heard ?? [];
    expect(heard).toContainEqual(expect.objectContaining({ neighbour: 'er-fra-msee1', outcome: 'in use' }));
    const [msee] = routesOf(files, { device: 'microsoft', prefix: '20.50.1.1', why: true }).devices;
    expect(msee?.routes[0]?.heard?.some(({ outcome }) => outcome === 'in use')).toBe(true);
  });

  it('are replayed from the origin to rest', () => {
    const { replay, instability } = routesOf(files, { device: 'er-ce1', prefix: '20.50.1.1', replay: true });
    expect(replay).toHaveLength(1);
    const steps = replay?.[0]?.steps ?? [];
    expect(replay?.[0]).toMatchObject({ prefix: '20.50.0.0/18', arrives: true });
    expect(steps[0]).toMatchObject({ device: 'azure-westeurope', before: [], after: ['azure-westeurope'] });
    const last = steps.findLast(({ device }) => device === 'er-ce1');
    expect(last?.after).toEqual(['er-ce1', 'er-fra-msee1', 'microsoft', 'azure-westeurope']);
    expect(instability).toEqual([]);
  });

  it('need a prefix to be replayed', () => {
    expect(routesOf(files, { replay: true }).problem).toBe('a replay shows one prefix: name it with --prefix');
  });
});
