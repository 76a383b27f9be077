/** One small site with a good internet line: the smallest circuit is larger than all its users need. */
import { type Circuit, formatBandwidth, type InternetEdge, type Site } from '@bothways/estate';
import { bandwidthSteps, limits, sizing } from '@bothways/facts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface TooSmall {
  readonly circuit: Circuit;
  readonly site: Site;
  readonly edge: InternetEdge;
  /** Bits per second that the users of the site need. */
  readonly need: number;
  readonly smallest: number;
}

/** The intent of the example, which a circuit is needed for. */
const INTENT =
  '\nintents:\n  dataverse-is-private:\n    flows: [PP-F01, PP-F02]\n    from: [hq, branch]\n    to: production\n    over: expressroute\n';
const FEW = [
  ['  hq: { city: Munich, users: 900, clients: 10.10.0.0/16 }\n', ''],
  ['  mpls-hq: { between: [hq, dc], bandwidth: 1 Gbps, latency: 6 ms }\n', ''],
  ['    from: [hq, branch]\n    to: production\n\nintents', '    from: [branch]\n    to: production\n\nintents'],
] as const;

export const circuitFitsTheNeed = defineRule<TooSmall>({
  name: 'circuit-fits-the-need',
  title: 'ExpressRoute is not the answer here: one small site with a good internet line',
  family: 'fitness',
  severity: 'note',
  ids: [
    'PP-C08',
    'PP-C09',
    'CHK-PP-16',
    'CHK-M365-01',
    'ER-011',
    'ER-221',
    'ER-224',
    'PP-N07',
    'PP-R05',
    'PP-Z01',
    'PP-Z46',
  ],
  what: 'Looks for estates with users at one site only, who need less than the smallest circuit and whose internet line carries them with room to spare, where no intent asks for a circuit.',
  why: 'A circuit brings no speed over a good internet line, encrypts nothing and leaves the internet-only flows where they are; the money is better spent on a second internet line.',
  fix: 'use the internet, or write down as an intent what the circuit is for',
  status: 'preview',
  since: '0.1.0',
  fires: example('120 users at one branch', ...FEW, [INTENT, '']),
  silent: example('more than a thousand users at two sites', [INTENT, '']),
  find: (view) => {
    const [first, ...more] = view.index.peered();
    const { sites, internetEdges, intents, services, dataGateways } = view.estate;
    const busy = sites.filter(({ users }) => users > 0);
    const [site] = busy;
    if (first === undefined || site === undefined || more.length > 0 || busy.length > 1) return [];
    if (intents.some(({ over }) => over === 'expressroute') || services.length + dataGateways.length > 0) return [];
    if (first.circuit.privatePeering !== undefined) return [];
    const need = site.users * sizing.clientBandwidth.value * 1000;
    const smallest = (bandwidthSteps.find(({ offer }) => offer === 'provider')?.stepsMbps[0] ?? 0) * 1e6;
    const spare = 1 - limits.headroomLow.value / 100;
    const edge = internetEdges.find(
      ({ bandwidth, utilisation }) =>
        bandwidth !== undefined && bandwidth * spare - bandwidth * (utilisation ?? 0) >= need,
    );
    return need > smallest || edge === undefined ? [] : [{ circuit: first.circuit, site, edge, need, smallest }];
  },
  word: ({ circuit, site, edge, need, smallest }, view) => ({
    message: `the ${site.users} users of ${site.name} need ${formatBandwidth(need)}, less than the smallest circuit (${formatBandwidth(smallest)}), and ${edge.name} carries them: nothing in the document needs circuit ${circuit.name}`,
    path: circuit.path,
    related: [{ message: 'the internet line', place: placeOf(view, edge.path) }],
  }),
});
