/**
 * Money without rounding errors: exact fractions until a line of a bill is done, then whole numbers of the smallest unit
 * of the currency (cents), which add up exactly. Halves are rounded away from zero, as invoices do.
 */
/** numerator / denominator; the denominator is positive. Not reduced: the numbers of a bill stay short. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const ONE: Ratio = { numerator: 1n, denominator: 1n };
export const ZERO: Ratio = { numerator: 0n, denominator: 1n };

/**
 * The decimal number that is written with the fewest digits and reads as `value`: 0.025 is 25/1000 and not the binary
 * fraction beside it. Throws RangeError where it is not finite.
 */
export function exact(value: number): Ratio {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no amount`);
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const power = Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  return power >= 0
    ? { numerator: digits * 10n ** BigInt(power), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-power) };
}

export function product(...factors: readonly Ratio[]): Ratio {
  return factors.reduce(
    (sum, { numerator, denominator }) => ({
      numerator: sum.numerator * numerator,
      denominator: sum.denominator * denominator,
    }),
    ONE,
  );
}

/** Throws RangeError where `by` is zero. */
export function quotient(value: Ratio, by: Ratio): Ratio {
  if (by.numerator === 0n) throw new RangeError('division by zero');
  const sign = by.numerator < 0n ? -1n : 1n;
  return {
    numerator: value.numerator * by.denominator * sign,
    denominator: value.denominator * by.numerator * sign,
  };
}

export function plus(a: Ratio, b: Ratio): Ratio {
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

export function minus(a: Ratio, b: Ratio): Ratio {
  return plus(a, { numerator: -b.numerator, denominator: b.denominator });
}

/** Negative: a is less. */
export function compareRatios(a: Ratio, b: Ratio): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Halves away from zero. Throws RangeError beyond what a number holds exactly. */
export function rounded({ numerator, denominator }: Ratio): number {
  const size = numerator < 0n ? -numerator : numerator;
  const whole = Number((2n * size + denominator) / (2n * denominator));
  if (!Number.isSafeInteger(whole)) throw new RangeError(`${numerator}/${denominator} is too much for a bill`);
  return numerator < 0n ? 0 - whole : whole;
}

/** The smallest whole number that is not less. */
export function ceiling({ numerator, denominator }: Ratio): number {
  const down = numerator / denominator;
  return Number(down * denominator < numerator ? down + 1n : down);
}

/** For what is not money and is only shown: hours, percentages. */
export function approximate({ numerator, denominator }: Ratio): number {
  const scaled = (numerator * 1_000_000_000n) / denominator;
  return Number(scaled) / 1e9;
}

/** ISO 4217: currencies whose smallest unit is not the hundredth. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ...[
    'BIF',
    'CLP',
    'DJF',
    'GNF',
    'ISK',
    'JPY',
    'KMF',
    'KRW',
    'PYG',
    'RWF',
    'UGX',
    'VND',
    'VUV',
    'XAF',
    'XOF',
    'XPF',
  ].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
]);

/** Digits behind the point. */
export function minorDigits(currency: string): number {
  return DIGITS.get(currency) ?? 2;
}

/** 123456 is '1234.56' where the currency has cents: exact, for spreadsheets. */
export function decimalText(minor: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const sign = minor < 0 ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** '1,234.56 EUR': for people. */
export function minorText(minor: number, currency: string): string {
  const [whole = '', fraction] = decimalText(minor, currency).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${grouped}${fraction === undefined ? '' : `.${fraction}`} ${currency}`;
}

/** Turns amounts into the smallest unit of one currency. */
export interface Exchange {
  readonly currency: string;
  /** Whole currency units; undefined: no exchange rate. */
  convert(amount: Ratio, from: string): Ratio | undefined;
  /** `amount` times the units, rounded once; undefined: no exchange rate. */
  minor(amount: Ratio, from: string): number | undefined;
}

/** `rates`: how much of a currency one US dollar buys. */
export function exchange(currency: string, rates: ReadonlyMap<string, number>): Exchange {
  const perDollar = (code: string): Ratio | undefined => {
    const rate = code === 'USD' ? 1 : rates.get(code);
    return rate === undefined ? undefined : exact(rate);
  };
  const scale = exact(10 ** minorDigits(currency));
  const convert = (amount: Ratio, from: string): Ratio | undefined => {
    if (from === currency) return amount;
    const [source, target] = [perDollar(from), perDollar(currency)];
    return source === undefined || target === undefined ? undefined : product(quotient(amount, source), target);
  };
  return {
    currency,
    convert,
    minor(amount, from) {
      const converted = convert(amount, from);
      return converted === undefined ? undefined : rounded(product(converted, scale));
    },
  };
}
