/**
 * Which proxy, if any, the clients of a place send a flow to. A PAC file goes before an explicit proxy: browsers that are
 * given a script ask nothing else. Only HTTP asks either of them; other protocols go straight. An explicit proxy is not
 * used for addresses inside (private ones), which is what "bypass for local names" amounts to.
 *
 * A script is asked for every representative name of the flow, from every class of clients, for every class of addresses
 * that the name may resolve to; what it answers becomes parts of the flow. The answer for all of them together is unknown
 * where parts differ.
 */
import type { Estate, ProxyScript } from '@bothways/estate';
import type { Flow } from '@bothways/facts';
import {
  compareAddresses,
  intersectionOf,
  type Prefix,
  type PrefixSet,
  parseAddress,
  prefix,
  prefixSet,
  setContains,
  setIsEmpty,
  setPrefixes,
  setTouches,
  unionOf,
} from '@bothways/net';
import { representativeNames } from './flow-names.ts';
import type { Origin } from './model.ts';
import type { NameResolution } from './name-resolution.ts';
import { derived, fromFact } from './origin.ts';
import type { PacEvaluator, PacProblem, PacReply, PacRequest } from './pac.ts';
import { type PacEntry, parsePacAnswer } from './pac-answer.ts';
import { explorePac, PacCuts, type PacOutcome, type PacRegion } from './pac-exploration.ts';
import type { Place } from './places.ts';
import type {
  CompiledProxy,
  CustomerName,
  DirectChoice,
  OpenChoice,
  ProxiedChoice,
  ProxyChoice,
  ProxyOrDirect,
  SiteSteering,
  SteeringPart,
  SteeringTarget,
} from './steering.ts';

export interface ProxyChoiceParts {
  readonly estate: Estate;
  readonly sites: ReadonlyMap<string, SiteSteering>;
  readonly proxies: readonly CompiledProxy[];
  readonly names: readonly CustomerName[];
  readonly places: ReadonlyMap<string, Place>;
  readonly resolution: NameResolution;
  readonly evaluate: PacEvaluator | undefined;
  readonly instants: readonly number[] | undefined;
}

/** What a script said, for findings: who asked, for which name. */
export interface PacSaid {
  readonly script: ProxyScript;
  readonly place: string;
  readonly host: string;
  readonly outcome: PacOutcome;
}

export class ProxyChoices {
  readonly #parts: ProxyChoiceParts;
  readonly #held = new Map<string, readonly SteeringPart[]>();
  readonly #numbers = new SetNumbers();
  readonly #said = new Map<string, PacSaid>();
  readonly #explorations = new Map<string, readonly Explored[]>();
  #groups: ReadonlyMap<string, ScriptGroup> | undefined;
  readonly #replies = new Map<string, Map<string, PacReply>>();
  /** By script: what its runs have cost so far. */
  readonly #spent = new Map<string, number>();

  constructor(parts: ProxyChoiceParts) {
    this.#parts = parts;
  }

  /** What scripts have answered so far, in the order of the questions. */
  get said(): readonly PacSaid[] {
    return [...this.#said.values()];
  }

  proxyFor(place: string, flow: Flow, target: SteeringTarget, environment?: string): ProxyChoice {
    return together(place, this.partsFor(place, flow, target, environment));
  }

  partsFor(place: string, flow: Flow, target: SteeringTarget, environment?: string): readonly SteeringPart[] {
    const key = JSON.stringify([place, flow.id, target.id, environment ?? null]);
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    const parts = this.#decide(place, flow, target, environment);
    this.#held.set(key, parts);
    return parts;
  }

  #decide(place: string, flow: Flow, target: SteeringTarget, environment: string | undefined): readonly SteeringPart[] {
    const { sites, places, proxies } = this.#parts;
    const sources = places.get(place)?.sources ?? [];
    const whole = (choice: ProxyChoice, names: readonly string[] = []): readonly SteeringPart[] => [
      { sources, names, targets: target.set, choice },
    ];
    const steering = sites.get(place);
    if (proxies.some(({ name }) => name === place)) return whole(direct(`${place} is a proxy itself`, []));
    if (steering?.pac === undefined && steering?.proxy === undefined) {
      return whole(direct(`the document names no proxy for ${place}`, []));
    }
    const { origins } = steering;
    if (!/HTTP|WSS/.test(flow.protocol)) {
      return whole(direct(`${flow.protocol} is not HTTP, and only HTTP asks for a proxy`, [fromFact(flow.id)]));
    }
    // UDP never asks for a proxy, which whoever follows packets sees by the protocol.
    const mixed = /TDS|AMQP|SQL|TCP|connector/.test(flow.protocol);
    const parts =
      steering.pac === undefined
        ? whole(explicitChoice(place, steering, target))
        : this.#script(place, flow, target, environment, steering.pac, sources, origins);
    if (!mixed || parts.every(({ choice }) => choice.kind === 'direct')) return parts;
    return parts.map((part) => ({ ...part, choice: partly(part.choice, flow) }));
  }

