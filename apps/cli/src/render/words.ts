/** Small pieces of text that the renderers share. */
import { cutText, printable, textWidth, wrapText } from '@bothways/diagnostics';
import type { Verdict, WayView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';

/** 'expressroute:er-fra' → 'circuit er-fra'. */
export function viaWords(via: string): string {
  const [kind = '', name = ''] = splitOnce(via, ':');
  switch (kind) {
    case 'expressroute':
      return `circuit ${printable(name)}`;
    case 'internet':
      return name === 'direct' ? 'internet directly' : `internet edge ${printable(name)}`;
    default:
      return 'the own network';
  }
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

export function verdictStyle({ style }: Terminal, verdict: Verdict): (text: string) => string {
  return { holds: style.green, broken: style.red, unknown: style.yellow }[verdict];
}

/** Thousands with commas: counts of addresses have up to 38 digits. */
export function grouped(count: string | number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** A thousandth of a megabit is more than a plan is good for. */
export function rateText(mbps: number): string {
  const rounded = (value: number): number => Math.round(value * 1000) / 1000;
  return mbps >= 1000 ? `${rounded(mbps / 1000)} Gbps` : `${rounded(mbps)} Mbps`;
}

export function addresses(count: string | bigint): string {
  return count.toString() === '1' ? '1 address' : `${grouped(count.toString())} addresses`;
}

/** 'hq → dc → fw-er': the devices of one way. */
export function deviceChain(way: WayView): string {
  return way.hops.map(({ device }) => printable(device)).join(' → ');
}

/** A label and its text, wrapped with the text hanging under itself, or below the label where that leaves little room. */
export function hanging(label: string, text: string, width: number): string {
  if (textWidth(label) > width / 2) return `${label.trimEnd()}\n${hanging('      ', text, width)}`;
  const room = Math.max(20, width - textWidth(label));
  const [first = '', ...rest] = wrapText(printable(text), room);
  return [label + first, ...rest.map((line) => ' '.repeat(textWidth(label)) + line)].join('\n');
}

/** Padded on the right to `width` cells, cut when longer. */
export function padded(text: string, width: number): string {
  const cut = cutText(printable(text), width);
  return cut + ' '.repeat(Math.max(0, width - textWidth(cut)));
}

export function widestOf(texts: readonly string[]): number {
  return texts.reduce((widest, text) => Math.max(widest, textWidth(printable(text))), 0);
}
