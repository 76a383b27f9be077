/**
 * Estates, versions and results in PostgreSQL: PGlite in a folder by default, a server by connection string, with the same
 * tables and the same code on both.
 */
export { type FolderLock, lockFolder } from './lock.ts';
export type { Change, ChangeSource, Revision, RevisionHead, StoredEstate, StoredFile } from './model.ts';
export { isFresh, type OpenedStore, openEmbedded, openPostgres } from './open.ts';
export { type Appended, Store, StoreLost } from './store.ts';
export { writeTemplate } from './template.ts';
