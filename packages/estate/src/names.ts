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
import type { Ports } from './model.ts';

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

/** A number, not necessarily whole, between two bounds (inclusive). */
export function parseFactor(minimum: number, maximum: number): (text: string) => Parsed<number> {
  return (text) => {
    const value = Number(text);
    const help = `write a number from ${minimum} to ${maximum}`;
    if (!/^[+-]?(?:\d+(?:\.\d+)?|\.\d+)$/.test(text.trim())) return problem(`${quoted(text)} is not a number`, help);
    return value >= minimum && value <= maximum
      ? parsed(value)
      : problem(`${text} is not between ${minimum} and ${maximum}`, help);
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

/** `443`, `8080-8090`, `tcp/443`, `udp/500`. */
export function parsePorts(text: string): Parsed<Ports> {
  const match = /^(?:(tcp|udp)\/)?(\d{1,5})(?:-(\d{1,5}))?$/i.exec(text.trim());
  const help = 'write a port or a range, e.g. 443, tcp/8080-8090 or udp/500';
  if (match === null) return problem(`${quoted(text)} is not a port`, help);
  const first = Number(match[2]);
  const last = Number(match[3] ?? match[2]);
  if (first < 1 || last > 65_535) return problem(`${quoted(text)} is not between 1 and 65535`, help);
  if (last < first) return problem(`${quoted(text)} ends before it begins`, `write ${last}-${first}`);
  return parsed({ protocol: match[1]?.toLowerCase() === 'udp' ? 'udp' : 'tcp', first, last });
}

/** Days per month; 29 February is judged by the year. */
export function parseDate(text: string): Parsed<string> {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  const help = 'write year, month and day, e.g. 2027-03-31';
  if (match === null) return problem(`${quoted(text)} is not a date`, help);
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days
    ? parsed(text.trim())
    : problem(`${text.trim()} is not in the calendar`, help);
}

export function parseCurrency(text: string): Parsed<string> {
  return /^[A-Za-z]{3}$/.test(text.trim())
    ? parsed(text.trim().toUpperCase())
    : problem(`${quoted(text)} is not a currency`, 'write the three letters of ISO 4217, e.g. EUR');
}

export function parseCountry(text: string): Parsed<string> {
  return /^[A-Za-z]{2}$/.test(text.trim())
    ? parsed(text.trim().toUpperCase())
    : problem(`${quoted(text)} is not a country code`, 'write the two letters of ISO 3166-1, e.g. DE');
}

export function parseAsnText(text: string): Parsed<Asn> {
  return parseAsn(text.trim());
}

export function parseText(text: string): Parsed<string> {
  return text.trim() === '' ? problem('the text is empty', 'write something, or remove the key') : parsed(text.trim());
}

/** Lower case without anything but letters and digits: `West Europe`, `west-europe` and `westeurope` are one name. */
export function plainName(text: string): string {
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
