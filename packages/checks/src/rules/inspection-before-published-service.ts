/** What Power Platform may call has to be guarded like the internet. */
import type { Circuit, Firewall, PublishedService } from '@bothways/estate';
import { SERVERS, service } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Unguarded {
  readonly service: PublishedService;
  readonly circuit: Circuit;
  readonly firewall: Firewall | undefined;
  readonly path: readonly (string | number)[];
}

export const inspectionBeforePublishedService = defineRule<Unguarded>({
  name: 'inspection-before-published-service',
  title: 'A service is published on a circuit without a stateful firewall in front',
  family: 'exposure',
  severity: 'error',
  ids: ['PP-C10', 'CHK-PP-09', 'CHK-RC-14', 'ER-229', 'PP-N07', 'PP-N14'],
  what: 'Looks for published services on ExpressRoute edges that have no firewall, or one that keeps no state.',
  why: 'Sessions over Microsoft peering carry no mark of a tenant: anybody with a workload at Microsoft can open one. The circuit filters nothing.',
  fix: 'put a firewall that keeps state and inspects in front, as at the internet edge',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the edge has no firewall',
    SERVERS,
    service(
      'address: 10.30.0.26, names: [orders.contoso.example], published: { edge: er, address: 203.0.113.66 }, calledBy: PP-F28',
    ),
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.64/28]'],
    ['firewall: fw-er', 'firewall: none'],
  ),
  silent: example(
    'the firewall of the edge stands in front',
    SERVERS,
    service(
      'address: 10.30.0.26, names: [orders.contoso.example], published: { edge: er, address: 203.0.113.66 }, calledBy: PP-F28',
    ),
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.64/28]'],
  ),
  find: (view) => {
    const firewalls = new Map(view.estate.firewalls.map((each) => [each.name, each]));
    return view.estate.services.flatMap((each) =>
      each.published.flatMap(({ edge: name, path }) => {
        const edge = view.index.expressRouteEdge(name);
        const [first] = view.index.peeredOn(name);
        if (edge === undefined || first === undefined) return [];
        const firewall = edge.firewall === undefined ? undefined : firewalls.get(edge.firewall);
        return firewall?.stateful === true ? [] : [{ service: each, circuit: first.circuit, firewall, path }];
      }),
    );
  },
  word: ({ service: each, circuit, firewall, path }, view) => ({
    message:
      firewall === undefined
        ? `anybody at Microsoft reaches service ${each.name} over ${circuit.name}: no firewall stands in front`
        : `anybody at Microsoft reaches service ${each.name} over ${circuit.name}: ${firewall.name} keeps no state`,
    path,
    related: firewall === undefined ? [] : [{ message: 'the firewall', place: placeOf(view, firewall.path) }],
  }),
});
