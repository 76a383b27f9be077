/**
 * What newer address files mean. First as such: which sets and prefixes came and went. Then for an estate: whether there
 * is anything to do, and if so which route filter, firewall, PAC file or prefix limit it touches; and, computed with both
 * states of the files, which round trips end otherwise than before.
 *
 * What Microsoft really advertises is not published: counts are of prefixes as the files list them.
 */
import type { EstateView } from '@bothways/checks';
import { type Finding, plural } from '@bothways/diagnostics';
import {
  type AddressData,
  type AddressSet,
  azureRegion,
  azureRegions,
  communities,
  compareEndpointFiles,
  compareTagFiles,
  describeCommunity,
  endpointFile,
  type Flow,
  flow as flowOf,
  incompleteness,
  mergeAddressData,
  microsoft365Sets,
  newerThanBuiltIn,
  type PackedEndpointFile,
  type PackedTagFile,
  readEndpoints,
  readServiceTags,
  regionalTag,
  replacedAddressData,
  tagFile,
  whoOwns,
  withAddressData,
} from '@bothways/facts';
import {
  differenceOf,
  emptySet,
  firstAddress,
  formatCommunity,
  formatPrefix,
  type Parsed,
  type Prefix,
  type PrefixSet,
  prefixSet,
  setIsEmpty,
  setPrefixes,
  setsOverlap,
  unionOf,
} from '@bothways/net';
import { type AddressFilesChange, endpointFileChangeView, tagFileChangeView } from './address-change-view.ts';
import { type RoundTripView, roundTripView } from './check.ts';
import { type InputFile, type OpenOptions, openEstate } from './estate-view.ts';
import { setsOfFlow } from './flow-sets.ts';

export interface Download {
  readonly text: string;
  readonly fileName: string;
  /** ISO day, or 'undated' where nobody said; an undated file compares, and cannot be put to use. */
  readonly date: string;
}

export interface PreparedUpdate {
  /** The files as read; nothing is in use yet. */
  readonly data: AddressData;
  readonly change: AddressFilesChange;
  /** Why a file must not be put to use though it can be read and compared; one line for each. */
  readonly obstacles: readonly string[];
}

/** Reads downloads and compares them with the files in use. The first file that cannot be used is the problem. */
export function prepareUpdate(
  serviceTags: readonly Download[],
  endpointLists: readonly Download[],
): Parsed<PreparedUpdate> {
  const tags: PackedTagFile[] = [];
  const endpoints: PackedEndpointFile[] = [];
  for (const { text, fileName, date } of serviceTags) {
    const read = readServiceTags(text, fileName, date);
    if (!read.ok) return { ...read, problem: `${fileName}: ${read.problem}` };
    if (tags.some(({ cloud }) => cloud === read.value.cloud)) {
      return { ok: false, problem: `${fileName}: there are two files of the cloud ${read.value.cloud}` };
    }
    tags.push(read.value);
  }
  for (const { text, fileName, date } of endpointLists) {
    const read = readEndpoints(text, fileName, date);
    if (!read.ok) return { ...read, problem: `${fileName}: ${read.problem}` };
    if (endpoints.some(({ instance }) => instance === read.value.instance)) {
      return { ok: false, problem: `${fileName}: there are two lists of the instance ${read.value.instance}` };
    }
    endpoints.push(read.value);
  }
  for (const file of [...tags, ...endpoints]) {
    const lacking = incompleteness(file, 'cloud' in file ? tagFile(file.cloud) : endpointFile(file.instance));
    if (lacking !== undefined) return { ok: false, problem: `${file.file}: ${lacking}` };
  }
  const data = { tags, endpoints };
  return {
    ok: true,
    value: {
      data,
      change: {
        serviceTags: tags.map((file) => tagFileChangeView(compareTagFiles(tagFile(file.cloud), file))),
        microsoft365: endpoints.map((file) =>
          endpointFileChangeView(compareEndpointFiles(endpointFile(file.instance), file)),
        ),
      },
      obstacles: obstaclesTo(data),
    },
  };
}

