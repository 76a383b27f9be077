/** Questions that settle items of the readiness checklist from the compiled network and its round trips. */
import type { Path } from '@bothways/estate';
import { addressFiles, endpointFiles, sizing } from '@bothways/facts';
import { DISPOSITION_CONDITIONS, type RoundTrip, viaText } from '@bothways/forwarding';
import { formatPrefix, prefixContains } from '@bothways/net';
import { listText, tripsText } from './causes.ts';
import { estateIndex } from './estate-index.ts';
import { elementsText, failureStudy, lostIn, studyTooLarge } from './failure-study.ts';
import { latencyOf, loadedNetwork } from './measures.ts';
import type { ReadinessAnswer, ReadinessQuestion } from './readiness-model.ts';
import { resiliencyIndices } from './resiliency-index.ts';
import type { EstateView } from './view.ts';

const ready = (...evidence: readonly string[]): ReadinessAnswer => ({ state: 'ready', evidence });
const notReady = (todo: string, ...evidence: readonly string[]): ReadinessAnswer => ({
  state: 'not-ready',
  evidence,
  todo,
});
const unknown = (todo: string, ...evidence: readonly string[]): ReadinessAnswer => ({
  state: 'unknown',
  evidence,
  todo,
});
const notApplicable = (...evidence: readonly string[]): ReadinessAnswer => ({ state: 'not-applicable', evidence });

