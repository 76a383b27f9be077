/**
 * All syntax errors of one file, with places.
 *
 * js-yaml, which reads the document, stops at the first error; the yaml package recovers and goes on, but takes ten times
 * as long, so it is asked only about files that are broken, and only about files of moderate size.
 */
import { type Finding, finding } from '@bothways/diagnostics';
import { parseAllDocuments } from 'yaml';
import { placeBetween, type SourceFile } from './source-file.ts';

/** Above this many characters only the first error is told (the recovering parser takes about a second per megabyte). */
const RECOVERY_LIMIT = 200_000;

/** Errors follow from errors; past this number they no longer help. */
const MOST = 20;

const HELP: ReadonlyMap<string, string> = new Map([
  ['BAD_INDENT', 'entries of one map or list begin in the same column'],
  ['BLOCK_AS_IMPLICIT_KEY', 'a value that is a map begins on the next line, further in'],
  ['MULTILINE_IMPLICIT_KEY', 'a key and its colon stand on one line; is there a colon missing?'],
  ['MISSING_CHAR', 'close what was opened, or put a comma between the items'],
  ['TAB_AS_INDENT', 'indent with spaces'],
  ['BAD_DQ_ESCAPE', 'write a backslash twice, or use single quotes'],
  ['UNEXPECTED_TOKEN', 'put the text in quotes if it is meant as text'],
  ['BAD_SCALAR_START', 'put the text in quotes'],
]);

/** What js-yaml says about a line inside brackets that stands too far out. */
export const TOO_FAR_OUT = 'deficient indentation';

const TOO_FAR_OUT_MEANS = {
  message: 'a line inside brackets does not stand further in than the key they belong to',
  help: 'indent it, and the closing bracket, by at least one space more than the key',
};

/** `first` is what js-yaml said: it is what remains when the recovering parser finds nothing wrong. */
export function syntaxErrors(
  file: SourceFile,
  first: { readonly reason: string; readonly offset: number },
): readonly Finding[] {
  const found = file.text.length > RECOVERY_LIMIT ? [] : recovered(file);
  if (found.length > 0) return found;
  const { message, help } =
    first.reason === TOO_FAR_OUT ? TOO_FAR_OUT_MEANS : { message: first.reason, help: undefined };
  return [syntaxFinding(file, first.offset, first.offset + 1, message, help)];
}

function recovered(file: SourceFile): readonly Finding[] {
  const documents = parseAllDocuments(file.text, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
  const errors = Array.from(documents).flatMap((document) => document.errors);
  const told = errors.slice(0, MOST).map((error) => {
    const [start, end] = error.pos;
    const unclosed = error.message.startsWith('Flow');
    return syntaxFinding(
      file,
      start,
      end,
      withoutQuotation(error.message),
      unclosed ? HELP.get('MISSING_CHAR') : HELP.get(error.code),
    );
  });
  return told;
}

/** The place shows the text that is quoted; in the message it could be a session key. */
function withoutQuotation(message: string): string {
  return message.replace(/( in YAML stream|): "[^]*"$/, '');
}

function syntaxFinding(
  file: SourceFile,
  start: number,
  end: number,
  message: string,
  help: string | undefined,
): Finding {
  const from = Math.min(Math.max(0, start), file.text.length);
  return finding({
    rule: 'estate/syntax',
    severity: 'error',
    message: `this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.$/, '')}`,
    ...(help === undefined ? {} : { help }),
    place: placeBetween(file, from, Math.min(Math.max(from, end), file.text.length)),
  });
}
