/** MACsec costs nothing on ports of one's own, except remembering it. */
import { type Circuit, type DirectPorts, editSet } from '@bothways/estate';
import { defineRule, example } from '../rule.ts';

interface Clear {
  readonly circuit: Circuit;
  readonly direct: DirectPorts;
}

export const directPortsEncrypted = defineRule<Clear>({
  name: 'direct-ports-encrypted',
  title: 'ExpressRoute Direct is used without MACsec',
  family: 'encryption and wording',
  severity: 'note',
  ids: ['PP-C36', 'CHK-ALZ-05', 'CHK-WAF-S03', 'ER-161', 'ER-162'],
  what: 'Looks for Direct ports without MACsec.',
  why: 'Direct is the only kind of circuit that can encrypt its line, and it is off until both ends are configured.',
  fix: 'configure MACsec at both ends, with the key in a vault',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'Direct without MACsec',
    ['    provider: Equinix\n', ''],
    ['    bandwidth: 500 Mbps', '    bandwidth: 5 Gbps\n    direct: { portSpeed: 10 Gbps, macsec: false }'],
  ),
  silent: example(
    'Direct with MACsec',
    ['    provider: Equinix\n', ''],
    ['    bandwidth: 500 Mbps', '    bandwidth: 5 Gbps\n    direct: { portSpeed: 10 Gbps, macsec: true }'],
  ),
  find: (view) =>
    view.estate.circuits.flatMap((circuit) =>
      circuit.direct === undefined || circuit.direct.macsec ? [] : [{ circuit, direct: circuit.direct }],
    ),
  word: ({ circuit, direct }) => ({
    message: `the ports of ${circuit.name} carry everything in clear text`,
    path: [...direct.path, 'macsec'],
  }),
  mend: ({ circuit, direct }, view) => [
    {
      title: `plan ${circuit.name} with MACsec`,
      safe: false,
      edits: editSet(view.document, [...direct.path, 'macsec'], true),
    },
  ],
});
