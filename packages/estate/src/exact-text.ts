/**
 * Quantities as texts that read back as exactly the same number. formatBandwidth and its like round for people; a
 * document that is written from an estate must not.
 */
import type { Money } from './model.ts';
import { formatBandwidth, formatDuration, parseBandwidth, parseDuration } from './units.ts';

/** Without an exponent, which no reader of the document takes. */
function decimalText(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  if (value >= 1) return BigInt(Math.round(value)).toString();
  const [digits = '', exponent = ''] = text.split('e-');
  return `0.${'0'.repeat(Number(exponent) - 1)}${digits.replace('.', '')}`;
}

export function bandwidthText(bitsPerSecond: number): string {
  const short = formatBandwidth(bitsPerSecond);
  const read = parseBandwidth(short);
  return read.ok && read.value === bitsPerSecond ? short : `${decimalText(bitsPerSecond)} bps`;
}

export function durationText(milliseconds: number): string {
  const short = formatDuration(milliseconds);
  const read = parseDuration(short);
  return read.ok && read.value === milliseconds ? short : `${decimalText(milliseconds)} ms`;
}

/** A fraction as a percentage, with as few digits as it takes. */
export function percentText(fraction: number): string {
  for (let digits = 1; digits <= 17; digits += 1) {
    const percent = Number((fraction * 100).toPrecision(digits));
    if (percent / 100 === fraction) return `${decimalText(percent)} %`;
  }
  return `${decimalText(fraction * 100)} %`;
}

export function moneyText({ amount, currency }: Money): string {
  return `${decimalText(amount)} ${currency}`;
}
