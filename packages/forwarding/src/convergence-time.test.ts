import type { Network, Session } from '@bothways/network';
import { describe, expect, it } from 'vitest';
import { compiledFrom, shippedEstate } from '../test/shipped-estates.ts';
import { detectionTime } from './convergence-time.ts';

const { network } = compiledFrom(shippedEstate('examples/contoso'));
const circuits = network.links.filter(({ kind }) => kind === 'circuit');
const [circuit] = circuits;
if (circuit === undefined) throw new Error('the example has no circuit');

function withSessions(change: (session: Session) => Session): Network {
  return { ...network, sessions: network.sessions.map((each) => (each.link === circuit?.ix ? change(each) : each)) };
}

describe('the time to notice a failure', () => {
  it('is the interval times the multiplier under BFD, or less where the loss of light is passed on', () => {
    const fast = withSessions((session) => ({ ...session, bfd: { interval: 300, multiplier: 3 } }));
    const { detect, facts } = detectionTime(fast, { links: [circuit.ix] });
    expect([detect, facts]).toEqual([{ least: 0, most: 900 }, ['ER-059']]);
    expect(detectionTime(fast, { devices: [circuit.b] }).detect?.most).toBeLessThanOrEqual(180_000);
  });

  it('is the hold timer without BFD', () => {
    const slow = withSessions(({ ix, name, link, ends, down, origins }) => ({
      ix,
      name,
      link,
      ends,
      down,
      origins,
      timers: { keepalive: 20_000, hold: 60_000 },
    }));
    const { detect, because } = detectionTime(slow, { links: [circuit.ix] });
    expect(detect).toEqual({ least: 0, most: 60_000 });
    expect(because).toContain('60 s');
  });

  it('is Microsoft’s hold time where nobody states another, between two keepalives and all of it for a lost router', () => {
    const plain = withSessions(({ ix, name, link, ends, down, origins }) => ({ ix, name, link, ends, down, origins }));
    const only: Network = { ...plain, sessions: plain.sessions.filter(({ link }) => link === circuit.ix) };
    expect(detectionTime(only, { devices: [circuit.b] }).detect).toEqual({ least: 120_000, most: 180_000 });
    expect(detectionTime(only, { devices: [circuit.b] }).facts).toEqual(['ER-056']);
  });

  it('is nothing where nobody is left to notice, or nothing is lost', () => {
    expect(detectionTime(network, {}).detect).toBeUndefined();
    expect(detectionTime(network, { devices: network.devices.map(({ ix }) => ix) }).detect).toBeUndefined();
  });
});
