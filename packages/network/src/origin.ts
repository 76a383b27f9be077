/** Short constructors for where an element comes from. */
import type { Path } from '@bothways/estate';
import type { Origin } from './model.ts';

export const fromDocument = (path: Path): Origin => ({ kind: 'document', path });
export const fromFact = (fact: string): Origin => ({ kind: 'fact', fact });
export const derived = (because: string): Origin => ({ kind: 'derived', because });
