/** With a CDN or web application firewall in front, Power Pages is an internet service. */
import type { Environment, Intent } from '@bothways/estate';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

/** Power Pages without and with a service in front. */
const DIRECT_FLOW = 'PP-F23';
const FRONTED_FLOW = 'PP-F24';

interface Fronted {
  readonly intent: Intent;
  readonly environment: Environment;
  readonly by: readonly string[];
}

export const powerPagesPathDecided = defineRule<Fronted>({
  name: 'power-pages-path-decided',
  title: 'Power Pages is wanted over a circuit and has a service of the internet in front',
  family: 'clients',
  severity: 'error',
  ids: ['PP-C32', 'CHK-PP-15', 'PP-G21', 'PP-U06', 'X10'],
  what: 'Looks for intents that want Power Pages over a circuit in environments whose pages have a CDN or a web application firewall.',
  why: 'Names of such pages resolve to Front Door, which Microsoft peering does not carry; address restrictions cannot be combined with the CDN either.',
  fix: 'switch the CDN and the firewall off for these pages, or let them use the internet',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'pages behind a CDN are meant to use the circuit',
    ['{ region: Europe }', '{ region: Europe, powerPages: { cdn: true } }'],
    ['    flows: [PP-F01, PP-F02]\n', '    flows: [PP-F01, PP-F02, PP-F23]\n'],
  ),
  silent: example(
    'pages without a CDN',
    ['{ region: Europe }', '{ region: Europe, powerPages: { cdn: false } }'],
    ['    flows: [PP-F01, PP-F02]\n', '    flows: [PP-F01, PP-F02, PP-F23]\n'],
  ),
  find: (view) => {
    const fronted = view.estate.environments.filter(
      ({ powerPages }) => powerPages !== undefined && (powerPages.cdn || powerPages.waf),
    );
    return view.estate.intents
      .filter(
        ({ over, flows }) => over === 'expressroute' && (flows.includes(DIRECT_FLOW) || flows.includes(FRONTED_FLOW)),
      )
      .flatMap((intent) =>
        fronted
          .filter(({ name }) => intent.to.includes(name))
          .map((environment) => ({
            intent,
            environment,
            by: [
              ...(environment.powerPages?.cdn === true ? ['a CDN'] : []),
              ...(environment.powerPages?.waf === true ? ['a web application firewall'] : []),
            ],
          })),
      );
  },
  word: ({ intent, environment, by }, view) => ({
    message: `intent ${intent.name} wants Power Pages over a circuit, but those of ${environment.name} have ${listText(by)} in front`,
    path: [...intent.path, 'flows'],
    related: [{ message: 'the pages', place: placeOf(view, [...environment.path, 'powerPages']) }],
  }),
});
