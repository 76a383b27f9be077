/** The example estate, changed by replacing text, as a compiled network; look-ups by name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEstate } from '@bothways/estate';
import type { Policy, Session } from '../src/index.ts';
import {
  type CompiledNetwork,
  compileNetwork,
  type Device,
  type Link,
  type Network,
  type Origin,
} from '../src/index.ts';

const CONTOSO = readFileSync(join(import.meta.dirname, '../../../examples/contoso/estate.yaml'), 'utf8');

export type Replacement = readonly [passage: string, by: string];

export function contosoText(...replacements: readonly Replacement[]): string {
  return replacements.reduce((text, [passage, by]) => {
    if (text.split(passage).length !== 2) throw new Error(`the example must have '${passage}' once`);
    return text.replace(passage, () => by);
  }, CONTOSO);
}

export function contoso(...replacements: readonly Replacement[]): CompiledNetwork {
  const { estate, findings } = loadEstate([{ name: 'estate.yaml', text: contosoText(...replacements) }]);
  if (estate === undefined) throw new Error(findings.map((each) => each.message).join('; '));
  return compileNetwork(estate);
}

function named<Item extends { readonly name: string }>(items: readonly Item[], name: string): Item {
  const found = items.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no '${name}' among ${items.map((each) => each.name).join(', ')}`);
  return found;
}

export const deviceNamed = (network: Network, name: string): Device => named(network.devices, name);
export const linkNamed = (network: Network, name: string): Link => named(network.links, name);
export const sessionNamed = (network: Network, name: string): Session => named(network.sessions, name);

/** The policy of the end of a session that stands on this device. */
export function policyOf(network: Network, session: string, device: string, way: 'import' | 'export'): Policy {
  const end = sessionNamed(network, session).ends.find((each) => each.device === deviceNamed(network, device).ix);
  const policy = end === undefined ? undefined : network.policies[end[way]];
  if (policy === undefined) throw new Error(`${session} has no ${way} policy at ${device}`);
  return policy;
}

/** 'circuits.er-fra.sku' for lines, 'ER-077' for facts; what is derived is left out. */
export function cited(origins: readonly Origin[]): readonly string[] {
  return origins.flatMap((origin) => {
    if (origin.kind === 'document') return [origin.path.join('.')];
    return origin.kind === 'fact' ? [origin.fact] : [];
  });
}
