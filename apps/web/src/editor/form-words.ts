/** Values of the document in forms, and what their keys are called there. */
import type { EditValue } from '@bothways/twin';

export type Values = Readonly<Record<string, EditValue>>;

export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** 'expressRouteEdges' → 'ExpressRoute edges'. */
export function wordsOf(key: string): string {
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/^express route/i, 'ExpressRoute')
    .replace(/\bexpress Route\b/i, 'ExpressRoute')
    .split(' ')
    .map((word, at) => (at > 0 && word !== 'ExpressRoute' ? word.toLowerCase() : word))
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
