/** Without validated prefixes the session of a Microsoft peering does not come up. */
import type { Circuit, MicrosoftPeering } from '@bothways/estate';
import { defineRule } from '../rule.ts';

interface Unvalidated {
  readonly circuit: Circuit;
  readonly peering: MicrosoftPeering;
}

export const prefixesValidated = defineRule<Unvalidated>({
  name: 'prefixes-validated',
  title: 'The announced prefixes of a Microsoft peering are not validated',
  family: 'peering',
  severity: 'error',
  ids: ['PP-C06', 'CHK-PP-06', 'CHK-M365-03', 'CHK-GAP-03', 'ER-063', 'ER-066', 'ER-184'],
  what: 'Looks at the validation state that the document records for each Microsoft peering.',
  why: 'The BGP sessions of the peering stay down until Microsoft has confirmed who owns the prefixes and the AS number.',
  fix: 'prove ownership of the prefixes and the AS number to Microsoft, then record the state as configured',
  status: 'stable',
  since: '0.1.0',
  fires: {
    title: 'validation is still open',
    replace: [{ text: '      vlan: 100\n', by: '      vlan: 100\n      validation: validation-needed\n' }],
  },
  silent: { title: 'validated, which is what the document assumes', replace: [] },
  find: (view) =>
    view.estate.circuits.flatMap((circuit) => {
      const peering = circuit.microsoftPeering;
      return peering?.validation === 'validation-needed' ? [{ circuit, peering }] : [];
    }),
  word: ({ circuit, peering }) => ({
    message: `the prefixes announced on ${circuit.name} wait for validation, so its sessions are down and nothing uses the circuit`,
    path: [...peering.path, 'validation'],
  }),
});
