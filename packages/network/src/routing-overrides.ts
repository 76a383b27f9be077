/**
 * What the document says about single devices, laid over what was derived. Terms come in front of the derived terms of
 * the same session, those of one neighbour before those of the device; a derived policy that several sessions share is
 * copied for the sessions that differ. Names that no compiled device has are findings.
 */
import type { DeviceRouting, Estate, Path, RoutingTerm } from '@bothways/estate';
import { formatPrefix } from '@bothways/net';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import type { CompilerFindings } from './compiler-findings.ts';
import { defaultRoutes } from './inside.ts';
import { preferenceActions } from './marks.ts';
import type { DeviceIx, Origin, PolicyAction, PolicyCondition, PolicyIx, PolicyTerm, SessionIx } from './model.ts';
import { derived, fromDocument } from './origin.ts';

/** Administrative distance of a default route that a device originates: behind every default route it learns. */
const ORIGINATED_DEFAULT_DISTANCE = 254;

export function applyRoutingOverrides(estate: Estate, findings: CompilerFindings, builder: NetworkBuilder): void {
  if (estate.routing.length === 0) return;
  const overrides = new Overrides(builder, findings);
  for (const routing of estate.routing) overrides.apply(routing);
}

class Overrides {
  readonly #builder: NetworkBuilder;
  readonly #findings: CompilerFindings;
  readonly #sessionsOf = new Map<DeviceIx, SessionIx[]>();

  constructor(builder: NetworkBuilder, findings: CompilerFindings) {
    this.#builder = builder;
    this.#findings = findings;
    for (const { ix, ends } of builder.sessions) {
      for (const { device } of ends) this.#sessionsOf.set(device, [...(this.#sessionsOf.get(device) ?? []), ix]);
    }
  }

  apply(routing: DeviceRouting): void {
    const device = this.#builder.deviceNamed(routing.device);
    if (device === undefined) {
      this.#findings.unknownName('device', routing.device, routing.path, this.#builder.deviceNames());
      return;
    }
    device.origins.push(fromDocument(routing.path));
    if (routing.asn !== undefined) this.#setAsn(device, routing.asn);
    if (routing.maximumPaths !== undefined) device.maximumPaths = routing.maximumPaths;
    if (routing.igpCost !== undefined) this.#setCosts(device, routing.igpCost, [...routing.path, 'igpCost']);
    this.#addStatics(device, routing);
    this.#addTerms(device, routing);
    if (routing.defaultRoute === 'originate') originateDefault(device, [...routing.path, 'defaultRoute']);
  }

  /** Ends that spoke the derived AS speak the new one; an end with an AS of its own (a peering) keeps it. */
  #setAsn(device: DeviceDraft, spoken: DeviceDraft['asn']): void {
    const before = device.asn;
    device.asn = spoken;
    for (const ix of this.#sessionsOf.get(device.ix) ?? []) {
      const session = this.#builder.sessions[ix];
      if (session === undefined) continue;
      const [a, b] = session.ends;
      const renewed = (end: typeof a): typeof a =>
        end.device === device.ix && end.asn === before ? { ...end, asn: spoken } : end;
      this.#builder.replaceSession({ ...session, ends: [renewed(a), renewed(b)] });
    }
  }

  #setCosts(device: DeviceDraft, cost: number, path: Path): void {
    for (const link of this.#builder.links) {
      if (link.a !== device.ix && link.b !== device.ix) continue;
      if (link.kind !== 'lan' && link.kind !== 'wan') continue;
      this.#builder.replaceLink({ ...link, cost, origins: [...link.origins, fromDocument(path)] });
    }
  }

  #addStatics(device: DeviceDraft, routing: DeviceRouting): void {
    for (const route of routing.statics) {
      const origins: Origin[] = [fromDocument(route.path)];
      if (route.next.kind === 'discard') {
        device.statics.push({ prefix: route.prefix, next: { kind: 'discard' }, distance: 1, origins });
        continue;
      }
      const far = this.#neighbour(device, route.next.device, route.path);
      if (far === undefined) continue;
      const links = this.#builder.links.filter(
        ({ a, b }) => (a === device.ix && b === far.ix) || (a === far.ix && b === device.ix),
      );
      for (const { ix } of links) {
        const next = { kind: 'forward', link: ix, device: far.ix } as const;
        device.statics.push({ prefix: route.prefix, next, distance: 1, origins });
      }
    }
  }

  #addTerms(device: DeviceDraft, routing: DeviceRouting): void {
    const shared = {
      import: [
        ...defaultTerms(routing),
        ...routing.import.map((term, ix) => termOf(term, `${device.name} import ${ix + 1}`)),
      ],
      export: routing.export.map((term, ix) => termOf(term, `${device.name} export ${ix + 1}`)),
    };
    const single = new Map<
      DeviceIx,
      { readonly import: readonly PolicyTerm[]; readonly export: readonly PolicyTerm[] }
    >();
    for (const neighbour of routing.neighbours) {
      const far = this.#neighbour(device, neighbour.device, neighbour.path);
      if (far === undefined) continue;
      const name = `${device.name} ${far.name}`;
      single.set(far.ix, {
        import: neighbour.import.map((term, ix) => termOf(term, `${name} import ${ix + 1}`)),
        export: neighbour.export.map((term, ix) => termOf(term, `${name} export ${ix + 1}`)),
      });
    }
    const copies = new Map<string, PolicyIx>();
    for (const ix of this.#sessionsOf.get(device.ix) ?? []) {
      const session = this.#builder.sessions[ix];
      if (session === undefined) continue;
      const [a, b] = session.ends;
      const far = a.device === device.ix ? b : a;
      const own = a.device === device.ix ? a : b;
      const mine = single.get(far.device);
      const imported = [...(mine?.import ?? []), ...shared.import];
      // Routes enter the network here: what iBGP would carry on has to be marked.
      const enters = device.half === 'customer' && this.#builder.devices[far.device]?.half !== 'customer';
      const changed = {
        ...own,
        import: this.#inFront(device, own.import, enters ? imported.map(carriedInside) : imported, copies),
        export: this.#inFront(device, own.export, [...(mine?.export ?? []), ...shared.export], copies),
      };
      this.#builder.replaceSession({ ...session, ends: own === a ? [changed, b] : [a, changed] });
    }
  }

  /** The policy with terms in front of its own; one copy for all sessions that get the same terms. */
  #inFront(
    device: DeviceDraft,
    policy: PolicyIx,
    terms: readonly PolicyTerm[],
    copies: Map<string, PolicyIx>,
  ): PolicyIx {
    if (terms.length === 0) return policy;
    const key = `${policy} ${terms.map((term) => `${term.name} ${term.set.length}`).join('\n')}`;
    const known = copies.get(key);
    if (known !== undefined) return known;
    const { name, terms: derivedTerms, otherwise, origins } = this.#builder.policyAt(policy);
    const copy = this.#builder.addPolicy(`${name} at ${device.name}`, [...terms, ...derivedTerms], otherwise, [
      ...terms.flatMap((term) => term.origins),
      ...origins,
    ]);
    copies.set(key, copy);
    return copy;
  }

  #neighbour(device: DeviceDraft, name: string, path: Path): DeviceDraft | undefined {
    const adjacent = new Map<string, DeviceDraft>();
    for (const { a, b } of this.#builder.links) {
      const ix = a === device.ix ? b : b === device.ix ? a : undefined;
      const far = ix === undefined ? undefined : this.#builder.devices[ix];
      if (far !== undefined) adjacent.set(far.name, far);
    }
    const far = adjacent.get(name);
    if (far === undefined) this.#findings.unknownName(`neighbour of ${device.name}`, name, path, adjacent.keys());
    return far;
  }
}

