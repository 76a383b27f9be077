/** What estates need beyond pure computation. Nothing starts before an estate with a proxy script asks for it. */
import { pacEvaluator } from '@bothways/pac';
import type { OpenOptions } from '@bothways/twin';

export const openOptions: OpenOptions = { evaluatePac: pacEvaluator() };
