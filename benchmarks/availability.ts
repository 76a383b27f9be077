/**
 * Availability of an intent over two circuits, forty components with figures, shared-risk groups among them: exact to
 * 1e-12 within a second, the engine followed for every set that has to be asked for. Beside it the slow way, every state
 * of twelve of the components one by one, and bounds that need no reasoning at all: all sets of up to two failures, with
 * everything beyond counted once as harmless and once as breaking.
 *
 * `npx node benchmarks/availability.ts`
 */
import { loadEstate } from '@bothways/estate';
import { FailureAnswers, failureElements, questionsOf } from '@bothways/forwarding';
import { type CompiledNetwork, compileNetwork } from '@bothways/network';
import { availabilityOf } from '@bothways/planning';

const circuit = (name: string, location: string, edge: string, subnet: number, pool: string): string => `
  ${name}:
    location: ${location}
    provider: Equinix
    sku: standard
    billing: metered
    bandwidth: 500 Mbps
    edge: ${edge}
    microsoftPeering:
      vlan: 100
      links: [192.0.2.${subnet}/30, 192.0.2.${subnet + 4}/30]
      advertises: [${pool}]
      routeFilter: [West Europe, North Europe]
`;

const estateText = `
bothways: 1
organisation: { name: Contoso, asn: 64500 }
environments: { production: { region: Europe } }
sites:
  hq: { city: Munich, users: 900, clients: 10.10.0.0/16 }
  dc: { city: Frankfurt }
wan:
  mpls-hq: { between: [hq, dc], bandwidth: 1 Gbps, latency: 6 ms }
  backup-hq: { between: [hq, dc], bandwidth: 1 Gbps, latency: 9 ms, cost: 50 }
internetEdges:
  inet: { site: dc, isp: Northwind Telecom, bandwidth: 1 Gbps, firewall: fw-inet, nat: 198.51.100.0/28 }
expressRouteEdges:
  er: { site: dc, firewall: fw-er, nat: 203.0.113.0/28 }
  er2: { site: dc, firewall: fw-er2, nat: 203.0.113.16/28 }
circuits:${circuit('er-fra', 'Frankfurt', 'er', 0, '203.0.113.0/28')}${circuit('er-ams', 'Amsterdam', 'er2', 8, '203.0.113.16/28')}
demands:
  everyday: { flows: [PP-F01, PP-F02], from: hq, to: production }
intents:
  private: { flows: [PP-F01, PP-F02], from: hq, to: production, over: expressroute }
failureGroups:
  conduit: [mpls-hq, er-fra]
  rack: [fw-er, er-ce1]
  power: [er-ce1, er2-ce1]
`;

const figures = `
availability:
  link: 99.9 %
  device: 99.99 %
  edge: 99.999 %
  site: 99.995 %
  provider: 99.99 %
  facility: 99.995 %
  peering-location: 99.999 %
  port: 99.95 %
  msee: 99.95 %
  declared: 99.98 %
`;

function compiledOf(text: string): CompiledNetwork {
  const { estate, document, findings } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error(findings.map(({ message }) => message).join('; '));
  return compileNetwork(estate, document.placeOf);
}

function row(name: string, measured: string, goal: string, more: string): void {
  console.log(`${name.padEnd(44)}${measured.padStart(12)}   goal ${goal.padEnd(8)} ${more}`);
}

let failed = false;
const compiled = compiledOf(estateText + figures);
// Once without being timed: what a process does in its first second is not the algorithm.
availabilityOf(compiled, { weighUnknown: false });
const before = performance.now();
const cpuBefore = process.cpuUsage();
const { components, intents } = availabilityOf(compiled, { weighUnknown: false });
const took = performance.now() - before;
const { user, system } = process.cpuUsage(cpuBefore);
const [intent] = intents;
if (intent === undefined) throw new Error('there is no intent');
const counted = components.filter(({ down }) => down !== undefined).length;
row(
  `${counted} components, exact`,
  `${took.toFixed(0)} ms`,
  '1 s',
  `${Math.round((user + system) / 1000)} ms of processor; ${intent.minutesPerYear.toFixed(6)} minutes a year and up to ${(intent.unknown * 525_600).toFixed(3)} not known, error at most ${intent.error.toExponential(1)}, ${intent.asked} sets followed, ${intent.cuts.length} minimal cuts, ${intent.helped.length} failures that help`,
);
failed ||= intent.error > 1e-12;

// The slow way over all single and double failures.
{
  const elements = failureElements(compiled);
  const questions = questionsOf(compiled);
  const engine = new FailureAnswers(compiled, elements, questions);
  const question = questions.findIndex(({ kind }) => kind === 'intent');
  const q = elements.map(({ id }) => components.find((each) => each.id === id)?.down ?? 0);
  const start = performance.now();
  let low = 0;
  let seen = 0;
  const visit = (set: readonly number[]): void => {
    const p = q.reduce((product, each, ix) => product * (set.includes(ix) ? each : 1 - each), 1);
    seen += p;
    if (engine.answer(question, set).answer === 'broken') low += p;
    if (set.length === 2) return;
    for (let ix = (set.at(-1) ?? -1) + 1; ix < elements.length; ix++) visit([...set, ix]);
  };
  visit([]);
  const high = low + 1 - seen;
  row(
    'all single and double failures, bounds',
    `${(performance.now() - start).toFixed(0)} ms`,
    '',
    `${(low * 525_600).toFixed(6)} to ${(high * 525_600).toFixed(6)} minutes a year`,
  );
  failed ||= intent.broken < low - 1e-12 || intent.broken > high + 1e-12;
}

// Every state of twelve components.
{
  const some =
    'availability: { link.mpls-hq: 95 %, link.backup-hq: 93 %, device.fw-er: 97 %, device.fw-er2: 96 %, port: 94 %, msee: 98 %, declared.conduit: 99 % }';
  const few = compiledOf(estateText + some);
  const start = performance.now();
  const result = availabilityOf(few, { weighUnknown: false });
  const quick = performance.now() - start;
  const elements = failureElements(few);
  const questions = questionsOf(few);
  const engine = new FailureAnswers(few, elements, questions);
  const question = questions.findIndex(({ kind }) => kind === 'intent');
  const uncertain = result.components.flatMap(({ id, down }) =>
    down === undefined ? [] : [{ ix: elements.findIndex((each) => each.id === id), down }],
  );
  const slow = performance.now();
  let broken = 0;
  for (let bits = 0; bits < 2 ** uncertain.length; bits++) {
    const down = uncertain.filter((_, at) => (bits >> at) % 2 === 1);
    const { answer } = engine.answer(
      question,
      down.map(({ ix }) => ix),
    );
    if (answer === 'broken') {
      broken += uncertain.reduce((product, each) => product * (down.includes(each) ? each.down : 1 - each.down), 1);
    }
  }
  const difference = Math.abs(broken - (result.intents[0]?.broken ?? 0));
  row(
    `${uncertain.length} components, against every state`,
    `${quick.toFixed(0)} ms`,
    '1e-12',
    `difference ${difference.toExponential(1)}; ${2 ** uncertain.length} states one by one: ${(performance.now() - slow).toFixed(0)} ms`,
  );
  failed ||= difference > 1e-12;
}
process.exitCode = failed ? 1 : 0;
