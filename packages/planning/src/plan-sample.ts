/** Seeded documents that say what is wanted, for tests and measurements: sites in cities of one continent, users, requirements and prices. */
import { type City, cities } from '@bothways/facts';
import { Random } from '@bothways/net';

const CONTINENTS = [
  { region: 'Europe', countries: ['DE', 'FR', 'IT', 'ES', 'PL', 'NL', 'SE', 'AT', 'GB', 'IE', 'CH', 'BE'] },
  { region: 'United States', countries: ['US', 'CA'] },
];

export function requirementDocument(seed: number): string {
  const random = new Random(seed);
  const between = (low: number, high: number): number => low + random.below(high - low + 1);
  const continent = CONTINENTS[between(0, 3) === 0 ? 1 : 0];
  const eligible = cities().filter(({ country }) => continent?.countries.includes(country) === true);
  const count = between(3, 7);
  const chosen = new Map<string, City>();
  while (chosen.size < count) {
    const city = eligible[between(0, eligible.length - 1)];
    if (city !== undefined) chosen.set(`${city.name}, ${city.country}`, city);
  }
  const sites = [...chosen.keys()].map((city, ix) => {
    const users = 20 * between(1, 40);
    return `  site-${ix + 1}: { city: '${city.replaceAll("'", "''")}', users: ${users}, clients: 10.${ix + 1}.0.0/16 }`;
  });
  return [
    'bothways: 1',
    'organisation: { name: Fabrikam, asn: 64500, owns: 203.0.112.0/21 }',
    `environments: { production: { region: ${continent?.region ?? 'Europe'} } }`,
    'sites:',
    ...sites,
    'requirements: { survives: any-single-failure }',
    'prices:',
    `  wanPerMbps: ${between(2, 8)} USD`,
    `  internetPerMbps: 1 USD`,
    `  overrides: { cross-connect: 300 USD, circuit-provider: ${100 * between(3, 9)} USD }`,
    '  trafficHours: 176',
    '',
  ].join('\n');
}
