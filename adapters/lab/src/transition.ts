/**
 * Takes a lab that runs from one state of its network to another: links go down or come back, devices lose their power
 * or get it again, policies change. What a router would notice, the daemons notice by themselves; three parts are played
 * by the lab, at once: the IGP, whose routes it computes (`igp-routes.ts`), BFD, which ends sessions between routers
 * that have lost each other, and the rules of firewalls that name interfaces.
 *
 * A device that fails loses its processes first, so that the kernel closes their connections while the links still
 * carry that: its neighbours know at once, as they would from BFD.
 */
import { formatPrefix } from '@bothways/net';
import { addressLines, neighbourLines, type RouteText, routesOf } from './build-script.ts';
import { adapters, folderOf } from './daemons.ts';
import { ipBatch } from './ip-batch.ts';
import { hostInterface } from './kernel-plan.ts';
import { dataPlaneAgain, dataPlaneShell } from './kernel-script.ts';
import type { LabDesign } from './lab-design.ts';
import type { LabInterface, LabNode, LabPlan, LabSession } from './plan.ts';
import type { Sandbox } from './sandbox.ts';

interface NodeScript {
  readonly name: string;
  readonly shell: string;
}

interface Place {
  readonly before: LabNode;
  readonly after: LabNode;
}

/**
 * Resolves when the lab has done its part, to the time (`performance.now`) at which the first link or process went.
 * `rules`: of each device the last design whose rules it was given; brought up to date.
 */
export async function move(
  sandbox: Sandbox,
  from: LabDesign,
  to: LabDesign,
  rules: Map<number, LabDesign>,
): Promise<number> {
  const places = from.routers.nodes.flatMap((before, ix): readonly Place[] => {
    const after = to.routers.nodes[ix];
    return after === undefined ? [] : [{ before, after }];
  });
  const began = performance.now();
  const dying = places.filter(({ before, after }) => before.alive && !after.alive).map(({ before }) => before);
  const { stages } = adapters[from.daemon];
  await sandbox.kill(dying.flatMap((node) => stages.map((start) => start(node).key)));
  const { afterLoss } = adapters[from.daemon];
  await runShells(
    sandbox,
    places.flatMap((place) => goingDown(place, afterLoss)),
  );
  await runShells(sandbox, places.flatMap(comingUp));
  await runShells(
    sandbox,
    places.flatMap((place) => routesAndRules(place, from, to, rules)),
  );
  for (const { after } of places) if (after.alive) rules.set(after.device.ix, to);
  await reconfigure(sandbox, places, from, to);
  await endSessions(sandbox, from, to);
  return began;
}

async function runShells(sandbox: Sandbox, scripts: readonly NodeScript[]): Promise<void> {
  if (scripts.length === 0) return;
  const results = await sandbox.runAll(
    scripts.map(({ name, shell }) => ({ namespace: name, argv: ['sh', '-s'], input: shell })),
  );
  for (const [at, { errors }] of results.entries()) {
    if (errors !== '') throw new Error(`node ${scripts[at]?.name}: ${errors.trim()}`);
  }
}

function changed({ before, after }: Place): readonly (readonly [before: LabInterface, after: LabInterface])[] {
  return before.interfaces.flatMap((own, at) => {
    const other = after.interfaces[at];
    return other === undefined || own.up === other.up ? [] : [[own, other] as const];
  });
}

function goingDown(place: Place, afterLoss: readonly string[]): readonly NodeScript[] {
  const { before, after } = place;
  const dies = before.alive && !after.alive;
  const links = changed(place).flatMap(([{ name, up }]) => (up ? [`link set dev ${name} down`] : []));
  if (dies) links.push(`link set dev ${hostInterface(before.device.ix)} down`);
  // Routes of a daemon that was killed stay in the kernel.
  const flush = dies ? ['ip -4 route flush table main', 'ip -6 route flush table main'] : afterLoss;
  const shell = [...ipBatch(links), ...flush];
  return links.length === 0 ? [] : [{ name: before.name, shell: `${shell.join('\n')}\n` }];
}

function comingUp(place: Place): readonly NodeScript[] {
  const { before, after } = place;
  const links = changed(place).flatMap(([, { name, up }]) => (up ? [`link set dev ${name} up`] : []));
  if (!before.alive && after.alive) links.push(`link set dev ${hostInterface(after.device.ix)} up`);
  return links.length === 0 ? [] : [{ name: after.name, shell: `${ipBatch(links).join('\n')}\n` }];
}

