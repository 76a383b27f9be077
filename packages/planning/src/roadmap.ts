/**
 * The way from one estate to another: which steps, in which order, how long, who does them.
 *
 * Orders and everything that waits for somebody else start at once; changes that packets notice come one at a time, and
 * what is no longer needed goes last. A step begins when all it depends on is done (earliest start, in whole days).
 *
 * No source gives lead times of providers, hardware or lines, so they are asked for; a step whose length nobody said
 * counts no days and every date after it is a date "not before". ER-067: validation of prefixes by hand is a support
 * ticket; ER-187, ER-189: Microsoft 365 needs an exception first, and such projects take months.
 */
import type { Circuit, Estate } from '@bothways/estate';

export const LEAD_TIMES = [
  'provider',
  'hardware',
  'wan-line',
  'internet-line',
  'prefix-validation',
  'microsoft-365-authorisation',
] as const;

export type LeadTime = (typeof LEAD_TIMES)[number];

/** Calendar days by lead time; what is absent nobody said. */
export type LeadTimes = Partial<Readonly<Record<LeadTime, number>>>;

export type StepKind = 'order' | 'wait' | 'build' | 'change' | 'remove';

interface RoadmapStep {
  /** 'order-er-frankfurt': unique and stable. */
  readonly id: string;
  readonly kind: StepKind;
  readonly title: string;
  /** Ids of steps that must be done. */
  readonly after: readonly string[];
  /** Calendar days; undefined: nobody said. */
  readonly days: number | undefined;
  readonly lead: LeadTime | undefined;
  readonly skill: string;
  /** Fact ids. */
  readonly facts: readonly string[];
  /** What the network is made of when it is done; undefined: packets do not notice. */
  readonly state: RoadmapState | undefined;
}

