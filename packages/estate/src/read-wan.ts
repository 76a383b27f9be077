/**
 * Reads the WAN: links between two sites, and clouds with any number of members.
 *
 * A site joins a cloud either in the cloud's list of members or in its own entry (`wan` of the site), which is what a
 * table of sites needs. What a line does not say it has from the cloud.
 */
import { quoted } from '@bothways/net';
import { DEFAULTS } from './defaults.ts';
import { nodeAt } from './document.ts';
import type { Path, WanCloud, WanConnection, WanLink, WanMember } from './model.ts';
import {
  readAnyAsn,
  readBandwidth,
  readDuration,
  readMoney,
  readPercentage,
  readText,
  readWholeOr,
  readYesNoOr,
} from './read-values.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import type { SiteShape, WanConnectionShape } from './schema.ts';

const ALL = 'all';
const COSTS = [1, 65_535] as const;

/** How a site joins a cloud, by the name of the cloud. */
export type Joining = ReadonlyMap<string, readonly JoiningSite[]>;

interface JoiningSite {
  readonly site: string;
  readonly line: LineShape;
  readonly path: Path;
}

type LineShape = Pick<WanConnectionShape, 'bandwidth' | 'latency' | 'loss' | 'utilisation' | 'cost'>;

/** What the sites themselves say about the clouds they are in. */
export function joiningSites(reading: Reading, shapes: Readonly<Record<string, SiteShape>> | undefined): Joining {
  const joining = new Map<string, JoiningSite[]>();
  for (const site of reading.names.get('sites') ?? []) {
    const shape = shapes !== undefined && Object.hasOwn(shapes, site) ? shapes[site] : undefined;
    if (shape?.wan === undefined) continue;
    const path = ['sites', site, 'wan'];
    for (const each of reading.named(path, shape.wan, (name, line, at) => ({ name, line, path: at }))) {
      const cloud = reading.reference('wan', each.path, each.name);
      if (cloud === undefined) {
        memberLine(reading, each.path, each.line, NOTHING);
        continue;
      }
      const members = joining.get(cloud) ?? [];
      members.push({ site, line: each.line, path: each.path });
      joining.set(cloud, members);
    }
  }
  return joining;
}

export function readWanConnection(
  reading: Reading,
  name: string,
  shape: WanConnectionShape,
  joining: Joining,
): WanConnection | undefined {
  const joins = joining.get(name) ?? [];
  const isLink = shape.between !== undefined || shape.kind === 'link';
  if (isLink) {
    for (const { path } of joins) {
      reading.report({
        rule: 'estate/not-a-cloud',
        path,
        message: `${name} is a link between two sites, not a network that more can join`,
        help: 'name a WAN entry with members, or add another link',
        related: [{ message: 'the link', path: ['wan', name] }],
      });
    }
    return readLink(reading, name, shape);
  }
  if (shape.members === undefined && joins.length === 0) {
    reading.report({
      rule: 'estate/missing-key',
      path: ['wan', name],
      atKey: true,
      message: `WAN link ${name} has no between and no members`,
      help: 'add between: [one-site, other-site] for a link, or members for a network of a provider',
    });
    return undefined;
  }
  return readCloud(reading, name, shape, joins);
}

function readLink(reading: Reading, name: string, shape: WanConnectionShape): WanLink | undefined {
  const path = ['wan', name];
  const between = [...path, 'between'];
  for (const key of ['members', 'asn'] as const) if (shape[key] !== undefined) reportNotOfLink(reading, path, key);
  if (shape.kind !== undefined && shape.kind !== 'link') reportNotOfLink(reading, path, 'kind');
  const line = { ...readLine(reading, path, shape), cost: readCost(reading, path, shape.cost) };
  const provider = readText(reading, [...path, 'provider'], shape.provider);
  const monthlyCost = readMoney(reading, [...path, 'monthlyCost'], shape.monthlyCost);
  const encrypted = readYesNoOr(reading, [...path, 'encrypted'], shape.encrypted, DEFAULTS.encrypted);
  const optimised = readYesNoOr(reading, [...path, 'optimised'], shape.optimised, DEFAULTS.optimised);
  const texts = shape.between ?? [];
  const ends = texts.map((text, index) => reading.reference('sites', reading.itemPath(between, index), text));
  if (ends.length !== 2 && !texts.includes(UNREADABLE)) {
    reading.report({
      rule: 'estate/not-two',
      path: shape.between === undefined ? path : between,
      message: `a WAN link joins two sites, here ${ends.length === 1 ? 'is one' : `are ${ends.length}`}`,
      help: 'write [one-site, other-site]; a link for every further pair',
    });
    return undefined;
  }
  const [left, right] = ends;
  if (left === undefined || right === undefined) return undefined;
  if (left === right) {
    reading.report({
      rule: 'estate/link-to-itself',
      path: between,
      message: `the link joins ${quoted(left)} with itself`,
      help: 'name two different sites',
    });
    return undefined;
  }
  return { kind: 'link', name, path, between: [left, right], ...line, provider, monthlyCost, encrypted, optimised };
}