function routesAndRules(
  place: Place,
  from: LabDesign,
  to: LabDesign,
  rules: ReadonlyMap<number, LabDesign>,
): readonly NodeScript[] {
  const { before, after } = place;
  if (!after.alive) return [];
  const ups = changed(place).flatMap(([, now]) => (now.up ? [now] : []));
  const touched = new Set(changed(place).map(([{ name }]) => name));
  if (!before.alive) touched.add(hostInterface(after.device.ix)).add('lo');
  const held = new Map<string, RouteText>();
  if (before.alive) for (const route of routesOf(from.routers, before)) held.set(route.key, route);
  const wanted = routesOf(to.routers, after);
  const wantedKeys = new Set(wanted.map(({ key }) => key));
  // The kernel may have removed them with their interface.
  const gone = [...held.keys()].filter((key) => !wantedKeys.has(key)).map((key) => `route del ${key}`);
  const put = wanted.filter(
    ({ key, words, interfaces }) => held.get(key)?.words !== words || interfaces.some((each) => touched.has(each)),
  );
  const shell = [
    ...(gone.length === 0 ? [] : ['ip -force -batch - 2> /dev/null <<END', ...gone, 'END']),
    ...ipBatch([
      ...ups.flatMap((item) => [...addressLines(item, 'replace'), ...neighbourLines(item)]),
      ...put.map(({ words }) => `route replace ${words}`),
    ]),
    ...ruleLines(after, before.alive, to, rules.get(after.device.ix) ?? from),
  ];
  return shell.length === 0 ? [] : [{ name: after.name, shell: `${shell.join('\n')}\n` }];
}

/** Nothing where the node has these rules and has had its interfaces all the time. */
function ruleLines({ name }: LabNode, wasAlive: boolean, to: LabDesign, given: LabDesign): readonly string[] {
  const box = to.devices.boxes.find((each) => each.name === name);
  const before = given.devices.boxes.find((each) => each.name === name);
  if (box === undefined || before === undefined) return [];
  const text = dataPlaneShell(to.devices.network, box);
  if (wasAlive && text === dataPlaneShell(given.devices.network, before)) return [];
  return [dataPlaneAgain(to.devices.network, box, before)];
}

/** Configurations that change with the IGP or with policies; daemons of devices that return. */
async function reconfigure(sandbox: Sandbox, places: readonly Place[], from: LabDesign, to: LabDesign): Promise<void> {
  const adapter = adapters[to.daemon];
  const [old, now] = [from, to].map(
    ({ routers }) => new Map(adapter.render(routers).nodes.map(({ device, files }) => [device, files])),
  );
  const files: { readonly path: string; readonly text: string }[] = [];
  const starting: LabNode[] = [];
  const changing: LabNode[] = [];
  for (const { before, after } of places) {
    if (!after.alive) continue;
    const ix = after.device.ix;
    const own = Object.entries(now?.get(ix) ?? {});
    const isSame = before.alive && own.every(([name, text]) => old?.get(ix)?.[name] === text);
    if (isSame) continue;
    files.push(...own.map(([name, text]) => ({ path: `${folderOf(after)}/${name}`, text })));
    (before.alive ? changing : starting).push(after);
  }
  await sandbox.write(files);
  const { reload } = adapter;
  if (reload === undefined) {
    // It reads its configuration when it starts.
    await sandbox.kill(changing.flatMap((node) => adapter.stages.map((start) => start(node).key)));
    starting.push(...changing);
  } else {
    await sandbox.ask(changing.map((node) => reload(node)));
  }
  for (const start of adapter.stages) {
    const problems = await sandbox.start(starting.map((node) => start(node)));
    if (problems.length > 0) throw new Error(problems.join('; '));
  }
}

/** What BFD does: sessions whose ends have lost each other do not wait for their hold timers. */
async function endSessions(sandbox: Sandbox, from: LabDesign, to: LabDesign): Promise<void> {
  const { end } = adapters[to.daemon];
  const lost = to.routers.sessions.filter(
    (session) => isConnected(from.routers, session) && !isConnected(to.routers, session),
  );
  const asks = lost.flatMap((session) =>
    to.routers.nodes.flatMap((node) => {
      const at = session.session.ends.findIndex(({ device }) => device === node.device.ix);
      return !node.alive || at < 0 ? [] : end(session, at === 0 ? 0 : 1, node);
    }),
  );
  if (asks.length > 0) await sandbox.ask(asks);
}

function isConnected({ links, nodes }: LabPlan, { session, pairs }: LabSession): boolean {
  const [first, second] = session.ends.map(({ device }) => nodes[device]);
  if (first?.alive !== true || second?.alive !== true) return false;
  if (session.link !== undefined) return links[session.link]?.up === true;
  return pairs.some(({ family, addresses }) => {
    const host = `${addresses[1]}/${family === 4 ? 32 : 128}`;
    return first.underlay.some(({ prefix, gateways }) => gateways !== undefined && formatPrefix(prefix) === host);
  });
}
