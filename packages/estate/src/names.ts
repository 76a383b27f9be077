/**
 * Names from Microsoft's side and scalars with a fixed set of spellings, read from the document.
 *
 * Each reader gives the value or a problem in words; suggestions for unknown names are made by the caller, which knows
 * the candidates. Look-ups come from the facts package, so a name is known exactly when it has a sourced fact.
 */
import {
  type AzureRegion,
  azureRegions,
  type Cloud,
  type CommunityRow,
  communities,
  findAzureRegion,
} from '@bothways/facts';
import {
  type Asn,
  type Community,
  type Parsed,
  parseAsn,
  parseCommunity,
  parsed,
  problem,
  quoted,
} from '@bothways/net';

export function parseYesNo(text: string): Parsed<boolean> {
  if (/^(?:true|True|TRUE)$/.test(text)) return parsed(true);
  if (/^(?:false|False|FALSE)$/.test(text)) return parsed(false);
  return problem(`${quoted(text)} is neither true nor false`, 'write true or false');
}

/** `yes`, `on`, `no` and `off` of older YAML, for a fix. */
export function meantYesNo(text: string): boolean | undefined {
  if (/^(?:yes|y|on|1)$/i.test(text)) return true;
  return /^(?:no|n|off|0)$/i.test(text) ? false : undefined;
}

/** A whole number between two bounds (inclusive). */
export function parseWhole(minimum: number, maximum: number): (text: string) => Parsed<number> {
  return (text) => {
    const value = Number(text);
    if (!/^[+-]?\d+(?:\.0*)?$/.test(text))
      return problem(`${quoted(text)} is not a whole number`, `write a number from ${minimum} to ${maximum}`);
    if (value < minimum || value > maximum)
      return problem(
        `${text} is not between ${minimum} and ${maximum}`,
        `write a number from ${minimum} to ${maximum}`,
      );
    return parsed(value);
  };
}

export function parseDegrees(limit: number): (text: string) => Parsed<number> {
  return (text) => {
    const value = Number(text);
    if (!/^[+-]?\d+(?:\.\d+)?$/.test(text))
      return problem(`${quoted(text)} is not a number of degrees`, 'write decimal degrees, e.g. 48.14');
    return Math.abs(value) <= limit
      ? parsed(value)
      : problem(
          `${text} is not between -${limit} and ${limit}`,
          'north and east are positive, south and west negative',
        );
  };
}

export function parseAsnText(text: string): Parsed<Asn> {
  return parseAsn(text.trim());
}

export function parseText(text: string): Parsed<string> {
  return text.trim() === '' ? problem('the text is empty', 'write something, or remove the key') : parsed(text.trim());
}

/** Lower case without anything but letters and digits: `West Europe`, `west-europe` and `westeurope` are one name. */
function plainName(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** What one entry of a route filter stands for. */
export type RouteFilterName =
  | { readonly kind: 'community'; readonly community: Community }
  | { readonly kind: 'region'; readonly region: AzureRegion }
  | { readonly kind: 'service'; readonly row: CommunityRow }
  | { readonly kind: 'problem'; readonly problem: string; readonly help: string | undefined }
  | { readonly kind: 'unknown' };

/** Reads `12076:51002`, `West Europe`, `westeurope` or the name of a service such as `Exchange Online`. */
export function readRouteFilterName(text: string, cloud: Cloud): RouteFilterName {
  if (/^\s*\d+\s*:/.test(text)) {
    const result = parseCommunity(text.trim());
    return result.ok
      ? { kind: 'community', community: result.value }
      : { kind: 'problem', problem: result.problem, help: result.hint };
  }
  const region = findAzureRegion(text);
  if (region !== undefined) return { kind: 'region', region };
  const key = plainName(text);
  const row =
    serviceRows(cloud).find((each) => plainName(each.name) === key) ??
    serviceRows(undefined).find((each) => plainName(each.name) === key);
  return row === undefined ? { kind: 'unknown' } : { kind: 'service', row };
}

/** Names that may stand in a route filter, for suggestions. */
export function routeFilterNames(cloud: Cloud): readonly string[] {
  const regions = azureRegions().filter(
    (region) => region.cloud === cloud && region.communities.microsoftPeering !== undefined,
  );
  return [...regions.map((region) => region.name), ...serviceRows(cloud).map((row) => row.name)];
}

function serviceRows(cloud: Cloud | undefined): readonly CommunityRow[] {
  return communities().filter((row) => row.kind === 'service' && (cloud === undefined || row.cloud === cloud));
}
