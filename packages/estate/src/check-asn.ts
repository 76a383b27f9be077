/** What the customer's AS number must not be. The ranges and their sources are in the facts (ER-048, ER-049, ER-055). */
import { type AsnRange, asnRanges } from '@bothways/facts';
import { type Asn, formatAsn } from '@bothways/net';
import type { Path } from './model.ts';
import type { Reading } from './reading.ts';

/** True for numbers that no customer can use on a session: Microsoft's own, and those that BGP itself reserves. */
export function isReservedAsn(value: Asn): boolean {
  return reservedRanges(value).length > 0;
}

/** Private numbers can be used, with a warning that depends on the peering; documentation numbers stand in for others. */
function reservedRanges(value: Asn): readonly AsnRange[] {
  const ranges = asnRanges.filter((range) => value >= range.from && value <= range.to);
  return ranges.filter(({ use }) => use !== 'private' && use !== 'documentation');
}

export function checkAsn(reading: Reading, path: Path, value: Asn): void {
  for (const { use, fact, from, to } of reservedRanges(value)) {
    const microsoft = use.toLowerCase().includes('microsoft');
    reading.report({
      rule: 'estate/reserved-asn',
      ids: [fact],
      path,
      message: microsoft
        ? `AS ${formatAsn(value)} belongs to Microsoft`
        : `AS ${formatAsn(value)} is reserved (${use})`,
      ...(from === to ? {} : { why: `${from} to ${to} are ${use}` }),
      help: 'write the public AS number of your own side',
    });
  }
}
