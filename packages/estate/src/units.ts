/**
 * Quantities with units, as the document writes them.
 *
 * Rates are decimal, as network bandwidth is sold: 1 Gbps = 10^9 bit/s. Leaves out byte rates on purpose (`MB/s`): on a
 * WAN they are nearly always a slip, so they are refused with the bit rate that may have been meant.
 */
import { type Parsed, problem, quoted } from '@bothways/net';
import type { Money } from './model.ts';

const BIT_RATES: ReadonlyMap<string, number> = new Map([
  ['bps', 1],
  ['bit/s', 1],
  ['kbps', 1e3],
  ['kbit/s', 1e3],
  ['mbps', 1e6],
  ['mbit/s', 1e6],
  ['gbps', 1e9],
  ['gbit/s', 1e9],
  ['tbps', 1e12],
  ['tbit/s', 1e12],
]);

/** `Mb/s` counts bits, `MB/s` bytes: only the case of the b tells them apart. */
const SHORT_BIT_RATE = /^([KkMmGgTt]?)b\/s$/;

const DURATIONS: ReadonlyMap<string, number> = new Map([
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1e3],
  ['min', 60e3],
  ['h', 3_600e3],
]);

/** The usual spellings, for suggestions. */
const USUAL_BIT_RATES = ['kbps', 'Mbps', 'Gbps', 'Tbps', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'];

/** `100 Mpbs` meant as `100 Mbps`: the text with the most similar unit; `undefined` when none is similar. */
export function meantBandwidth(
  text: string,
  nearest: (word: string, candidates: readonly string[]) => string | undefined,
): string | undefined {
  const quantity = parseQuantity(text);
  const unit = quantity === undefined || quantity.unit === '' ? undefined : nearest(quantity.unit, USUAL_BIT_RATES);
  const meant = quantity === undefined || unit === undefined ? undefined : `${quantity.amount} ${unit}`;
  return meant !== undefined && parseBandwidth(meant).ok ? meant : undefined;
}

const QUANTITY = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+))\s*(\S*)$/;

interface Quantity {
  readonly amount: number;
  readonly unit: string;
}

/** No thousands separators and no decimal comma: `1,000 Mbps` could be read both ways. */
function parseQuantity(text: string): Quantity | undefined {
  const match = QUANTITY.exec(text.trim());
  const amount = Number(match?.[1]);
  return match === null || !Number.isFinite(amount) ? undefined : { amount, unit: match[2] ?? '' };
}

/** `200 Mbps`, `1 Gbps`, `64 kbit/s` to bits per second. Units in any case; the space is optional. */
export function parseBandwidth(text: string): Parsed<number> {
  const quantity = parseQuantity(text);
  if (quantity === undefined)
    return problem(`${quoted(text)} is not a bandwidth`, 'write a number and a unit, e.g. 200 Mbps');
  const { amount, unit } = quantity;
  if (unit === '') return problem(`${quoted(text)} has no unit`, 'write the unit, e.g. 200 Mbps or 1 Gbps');
  const short = SHORT_BIT_RATE.exec(unit);
  const factor = BIT_RATES.get(short === null ? unit.toLowerCase() : `${(short[1] ?? '').toLowerCase()}bps`);
  if (factor === undefined) {
    return /^(?:[KkMmGgTt]?B\/s|[KkMmGgTt]?[Bb]ytes?(?:\/s)?)$/.test(unit)
      ? problem(
          `${quoted(unit)} counts bytes, a bandwidth counts bits`,
          'multiply by eight and write bits, e.g. 800 Mbps for 100 MB/s',
        )
      : problem(`${quoted(unit)} is not a unit of bandwidth`, 'use kbps, Mbps or Gbps (also kbit/s, Mbit/s, Gbit/s)');
  }
  const value = Math.round(amount * factor);
  return value > 0
    ? { ok: true, value }
    : problem(`a bandwidth must be more than zero`, 'leave the key out when the bandwidth is not known');
}

/** `12 ms`, `3 s`, `800 us` to milliseconds. */
export function parseDuration(text: string): Parsed<number> {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return problem(`${quoted(text)} is not a time`, 'write a number and a unit, e.g. 12 ms');
  const { amount, unit } = quantity;
  if (unit === '') return problem(`${quoted(text)} has no unit`, 'write the unit, e.g. 12 ms or 3 s');
  const factor = DURATIONS.get(unit.toLowerCase());
  if (factor === undefined) return problem(`${quoted(unit)} is not a unit of time`, 'use us, ms, s, min or h');
  return amount >= 0
    ? { ok: true, value: amount * factor }
    : problem('a time cannot be negative', 'write the amount without the minus sign');
}

/** `35 %` to 0.35; from 0 to 100 percent. */
export function parsePercentage(text: string): Parsed<number> {
  const quantity = parseQuantity(text);
  if (quantity === undefined)
    return problem(`${quoted(text)} is not a percentage`, 'write a number and the sign, e.g. 35 %');
  if (quantity.unit !== '%') return problem(`${quoted(text)} has no percent sign`, 'write the sign, e.g. 35 %');
  const { amount } = quantity;
  return amount >= 0 && amount <= 100
    ? { ok: true, value: amount / 100 }
    : problem(`${quoted(text)} is not between 0 % and 100 %`, 'write a value between 0 % and 100 %');
}

/** `450 EUR`: an amount and the three letters of ISO 4217. */
export function parseMoney(text: string): Parsed<Money> {
  const quantity = parseQuantity(text);
  const help = 'write an amount and a currency, e.g. 450 EUR';
  if (quantity === undefined) return problem(`${quoted(text)} is not an amount of money`, help);
  const { amount, unit } = quantity;
  if (unit === '') return problem(`${quoted(text)} has no currency`, help);
  if (!/^[A-Za-z]{3}$/.test(unit)) return problem(`${quoted(unit)} is not a currency`, 'write three letters, e.g. EUR');
  return amount >= 0
    ? { ok: true, value: { amount, currency: unit.toUpperCase() } }
    : problem('an amount cannot be negative', 'write what is paid as a positive amount');
}

export function formatMoney({ amount, currency }: Money): string {
  return `${amount} ${currency}`;
}

/** A fraction from 0 to 1 as a percentage. */
export function formatPercentage(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(12))} %`;
}

/** Bits per second in the largest unit that gives a short number: `200 Mbps`, `2.5 Gbps`. */
export function formatBandwidth(bitsPerSecond: number): string {
  for (const [unit, factor] of [
    ['Tbps', 1e12],
    ['Gbps', 1e9],
    ['Mbps', 1e6],
    ['kbps', 1e3],
  ] as const) {
    if (bitsPerSecond >= factor) return `${Number((bitsPerSecond / factor).toFixed(3))} ${unit}`;
  }
  return `${bitsPerSecond} bps`;
}

/** Milliseconds in a fitting unit: `12 ms`, `1.5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${Number((milliseconds / 1000).toFixed(3))} s`;
  return milliseconds >= 1 || milliseconds === 0
    ? `${Number(milliseconds.toFixed(3))} ms`
    : `${Number((milliseconds * 1000).toFixed(3))} us`;
}
