/** Where files of the user are kept. Apart from what uses them, so that looking there loads nothing. */
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

const fileName = 'addresses.json';

/** BOTHWAYS_DATA; else the folder for data of the user: XDG base directories, or local application data on Windows. */
export function dataFolder(environment: Environment): string {
  const own = environment['BOTHWAYS_DATA'] ?? '';
  if (own !== '') return own;
  const shared = environment['XDG_DATA_HOME'] ?? '';
  if (shared !== '') return join(shared, 'bothways');
  const local = environment['LOCALAPPDATA'] ?? '';
  if (process.platform === 'win32' && local !== '') return join(local, 'bothways');
  return join(homedir(), '.local', 'share', 'bothways');
}

export function storedFile(folder: string): string {
  return join(folder, fileName);
}