  #script(
    place: string,
    flow: Flow,
    target: SteeringTarget,
    environment: string | undefined,
    script: ProxyScript,
    sources: readonly Prefix[],
    origins: readonly Origin[],
  ): readonly SteeringPart[] {
    const { estate, evaluate } = this.#parts;
    const names = representativeNames(flow, estate, environment);
    const open = (because: string, why: readonly Origin[]): readonly SteeringPart[] => [
      { sources, names, targets: target.set, choice: this.#anything(because, [...origins, ...why]) },
    ];
    if (evaluate === undefined) return open(`nothing at hand evaluates the proxy script of ${place}`, []);
    if (names.length === 0)
      return open(`no host name of ${flow.name} is documented, so the script cannot be asked`, [fromFact(flow.id)]);
    const explored = this.#explored(place, flow, target, names, script, evaluate);
    const own = prefixSet(sources);
    const choices = explored.flatMap(({ host, regions }) =>
      regionsOf(regions, own, this.#numbers).map((region) => {
        for (const outcome of region.outcomes) this.#note({ script, place, host, outcome });
        return { host, region, choice: this.#ofRegion(host, region, script, origins) };
      }),
    );
    return grouped(choices, sources, this.#numbers);
  }

  #note(said: PacSaid): void {
    const key = JSON.stringify([said.script.text, said.host, said.outcome]);
    if (!this.#said.has(key)) this.#said.set(key, said);
  }

  /** Every place with this script and this resolver is explored at once: what it costs does not grow with the places. */
  #explored(
    place: string,
    flow: Flow,
    target: SteeringTarget,
    names: readonly string[],
    script: ProxyScript,
    evaluate: PacEvaluator,
  ): readonly Explored[] {
    const { resolution, instants } = this.#parts;
    const group = this.#groupOf(place, script);
    const scheme = flow.protocol === 'HTTP' ? 'http' : 'https';
    const key = JSON.stringify([group.key, target.id, scheme, names]);
    const held = this.#explorations.get(key);
    if (held !== undefined) return held;
    const world = {
      sources: group.sources,
      targets: target.set,
      addressesOf: (name: string) => resolution.addressesOf(place, name),
      ...(instants === undefined ? {} : { instants }),
    };
    const cuts = new PacCuts();
    const guarded: PacEvaluator = (request) => this.#run(evaluate, request);
    const explore = (): readonly Explored[] =>
      names.map((host) => ({
        host,
        regions: explorePac(guarded, { script: script.text, host, url: `${scheme}://${host}/` }, world, cuts),
      }));
    // Names share their cuts: one that is asked later may cut what an earlier one took as a whole.
    let before = cuts.size;
    let all = explore();
    while (cuts.size !== before) {
      before = cuts.size;
      all = explore();
    }
    this.#explorations.set(key, all);
    return all;
  }

  #groupOf(place: string, { text }: ProxyScript): ScriptGroup {
    this.#groups ??= this.#grouping();
    const found = this.#groups.get(place);
    if (found === undefined) throw new Error(`${place} has a script of ${text.length} characters and is in no group`);
    return found;
  }

  #grouping(): ReadonlyMap<string, ScriptGroup> {
    const { sites, places, resolution } = this.#parts;
    const members = new Map<string, { readonly names: string[]; readonly sources: Prefix[] }>();
    const texts: string[] = [];
    for (const [name, { pac }] of sites) {
      if (pac === undefined) continue;
      if (!texts.includes(pac.text)) texts.push(pac.text);
      const own = places.get(name)?.sources ?? [];
      const { kind, name: resolver } = resolution.resolverOf(name);
      // A client without IPv4 is asked for its IPv6 address, so such places stand apart.
      const hasFour = own.some(({ family }) => family === 4);
      const key = JSON.stringify([texts.indexOf(pac.text), kind, resolver ?? null, hasFour]);
      const group = members.get(key) ?? { names: [], sources: [] };
      group.names.push(name);
      group.sources.push(...own);
      members.set(key, group);
    }
    const groups = new Map<string, ScriptGroup>();
    for (const [key, { names, sources }] of members) {
      const group: ScriptGroup = { key, sources: prefixSet(sources) };
      for (const name of names) groups.set(name, group);
    }
    return groups;
  }

  /** Sites that share a script ask the same questions: each is run once. */
  #run(evaluate: PacEvaluator, request: PacRequest): PacReply {
    const { script, url, answers } = request;
    const spent = this.#spent.get(script) ?? 0;
    if (spent > COST_LIMIT) return { kind: 'problem', problem: TOO_DEAR, reads: NOTHING, cost: 0 };
    const replies = this.#replies.get(script) ?? new Map<string, PacReply>();
    this.#replies.set(script, replies);
    const key = JSON.stringify([url, answers]);
    const held = replies.get(key);
    if (held !== undefined) return held;
    const reply = evaluate(request);
    this.#spent.set(script, spent + 1 + reply.cost);
    if (replies.size >= REPLY_LIMIT) replies.clear();
    replies.set(key, reply);
    return reply;
  }

  #ofRegion(host: string, { outcomes, open }: PacRegion, script: ProxyScript, origins: readonly Origin[]): ProxyChoice {
    const choices = outcomes.map((outcome) => this.#ofOutcome(host, outcome, script, origins));
    const [first, ...others] = choices;
    if (first === undefined) throw new Error(`the script ${script.file} was asked for ${host} and gave nothing`);
    if (others.every((each) => choiceKey(each) === choiceKey(first))) return first;
    const possibilities = distinct(choices.flatMap((each) => ('possibilities' in each ? each.possibilities : [each])));
    const because = `for ${host} the script of ${script.file} goes by ${listed(open)}`;
    return { kind: 'unknown', possibilities, because, origins };
  }

  #ofOutcome(host: string, outcome: PacOutcome, script: ProxyScript, origins: readonly Origin[]): ProxyChoice {
    if (outcome.kind === 'problem') {
      // Browsers differ: some go direct when a script fails, some refuse.
      return this.#anything(
        `the script of ${script.file} gives no answer for ${host}: ${outcome.problem.message}`,
        origins,
      );
    }
    const entries = parsePacAnswer(outcome.text);
    const because = `the script of ${script.file} says ${said(outcome.text)} for ${host}`;
    return this.#ofEntries(entries, because, origins);
  }

  #ofEntries(entries: readonly PacEntry[], because: string, origins: readonly Origin[]): ProxyChoice {
    const [first, ...rest] = entries;
    if (first === undefined || first.kind === 'direct') {
      return { kind: 'direct', fallback: rest.flatMap((each) => this.#plain(each)), because, origins };
    }
    const [known] = this.#plain(first);
    if (known?.kind === 'proxy') {
      return { kind: 'proxy', name: known.name, fallback: rest.flatMap((each) => this.#plain(each)), because, origins };
    }
    const next = rest.length === 0 ? undefined : this.#ofEntries(rest, because, origins);
    const possibilities = next === undefined ? [] : 'possibilities' in next ? next.possibilities : [next];
    const unknown = first.written;
    return {
      kind: 'unresolved',
      possibilities,
      because: `${because}, and the document has no proxy ${unknown}`,
      origins,
    };
  }

  #plain(entry: PacEntry): readonly ProxyOrDirect[] {
    if (entry.kind === 'direct') return [{ kind: 'direct' }];
    const proxy = entry.kind === 'proxy' ? declaredProxy(entry, this.#parts.proxies, this.#parts.names) : undefined;
    return proxy === undefined ? [] : [{ kind: 'proxy', name: proxy.name }];
  }

  /** Everything that the document has. */
  #anything(because: string, origins: readonly Origin[]): OpenChoice {
    const proxied = this.#parts.proxies.map(
      ({ name }): ProxiedChoice => ({ kind: 'proxy', name, fallback: [], because, origins }),
    );
    return { kind: 'unknown', possibilities: [direct(because, origins), ...proxied], because, origins };
  }
}

