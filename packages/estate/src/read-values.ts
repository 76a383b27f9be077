/** Reads single values: quantities with units, addresses, AS numbers, yes or no, and each of them with a default. */
import { type AzureRegion, azureRegions, type Cloud, findAzureRegion } from '@bothways/facts';
import { type Address, type Asn, parseAddress } from '@bothways/net';
import { checkAsn } from './check-asn.ts';
import type { Filled } from './defaults.ts';
import type { Money, Path, Ports } from './model.ts';
import { meantYesNo, parseAsnText, parsePorts, parseText, parseWhole, parseYesNo } from './names.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import { meantBandwidth, parseBandwidth, parseDuration, parseMoney, parsePercentage } from './units.ts';

export function readYesNo(reading: Reading, path: Path, text: string | undefined): boolean | undefined {
  if (text === undefined || text === UNREADABLE) return undefined;
  const result = parseYesNo(text);
  if (result.ok) return result.value;
  const meant = meantYesNo(text);
  reading.report({
    rule: 'estate/not-yes-or-no',
    path,
    message: result.problem,
    ...(result.hint === undefined ? {} : { help: result.hint }),
    fixes: meant === undefined ? [] : reading.replacement(path, meant, true),
  });
  return undefined;
}

/** Yes or no, with what counts when the document says nothing (or nothing that can be read). */
export function readYesNoOr(reading: Reading, path: Path, text: string | undefined, filled: Filled<boolean>): boolean {
  if (text === undefined) return reading.applyDefault(path, filled);
  return readYesNo(reading, path, text) ?? filled.value;
}

export function readWholeOr(
  reading: Reading,
  path: Path,
  text: string | undefined,
  bounds: readonly [minimum: number, maximum: number],
  filled: Filled<number>,
): number {
  if (text === undefined) return reading.applyDefault(path, filled);
  return readWhole(reading, path, text, bounds) ?? filled.value;
}

export function readWhole(
  reading: Reading,
  path: Path,
  text: string | undefined,
  [minimum, maximum]: readonly [minimum: number, maximum: number],
): number | undefined {
  return reading.scalar(path, text, 'estate/bad-number', parseWhole(minimum, maximum));
}

export function readText(reading: Reading, path: Path, text: string | undefined): string | undefined {
  return reading.scalar(path, text, 'estate/empty-text', parseText);
}

export function readBandwidth(reading: Reading, path: Path, text: string | undefined): number | undefined {
  if (text === undefined || text === UNREADABLE) return undefined;
  const result = parseBandwidth(text);
  if (result.ok) return result.value;
  const counted = /byte|B\/s/.test(text); // bytes need arithmetic, not another spelling
  const meant = counted ? undefined : meantBandwidth(text, (word, candidates) => reading.nearest(word, candidates));
  const help = meant === undefined ? result.hint : `did you mean ${meant}?`;
  reading.report({
    rule: 'estate/bad-bandwidth',
    path,
    message: result.problem,
    ...(help === undefined ? {} : { help }),
    fixes: meant === undefined ? [] : reading.replacement(path, meant, false),
  });
  return undefined;
}

export function readDuration(reading: Reading, path: Path, text: string | undefined): number | undefined {
  return reading.scalar(path, text, 'estate/bad-duration', parseDuration);
}

export function readPercentage(reading: Reading, path: Path, text: string | undefined): number | undefined {
  return reading.scalar(path, text, 'estate/bad-percentage', parsePercentage);
}

export function readMoney(reading: Reading, path: Path, text: string | undefined): Money | undefined {
  return reading.scalar(path, text, 'estate/bad-amount', parseMoney);
}

export function readAsn(reading: Reading, path: Path, text: string | undefined): Asn | undefined {
  const value = reading.scalar(path, text, 'estate/bad-asn', parseAsnText);
  if (value !== undefined) checkAsn(reading, path, value);
  return value;
}

/** An AS number that may be anybody's: that of a provider, or one that is looked for in a path. */
export function readAnyAsn(reading: Reading, path: Path, text: string | undefined): Asn | undefined {
  return reading.scalar(path, text, 'estate/bad-asn', parseAsnText);
}

export function readAddress(reading: Reading, path: Path, text: string | undefined): Address | undefined {
  if (text === undefined || text === UNREADABLE) return undefined;
  const result = parseAddress(text.trim());
  if (result.ok) return result.value;
  const [address, length] = text.trim().split('/');
  const meant = length !== undefined && address !== undefined && parseAddress(address).ok ? address : undefined;
  reading.report({
    rule: 'estate/bad-address',
    path,
    message: meant === undefined ? result.problem : `${text} is a prefix, a single address is wanted`,
    help: meant === undefined ? (result.hint ?? 'write an address such as 10.0.0.10') : `write ${meant}`,
    fixes: meant === undefined ? [] : reading.replacement(path, meant, false),
  });
  return undefined;
}

export function readPorts(reading: Reading, path: Path, texts: readonly string[] | undefined): readonly Ports[] {
  return reading.items(path, texts, (text, at) => reading.scalar(at, text, 'estate/bad-ports', parsePorts));
}

/** An Azure region of the cloud the organisation is in. */
export function readAzureRegion(
  reading: Reading,
  path: Path,
  text: string | undefined,
  cloud: Cloud,
): AzureRegion | undefined {
  if (text === undefined || text === UNREADABLE) return undefined;
  const region = findAzureRegion(text);
  if (region === undefined) {
    reading.unknownName({
      rule: 'estate/unknown-azure-region',
      path,
      text,
      what: 'Azure region',
      candidates: azureRegions()
        .filter((each) => each.cloud === cloud)
        .map((each) => each.name),
      otherwise: 'the regions are named as in the portal, e.g. West Europe',
    });
    return undefined;
  }
  if (region.cloud === cloud) return region;
  reading.wrongCloud(path, `Azure region ${region.name}`, region.cloud, cloud);
  return undefined;
}