function reportNotOfLink(reading: Reading, path: Path, key: string): void {
  reading.report({
    rule: 'estate/not-of-a-link',
    path: [...path, key],
    atKey: true,
    message: `a link between two sites has no ${key}`,
    help: `take ${key} away, or write members instead of between`,
  });
}

interface Line {
  readonly bandwidth: number | undefined;
  readonly latency: number | undefined;
  readonly loss: number | undefined;
  readonly utilisation: number | undefined;
}

function readCost(reading: Reading, path: Path, text: string | undefined): number {
  return readWholeOr(reading, [...path, 'cost'], text, COSTS, DEFAULTS.linkCost);
}

function readLine(reading: Reading, path: Path, shape: LineShape): Line {
  return {
    bandwidth: readBandwidth(reading, [...path, 'bandwidth'], shape.bandwidth),
    latency: readDuration(reading, [...path, 'latency'], shape.latency),
    loss: readPercentage(reading, [...path, 'loss'], shape.loss),
    utilisation: readPercentage(reading, [...path, 'utilisation'], shape.utilisation),
  };
}

function readCloud(reading: Reading, name: string, shape: WanConnectionShape, joins: readonly JoiningSite[]): WanCloud {
  const path = ['wan', name];
  const kind =
    shape.kind === 'sdwan' || shape.kind === 'ipvpn'
      ? shape.kind
      : reading.applyDefault([...path, 'kind'], DEFAULTS.cloudKind);
  const common = readLine(reading, path, shape);
  const cost = shape.cost === undefined ? undefined : readCost(reading, path, shape.cost);
  const costOf = (member: Path, text: string | undefined): number =>
    text === undefined && cost !== undefined ? cost : readCost(reading, member, text);
  const members = new Map<string, WanMember>();
  const add = (member: WanMember): void => {
    const held = members.get(member.site);
    if (held === undefined) {
      members.set(member.site, member);
      return;
    }
    reading.report({
      rule: 'estate/member-twice',
      path: member.path,
      message: `site ${member.site} is a member of ${name} twice`,
      help: 'name it once, here or at the site',
      related: [{ message: 'the first time', path: held.path }],
    });
  };
  const listed = [...path, 'members'];
  if (isAll(reading, listed)) {
    for (const site of reading.names.get('sites') ?? []) {
      if (!joins.some((each) => each.site === site))
        members.set(site, { site, ...common, cost: costOf([...listed, site], undefined), path: listed });
    }
  } else {
    const { members: lines = {} } = shape;
    for (const [each, at] of reading.namesAt(listed)) {
      const site = reading.reference('sites', at, each);
      const line = Object.hasOwn(lines, each) ? lines[each] : undefined;
      const own = memberLine(reading, at, line ?? {}, common);
      if (site === undefined) continue;
      add({ site, ...own, cost: costOf([...listed, site], line?.cost), path: at });
    }
  }
  for (const each of joins) {
    const own = memberLine(reading, each.path, each.line, common);
    const at = each.line.cost === undefined ? [...listed, each.site] : each.path;
    add({ site: each.site, ...own, cost: costOf(at, each.line.cost), path: each.path });
  }
  return {
    kind,
    name,
    path,
    provider: readText(reading, [...path, 'provider'], shape.provider),
    asn: readAnyAsn(reading, [...path, 'asn'], shape.asn),
    members: [...members.values()],
    monthlyCost: readMoney(reading, [...path, 'monthlyCost'], shape.monthlyCost),
    encrypted: readYesNoOr(
      reading,
      [...path, 'encrypted'],
      shape.encrypted,
      kind === 'sdwan' ? DEFAULTS.sdwanEncrypted : DEFAULTS.encrypted,
    ),
    optimised: readYesNoOr(reading, [...path, 'optimised'], shape.optimised, DEFAULTS.optimised),
  };
}

function isAll(reading: Reading, path: Path): boolean {
  const node = nodeAt(reading.document.tree, path);
  return node?.kind === 'scalar' && node.text === ALL;
}

const NOTHING: Line = { bandwidth: undefined, latency: undefined, loss: undefined, utilisation: undefined };

function memberLine(reading: Reading, path: Path, shape: LineShape, common: Line): Line {
  if (Object.keys(shape).length === 0) return common;
  return {
    bandwidth: readBandwidth(reading, [...path, 'bandwidth'], shape.bandwidth) ?? common.bandwidth,
    latency: readDuration(reading, [...path, 'latency'], shape.latency) ?? common.latency,
    loss: readPercentage(reading, [...path, 'loss'], shape.loss) ?? common.loss,
    utilisation: readPercentage(reading, [...path, 'utilisation'], shape.utilisation) ?? common.utilisation,
  };
}