/** The proxy that a script means: by its name, with or without a domain, by its address, or by a name of a service there. */
export function declaredProxy(
  { host, port }: Extract<PacEntry, { kind: 'proxy' }>,
  proxies: readonly CompiledProxy[],
  names: readonly CustomerName[],
): CompiledProxy | undefined {
  const literal = parseAddress(host);
  const service = names.find((each) => each.name.toLowerCase() === host);
  const address = literal.ok ? literal.value : service?.inside;
  return proxies.find((proxy) => {
    if (proxy.port !== port) return false;
    if (address !== undefined && compareAddresses(proxy.address, address) === 0) return true;
    const name = proxy.name.toLowerCase();
    return !literal.ok && (host === name || host.startsWith(`${name}.`));
  });
}

/**
 * What all runs of one script may cost together, one more for each run: some twenty seconds. No real script comes near; it
 * keeps one that is slow on purpose, for every name and every hour, from taking hours.
 */
const COST_LIMIT = 200_000;
const TOO_DEAR: PacProblem = {
  kind: 'instructions',
  message: 'all its answers together take too many steps',
  line: undefined,
  column: undefined,
};

/** Replies of one script that are kept. */
const REPLY_LIMIT = 50_000;

const NOTHING = { networks: [], seconds: [], days: [], months: [], years: [] };

