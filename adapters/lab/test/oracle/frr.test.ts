import { curatedOn } from './suite.ts';

await curatedOn('frr');
