/** The workbench's server: estates on disk and in a database, over HTTP, for the page and for programs. */
export type { ReportAnswer } from './environment.ts';
export { type EstateFolder, type Located, locate } from './estate-folder.ts';
export type { MainEstate } from './estates.ts';
export { type Gallery, type GalleryEntry, readGallery, savedGallery } from './gallery.ts';
export type { OidcOptions } from './oidc.ts';
export { REPORT_FORMATS, type ReportFormat } from './schemas.ts';
export { isLoopback, type RunningServer, type ServerOptions, type Started, startServer } from './server.ts';
