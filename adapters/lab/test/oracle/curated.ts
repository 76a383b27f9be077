/** The curated suite: one small network per behaviour, each on every daemon that can express it. */
import { decisionCases } from './decision-cases.ts';
import { deviceCases } from './device-cases.ts';
import type { NetworkText } from './literal.ts';
import { policyCases } from './policy-cases.ts';

export const curated: Readonly<Record<string, NetworkText>> = { ...decisionCases, ...policyCases, ...deviceCases };
