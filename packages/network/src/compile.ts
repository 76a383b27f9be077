/** Estate and facts to one network of both halves, with the demands made concrete. Pure; same estate, same network. */
import type { Estate } from '@bothways/estate';
import { NetworkBuilder } from './builder.ts';
import { compileCustomerHalf } from './customer-half.ts';
import { compileDemands, type Demands } from './demands.ts';
import { Destinations } from './destinations.ts';
import { compileInternet } from './internet.ts';
import { compileMicrosoftHalf } from './microsoft-half.ts';
import type { DeviceIx, Network } from './model.ts';

export interface CompiledNetwork {
  readonly estate: Estate;
  readonly network: Network;
  readonly demands: Demands;
  /** The router that a site's clients stand behind. */
  readonly siteRouters: ReadonlyMap<string, DeviceIx>;
}

export function compileNetwork(estate: Estate): CompiledNetwork {
  const builder = new NetworkBuilder();
  const customer = compileCustomerHalf(estate, builder);
  const internet = compileInternet(estate, customer, builder);
  const destinations = new Destinations(estate);
  const demands = compileDemands(estate, destinations);
  compileMicrosoftHalf(estate, destinations.hosts(), customer, internet, builder);
  return {
    estate,
    network: builder.build(),
    demands,
    siteRouters: new Map([...customer.siteRouters].map(([name, router]) => [name, router.ix])),
  };
}