/** RFC 1918, RFC 6598 and RFC 4193. */
const INSIDE: PrefixSet = prefixSet(
  ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'].map(prefix),
);

function explicitChoice(place: string, { proxy, origins }: SiteSteering, target: SteeringTarget): ProxyChoice {
  if (proxy === undefined) throw new Error(`${place} has no explicit proxy`);
  if (!setIsEmpty(target.set) && setContains(INSIDE, target.set)) {
    return direct('private addresses are not sent to a proxy', [...origins, derived('a bypass for what is inside')]);
  }
  return { kind: 'proxy', name: proxy, fallback: [], because: `${place} uses the proxy ${proxy}`, origins };
}

function direct(because: string, origins: readonly Origin[]): DirectChoice {
  return { kind: 'direct', fallback: [], because, origins };
}

/** HTTP of the flow takes the choice, the rest goes straight. */
function partly(choice: ProxyChoice, flow: Flow): ProxyChoice {
  const because = `only the HTTP of ${flow.protocol} asks for a proxy: ${choice.because}`;
  const origins = [...choice.origins, fromFact(flow.id)];
  const chosen = 'possibilities' in choice ? choice.possibilities : [choice];
  return { kind: 'unknown', possibilities: distinct([...chosen, direct(because, origins)]), because, origins };
}

interface Explored {
  readonly host: string;
  readonly regions: readonly PacRegion[];
}

/** Places with one script and one resolver. */
interface ScriptGroup {
  readonly key: string;
  readonly sources: PrefixSet;
}

/** The regions that clients of these addresses are in. */
function regionsOf(regions: readonly PacRegion[], own: PrefixSet, numbers: SetNumbers): readonly PacRegion[] {
  if (setIsEmpty(own)) return regions.filter(({ isRest }) => !isRest);
  const prefixes = setPrefixes(own);
  const here = regions.flatMap((region) => {
    if (!prefixes.some((each) => setTouches(region.sources, each))) return [];
    return [{ ...region, sources: intersectionOf(region.sources, own) }];
  });
  return here.map((region) => {
    if (!region.isRest) return region;
    // What no class stands for gets what any other client of the place gets, not any client of any place.
    const others = here.filter((each) => !each.isRest && numbers.of(each.targets) === numbers.of(region.targets));
    const outcomes = new Map(others.flatMap((each) => each.outcomes.map((one) => [JSON.stringify(one), one] as const)));
    const open = new Set(others.flatMap((each) => each.open));
    if (outcomes.size > 1 && open.size === 0) open.add('an address of the client that nobody said');
    return { ...region, outcomes: [...outcomes.values()], open: [...open] };
  });
}

interface Judged {
  readonly host: string;
  readonly region: PacRegion;
  readonly choice: ProxyChoice;
}

/** Names with the same verdicts stand together; so do regions of such names with the same verdict. */
function grouped(judged: readonly Judged[], sources: readonly Prefix[], numbers: SetNumbers): readonly SteeringPart[] {
  const byHost = new Map<string, Judged[]>();
  for (const each of judged) byHost.set(each.host, [...(byHost.get(each.host) ?? []), each]);
  const alike = new Map<string, { readonly hosts: string[]; readonly all: readonly Judged[] }>();
  for (const [host, all] of byHost) {
    const key = JSON.stringify(
      all.map(({ choice, region }) => [choiceKey(choice), numbers.of(region.sources), numbers.of(region.targets)]),
    );
    const group = alike.get(key);
    if (group === undefined) alike.set(key, { hosts: [host], all });
    else group.hosts.push(host);
  }
  return [...alike.values()].flatMap(({ hosts, all }) => {
    // First targets of one class of clients, then clients with the same division of targets.
    const rows = new Map<string, { sources: PrefixSet; readonly cells: readonly Cell[] }>();
    for (const row of rowsOf(all, numbers)) {
      const key = JSON.stringify(row.cells.map(({ choice, targets }) => [choiceKey(choice), numbers.of(targets)]));
      const held = rows.get(key);
      if (held === undefined) rows.set(key, row);
      else held.sources = unionOf(held.sources, row.sources);
    }
    const only = rows.size === 1;
    return [...rows.values()].flatMap((row) =>
      row.cells.map(({ targets, choice }) => ({
        sources: only ? sources : setPrefixes(row.sources),
        names: hosts,
        targets,
        choice,
      })),
    );
  });
}

