import { describe, expect, it } from 'vitest';
import { azureRegion } from './azure-regions.ts';
import { fact } from './fact.ts';
import {
  asnRanges,
  bandwidthSteps,
  dscpClasses,
  gatewayFigures,
  globalReachCountries,
  limits,
  networkLinkLimits,
  regionsWithoutScalableGateway,
  resilienceLevels,
  resiliencyIndexTable,
  scalableGatewayFigures,
  scalableGatewaySteps,
  sizing,
  skuFigures,
  timers,
} from './limits.ts';

const quantities = [...Object.entries(limits), ...Object.entries(timers), ...Object.entries(sizing)];

describe('quantities', () => {
  it.each(quantities)('%s rests on a fact', (_, quantity) => {
    expect(fact(quantity.fact)?.id).toBe(quantity.fact);
    expect(Number.isFinite(quantity.value)).toBe(true);
    expect(quantity.unit).not.toBe('');
  });

  it('agree with the value of a sizing fact', () => {
    const unequal = Object.entries(sizing).filter(([, quantity]) => {
      const found = fact(quantity.fact);
      return found?.value !== quantity.value || found.unit !== quantity.unit;
    });
    expect(unequal).toEqual([]);
  });

  it('appear in the sentence of the fact they name, for two digits and more', () => {
    // Said in another unit or in words: '3 minutes', 'by a fifth', 'under a tenth', '1 Gbps', '16 circuits' in the table.
    const otherwise = new Set([
      'gatewayScaling',
      'detectionWithoutBfd',
      'gatewayConvergence',
      'trafficCollectorBandwidth',
      'directRateLimitThreshold',
      'headroomCongested',
      'headroomWasteful',
      'privateEndpointThroughputThroughGateway',
    ]);
    const missing = [...Object.entries(limits), ...Object.entries(timers)].filter(([name, quantity]) => {
      const sentence = fact(quantity.fact)?.statement.replace(/(\d),(?=\d{3})/g, '$1') ?? '';
      return quantity.value >= 10 && !otherwise.has(name) && !sentence.includes(String(quantity.value));
    });
    expect(missing).toEqual([]);
  });

  it('carry the well-known numbers', () => {
    expect(limits.prefixes4PerMicrosoftPeeringSession).toEqual({ value: 200, unit: 'prefixes', fact: 'ER-028' });
    expect(limits.prefixes4PerPrivatePeeringSession.value).toBe(4000);
    expect(limits.prefixes4PerPrivatePeeringSessionPremium.value).toBe(10000);
    expect(limits.prefixes4FromGateway.value).toBe(1000);
    expect(limits.gatewayPacketSize.value).toBe(1400);
    expect(timers.bgpKeepalive.value * 3).toBe(timers.bgpHold.value);
    expect(timers.bfdInterval).toEqual({ value: 300, unit: 'ms', fact: 'ER-059' });
    expect(sizing.clientLatency).toEqual({ value: 150, unit: 'ms', fact: 'PP-Z02' });
  });
});

describe('tables', () => {
  it('name existing facts', () => {
    const named = [
      ...bandwidthSteps,
      ...networkLinkLimits,
      ...gatewayFigures,
      ...scalableGatewayFigures,
      ...scalableGatewaySteps,
      ...asnRanges,
      ...dscpClasses,
      ...resilienceLevels,
      ...resiliencyIndexTable.routes,
      ...resiliencyIndexTable.gateways,
      ...resiliencyIndexTable.scalableGateway,
      ...resiliencyIndexTable.tests,
      resiliencyIndexTable.withoutAdvice,
    ].map((row) => row.fact);
    const listed = skuFigures.flatMap((row) => row.facts);
    for (const id of [...named, ...listed]) expect(fact(id)?.id).toBe(id);
  });

  it('offer eight provider bandwidths and three Direct ports, ascending', () => {
    expect(bandwidthSteps.find((row) => row.offer === 'provider')?.stepsMbps).toEqual([
      50, 100, 200, 500, 1000, 2000, 5000, 10000,
    ]);
    expect(bandwidthSteps.filter((row) => row.offer === 'direct').map((row) => row.portMbps)).toEqual([
      10000, 100000, 400000,
    ]);
    for (const { stepsMbps, portMbps } of bandwidthSteps) {
      expect([...stepsMbps].sort((a, b) => a - b)).toEqual(stepsMbps);
      if (portMbps !== undefined) expect(stepsMbps.at(-1)).toBe(portMbps);
    }
  });

  it('link 10 networks below Premium and 20 to 100 with it', () => {
    expect(networkLinkLimits.every((row) => row.standard === 10)).toBe(true);
    expect(networkLinkLimits.map((row) => row.premium)).toEqual([20, 25, 25, 40, 50, 60, 75, 100, 100, 100]);
  });

  it('let a gateway take 4, 8 or 16 circuits, 16 being the ceiling', () => {
    expect(gatewayFigures.map((row) => row.circuits)).toEqual([4, 8, 16]);
    expect(scalableGatewaySteps.map((row) => row.circuits)).toEqual([4, 8, 16]);
    expect(limits.circuitsPerNetwork.value).toBe(16);
  });

  it('cover all scale units of ErGwScale without gap', () => {
    expect(scalableGatewayFigures.map((row) => [row.unitsFrom, row.unitsTo])).toEqual([
      [1, 10],
      [11, limits.scalableGatewayUnits.value],
    ]);
  });

  it('sell Local on unlimited billing only and Microsoft 365 on Premium only', () => {
    expect(skuFigures.find((row) => row.sku === 'local')?.billing).toEqual(['unlimited']);
    expect(skuFigures.filter((row) => row.microsoft365).map((row) => row.sku)).toEqual(['premium']);
  });

  it('reserve 65515 to 65520 inside the private range', () => {
    const reserved = asnRanges.find((row) => row.use === 'reserved by Microsoft');
    expect(reserved).toMatchObject({ from: 65515, to: 65520 });
    expect(asnRanges.every((row) => row.from <= row.to)).toBe(true);
  });

  it('mark voice EF 46 and the rest 0', () => {
    expect(dscpClasses.map((row) => [row.name, row.dscp])).toEqual([
      ['EF', 46],
      ['AF41', 34],
      ['AF21', 18],
      ['CS3', 24],
      ['AF11', 10],
      ['CS0', 0],
    ]);
  });

  it('need two locations for the highest resilience only', () => {
    expect(resilienceLevels.filter((row) => row.locations === 2).map((row) => row.level)).toEqual(['maximum']);
  });

  it('give a gateway 100 points at best: two locations tested lately, several zones, no further advice', () => {
    const { routes, gateways, scalableGateway, tests, withoutAdvice } = resiliencyIndexTable;
    const most = (points: readonly number[]): number => Math.max(...points);
    const routesPart = most(routes.map((row) => row.points)) * most(tests.map((row) => row.times));
    expect(routesPart + most(gateways.map((row) => row.highest)) + withoutAdvice.points).toBe(100);
    expect(scalableGateway.map((row) => row.points)).toEqual([8, 10]);
    expect(routes.map((row) => row.points)).toEqual([20, 10, 5, 0]);
  });

  it('list nine regions without ErGwScale, all known, and 21 countries with Global Reach', () => {
    expect(regionsWithoutScalableGateway).toHaveLength(9);
    for (const id of regionsWithoutScalableGateway) expect(azureRegion(id)?.id).toBe(id);
    expect(new Set(globalReachCountries).size).toBe(21);
  });
});
