/** The keys that both peerings of a circuit have. */
import { ASN, DURATION, record, scalar, shortRecord, YES_NO } from './schema-parts.ts';

export const prepend = shortRecord(
  'AS numbers added in front of the path: how many times, or a map with the number too. Default: 0.',
  'times',
  {
    times: scalar('How many times.', { type: 'integer', minimum: 0, maximum: 16, examples: [2] }),
    asn: scalar('AS number to add. Default: the own one.', ASN).optional(),
  },
);

export const localPreference = {
  type: 'integer',
  minimum: 0,
  maximum: 4_294_967_295,
  examples: [150],
} as const;

export const circuitSession = {
  asn: scalar('AS number of the customer side. Default: that of the organisation.', ASN).optional(),
  vlan: scalar('VLAN id.', { type: 'integer', minimum: 1, maximum: 4094, examples: [100] }),
  prepend: prepend.optional(),
  localPreference: scalar('LOCAL_PREF for what is learned here; higher is preferred.', localPreference).optional(),
  timers: record('BGP timers. Default: 60 s and 180 s.', {
    keepalive: scalar('Time between keepalives.', { ...DURATION, examples: ['60 s', '10 s'] }).optional(),
    hold: scalar('Silence after which the session is down.', { ...DURATION, examples: ['180 s', '30 s'] }).optional(),
  }).optional(),
  md5: scalar('Session key; never shown.', { type: 'string' }).optional(),
  bfd: scalar('Bidirectional forwarding detection. Default: false.', YES_NO).optional(),
};
