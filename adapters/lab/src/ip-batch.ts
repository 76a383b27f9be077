/** Shell lines that hand commands to one `ip` process: a process per command is what makes a lab slow. */
import type { Family } from '@bothways/net';

export interface BatchOptions {
  /** For rules, whose family `ip` takes from its option only: IPv4 unless stated. */
  readonly family?: Family;
  /** Takes the place of the shell, so that nothing can come after it. */
  readonly isLast?: boolean;
}

/** Nothing where there are no commands. `ip` stops at the first that fails, and says which it is. */
export function ipBatch(commands: readonly string[], { family, isLast = false }: BatchOptions = {}): readonly string[] {
  if (commands.length === 0) return [];
  const program = family === undefined ? 'ip' : `ip -${family}`;
  return [`${isLast ? 'exec ' : ''}${program} -batch - <<END`, ...commands, 'END'];
}
