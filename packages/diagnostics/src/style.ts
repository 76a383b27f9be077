/**
 * Colours as functions from text to text. The renderer knows what is important; the caller knows the terminal.
 */
export interface Style {
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly underline: (text: string) => string;
}

function same(text: string): string {
  return text;
}

/** No colours at all: for files, pipes and tests. */
export const plainStyle: Style = {
  red: same,
  yellow: same,
  green: same,
  blue: same,
  bold: same,
  dim: same,
  underline: same,
};