function obstaclesTo(data: AddressData): readonly string[] {
  const undated = [...data.tags, ...data.endpoints].filter(({ date }) => date === 'undated').map(({ file }) => file);
  const { overtaken } = newerThanBuiltIn(data);
  return [
    ...undated.map((name) => `the name of ${name} has no day; add --date with the day it was downloaded`),
    ...overtaken
      .filter((name) => !undated.includes(name))
      .map((name) => `${name} is not newer than the file that is built in, which would be used in its place`),
  ];
}

/** Compares two downloads of the same kind, whatever is in use. */
export function compareDownloads(before: Download, after: Download): Parsed<AddressFilesChange> {
  const kinds = [before, after].map(({ text }) =>
    text
      .trimStart()
      .replace(/^\uFEFF/, '')
      .startsWith('[')
      ? 'list'
      : 'tags',
  );
  if (kinds[0] !== kinds[1]) {
    return { ok: false, problem: 'one file is an endpoint list and the other is not: only files of one kind compare' };
  }
  if (kinds[0] === 'list') {
    const [old, young] = [before, after].map(({ text, fileName, date }) => readEndpoints(text, fileName, date));
    if (old === undefined || !old.ok) return refused(before, old);
    if (young === undefined || !young.ok) return refused(after, young);
    if (old.value.instance !== young.value.instance) {
      return { ok: false, problem: `the lists are of ${old.value.instance} and of ${young.value.instance}` };
    }
    return {
      ok: true,
      value: { serviceTags: [], microsoft365: [endpointFileChangeView(compareEndpointFiles(old.value, young.value))] },
    };
  }
  const [old, young] = [before, after].map(({ text, fileName, date }) => readServiceTags(text, fileName, date));
  if (old === undefined || !old.ok) return refused(before, old);
  if (young === undefined || !young.ok) return refused(after, young);
  if (old.value.cloud !== young.value.cloud) {
    return { ok: false, problem: `the files are of the clouds ${old.value.cloud} and ${young.value.cloud}` };
  }
  return {
    ok: true,
    value: { serviceTags: [tagFileChangeView(compareTagFiles(old.value, young.value))], microsoft365: [] },
  };
}

function refused(file: Download, read: Parsed<unknown> | undefined): Parsed<never> {
  if (read === undefined || read.ok) throw new TypeError('a file that was read has no problem');
  return { ...read, problem: `${file.fileName}: ${read.problem}` };
}

// ---- What it means for an estate

export type Touched = 'route filter' | 'firewall' | 'PAC and proxy lists' | 'prefix count' | 'round trips';

