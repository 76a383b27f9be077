/** Arguments and options that several commands share. */
import type { Severity } from '@bothways/diagnostics';
import { Argument, type Command, Option } from 'commander';
import { type ColourChoice, colourChoices, type Terminal, terminalOf } from './terminal.ts';

export function pathArgument(): Argument {
  return new Argument('[path]', 'estate file, folder with one, or - for standard input').default('.', 'this folder');
}

/** Mildest last: a finding counts when it stands at or before --fail-on. */
export const severities = ['error', 'warning', 'note'] as const satisfies readonly Severity[];

const formats = ['text', 'json'] as const;
export type Format = (typeof formats)[number];

export function formatOption(): Option {
  return new Option('--format <format>', 'text for people, json for programs').choices(formats).default('text');
}

/** What `check` can write besides: for build servers, code scanning and pull requests. */
const checkFormats = [...formats, 'sarif', 'junit', 'markdown', 'github'] as const;
export type CheckFormat = (typeof checkFormats)[number];

export function checkFormatOption(): Option {
  return new Option('--format <format>', 'text for people, the others for programs')
    .choices(checkFormats)
    .default('text');
}

const testFormats = [...formats, 'junit'] as const;
export type TestFormat = (typeof testFormats)[number];

export function testFormatOption(): Option {
  return new Option('--format <format>', 'text for people, json and junit for programs')
    .choices(testFormats)
    .default('text');
}

export function colourOption(): Option {
  return new Option('--color <when>', 'colours; auto asks the terminal, NO_COLOR and FORCE_COLOR')
    .choices(colourChoices)
    .default('auto');
}

/** The terminal that standard output goes to, with the --color that was given to the program. */
export function outputTerminal(command: Command): Terminal {
  return terminalOf(colourChoice(command), process.stdout, process.env);
}

export function errorTerminal(command: Command): Terminal {
  return terminalOf(colourChoice(command), process.stderr, process.env);
}

function colourChoice(command: Command): ColourChoice {
  const { color } = command.optsWithGlobals<{ color: ColourChoice }>();
  return color;
}

/** The path argument: always there, by its default. */
export function pathOf(command: Command): string {
  const path: unknown = command.processedArgs[0];
  if (typeof path !== 'string') throw new TypeError(`the path of ${command.name()} is ${typeof path}`);
  return path;
}