/** Names of what is new and already there, and of what is old and gone. */
export interface RoadmapState {
  readonly circuits: ReadonlySet<string>;
  /** New circuits whose route filter is attached. */
  readonly filtered: ReadonlySet<string>;
  /** Sites that follow the new routing and use the new breakouts. */
  readonly moved: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

export interface ScheduledStep extends RoadmapStep {
  /** Days from the start of the roadmap. */
  readonly begins: number;
  readonly ends: number;
  /** Some step before it has no known length. */
  readonly notBefore: boolean;
}

export interface Roadmap {
  readonly steps: readonly ScheduledStep[];
  readonly missing: readonly LeadTime[];
  readonly days: number;
}

const ORDER_DAYS = 1;
const BUILD_DAYS = 2;
const CHANGE_DAYS = 1;

export function roadmapOf(from: Estate, to: Estate, leads: LeadTimes): Roadmap {
  const steps = stepsOf(from, to, leads);
  const done = new Map<string, ScheduledStep>();
  const waiting = [...steps];
  const scheduled: ScheduledStep[] = [];
  while (waiting.length > 0) {
    const ix = waiting.findIndex(({ after }) => after.every((id) => done.has(id)));
    const [step] = ix < 0 ? [] : waiting.splice(ix, 1);
    if (step === undefined) throw new Error(`the steps ${waiting.map(({ id }) => id).join(', ')} wait for each other`);
    const before = step.after.flatMap((id) => done.get(id) ?? []);
    const begins = Math.max(0, ...before.map(({ ends }) => ends));
    const placed = {
      ...step,
      begins,
      ends: begins + (step.days ?? 0),
      notBefore: before.some((each) => each.notBefore || each.days === undefined),
    };
    done.set(step.id, placed);
    scheduled.push(placed);
  }
  const missing = LEAD_TIMES.filter((lead) => scheduled.some((step) => step.lead === lead && step.days === undefined));
  return { steps: scheduled, missing, days: Math.max(0, ...scheduled.map(({ ends }) => ends)) };
}

function stepsOf(from: Estate, to: Estate, leads: LeadTimes): readonly RoadmapStep[] {
  const steps: RoadmapStep[] = [];
  const add = (
    step: Omit<RoadmapStep, 'after' | 'days' | 'lead' | 'facts' | 'state'> & Partial<RoadmapStep>,
  ): string => {
    const { lead } = step;
    const days = lead === undefined ? (step.days ?? 0) : leads[lead];
    steps.push({ after: [], facts: [], state: undefined, ...step, days, lead });
    return step.id;
  };
  const isNew = <Value extends { readonly name: string }>(
    now: readonly Value[],
    before: readonly Value[],
  ): readonly Value[] => now.filter(({ name }) => !before.some((each) => each.name === name));
  const circuits = isNew(to.circuits, from.circuits);
  const gone = isNew(from.circuits, to.circuits);
  const lines = isNew(to.wan, from.wan);
  const internet = isNew(to.internetEdges, from.internetEdges);
  const edges = isNew(to.expressRouteEdges, from.expressRouteEdges);
  const hubs = isNew(to.sites, from.sites);

  const builtHubs = hubs.map((hub) => {
    const room = add({
      id: `order-${hub.name}`,
      kind: 'order',
      title: `order space and equipment for ${hub.name}`,
      days: ORDER_DAYS,
      skill: 'procurement',
    });
    const parts = add({
      id: `deliver-${hub.name}`,
      kind: 'wait',
      title: `equipment for ${hub.name} arrives`,
      after: [room],
      lead: 'hardware',
      skill: 'procurement',
    });
    return {
      name: hub.name,
      step: add({
        id: `build-${hub.name}`,
        kind: 'build',
        title: `build ${hub.name}: routers, firewalls, cabling`,
        after: [parts],
        days: BUILD_DAYS,
        skill: 'firewalls and address translation',
      }),
    };
  });
  const at = (site: string | undefined): readonly string[] =>
    builtHubs.flatMap(({ name, step }) => (name === site ? [step] : []));
  const builtEdges = edges
    .filter(({ site }) => at(site).length === 0)
    .map((edge) => {
      const parts = add({
        id: `deliver-${edge.name}`,
        kind: 'wait',
        title: `routers and firewall for ${edge.name} arrive`,
        lead: 'hardware',
        skill: 'procurement',
      });
      return {
        name: edge.name,
        step: add({
          id: `build-${edge.name}`,
          kind: 'build',
          title: `build ${edge.name}`,
          after: [parts],
          days: BUILD_DAYS,
          skill: 'firewalls and address translation',
        }),
      };
    });
  const readyLines = lines.map((line) => {
    const joins = line.kind === 'link' ? line.between : line.members.map(({ site }) => site);
    const order = add({
      id: `order-${line.name}`,
      kind: 'order',
      title: `order the line ${line.name}`,
      days: ORDER_DAYS,
      skill: 'procurement',
    });
    return add({
      id: `deliver-${line.name}`,
      kind: 'wait',
      title: `${line.name} is delivered`,
      after: [order, ...joins.flatMap(at)],
      lead: 'wan-line',
      skill: 'wide area network',
    });
  });
  const readyInternet = internet.map((edge) => {
    const order = add({
      id: `order-${edge.name}`,
      kind: 'order',
      title: `order the internet line ${edge.name}`,
      days: ORDER_DAYS,
      skill: 'procurement',
    });
    return add({
      id: `deliver-${edge.name}`,
      kind: 'wait',
      title: `${edge.name} is delivered`,
      after: [order, ...at(edge.site)],
      lead: 'internet-line',
      skill: 'wide area network',
    });
  });

  const state = {
    circuits: new Set<string>(),
    filtered: new Set<string>(),
    moved: new Set<string>(),
    removed: new Set<string>(),
  };
  const snapshot = (): RoadmapState => ({
    circuits: new Set(state.circuits),
    filtered: new Set(state.filtered),
    moved: new Set(state.moved),
    removed: new Set(state.removed),
  });
  let last: readonly string[] = [];
  const change = (step: {
    readonly id: string;
    readonly title: string;
    readonly after?: readonly string[];
    readonly skill: string;
    readonly kind?: StepKind;
    readonly facts?: readonly string[];
  }): void => {
    const { after = [], kind = 'change', ...rest } = step;
    last = [add({ ...rest, kind, after: [...last, ...after], days: CHANGE_DAYS, state: snapshot() })];
  };
  const authorised = circuits.some(usesMicrosoft365)
    ? [
        add({
          id: 'authorise-microsoft-365',
          kind: 'wait',
          title: 'Microsoft authorises Microsoft 365 over ExpressRoute',
          lead: 'microsoft-365-authorisation',
          skill: 'service owner',
          facts: ['ER-187', 'ER-189'],
        }),
      ]
    : [];
  const peered: { readonly circuit: Circuit; readonly ready: readonly string[] }[] = circuits.map((circuit) => {
    const { name, edge } = circuit;
    const order = add({
      id: `order-${name}`,
      kind: 'order',
      title: `create ${name} in Azure and give the service key to the provider`,
      days: ORDER_DAYS,
      skill: 'Azure networking',
      facts: ['ER-184'],
    });
    const provisioned = add({
      id: `provision-${name}`,
      kind: 'wait',
      title: `${circuit.provider ?? 'the provider'} provisions ${name}`,
      after: [order],
      lead: 'provider',
      skill: 'procurement',
      facts: ['ER-184'],
    });
    const validated =
      circuit.microsoftPeering === undefined
        ? []
        : [
            add({
              id: `validate-${name}`,
              kind: 'wait',
              title: `Microsoft validates the prefixes announced on ${name}`,
              after: [order],
              lead: 'prefix-validation',
              skill: 'BGP routing',
              facts: ['ER-066', 'ER-067'],
            }),
          ];
    const edgeSite = to.expressRouteEdges.find((each) => each.name === edge)?.site;
    const built = [...at(edgeSite), ...builtEdges.flatMap((each) => (each.name === edge ? [each.step] : []))];
    return { circuit, ready: [provisioned, ...validated, ...built] };
  });
  const infrastructure = [...readyLines, ...readyInternet];
  if (infrastructure.length > 0) {
    change({
      id: 'connect-lines',
      title: 'take the new lines into the network',
      after: [...infrastructure, ...builtHubs.map(({ step }) => step)],
      skill: 'wide area network',
    });
  }
  for (const { circuit, ready } of peered) {
    state.circuits.add(circuit.name);
    change({
      id: `peer-${circuit.name}`,
      title: `bring up both sessions of ${circuit.name}, still without a route filter`,
      after: ready,
      skill: 'BGP routing',
      facts: ['ER-077', 'ER-078'],
    });
    if (circuit.microsoftPeering === undefined) continue;
    state.filtered.add(circuit.name);
    change({
      id: `filter-${circuit.name}`,
      title: `attach the route filter to ${circuit.name}: traffic begins to use it`,
      after: usesMicrosoft365(circuit) ? authorised : [],
      skill: 'BGP routing',
      facts: ['ER-078'],
    });
  }
  const movers = to.sites.filter(({ name, breakout }) => {
    const before = from.sites.find((each) => each.name === name);
    const rerouted =
      to.routing.some((each) => each.device === name) && !from.routing.some((each) => each.device === name);
    return rerouted || (before !== undefined && before.breakout !== breakout);
  });
  for (const { name } of movers) {
    state.moved.add(name);
    change({ id: `move-${name}`, title: `let ${name} use its planned ways`, skill: 'BGP routing' });
  }
  for (const { name } of gone) {
    state.removed.add(name);
    change({
      id: `remove-${name}`,
      kind: 'remove',
      title: `withdraw ${name}: drain it, delete it at the provider, then in Azure`,
      skill: 'Azure networking',
    });
  }
  return steps;
}

/** Whether the route filter lets Microsoft 365 through: communities 12076:5010 to 12076:5100 of its services (ER-076). */
function usesMicrosoft365({ microsoftPeering }: Circuit): boolean {
  const services = new Set([5010, 5020, 5030, 5100]);
  return microsoftPeering?.routeFilter?.some(({ community }) => services.has(community % 65_536)) === true;
}
