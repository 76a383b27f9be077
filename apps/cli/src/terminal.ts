/**
 * What the terminal can show: colours and width. Colours are off in pipes and files and where NO_COLOR is set; FORCE_COLOR
 * turns them on there, and --color has the last word.
 */
import { styleText } from 'node:util';
import { plainStyle, type Style } from '@bothways/diagnostics';

export const colourChoices = ['auto', 'always', 'never'] as const;
export type ColourChoice = (typeof colourChoices)[number];

export interface Terminal {
  readonly style: Style;
  /** In character cells. */
  readonly width: number;
  /** How the user starts this program: suggested commands must work when they are copied. */
  readonly invocation: string;
}

export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Width used where there is no terminal to ask: files and pipes get the same text on every machine. */
const widthWithoutTerminal = 100;
const narrowest = 40;
/** Longer lines are hard to read, whatever the screen. */
const widest = 140;

export function terminalOf(
  choice: ColourChoice,
  stream: OutputStream,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const columns = stream.isTTY === true ? stream.columns : undefined;
  return {
    style: wantsColour(choice, stream, environment) ? colouredStyle : plainStyle,
    width: Math.max(narrowest, Math.min(widest, columns ?? widthWithoutTerminal)),
    invocation: invocationIn(environment),
  };
}

/** A terminal of another process, as that one describes it. */
export function terminalLike(isColoured: boolean, width: number, invocation: string): Terminal {
  return { style: isColoured ? colouredStyle : plainStyle, width, invocation };
}

export function wantsColour(
  choice: ColourChoice,
  stream: OutputStream,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  // no-color.org: set and not empty, whatever the value.
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

/** In a checkout it is `npx bothways`; npm says so in the environment of what it starts. */
function invocationIn(environment: Readonly<Record<string, string | undefined>>): string {
  return environment['npm_command'] === undefined ? 'bothways' : 'npx bothways';
}

type Format = Parameters<typeof styleText>[0];

function styled(format: Format): (text: string) => string {
  // The stream was judged above, with --color taken into account.
  return (text) => styleText(format, text, { validateStream: false });
}

const colouredStyle: Style = {
  red: styled('red'),
  yellow: styled('yellow'),
  green: styled('green'),
  blue: styled('cyan'),
  bold: styled('bold'),
  dim: styled('dim'),
  underline: styled('underline'),
};
