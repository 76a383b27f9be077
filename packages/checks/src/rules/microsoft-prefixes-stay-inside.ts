/** Routes of Microsoft that a customer passes on make it a transit network, or drag other people's traffic in. */
import type { Path } from '@bothways/estate';
import { limits } from '@bothways/facts';
import { formatPrefix, type Prefix } from '@bothways/net';
import type { Device, Session } from '@bothways/network';
import { listText } from '../causes.ts';
import { privatePeering } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Leak {
  readonly from: Device;
  readonly to: Device;
  readonly prefixes: readonly Prefix[];
  readonly path: Path;
}

export const microsoftPrefixesStayInside = defineRule<Leak>({
  name: 'microsoft-prefixes-stay-inside',
  title: 'Routes of Microsoft are passed on to the internet or into private peering',
  family: 'exposure',
  severity: 'error',
  ids: ['PP-C10', 'CHK-GAP-07', 'CHK-GAP-08', 'CHK-M365-12', 'ER-007', 'ER-032'],
  what: 'Reads the computed tables: which routes with AS 12076 in their path reach an internet provider or a private peering from a router of the customer.',
  why: 'An internet provider that believes them sends the traffic of strangers through the circuit. Fed into private peering they change every month and can pass its limit, which drops the session.',
  fix: 'let the session send the own prefixes only',
  status: 'stable',
  since: '0.1.0',
  fires: example('the firewall of the internet edge hears of the circuit and sends everything to its provider', [
    'demands:\n',
    'routing:\n  dc:\n    neighbours:\n      fw-inet: { export: [{ then: accept }] }\n  fw-inet:\n    neighbours:\n      Northwind Telecom: { export: [{ then: accept }] }\n\ndemands:\n',
  ]),
  silent: example('private peering sends the own prefixes only', ...privatePeering()),
  find: (view) => {
    const { devices, sessions } = view.compiled.network;
    return view.estate.routing.flatMap(({ device, path }) => {
      // Derived policies send the own prefixes only; what the document overrides is worth a look.
      const from = view.index.device(device);
      if (from?.half !== 'customer') return [];
      return sessions.flatMap((session) => {
        const far = session.ends.find((end) => end.device !== from.ix);
        const isEnd = session.ends.some((end) => end.device === from.ix);
        const to = far === undefined ? undefined : devices[far.device];
        if (!isEnd || to === undefined || !isOutside(to)) return [];
        const prefixes = leakedOver(view, session, from, to);
        return prefixes.length === 0 ? [] : [{ from, to, prefixes, path: pathOf(view, device, to.name, path) }];
      });
    });
  },
  word: ({ from, to, prefixes, path }) => ({
    message: `${from.name} passes ${prefixes.length} prefixes of Microsoft on to ${to.name}, such as ${listText(prefixes.slice(0, 2).map(formatPrefix))}`,
    path,
  }),
});

function isOutside({ half, role, name }: Device): boolean {
  return half === 'internet' || (role === 'msee' && name.endsWith('-private'));
}

function leakedOver(view: CheckView, session: Session, from: Device, to: Device): readonly Prefix[] {
  return view.plane.classes.flatMap(({ ix, prefixes }) => {
    const route = view.plane.received(to.ix, ix).find((each) => each.session === session.ix && each.from === from.ix);
    const path = route?.sent?.attributes.asPath ?? [];
    const passed = route !== undefined && (route.stopped === undefined || route.stopped === 'as-loop');
    return passed && path.some((each) => each === limits.microsoftAsn.value) ? prefixes : [];
  });
}

function pathOf(view: CheckView, device: string, neighbour: string, whole: Path): Path {
  const held = view.estate.routing.find((each) => each.device === device);
  return held?.neighbours.find((each) => each.device === neighbour)?.path ?? whole;
}
