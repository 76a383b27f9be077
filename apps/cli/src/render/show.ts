/** The compiled network as text, grouped by who runs what; the line or fact behind each element stands in brackets. */
import { plural, printable } from '@bothways/diagnostics';
import type { DeviceView, HalfView, NetworkView, PolicyView, PrefixList, SessionView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { hanging } from './words.ts';

const titles: Readonly<Record<HalfView['half'], string>> = {
  customer: 'Customer',
  provider: 'Connectivity provider',
  internet: 'Internet',
  microsoft: 'Microsoft',
};

interface Shown {
  readonly all: boolean;
  readonly terminal: Terminal;
}

/** With a device: that one, and the links, sessions and policies it takes part in. */
export function renderNetwork(view: NetworkView, all: boolean, terminal: Terminal): string {
  const shown: Shown = { all, terminal };
  return view.halves.map((half) => renderHalf(half, shown)).join('\n\n');
}

function renderHalf(half: HalfView, shown: Shown): string {
  const { style, width } = shown.terminal;
  const block = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', style.bold(`${titles[half.half]}: ${title}`), ...lines];
  return [
    ...block(
      'devices',
      half.devices.flatMap((device) => deviceLines(device, shown)),
    ),
    ...block(
      'links',
      half.links.map(({ name, kind, ends, cost, bandwidth, latency, options, from }) =>
        hanging(
          `  ${printable(name)}  `,
          `${kind}, ${ends.join(' – ')}, cost ${cost}${bandwidth === undefined ? '' : `, ${bandwidthText(bandwidth)}`}${latency === undefined ? '' : `, ${latency} ms`}${options.map((text) => `, ${text}`).join('')}${source(from)}`,
          width,
        ),
      ),
    ),
    ...block(
      'sessions',
      half.sessions.flatMap((session) => sessionLines(session, shown)),
    ),
    ...block(
      'policies',
      half.policies.flatMap((policy) => policyLines(policy, shown)),
    ),
  ]
    .join('\n')
    .trimStart();
}

function deviceLines(device: DeviceView, shown: Shown): readonly string[] {
  const { style, width } = shown.terminal;
  const { firewall } = device;
  const line = (label: string, text: string): string => hanging(`    ${label}  `, text, width);
  return [
    style.bold(`  ${printable(device.name)}`) +
      `  ${device.role.replaceAll('-', ' ')}, AS ${device.asn}, router id ${device.routerId}${device.maximumPaths > 1 ? `, up to ${device.maximumPaths} equal paths` : ''}${source(device.from)}`,
    ...device.connected.map((each) =>
      line('connected ', `${each.name}: ${prefixText(each, shown)}${source(each.from)}`),
    ),
    ...device.statics.map((each) =>
      line('static    ', `${each.prefix} → ${each.next}, distance ${each.distance}${source(each.from)}`),
    ),
    ...device.originations.map((each) =>
      line(
        'originates',
        `${each.name}: ${prefixText(each, shown)}${each.communities.length === 0 ? '' : `, communities ${each.communities.join(' ')}`}${each.med === 0 ? '' : `, MED ${each.med}`}${source(each.from)}`,
      ),
    ),
    ...device.nat.map((each) =>
      line(
        'translates',
        `${prefixText(each.sources, shown)} to ${prefixText(each.pool, shown)} over ${each.link}${source(each.from)}`,
      ),
    ),
    ...device.sourceFilters.map((each) =>
      line('admits    ', `from ${each.link} only sources in ${prefixText(each, shown)}${source(each.from)}`),
    ),
    ...device.further
      .filter(({ what }) => what !== 'rule')
      .map((each) => line(each.what.padEnd(10), `${each.text}${source(each.from)}`)),
    ...(firewall === undefined
      ? []
      : [
          line(
            'firewall  ',
            `${firewall.stateful ? 'stateful' : 'without state'}, connection table ${firewall.stateGroup}, inside ${firewall.inside.join(', ')}${source(firewall.from)}`,
          ),
          ...device.further
            .filter(({ what }) => what === 'rule')
            .map((each, i) => line(`rule ${i + 1}`.padEnd(10), `${each.text}${source(each.from)}`)),
          ...firewall.permitInbound.map((each) =>
            line(
              'permits   ',
              `sessions from outside to ${prefixText(each, shown)}, ${each.ports}${source(each.from)}`,
            ),
          ),
        ]),
  ];
}

function sessionLines(
  { name, kind, link, ends, options, down, from }: SessionView,
  { terminal }: Shown,
): readonly string[] {
  const { style, width } = terminal;
  return [
    hanging(
      `  ${printable(name)}  `,
      `${kind}, ${ends.map(({ device, asn }) => `${device} (AS ${asn})`).join(' – ')}${link === undefined ? ', multihop' : ` on ${link}`}${options.map((text) => `, ${text}`).join('')}${source(from)}`,
      width,
    ),
    ...ends.map((end) =>
      hanging(
        '    ',
        `${end.device}: in ${end.import}, out ${end.export}${end.options.length === 0 ? '' : `, ${end.options.join(', ')}`}`,
        width,
      ),
    ),
    ...(down === undefined ? [] : [style.red(hanging('    down: ', down, width))]),
  ];
}

function policyLines(policy: PolicyView, { all, terminal }: Shown): readonly string[] {
  const { style, width } = terminal;
  const users = all ? policy.usedBy : policy.usedBy.slice(0, 4);
  const rest = policy.usedBy.length - users.length;
  return [
    style.bold(`  ${printable(policy.name)}`) + source(policy.from),
    style.dim(hanging('    used by ', `${users.join('; ')}${rest > 0 ? ` and ${rest} more` : ''}`, width)),
    ...policy.terms.map((term, i) =>
      hanging(
        `    ${i + 1}. `,
        [
          term.name,
          ...(term.when.length === 0 ? [] : [`when ${term.when.map(all ? String : shortened).join(' and ')}`]),
          ...(term.set.length === 0 ? [] : [`set ${term.set.join(', ')}`]),
          `${term.then}${source(term.from)}`,
        ].join(': '),
        width,
      ),
    ),
    `    otherwise ${policy.otherwise}`,
  ];
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function source(from: readonly string[]): string {
  return from.length === 0 ? '' : ` [${from.join(', ')}]`;
}

const fewPrefixes = 4;

function prefixText({ count, prefixes }: PrefixList, { all }: Shown): string {
  if (count === 0) return 'nothing';
  if (all || count <= fewPrefixes) return prefixes.join(', ');
  return `${plural(count, 'prefix', 'prefixes')} (${prefixes.slice(0, fewPrefixes - 1).join(', ')}, …)`;
}

function bandwidthText(bits: number): string {
  const units = ['bps', 'kbps', 'Mbps', 'Gbps', 'Tbps'];
  let value = bits;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value} ${units[unit]}`;
}