export interface Consequence {
  readonly touched: Touched;
  /** 'must': the design stops holding as it is. 'if': only where somebody wrote the addresses or names down. 'none'. */
  readonly action: 'must' | 'if' | 'none';
  /** Name of the circuit or firewalls; of more general things, words. */
  readonly element: string;
  readonly text: string;
  /** Prefixes or names to add and to take away where the element lists them. */
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export interface ChangedTrip {
  readonly id: string;
  readonly before: RoundTripView | undefined;
  readonly after: RoundTripView | undefined;
}

export interface UpdateImpact {
  readonly usable: boolean;
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  readonly estate: string | undefined;
  /** 'none': nothing to do, whatever the firewalls list. */
  readonly action: 'none' | 'if' | 'must';
  readonly consequences: readonly Consequence[];
  readonly roundTrips: { readonly before: number; readonly after: number; readonly changed: readonly ChangedTrip[] };
}

/** What the update means for this estate. The files in use stay in use. */
export function updateImpact(
  files: readonly InputFile[],
  update: AddressData,
  options: OpenOptions = {},
): UpdateImpact {
  const before = openEstate(files, options);
  const base = { findings: before.findings, sources: before.document.printableSources };
  if (before.view === undefined) {
    const none = { before: 0, after: 0, changed: [] };
    return { ...base, usable: false, estate: undefined, action: 'none', consequences: [], roundTrips: none };
  }
  const { view } = before;
  const old = picture(view);
  const wasUncovered = uncovered(view);
  const next = mergeAddressData(replacedAddressData(), update);
  const young = withAddressData(next, () => {
    const opened = openEstate(files, options);
    if (opened.view === undefined) throw new Error('the estate loads with one state of the address files only');
    return { ...picture(opened.view), filters: filterConsequences(wasUncovered, uncovered(opened.view)) };
  });
  const changed = changedTrips(old.trips, young.trips);
  const consequences = [
    ...young.filters,
    ...flagConsequences(view, old, young),
    ...firewallConsequences(view, old, young),
    ...nameConsequences(view, old, young),
    ...countConsequences(view, old, young),
    ...(changed.length === 0
      ? []
      : [
          {
            touched: 'round trips' as const,
            action: changed.some(({ after }) => after?.outcome === 'broken') ? ('must' as const) : ('none' as const),
            element: 'estate',
            text: `${plural(changed.length, 'round trip')} another way or with another end`,
            add: [],
            remove: [],
          },
        ]),
  ];
  const actions = consequences.map(({ action }) => action);
  return {
    ...base,
    usable: true,
    estate: view.estate.organisation.name,
    action: actions.includes('must') ? 'must' : actions.includes('if') ? 'if' : 'none',
    consequences,
    roundTrips: { before: old.trips.size, after: young.trips.size, changed },
  };
}

interface UsedSet {
  readonly set: AddressSet;
  readonly flows: readonly Flow[];
}

/** What counts of an estate under one state of the files. */
interface Picture {
  readonly used: ReadonlyMap<string, UsedSet>;
  readonly trips: ReadonlyMap<string, RoundTripView>;
  /** Prefixes behind the route filter of each circuit, as published. */
  readonly received: ReadonlyMap<string, readonly Prefix[]>;
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Endpoint sets in use, by id, with their ExpressRoute flag. */
  readonly flags: ReadonlyMap<number, boolean>;
}

function picture(view: EstateView): Picture {
  const { estate } = view;
  const { cloud } = estate.organisation;
  const regions = [...new Set(estate.environments.flatMap(({ azureRegions: ids }) => ids))];
  const used = new Map<string, { readonly set: AddressSet; readonly flows: Flow[] }>();
  const ids = [...new Set(estate.demands.flatMap(({ flows }) => flows))];
  const wanted = ids.flatMap((id) => flowOf(id) ?? []);
  for (const flow of wanted) {
    for (const set of setsOfFlow(flow, cloud, regions).sets) {
      const held = used.get(set.name) ?? { set, flows: [] };
      held.flows.push(flow);
      used.set(set.name, held);
    }
  }
  const endpointIds = new Set(
    wanted.flatMap((flow) => flow.destinations.flatMap((each) => (each.kind === 'microsoft365' ? each.sets : []))),
  );
  const endpoints = microsoft365Sets(cloud).filter(({ id }) => endpointIds.has(id));
  return {
    used,
    trips: new Map(view.data.roundTrips.map((trip) => [trip.id, roundTripView(view, trip)])),
    received: new Map(estate.circuits.map(({ name }) => [name, receivedPrefixes(view, name)])),
    names: new Map(endpoints.map(({ id, urls }) => [`Microsoft 365 endpoint set ${id}`, urls])),
    flags: new Map(endpoints.map(({ id, expressRoute }) => [id, expressRoute])),
  };
}

function filterRegions(view: EstateView, circuit: string): readonly string[] {
  const found = view.estate.circuits.find(({ name }) => name === circuit);
  return (found?.microsoftPeering?.routeFilter ?? []).flatMap(({ community }) => {
    const row = describeCommunity(community);
    return row?.kind === 'regional' && row.azureRegion !== undefined ? [row.azureRegion] : [];
  });
}

function receivedPrefixes(view: EstateView, circuit: string): readonly Prefix[] {
  const { cloud } = view.estate.organisation;
  return filterRegions(view, circuit).flatMap((region) => regionalTag(cloud, 'AzureCloud', region)?.prefixes ?? []);
}

interface Uncovered {
  readonly circuit: string;
  readonly set: string;
  readonly flows: readonly string[];
  /** Addresses of the set outside every region of the filter. */
  readonly outside: PrefixSet;
}

/** Regional sets of the demands whose addresses the route filter of a circuit does not admit altogether. */
function uncovered(view: EstateView): readonly Uncovered[] {
  const { estate } = view;
  const { cloud } = estate.organisation;
  const regions = [...new Set(estate.environments.flatMap(({ azureRegions: ids }) => ids))];
  const flows = [...new Set(estate.demands.flatMap((demand) => demand.flows))].flatMap((id) => flowOf(id) ?? []);
  return estate.circuits.flatMap(({ name }) => {
    const admitted = filterRegions(view, name);
    const space = unionOf(...admitted.map((region) => regionalTag(cloud, 'AzureCloud', region)?.set ?? emptySet));
    const sets = new Map<string, { readonly set: AddressSet; readonly flows: string[] }>();
    for (const flow of flows.filter(({ expressRoute }) => expressRoute === 'yes' || expressRoute === 'conditional')) {
      for (const set of setsOfFlow(flow, cloud, regions).sets) {
        if (set.region === undefined || !admitted.includes(set.region)) continue;
        const held = sets.get(set.name) ?? { set, flows: [] };
        held.flows.push(flow.id);
        sets.set(set.name, held);
      }
    }
    return [...sets.values()].map(({ set, flows: ids }) => ({
      circuit: name,
      set: set.name,
      flows: ids,
      outside: differenceOf(set.set, space),
    }));
  });
}

/**
 * Addresses of a demanded set that no community of the filter selects any more: their region has to join it. Asks who
 * owns them, so it runs with the new files in use.
 */
function filterConsequences(before: readonly Uncovered[], after: readonly Uncovered[]): readonly Consequence[] {
  return after.flatMap((now) => {
    const then = before.find(({ circuit, set }) => circuit === now.circuit && set === now.set);
    const fresh = differenceOf(now.outside, then?.outside ?? emptySet);
    if (setIsEmpty(fresh)) return [];
    const prefixes = setPrefixes(fresh);
    const missing = communitiesAround(prefixes);
    const advice =
      missing.length === 0
        ? 'no published region holds them: expect them over the internet'
        : `add ${missing.join(', ')}`;
    return [
      {
        touched: 'route filter' as const,
        action: 'must' as const,
        element: now.circuit,
        text: `${plural(prefixes.length, 'new prefix', 'new prefixes')} of ${now.set} (${now.flows.join(', ')}) outside every region of the filter; ${advice}`,
        add: prefixes.map((each) => formatPrefix(each)),
        remove: [],
      },
    ];
  });
}

function communitiesAround(prefixes: readonly Prefix[]): readonly string[] {
  const owners = prefixes.flatMap((each) => whoOwns(firstAddress(each)).sets);
  const regions = azureRegions().filter(({ tagRegion }) => owners.includes(`AzureCloud.${tagRegion}`));
  return communities()
    .filter(({ kind, azureRegion: id }) => kind === 'regional' && regions.some((region) => region.id === id))
    .map(({ community, azureRegion: id }) => `${formatCommunity(community)} (${azureRegion(id ?? '')?.name ?? ''})`);
}

/** A set of Microsoft 365 that is routed over ExpressRoute now, or no longer. */
function flagConsequences(view: EstateView, old: Picture, young: Picture): readonly Consequence[] {
  const { authorised } = view.estate.organisation.microsoft365;
  return [...young.flags].flatMap(([id, flag]) => {
    const was = old.flags.get(id);
    if (was === undefined || was === flag) return [];
    return view.estate.circuits.map(({ name }) => ({
      touched: 'route filter' as const,
      action: authorised ? ('must' as const) : ('none' as const),
      element: name,
      text: `Microsoft 365 endpoint set ${id} is ${flag ? 'now' : 'no longer'} routed over ExpressRoute${authorised ? '' : '; without authorisation it used the internet anyway'}`,
      add: [],
      remove: [],
    }));
  });
}

interface MovedSet {
  readonly name: string;
  readonly before: readonly Prefix[];
  readonly after: readonly Prefix[];
  readonly added: readonly Prefix[];
  readonly removed: readonly Prefix[];
  readonly flows: string;
}

function movedSets(old: Picture, young: Picture): readonly MovedSet[] {
  const names = [...new Set([...old.used.keys(), ...young.used.keys()])].sort();
  return names.flatMap((name) => {
    const before = old.used.get(name)?.set.prefixes ?? [];
    const after = young.used.get(name)?.set.prefixes ?? [];
    const was = new Set(before.map((each) => formatPrefix(each)));
    const is = new Set(after.map((each) => formatPrefix(each)));
    const added = after.filter((each) => !was.has(formatPrefix(each)));
    const removed = before.filter((each) => !is.has(formatPrefix(each)));
    const flows = (young.used.get(name) ?? old.used.get(name))?.flows.map(({ id }) => id).join(', ') ?? '';
    return added.length + removed.length === 0 ? [] : [{ name, before, after, added, removed, flows }];
  });
}

/** Firewalls whose rules in the estate list the addresses; for all others, lists that somebody may have written. */
function firewallConsequences(view: EstateView, old: Picture, young: Picture): readonly Consequence[] {
  const { firewalls, internetEdges, expressRouteEdges } = view.estate;
  const atEdges = new Set([...expressRouteEdges, ...internetEdges].map(({ firewall }) => firewall));
  return movedSets(old, young).flatMap((moved) => {
    const sets = {
      before: prefixSet(moved.before),
      added: differenceOf(prefixSet(moved.added), prefixSet(moved.before)),
    };
    const listing = firewalls.flatMap(({ name, rules }) => {
      const allowed = rules.filter(({ action }) => action === 'allow').flatMap(({ from, to }) => [...from, ...to]);
      const space = prefixSet(allowed);
      return setsOverlap(space, sets.before) ? [{ name, missing: setPrefixes(differenceOf(sets.added, space)) }] : [];
    });
    const others = [...atEdges].filter((name) => !listing.some((each) => each.name === name));
    const texts = (prefixes: readonly Prefix[]): readonly string[] => prefixes.map((each) => formatPrefix(each));
    return [
      ...listing.map(({ name, missing }) => ({
        touched: 'firewall' as const,
        action: missing.length > 0 ? ('must' as const) : ('none' as const),
        element: name,
        text: `its rules list addresses of ${moved.name} (${moved.flows}): ${plural(missing.length, 'prefix', 'prefixes')} to add`,
        add: texts(missing),
        remove: [],
      })),
      ...(others.length === 0
        ? []
        : [
            {
              touched: 'firewall' as const,
              action: 'if' as const,
              element: others.join(', '),
              text: `where it lists the addresses of ${moved.name} (${moved.flows}): ${plural(moved.added.length, 'prefix', 'prefixes')} to add, ${moved.removed.length} to remove`,
              add: texts(moved.added),
              remove: texts(moved.removed),
            },
          ]),
    ];
  });
}

/** PAC files of the estate that name hosts of an endpoint set; for the rest, lists that somebody may have written. */
function nameConsequences(view: EstateView, old: Picture, young: Picture): readonly Consequence[] {
  const titles = [...new Set([...old.names.keys(), ...young.names.keys()])];
  return titles.flatMap((title) => {
    const was = old.names.get(title) ?? [];
    const is = young.names.get(title) ?? [];
    const add = is.filter((name) => !was.includes(name));
    const remove = was.filter((name) => !is.includes(name));
    if (add.length + remove.length === 0) return [];
    const scripts = view.estate.sites.flatMap(({ name, pac }) =>
      pac !== undefined && was.some((host) => mentions(pac.text, host)) ? [{ name, text: pac.text }] : [],
    );
    return [
      ...scripts.map(({ name, text }) => {
        const missing = add.filter((host) => !mentions(text, host));
        return {
          touched: 'PAC and proxy lists' as const,
          action: missing.length > 0 ? ('must' as const) : ('none' as const),
          element: name,
          text: `its PAC file names hosts of ${title}: ${missing.length} to add`,
          add: missing,
          remove: remove.filter((host) => mentions(text, host)),
        };
      }),
      {
        touched: 'PAC and proxy lists' as const,
        action: 'if' as const,
        element: 'and rules by name',
        text: `where they list the names of ${title}: ${add.length} to add, ${remove.length} to remove`,
        add,
        remove,
      },
    ];
  });
}

/** Whether a script has the fixed end of a host pattern in it: for '*.office.com' that is '.office.com'. */
function mentions(script: string, host: string): boolean {
  const fixed = host.slice(host.lastIndexOf('*') + 1);
  return fixed !== '' && script.toLowerCase().includes(fixed);
}

/** A limit on received prefixes is the customer's own; routes themselves come and go by BGP. */
function countConsequences(view: EstateView, old: Picture, young: Picture): readonly Consequence[] {
  return view.estate.circuits.flatMap(({ name, microsoftPeering }) => {
    const before = old.received.get(name) ?? [];
    const after = young.received.get(name) ?? [];
    const keys = new Set(before.map((each) => formatPrefix(each)));
    if (before.length === after.length && after.every((each) => keys.has(formatPrefix(each)))) return [];
    const counts = ([4, 6] as const).map((family) => ({
      family,
      before: before.filter((each) => each.family === family).length,
      after: after.filter((each) => each.family === family).length,
    }));
    const limit = microsoftPeering?.maximumPrefixes;
    const isOver = limit !== undefined && counts.some((count) => count.after > limit && count.before <= limit);
    const grows = counts.some((count) => count.after > count.before);
    const room =
      limit === undefined
        ? 'a prefix limit on the own routers must leave room'
        : `its limit of ${limit} prefixes ${isOver ? 'would take the session down' : 'is as near as before'}`;
    return [
      {
        touched: 'prefix count' as const,
        action: isOver ? ('must' as const) : grows && limit === undefined ? ('if' as const) : ('none' as const),
        element: name,
        text: `prefixes behind the route filter, as published: ${counts.map(countText).join(', ')}; BGP brings them by itself, ${room}`,
        add: [],
        remove: [],
      },
    ];
  });
}

function countText({
  family,
  before,
  after,
}: {
  readonly family: 4 | 6;
  readonly before: number;
  readonly after: number;
}) {
  return `IPv${family} ${before === after ? `stay ${after}` : `${before} become ${after}`}`;
}

function changedTrips(
  before: ReadonlyMap<string, RoundTripView>,
  after: ReadonlyMap<string, RoundTripView>,
): readonly ChangedTrip[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  return ids.flatMap((id) => {
    const [old, young] = [before.get(id), after.get(id)];
    return storyOf(old) === storyOf(young) ? [] : [{ id, before: old, after: young }];
  });
}

/** How a round trip ends and what it crosses; how many addresses it speaks for may change. */
function storyOf(trip: RoundTripView | undefined): string {
  return trip === undefined
    ? ''
    : [trip.outcome, trip.forward.via, trip.return?.via ?? '', trip.droppedAt?.device ?? ''].join('|');
}