interface Cell {
  targets: PrefixSet;
  readonly choice: ProxyChoice;
}

function rowsOf(
  all: readonly Judged[],
  numbers: SetNumbers,
): readonly { sources: PrefixSet; readonly cells: readonly Cell[] }[] {
  const rows = new Map<number, { sources: PrefixSet; readonly cells: Map<string, Cell> }>();
  for (const { region, choice } of all) {
    const at = numbers.of(region.sources);
    const row = rows.get(at) ?? { sources: region.sources, cells: new Map<string, Cell>() };
    rows.set(at, row);
    const cell = row.cells.get(choiceKey(choice));
    if (cell === undefined) row.cells.set(choiceKey(choice), { targets: region.targets, choice });
    else cell.targets = joined(cell.targets, region.targets);
  }
  return [...rows.values()].map((row) => ({ sources: row.sources, cells: [...row.cells.values()] }));
}

/** Numbers that are equal for equal sets: all places of a script share the sets of its destinations, which can be long. */
class SetNumbers {
  readonly #bySet = new WeakMap<PrefixSet, number>();
  readonly #byText = new Map<string, number>();

  of(set: PrefixSet): number {
    const held = this.#bySet.get(set);
    if (held !== undefined) return held;
    const text = [...set.ipv4, ...set.ipv6].map(({ first, last }) => `${first}-${last}`).join(' ');
    const number = this.#byText.get(text) ?? this.#byText.size;
    this.#byText.set(text, number);
    this.#bySet.set(set, number);
    return number;
  }
}

const unions = new WeakMap<PrefixSet, WeakMap<PrefixSet, PrefixSet>>();

/** Kept, so that equal unions are one set. */
function joined(a: PrefixSet, b: PrefixSet): PrefixSet {
  if (a === b) return a;
  const known = unions.get(a) ?? new WeakMap<PrefixSet, PrefixSet>();
  unions.set(a, known);
  const union = known.get(b) ?? unionOf(a, b);
  known.set(b, union);
  return union;
}

/** One answer for all parts. */
function together(place: string, parts: readonly SteeringPart[]): ProxyChoice {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error(`the clients of ${place} were given no way at all`);
  const key = choiceKey(first.choice);
  if (others.every(({ choice }) => choiceKey(choice) === key)) return first.choice;
  const possibilities = distinct(
    parts.flatMap(({ choice }) => ('possibilities' in choice ? choice.possibilities : [choice])),
  );
  const names = new Set(parts.map((part) => part.names.join(', ')));
  const because =
    names.size > 1
      ? `names of the flow are treated differently at ${place}: ${[...names].join(' | ')}`
      : `clients or addresses of the flow are treated differently at ${place}`;
  const kind = parts.some(({ choice }) => choice.kind === 'unresolved') ? 'unresolved' : 'unknown';
  return { kind, possibilities, because, origins: first.choice.origins };
}

/** Equal for choices that lead to the same behaviour, whatever the reason. */
function choiceKey(choice: ProxyChoice): string {
  if ('possibilities' in choice) {
    return `${choice.kind}(${choice.possibilities.map(choiceKey).toSorted().join('|')})`;
  }
  const first = choice.kind === 'direct' ? 'direct' : choice.name;
  return [first, ...choice.fallback.map((each) => (each.kind === 'direct' ? 'direct' : each.name))].join(' then ');
}

function distinct(choices: readonly (DirectChoice | ProxiedChoice)[]): readonly (DirectChoice | ProxiedChoice)[] {
  const held = new Map<string, DirectChoice | ProxiedChoice>();
  for (const each of choices) if (!held.has(choiceKey(each))) held.set(choiceKey(each), each);
  return [...held.values()];
}

/** As the script wrote it, short enough for a sentence. */
function said(text: string): string {
  const shown = text.trim() === '' ? 'nothing' : text.trim();
  return `"${shown.length > 80 ? `${shown.slice(0, 79)}…` : shown}"`;
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