/** By item. A question that gives nothing leaves the item to the rules. */
export const READINESS_QUESTIONS: Readonly<Record<string, ReadinessQuestion>> = {
  'PP-C01': (view) => {
    const eligible = view.data.roundTrips.filter(({ demand }) => demand.flow.expressRoute === 'yes');
    if (eligible.length === 0)
      return unknown(
        'put the flows that clients use under demands',
        'no demand carries a flow that a circuit can carry',
      );
    if (circuits(view).length === 0) return notApplicable('the estate has no circuit with Microsoft peering');
    const away = eligible.filter(({ forward }) => forward.via.kind !== 'expressroute');
    const [shown] = away;
    if (shown === undefined)
      return ready(`${eligible.length} round trips of flows that a circuit can carry leave over a circuit`);
    return notReady(
      'let the routes of the circuit reach these sites, or say that the internet is wanted',
      `${tripsText(away)} leave over ${viaText(shown.forward.via)}`,
    );
  },
  'PP-C02': (view) => {
    const bound = view.data.roundTrips.filter(({ demand }) => demand.flow.expressRoute === 'internet-only');
    if (bound.length === 0)
      return unknown(
        'put flows such as PP-F05 and PP-F16 under demands',
        'no demand carries a flow that only the internet carries',
      );
    const lost = bound.filter(({ outcome }) => outcome !== 'holds');
    return lost.length === 0
      ? ready(`${bound.length} round trips of internet-only flows arrive`)
      : notReady('give these sites a way to the internet', `${tripsText(lost)} do not arrive`);
  },
  'PP-C03': (view) => {
    const steered = view.estate.sites.filter(({ proxy, pac }) => proxy !== undefined || pac !== undefined);
    if (steered.length === 0) return notApplicable('no site uses a proxy or a proxy script');
    const rewriting = view.estate.proxies.filter(({ rewrites }) => rewrites);
    if (rewriting.length > 0) {
      return notReady(
        'let these proxies pass Power Platform untouched',
        `${listText(rewriting.map(({ name }) => name))} breaks TLS open or alters requests`,
      );
    }
    const names = new Set(steered.map(({ name }) => name));
    const open = view.compiled.demands.concrete.flatMap(({ site, flow, target, environment }) => {
      if (!names.has(site.name)) return [];
      const choice = view.compiled.steering?.proxyFor(site.name, flow, target, environment);
      return choice?.kind === 'unknown' || choice?.kind === 'unresolved' ? [`${site.name}: ${choice.because}`] : [];
    });
    if (open.length > 0) return unknown('say how the clients of these sites are steered', ...new Set(open));
    const carried = view.data.roundTrips.filter(
      ({ demand }) => demand.flow.expressRoute === 'yes' && names.has(demand.source.name),
    );
    if (carried.length === 0) {
      return unknown(
        'put the flows that these clients use under demands',
        `no demand of ${listText([...names])} carries a flow that a circuit can carry`,
      );
    }
    if (circuits(view).length === 0) return notApplicable('the estate has no circuit with Microsoft peering');
    const away = carried.filter(({ forward }) => forward.via.kind !== 'expressroute');
    return away.length === 0
      ? ready(`${carried.length} round trips of ${listText([...names])} are steered to a circuit`)
      : notReady(
          'let the script or the proxy lead these names to the circuit, or say that the internet is wanted',
          `${tripsText(away)} are steered to the internet`,
        );
  },
  'PP-C04': (view) => {
    const bare = view.data.roundTrips.filter(
      ({ forward }) => forward.via.kind !== 'internal' && isPrivateSource(view, forward.path.last.source),
    );
    if (bare.length > 0)
      return notReady(
        'translate to public addresses at the edge',
        `${tripsText(bare)} leave with a private source address`,
      );
    const pools = [...view.estate.internetEdges, ...view.estate.expressRouteEdges].filter(({ nat }) => nat.length > 0);
    if (pools.length === 0) return unknown('give the edges their NAT pools', 'no edge has a NAT pool');
    return ready(...pools.map(({ name, nat }) => `${name} translates to ${listText(nat.map(formatPrefix))}`));
  },
  'PP-C05': (view) => {
    const eligible = view.data.roundTrips.filter(
      ({ demand, outcome }) =>
        demand.flow.expressRoute === 'yes' && demand.opener === 'customer' && outcome === 'holds',
    );
    if (eligible.length === 0)
      return unknown('put the flows that clients use under demands', 'no demand that arrives has a client');
    const limit = sizing.clientLatency.value;
    const decided = eligible.map((trip) => ({ trip, ...latencyOf(view, trip, limit) }));
    const slow = decided.filter(({ outcome }) => outcome === 'broken');
    const [worst] = slow;
    if (worst !== undefined) {
      return notReady(
        'give these sites a better line, or let them break out locally',
        `${tripsText(slow.map(({ trip }) => trip))}: ${worst.because}`,
      );
    }
    const { load } = loadedNetwork(view);
    const [overloaded] = load.overloaded;
    if (overloaded !== undefined) {
      return notReady(
        'give this line more bandwidth, or send less over it',
        `${overloaded.carrier.name} from ${overloaded.from} to ${overloaded.to} is asked for more than it has free`,
      );
    }
    const open = decided.find(({ outcome }) => outcome === 'unknown');
    const [perhaps] = load.perhapsOverloaded;
    if (open !== undefined || perhaps !== undefined) {
      return unknown(
        'state latency, bandwidth and use of the lines on the way of each site',
        ...(open === undefined ? [] : [`${tripsText([open.trip])}: ${open.because}`]),
        ...(perhaps === undefined ? [] : [`${perhaps.carrier.name} may be asked for more than it has free`]),
      );
    }
    const [shown] = decided;
    return ready(
      `${eligible.length} round trips take less than ${limit} ms${shown === undefined ? '' : `, such as ${shown.trip.id}: ${shown.because}`}`,
      'no line is asked for more than it has free',
    );
  },
  'PP-C06': (view) => {
    const { circuits: all } = view.estate;
    if (all.length === 0) return notApplicable('the estate has no circuit');
    const problems = all.flatMap(({ name, microsoftPeering }) => {
      if (microsoftPeering === undefined) return [`${name} has no Microsoft peering`];
      const { routeFilter, validation, advertises } = microsoftPeering;
      return [
        ...(routeFilter === undefined
          ? [`${name} has no route filter`]
          : routeFilter.length === 0
            ? [`the route filter of ${name} is empty`]
            : []),
        ...(validation === 'configured' ? [] : [`prefixes of ${name} wait for validation`]),
        ...(advertises.length === 0 ? [`${name} announces no prefix`] : []),
      ];
    });
    const down = view.compiled.network.sessions.filter((session) => session.down !== undefined);
    const all_ = [...problems, ...down.map(({ name, down: why }) => `session ${name} stays down: ${why?.because}`)];
    if (all_.length > 0) return notReady('complete the peering', ...all_);
    return ready(
      ...all.flatMap(({ name, microsoftPeering }) =>
        microsoftPeering === undefined
          ? []
          : [
              `${name}: route filter ${listText((microsoftPeering.routeFilter ?? []).map(({ written }) => written))}, ${microsoftPeering.advertises.length} prefixes announced`,
            ],
      ),
    );
  },
  'PP-C07': (view) => {
    const fatal = view.data.roundTrips.filter(
      (trip) => trip.outcome === 'broken' && trip.back !== undefined && !trip.symmetry.edge,
    );
    const [first] = fatal;
    if (first !== undefined) {
      return notReady(
        'announce each NAT pool on one edge only',
        `${tripsText(fatal)}: out over ${viaText(first.forward.via)}, back over ${viaText(first.back?.via ?? first.forward.via)}; ${DISPOSITION_CONDITIONS[first.back?.disposition ?? 'no-state']}`,
      );
    }
    const crossing = view.data.roundTrips.filter((trip) => trip.outcome === 'holds' && !trip.symmetry.edge);
    const normal = [
      `in the normal state ${view.data.roundTrips.length} round trips were followed and none is lost to asymmetry`,
      ...(crossing.length === 0 ? [] : [`${tripsText(crossing)} come back over another edge, and arrive`]),
    ];
    const study = failureStudy(view);
    if (study === undefined) return unknown('run `bothways sweep`', ...normal, studyTooLarge(view));
    const crossed = study
      .singles()
      .filter((effect) => lostIn(effect).some(({ asymmetry, symmetry }) => asymmetry === 'fatal' && !symmetry.edge));
    return crossed.length === 0
      ? ready(...normal, `nor under any single failure of ${study.count} elements`)
      : notReady(
          'announce each pool by the way that its requests leave by',
          ...normal,
          `lost to asymmetry when one of these fails: ${listText(crossed.map(elementsText))}`,
        );
  },
  'PP-C37': (view) => {
    const study = failureStudy(view);
    if (view.data.roundTrips.length === 0) return undefined;
    if (study === undefined) return unknown('run `bothways sweep`', studyTooLarge(view));
    const cutting = study.singles().filter((effect) => lostIn(effect).length > 0);
    const alone = [...cutting.map(elementsText), ...study.leaves.map(({ element }) => element.id)];
    const indices = resiliencyIndices(view).map(
      ({ of, lowest, highest, most, reading }) =>
        `resiliency index of ${of}: ${lowest === highest ? lowest : `${lowest} to ${highest}`} of ${most}${reading === 'ours' ? ', our reading of the published table' : ', by the published table'}`,
    );
    return alone.length === 0
      ? ready(`no single failure of ${study.count} elements takes a round trip away`, ...indices)
      : unknown(
          'decide which of these have to have a stand-in, and say it in an intent',
          `${alone.length} of ${study.count} elements take round trips away when they fail alone: ${listText(alone)}`,
          ...indices,
        );
  },
  'PP-C08': (view) => {
    if (view.estate.sites.length < 2 && view.estate.users.length === 0)
      return notApplicable('all users are at one site');
    const far = view.estate.sites.filter(
      ({ users, location, city }) => users > 0 && location === undefined && city === undefined,
    );
    if (far.length > 0)
      return unknown('say where these sites are', `no city or location: ${listText(far.map(({ name }) => name))}`);
    return undefined;
  },
  'PP-C16': (view) => {
    const trips = view.data.roundTrips.filter(({ demand }) => demand.flow.id === SIGN_IN);
    if (trips.length === 0)
      return unknown(`put ${SIGN_IN} under demands`, 'no demand carries the sign-in, so nobody followed it');
    const lost = trips.filter(({ outcome }) => outcome !== 'holds');
    if (lost.length > 0)
      return notReady(
        'give these sites a way to sign in',
        `${tripsText(lost)} ${lost.length === 1 ? 'does' : 'do'} not arrive for certain`,
      );
    const ways = [...new Set(trips.map(({ forward }) => viaText(forward.via)))];
    return ready(`sign-in uses ${listText(ways)}, and all of its ${trips.length} round trips arrive`);
  },
  'PP-C30': (view) => {
    const isDefault = defaultsOf(view);
    const environments = view.estate.environments.map(({ name, canvasCdn, path }) => ({
      words: `${name}: canvas apps load static files ${canvasCdn ? 'from the content delivery network, which only the internet carries' : 'from the environment; other flows need the internet all the same'}`,
      open: isDefault([...path, 'canvasCdn']),
    }));
    const undecided = environments.filter(({ open }) => open).map(({ words }) => words);
    return undecided.length === 0
      ? ready(...environments.map(({ words }) => words))
      : unknown('write canvasCdn for each environment', ...undecided.map((words) => `${words} (taken as a default)`));
  },
  'PP-C39': (view) =>
    view.estate.demands.some(({ class: marked }) => marked === 'voice' || marked === 'interactive')
      ? undefined
      : notApplicable('no demand is voice or video'),
  'PP-C40': (view) => {
    const { circuits: all, prices, wan } = view.estate;
    if (all.length === 0) return notApplicable('the estate has no circuit');
    const isDefault = defaultsOf(view);
    const charged = new Set(prices.providers.map(({ provider }) => provider));
    const missing = [
      ...all.flatMap(({ name, provider, monthlyCost, path, model }) => [
        ...(monthlyCost === undefined && model !== 'direct' && !charged.has(provider ?? '')
          ? [`what the provider charges for ${name}`]
          : []),
        ...['sku', 'billing'].filter((key) => isDefault([...path, key])).map((key) => `the ${key} of ${name}`),
      ]),
      ...(wan.some(({ monthlyCost }) => monthlyCost === undefined) && prices.wanPerMbps === undefined
        ? ['what the lines of the WAN cost']
        : []),
      ...(prices.internal.once === undefined && prices.internal.monthly === undefined
        ? ['the own work on routing and operation']
        : []),
    ];
    return missing.length === 0
      ? undefined
      : unknown('write these under circuits, wan and prices', `not in the document: ${listText(missing, 8)}`);
  },
  'PP-C44': (view) => {
    const index = estateIndex(view);
    const filtered = index.peered().filter(({ filter }) => filter.size > 0);
    if (filtered.length === 0) return notApplicable('no circuit has a route filter that selects something');
    return unknown(
      'list what else of these regions is in use, and decide whether it may move to the circuit',
      ...filtered.map(
        ({ circuit, peering }) =>
          `${circuit.name} draws ${index.receivedOn(circuit.name)} prefixes (${listText((peering.routeFilter ?? []).map(({ written }) => written))}), every service of Azure behind them, for all sites that learn its routes`,
      ),
    );
  },
  'PP-C46': (view) => {
    const trips = view.data.roundTrips.filter(({ demand }) => ['PP-F14', 'PP-F15'].includes(demand.flow.id));
    const missing = ['PP-F14', 'PP-F15'].filter((id) => !trips.some(({ demand }) => demand.flow.id === id));
    const lost = trips.filter(({ outcome }) => outcome === 'broken');
    if (lost.length > 0)
      return notReady('give administrators a way to the internet', `${tripsText(lost)} do not arrive`);
    return missing.length > 0
      ? unknown(
          `put ${missing.join(' and ')} under demands, from where administrators sit`,
          'no demand opens both admin centres',
        )
      : ready(`${trips.length} round trips to both admin centres were followed`);
  },
  'PP-C47': (view) =>
    view.estate.services.some(({ kind }) => kind === 'smtp' || kind === 'exchange')
      ? undefined
      : notApplicable('the document names no mail host'),
  'PP-C48': () =>
    unknown(
      '`bothways facts update` compares newer files with these; say who does it, and how often',
      ...addressFiles().map(
        ({ cloud, changeNumber, date }) => `service tags ${cloud}: change ${changeNumber} of ${date}`,
      ),
      ...endpointFiles().map(({ instance, date }) => `Microsoft 365 endpoints ${instance}: ${date}`),
    ),
  'PP-C09': (view) => {
    const count = circuits(view).length;
    if (count === 0) return notApplicable('the estate has no circuit with Microsoft peering');
    if (count > 1) return undefined;
    return unknown(
      'decide whether every site is near enough to the one circuit',
      'there is one circuit with Microsoft peering',
    );
  },
  'PP-C10': (view) => {
    const open = view.estate.expressRouteEdges.filter(({ firewall }) => firewall === undefined);
    if (open.length > 0)
      return notReady(
        'put a stateful firewall behind the circuit',
        `${listText(open.map(({ name }) => name))} has no firewall`,
      );
    if (view.estate.expressRouteEdges.length === 0) return notApplicable('the estate has no ExpressRoute edge');
    const stateless = view.estate.firewalls.filter(
      ({ stateful, name }) => !stateful && view.estate.expressRouteEdges.some(({ firewall }) => firewall === name),
    );
    if (stateless.length > 0)
      return notReady('use a stateful firewall', `${listText(stateless.map(({ name }) => name))} keeps no state`);
    return ready(
      ...view.estate.expressRouteEdges.map(
        ({ name, firewall }) => `${name} stands behind the stateful firewall ${firewall}`,
      ),
    );
  },
  'PP-C13': (view) => ready(`environments and circuits are in the cloud ${view.estate.organisation.cloud}`),
  'PP-C12': (view) => {
    const without = view.estate.circuits.filter(
      ({ subscription }) => (subscription ?? view.estate.organisation.subscription) === undefined,
    );
    if (view.estate.circuits.length === 0) return notApplicable('the estate has no circuit');
    return without.length === 0
      ? ready('every circuit has a subscription')
      : unknown(
          'write organisation.subscription or that of the circuit',
          `no subscription is named for ${listText(without.map(({ name }) => name))}`,
        );
  },
  'PP-C25': (view) =>
    view.estate.connectors.length === 0
      ? unknown('list the connectors that apps and flows use', 'the document names no connector')
      : ready(...view.estate.connectors.map(({ name, class: kind }) => `${name}: ${kind}`)),
  'PP-C27': (view) => {
    if (view.estate.dataGateways.length === 0) return notApplicable('there is no on-premises data gateway');
    const alone = view.estate.dataGateways.filter(({ members }) => members < 2);
    return alone.length === 0
      ? undefined
      : notReady('add a second member', `${listText(alone.map(({ name }) => name))} has one member`);
  },
  'PP-C26': (view) =>
    view.estate.connectors.length === 0 && view.estate.dataGateways.length === 0
      ? notApplicable('the document names no connector and no data gateway')
      : undefined,
  'PP-C29': (view) =>
    view.estate.dataGateways.length === 0 ? notApplicable('there is no on-premises data gateway') : undefined,
  'PP-C28': (view) =>
    view.estate.dataGateways.length === 0 ? notApplicable('there is no on-premises data gateway') : undefined,
  'PP-C15': (view) =>
    view.estate.dataGateways.length === 0 ? notApplicable('there is no on-premises data gateway') : undefined,
  'PP-C31': (view) =>
    view.estate.desktopFlowMachines.length === 0 ? notApplicable('there are no desktop-flow machines') : undefined,
  'PP-C22': (view) =>
    view.estate.services.every(({ published }) => published.length === 0)
      ? notApplicable('nothing is published')
      : undefined,
  'PP-C23': (view) =>
    view.estate.services.every(({ calledBy }) => calledBy.length === 0)
      ? notApplicable('Microsoft calls no service of the estate')
      : undefined,
  'PP-C24': (view) => (view.estate.services.length === 0 ? notApplicable('no server is called') : undefined),
  'PP-C34': (view) =>
    view.estate.circuits.every(({ privatePeering }) => privatePeering === undefined)
      ? notApplicable('no circuit has private peering')
      : undefined,
  'PP-C35': (view) =>
    view.estate.environments.every(({ vnetSupport }) => vnetSupport === undefined)
      ? notApplicable('no environment uses virtual network support')
      : undefined,
  'PP-C32': (view) =>
    view.estate.environments.every(({ powerPages }) => powerPages === undefined)
      ? notApplicable('no environment has Power Pages')
      : undefined,
  'PP-C41': (view) =>
    view.estate.users.length === 0 ? notApplicable('the document names no users away from a site') : undefined,
  'PP-C42': (view) =>
    view.estate.environments.every(({ ipFirewall }) => ipFirewall === undefined)
      ? notApplicable('no environment has its IP firewall on')
      : undefined,
  'PP-C43': (view) =>
    view.data.roundTrips.some(({ family }) => family === 6) ? undefined : notApplicable('no site has IPv6 clients'),
};

/** Sign-in with Microsoft Entra ID. */
const SIGN_IN = 'PP-F11';

/** Whether the loader filled a value in. */
function defaultsOf(view: EstateView): (path: Path) => boolean {
  return estateIndex(view).isDefault;
}

function circuits(view: EstateView): readonly string[] {
  return view.estate.circuits.filter(({ microsoftPeering }) => microsoftPeering !== undefined).map(({ name }) => name);
}

/** True when the source is an address of clients, that is, nothing translated it. */
function isPrivateSource(view: EstateView, source: RoundTrip['forward']['path']['last']['source']): boolean {
  return view.estate.sites.some(({ clients, servers }) =>
    [...clients, ...servers].some((prefix) => prefixContains(prefix, source)),
  );
}
