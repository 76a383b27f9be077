import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { address, addressOf, compareAddresses, formatAddress, parseAddress, Random } from './index.ts';

function check(text: string, expected: string): void {
  const result = parseAddress(text);
  expect(result.ok ? formatAddress(result.value) : `${result.problem} | ${result.hint ?? ''}`).toBe(expected);
}

describe('reading addresses', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8::A', '2001:db8::a'],
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['::192.0.2.1', '::c000:201'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201'],
  ])('accepts %s', check);

  // RFC 5952 section 4: one zero group stays, the first of two equal runs goes, the longest run goes.
  it.each([
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['1:0:0:0:0:0:0:0', '1::'],
  ])('writes %s in the canonical form', check);

  it.each([
    ['', 'the address is empty | '],
    ['192.0.2.01', '"192.0.2.01" has leading zeros, which some programs read as octal | write 192.0.2.1'],
    ['192.0.2.256', '"192.0.2.256" is no IPv4 address: 256 is over 255 | '],
    ['10.1', '"10.1" is no IPv4 address | write four numbers from 0 to 255, such as 192.0.2.1'],
    ['3221225985', '"3221225985" is no IPv4 address | write four numbers from 0 to 255, such as 192.0.2.1'],
    [
      '::192.0.2.01',
      '"::192.0.2.01" is no IPv6 address | write eight groups, or “::” once for a run of zeros, such as 2001:db8::1',
    ],
    ['0x7f.0.0.1', '"0x7f.0.0.1" is no IP address | '],
    [' 192.0.2.1', '" 192.0.2.1" has white space around the address | write 192.0.2.1'],
    ['192.0.2.1/24', '"192.0.2.1/24" is a prefix, not an address | write 192.0.2.1'],
    ['192.0.2.1:443', '"192.0.2.1:443" has a port | write 192.0.2.1'],
    ['[::1]:443', '"[::1]:443" has brackets around the address | write ::1'],
    ['fe80::1%eth0', '"fe80::1%eth0" has a zone after %, which only means something on one machine | write fe80::1'],
    ['1::2::3', '"1::2::3" is no IPv6 address | “::” may stand only once'],
    [':::', '":::" is no IPv6 address | “::” may stand only once'],
    ['12345::', '"12345::" is no IPv6 address | a group has at most four hexadecimal digits'],
    ['1:2:3:4:5:6:7:8:9', '"1:2:3:4:5:6:7:8:9" is no IPv6 address | an address has at most eight groups'],
    ['host.example', '"host.example" is no IP address | '],
    ['١.١.١.١', '"١.١.١.١" is no IP address | '],
  ])('refuses %j with a reason', check);

  it('keeps problems short and free of control characters, whatever comes in', () => {
    const result = parseAddress(`\u001b[2J${'9'.repeat(100_000)}`);
    expect(result.ok ? '' : result.problem).toMatch(/^[\x20-\x7e…]{1,120}$/);
  });

  it('throws from the literal, with the reason', () => {
    expect(() => address('10.0.0.0/8')).toThrow('is a prefix, not an address');
    expect(() => addressOf(4, 1n << 32n)).toThrow(RangeError);
  });
});

describe('order', () => {
  it('puts IPv4 before IPv6, then goes by value', () => {
    const sorted = ['::1', '10.0.0.2', '::', '10.0.0.1', '10.0.0.2'].map(address).toSorted(compareAddresses);
    expect(sorted.map(formatAddress)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.2', '::', '::1']);
  });
});

const seed = 20261;

/** Valid text in many spellings, and the same with one to three characters changed, added or taken out. */
const ipv4Text = fc.ipV4();
const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
const spelledIpv6 = fc
  .tuple(fc.array(fc.oneof(fc.constant('0'), group), { minLength: 8, maxLength: 8 }), fc.boolean(), fc.boolean())
  .map(([groups, upper, padded]) => {
    const text = groups.map((each) => (padded ? each.padStart(4, '0') : each)).join(':');
    return upper ? text.toUpperCase() : text;
  });
const ipv6Text = fc.oneof(fc.ipV6(), spelledIpv6);
const hostile = fc.oneof(
  fc
    .tuple(
      fc.oneof(ipv4Text, ipv6Text),
      fc.array(
        fc.tuple(
          fc.nat(50),
          fc.nat(2),
          fc.constantFrom(...Array.from('0123456789abcdefgG:.:::./% +-xXoO[]\t\n\u0000٣')),
        ),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
    )
    .map(([text, changes]) =>
      changes.reduce((current, [at, removed, added]) => {
        const place = at % (current.length + 1);
        return current.slice(0, place) + added + current.slice(place + removed);
      }, text),
    ),
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789af:.')), maxLength: 42 }),
  fc.string({ maxLength: 20 }),
);

/**
 * Where ipaddr.js reads loosely by intent: zones; leading zeros in a dotted quad (octal in IPv4, decimal inside IPv6);
 * `::a.b.c.d` taken as IPv4-mapped although nothing says ffff. Our tables above hold these cases.
 */
function isLooseInIpaddr(text: string): boolean {
  return text.includes('%') || /(?:^|[:.])0\d+(?:\.|$)/.test(text) || /^::\d+\./.test(text);
}

function readByIpaddr(text: string): bigint | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    return BigInt(`0x${Buffer.from(ipaddr.IPv4.parse(text).toByteArray()).toString('hex')}`);
  }
  if (text.includes(':') && ipaddr.IPv6.isValid(text)) {
    return BigInt(`0x${Buffer.from(ipaddr.IPv6.parse(text).toByteArray()).toString('hex')}`);
  }
  return undefined;
}

/** Strict reading by ip-address, which also takes prefixes and zones. */
function readByIpAddress(text: string): bigint | undefined {
  if (/[/%]/.test(text)) {
    return undefined;
  }
  if (Address4.isValid(text)) {
    return new Address4(text).bigInt();
  }
  return text.includes(':') && Address6.isValid(text) ? new Address6(text).bigInt() : undefined;
}

describe('compared with other libraries', () => {
  it(`reads valid text to the same value (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.oneof(ipv4Text, ipv6Text), (text) => {
        const result = parseAddress(text);
        expect(result.ok && result.value.bits).toBe(readByIpAddress(text));
        expect(result.ok && result.value.bits).toBe(isLooseInIpaddr(text) ? readByIpAddress(text) : readByIpaddr(text));
      }),
      { seed, numRuns: 2000 },
    );
  });

  it(`agrees with both on what is an address at all (seed ${seed})`, () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const result = parseAddress(text);
        const value = result.ok ? result.value.bits : undefined;
        expect(value).toBe(readByIpAddress(text));
        expect(value).toBe(isLooseInIpaddr(text) ? readByIpAddress(text) : readByIpaddr(text));
      }),
      { seed, numRuns: 5000 },
    );
  });

  it(`writes IPv6 as ip-address does in RFC 5952 form (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < 2000; round += 1) {
      // Few set bits, so that runs of zero groups are common.
      const bits = random.bigBelow(1n << 128n) & random.bigBelow(1n << 128n) & zeroedGroups(random);
      const text = formatAddress(addressOf(6, bits));
      const expected = Address6.fromBigInt(bits);
      expect(text).toBe(bits >> 32n === 0xffffn ? text : expected.correctForm());
      expect(address(text).bits).toBe(bits);
    }
  });
});

function zeroedGroups(random: Random): bigint {
  let mask = 0n;
  for (let each = 0; each < 8; each += 1) {
    mask = (mask << 16n) | (random.below(2) === 0 ? 0n : 0xffffn);
  }
  return mask;
}
