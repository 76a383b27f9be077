/** Users on the road are part of the design, or they become its surprise. */
import type { UserGroup } from '@bothways/estate';
import { defineRule, example } from '../rule.ts';

interface Forgotten {
  readonly group: UserGroup;
}

const TRAVELLERS = 'demands:\n';

export const roamingUsersHaveAWay = defineRule<Forgotten>({
  name: 'roaming-users-have-a-way',
  title: 'A group of users outside of the sites is in no demand and no intent',
  family: 'clients',
  severity: 'note',
  ids: ['PP-C41', 'ER-204'],
  what: 'Looks for roaming and VPN users whom no demand and no intent speaks of.',
  why: 'A circuit does nothing for them: they come by internet or through the VPN, and policies such as an IP firewall shut them out unless somebody decided otherwise.',
  fix: 'name them in a demand, and say in an intent that they may use the internet',
  status: 'stable',
  since: '0.1.0',
  fires: example('travellers whom nobody speaks of', [
    TRAVELLERS,
    'users:\n  travellers: { kind: roaming, users: 50, city: Singapore }\n\ndemands:\n',
  ]),
  silent: example('travellers in a demand', [
    TRAVELLERS,
    'users:\n  travellers: { kind: roaming, users: 50, city: Singapore }\n\ndemands:\n  on-the-road: { flows: [PP-F01], from: [travellers], to: production }\n',
  ]),
  find: (view) => {
    const spoken = new Set([...view.estate.demands, ...view.estate.intents].flatMap(({ users }) => users));
    return view.estate.users.filter(({ name }) => !spoken.has(name)).map((group) => ({ group }));
  },
  word: ({ group }) => ({
    message: `nothing says how ${group.name} (${group.users} ${group.kind === 'vpn' ? 'users by VPN' : 'roaming users'}) reach their applications`,
    path: group.path,
  }),
});
