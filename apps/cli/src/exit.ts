/** What the exit code of every command means. */
export const exitCode = {
  /** The network holds, or the command did what was asked. */
  holds: 0,
  /** There are findings at or above --fail-on, or a round trip is broken. */
  findings: 1,
  /** The input cannot be used: arguments, files, or a document with errors. */
  unusable: 2,
  /** A fault of Bothways itself. */
  fault: 3,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
