/** Without the admin centres nobody repairs anything. */
import type { RoundTrip } from '@bothways/forwarding';
import { droppedAt, tripEvidence, tripsText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';

interface Lost {
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

/** Microsoft 365 admin centre, Power Platform admin centre. */
const CENTRES: ReadonlySet<string> = new Set(['PP-F14', 'PP-F15']);

const ADMINISTRATORS = [
  'demands:\n',
  'demands:\n  administrators: { flows: [PP-F14, PP-F15], from: [hq], to: production }\n',
] as const;

export const adminCentresReachable = defineRule<Lost>({
  name: 'admin-centres-reachable',
  title: 'Administrators cannot open an admin centre',
  family: 'clients',
  severity: 'error',
  ids: ['PP-C46', 'X20'],
  what: 'Follows the demands for both admin centres, which do not ride a circuit, and looks for those that are lost.',
  why: 'Whoever has to switch something over in a failure needs exactly these pages.',
  fix: 'keep a way to the internet for the addresses that administrators sit at',
  status: 'preview',
  since: '0.1.0',
  fires: example('the firewall of the internet edge denies everything', ADMINISTRATORS, [
    'circuits:\n',
    'firewalls:\n  fw-inet: { rules: [{ action: deny, zone: any }] }\n\ncircuits:\n',
  ]),
  silent: example('the internet edge lets them out', ADMINISTRATORS),
  find: (view) => {
    const [first, ...rest] = view.index.broken().filter(({ demand }) => CENTRES.has(demand.flow.id));
    return first === undefined ? [] : [{ trips: [first, ...rest] }];
  },
  word: ({ trips }, view) => ({
    message: `administrators cannot open an admin centre: ${tripsText(trips)} end at ${droppedAt(view, trips[0])}`,
    path: trips[0].demand.site.path,
    evidence: tripEvidence(view, trips[0]),
  }),
});
