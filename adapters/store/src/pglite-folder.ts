/**
 * File that is written when a database was made completely. A folder without it was interrupted, holds nothing that
 * anybody was told is kept, and is made again.
 */
export const COMPLETE = 'bothways-complete';