/** A preference that is set where a route enters holds in the whole network, as iBGP would have it. */
function carriedInside(term: PolicyTerm): PolicyTerm {
  return {
    ...term,
    set: term.set.flatMap((each) => (each.kind === 'local-preference' ? preferenceActions(each.value) : [each])),
  };
}

function originateDefault(device: DeviceDraft, path: Path): void {
  const origins: Origin[] = [fromDocument(path)];
  device.originations.push({
    name: `${device.name} default route`,
    prefixes: defaultRoutes(),
    communities: [],
    largeCommunities: [],
    med: 0,
    originCode: 'igp',
    origins,
  });
  for (const prefix of defaultRoutes()) {
    device.statics.push({
      prefix,
      next: { kind: 'discard' },
      distance: ORIGINATED_DEFAULT_DISTANCE,
      origins: [...origins, derived('a device that announces a default route drops what it has no route for')],
    });
  }
}

/** `accept` and `reject` decide about default routes before anything else does. */
function defaultTerms({ defaultRoute, path, device }: DeviceRouting): readonly PolicyTerm[] {
  if (defaultRoute !== 'accept' && defaultRoute !== 'reject') return [];
  return [
    {
      name: `${device}: default routes are ${defaultRoute}ed`,
      when: [{ kind: 'prefix-list', entries: defaultRoutes().map((prefix) => ({ prefix })) }],
      set: [],
      then: defaultRoute,
      origins: [fromDocument([...path, 'defaultRoute'])],
    },
  ];
}

function termOf({ path, match, set, then }: RoutingTerm, name: string): PolicyTerm {
  const when: PolicyCondition[] = [];
  if (match.prefixes.length > 0) when.push({ kind: 'prefix-list', entries: match.prefixes });
  if (match.communities.length > 0) when.push({ kind: 'community', any: match.communities });
  if (match.asPathContains.length > 0) when.push({ kind: 'as-path-contains', any: match.asPathContains });
  if (match.originatedBy.length > 0) when.push({ kind: 'as-path-originated-by', any: match.originatedBy });
  const actions: PolicyAction[] = [];
  if (set.localPreference !== undefined) actions.push({ kind: 'local-preference', value: set.localPreference });
  if (set.med !== undefined) actions.push({ kind: 'med', value: set.med });
  if (set.prepend !== undefined && set.prepend.times > 0) {
    actions.push({ kind: 'prepend', asn: set.prepend.asn, times: set.prepend.times });
  }
  if (set.communities.length > 0) actions.push({ kind: 'community-add', communities: set.communities });
  const about = match.prefixes.map(({ prefix }) => formatPrefix(prefix)).join(', ');
  return { name: about === '' ? name : `${name} (${about})`, when, set: actions, then, origins: [fromDocument(path)] };
}
