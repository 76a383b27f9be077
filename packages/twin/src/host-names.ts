/**
 * Which flows and Microsoft 365 endpoint sets a host name belongs to. Patterns are those of the two catalogues: '*' for
 * any characters, '{org}' for the name of an organisation, '{n}' for the number of a geography.
 *
 * A name can match several patterns; the one that fixes the most characters says the most about it.
 */
import {
  type CloudVariant,
  cloudVariants,
  type Flow,
  flows,
  type Microsoft365Set,
  microsoft365Sets,
  type NameException,
  nameExceptions,
  type PowerPlatformRegion,
  powerPlatformRegions,
  retiredEnvironmentSuffixes,
} from '@bothways/facts';

interface Matched {
  readonly pattern: string;
  /** Characters the pattern fixes. */
  readonly fixed: number;
  /** 'inside': the name falls under the pattern. 'around': the question is a wildcard that includes the pattern. */
  readonly relation: 'inside' | 'around';
}

interface FlowName extends Matched {
  readonly flow: Flow;
  readonly variant: CloudVariant;
}

interface EndpointName extends Matched {
  readonly endpoint: Microsoft365Set;
}

export interface HostName {
  readonly name: string;
  readonly flows: readonly FlowName[];
  readonly endpoints: readonly EndpointName[];
  /** Old statements about single names (ER-207, ER-208). */
  readonly exceptions: readonly NameException[];
  /** The Power Platform geography the name tells, if it is that of an environment. */
  readonly geography: PowerPlatformRegion | undefined;
  readonly retired: string | undefined;
}

/** Letters, digits, hyphens, underscores and up to three wildcards, with at least one dot. */
export function isHostName(text: string): boolean {
  return text.split('*').length <= 4 && /^(?=.{3,253}$)[a-z0-9_*-]+(\.[a-z0-9_*-]+)+$/i.test(text);
}

export function describeHostName(text: string): HostName {
  const name = text.toLowerCase();
  // The catalogue writes some names for the first geography only ('crm.dynamics.com').
  const numberless = name.replace(/\.crm\d{1,3}\.dynamics\.com$/, '.crm.dynamics.com');
  return {
    name,
    flows: flowsOf(name, numberless),
    endpoints: endpointsOf(name),
    exceptions: nameExceptions().filter((each) => matching(each.name, name) !== undefined),
    geography: geographyOf(name),
    retired: retiredEnvironmentSuffixes().find(({ suffix }) => endsWithName(name, suffix))?.reason,
  };
}

function flowsOf(name: string, numberless: string): readonly FlowName[] {
  const found: FlowName[] = [];
  for (const flow of flows()) {
    for (const variant of cloudVariants) {
      const hits = (flow.names[variant] ?? []).flatMap((pattern) => {
        const hit = matching(pattern, name) ?? matching(pattern, numberless);
        return hit === undefined ? [] : [{ ...hit, flow, variant }];
      });
      const [best] = hits.sort(mostFixedFirst);
      if (best !== undefined) found.push(best);
    }
  }
  return found.sort(mostFixedFirst);
}

function endpointsOf(name: string): readonly EndpointName[] {
  const instances = ['public', 'usgov-high', 'usgov-dod', 'china'] as const;
  return instances
    .flatMap((instance) =>
      microsoft365Sets(instance).flatMap((endpoint) => {
        const [best] = endpoint.urls
          .flatMap((pattern) => {
            const hit = matching(pattern, name);
            return hit === undefined ? [] : [{ ...hit, endpoint }];
          })
          .sort(mostFixedFirst);
        return best === undefined ? [] : [best];
      }),
    )
    .sort(mostFixedFirst);
}

function mostFixedFirst(a: Matched, b: Matched): number {
  return b.fixed - a.fixed;
}

function geographyOf(name: string): PowerPlatformRegion | undefined {
  return powerPlatformRegions()
    .filter(({ environmentSuffix }) => environmentSuffix !== undefined && endsWithName(name, environmentSuffix))
    .sort((a, b) => (b.environmentSuffix?.length ?? 0) - (a.environmentSuffix?.length ?? 0))[0];
}

function endsWithName(name: string, suffix: string): boolean {
  return name === suffix || name.endsWith(`.${suffix}`);
}

function matching(pattern: string, name: string): Matched | undefined {
  const lower = pattern.toLowerCase();
  const fixed = lower.replaceAll(/\*|\{\w+\}/g, '').length;
  if (expressionOf(lower).test(sampleOf(name))) return { pattern, fixed, relation: 'inside' };
  if (name.includes('*') && expressionOf(name).test(sampleOf(lower))) return { pattern, fixed, relation: 'around' };
  return undefined;
}

const expressions = new Map<string, RegExp>();

function expressionOf(pattern: string): RegExp {
  let expression = expressions.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replaceAll(/\*+/g, '*')
      .replaceAll(/[.$^+?()[\]|\\]/g, (character) => `\\${character}`)
      .replaceAll('{n}', '\\d{1,3}')
      .replaceAll(/\{\w+\}/g, '[a-z0-9_-]+')
      .replaceAll('*', '[a-z0-9_.-]+');
    expression = new RegExp(`^${source}$`);
    expressions.set(pattern, expression);
  }
  return expression;
}

/** A name that a pattern stands for. */
function sampleOf(pattern: string): string {
  return pattern
    .replaceAll(/\*+/g, 'any')
    .replaceAll('{n}', '4')
    .replaceAll(/\{\w+\}/g, 'org');
}
