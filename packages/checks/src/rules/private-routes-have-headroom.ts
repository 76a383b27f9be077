/** Private peering has limits as well, and the whole session pays for passing one. */
import { limits } from '@bothways/facts';
import { privatePeering } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

/** Of a limit; ours. */
const NEARLY = 0.8;

interface Near {
  readonly count: number;
  readonly limit: number;
  readonly what: string;
  readonly ids: readonly string[];
  readonly path: readonly (string | number)[];
}

const many = (count: number): string =>
  Array.from({ length: count }, (_, at) => `10.${40 + (at >> 8)}.${at & 255}.0/24`).join(', ');

export const privateRoutesHaveHeadroom = defineRule<Near>({
  name: 'private-routes-have-headroom',
  title: 'A gateway is near its limit on routes or address spaces',
  family: 'virtual networks',
  severity: 'warning',
  ids: ['CHK-ALZ-04', 'CHK-GAP-08', 'ER-031', 'ER-169'],
  what: `Counts, in the tables, the routes that each gateway really learns over private peering, and the prefixes of its own networks that it announces, and compares both with the limits; from ${100 * NEARLY} % on they are said. How the network will grow is not in the document.`,
  why: 'Beyond the limit the session goes down, and with it every network behind the gateway: the last prefix takes all the others along.',
  fix: 'announce summaries, or plan another gateway before the next networks come',
  status: 'preview',
  since: '0.1.0',
  fires: example(
    'a network of 900 address spaces behind one gateway',
    ...privatePeering().map(
      ([text, by]) =>
        [text, by.replace('addressSpace: 10.100.0.0/16', `addressSpace: [10.100.0.0/16, ${many(900)}]`)] as const,
    ),
  ),
  silent: example('a network of one address space', ...privatePeering()),
  find: (view) =>
    view.estate.vnets.flatMap((vnet): readonly Near[] => {
      const device = view.compiled.network.devices.find(
        ({ role, name }) => role === 'vnet-gateway' && name === `${vnet.name}-gateway`,
      );
      if (device === undefined || vnet.gateway === undefined) return [];
      const { learned, own } = countsAt(view, device.ix);
      const { prefixes4FromGateway: announced, routesInTotalAtGateway: inAll } = limits;
      return [
        {
          count: own,
          limit: announced.value,
          what: `the gateway of ${vnet.name} announces ${own} of at most ${announced.value} IPv4 prefixes`,
          ids: [announced.fact],
          path: [...vnet.path, 'addressSpace'],
        },
        {
          count: learned + own,
          limit: inAll.value,
          what: `the gateway of ${vnet.name} holds ${learned + own} of fewer than ${inAll.value} routes`,
          ids: [inAll.fact],
          path: vnet.gateway.path,
        },
      ].filter(({ count, limit }) => count >= NEARLY * limit);
    }),
  word: ({ what, ids, path }) => ({ message: what, path, ids }),
});

/** IPv4 prefixes that arrive from circuits, and those of the networks behind the gateway. */
function countsAt(view: CheckView, gateway: number): { readonly learned: number; readonly own: number } {
  const { network } = view.compiled;
  let learned = 0;
  let own = 0;
  for (const { ix, prefixes, family } of view.plane.classes) {
    if (family !== 4) continue;
    const routes = view.plane
      .received(gateway, ix)
      .filter(({ sent, stopped }) => sent !== undefined && stopped === undefined);
    if (routes.some(({ from }) => network.devices[from]?.role === 'msee')) learned += prefixes.length;
    else if (routes.some(({ from }) => network.devices[from]?.role === 'vnet')) own += prefixes.length;
  }
  return { learned, own };
}
