/** Private peering carries nothing of Power Platform unless an environment has virtual network support. */
import { type Circuit, editRemove } from '@bothways/estate';
import { privatePeering } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

interface Idle {
  readonly circuit: Circuit;
}

export const privatePeeringHasAUse = defineRule<Idle>({
  name: 'private-peering-has-a-use',
  title: 'A private peering leads nowhere',
  family: 'virtual networks',
  severity: 'note',
  ids: ['PP-C34', 'PP-N01', 'ER-037', 'ER-233'],
  what: 'Looks for private peerings without a virtual network and without Global Reach.',
  why: 'Power Platform does not need it, so readers look for a purpose that is not there; it also has to be operated.',
  fix: 'link the virtual network it is for, or take it out',
  status: 'stable',
  since: '0.1.0',
  fires: example('no network is linked', [
    '    edge: er\n',
    '    edge: er\n    privatePeering:\n      vlan: 200\n      links: [10.254.0.0/30, 10.254.0.4/30]\n',
  ]),
  silent: example('a network is linked', ...privatePeering()),
  find: (view) => {
    const joined = new Set(
      view.estate.circuits.flatMap(({ name, globalReach }) => (globalReach.length > 0 ? [name, ...globalReach] : [])),
    );
    return view.estate.circuits
      .filter(({ name, privatePeering: held }) => held !== undefined && held.vnets.length === 0 && !joined.has(name))
      .map((circuit) => ({ circuit }));
  },
  word: ({ circuit }) => ({
    message: `the private peering of ${circuit.name} leads to no virtual network and to no other circuit`,
    path: [...circuit.path, 'privatePeering'],
  }),
  mend: ({ circuit }, view) => [
    {
      title: `take the private peering of ${circuit.name} out`,
      safe: false,
      edits: editRemove(view.document, [...circuit.path, 'privatePeering']),
    },
  ],
});
