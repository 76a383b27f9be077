/** One file from text to syntax tree, within limits that keep hostile and accidental input harmless. */
import { type Finding, finding } from '@bothways/diagnostics';
import { parseEvents, YAMLException } from 'js-yaml';
import { placeBetween, type SourceFile, sourceFile } from './source-file.ts';
import { syntaxErrors, TOO_FAR_OUT } from './syntax-errors.ts';
import { buildSyntaxTree, isNull, resolved, type SyntaxTree, type TreeProblem } from './syntax-tree.ts';

/** A file as the caller read it. */
export interface EstateFile {
  readonly name: string;
  readonly text: string;
  /** The bytes were no UTF-8; `text` holds what could be made of them. */
  readonly undecodable?: boolean;
}

export interface FileLimits {
  /** Characters in one file. */
  readonly characters: number;
  /** Levels of maps and lists inside one another. */
  readonly depth: number;
}

export const FILE_LIMITS: FileLimits = { characters: 10 * 1024 * 1024, depth: 64 };

export interface ParsedFile {
  readonly file: SourceFile;
  /** `undefined` when nothing could be read. */
  readonly tree: SyntaxTree | undefined;
  readonly findings: readonly Finding[];
}

/** A file that documents refer to, as text. */
export function readAttachment(given: EstateFile, limits: FileLimits): ParsedFile {
  return refusedFile(given, limits) ?? { file: sourceFile(given.name, given.text), tree: undefined, findings: [] };
}

function refusedFile(given: EstateFile, limits: FileLimits): ParsedFile | undefined {
  // The text of a file that is refused unread is not kept: a renderer has no use for 50 MB.
  const refused = (rule: string, message: string, help: string): ParsedFile => {
    const file = sourceFile(given.name, '');
    return { file, tree: undefined, findings: [fileFinding(file, rule, message, help)] };
  };
  if (given.text.length > limits.characters) {
    const size = `${(given.text.length / 1024 / 1024).toFixed(1)} MB`;
    const most = `${Number((limits.characters / 1024 / 1024).toFixed(1))} MB`;
    return refused(
      'estate/file-too-large',
      `the file has ${size}, more than ${most}`,
      'split it into a folder of files; they are read as one estate',
    );
  }
  if (given.undecodable === true || given.text.includes('\u0000')) {
    return refused(
      'estate/not-text',
      'this is not a text file',
      'an estate document is YAML or JSON in UTF-8; save it as UTF-8',
    );
  }
  return undefined;
}

export function parseFile(given: EstateFile, limits: FileLimits): ParsedFile {
  const refused = refusedFile(given, limits);
  if (refused !== undefined) return refused;
  const file = sourceFile(given.name, given.text);
  const attempt = parse(file, limits);
  if ('findings' in attempt) return { file, tree: undefined, findings: attempt.findings };
  const { tree } = attempt;
  const findings = tree.problems.map(problemFinding);
  const root = resolved(tree.root);
  if (root === undefined || (root.kind === 'scalar' && isNull(root))) {
    findings.push(
      fileFinding(file, 'estate/empty-file', 'the file is empty', 'begin with bothways: 1 and organisation:'),
    );
  } else if (root.kind !== 'map') {
    const place = placeBetween(file, root.start, Math.min(root.end, root.start + 80));
    findings.push(
      finding({
        rule: 'estate/wrong-kind',
        severity: 'error',
        message: `the document must be a map, not ${root.kind === 'list' ? 'a list' : 'a single value'}`,
        help: 'begin with bothways: 1 and organisation:',
        place,
      }),
    );
  }
  return { file, tree, findings };
}

type Attempt = { readonly tree: SyntaxTree } | { readonly findings: readonly Finding[] };

function parse(file: SourceFile, limits: FileLimits): Attempt {
  let { text } = file;
  let first: YAMLException | undefined;
  for (let joined = 0; ; joined += 1) {
    try {
      return { tree: buildSyntaxTree(file, parseEvents(text, { filename: file.name, maxDepth: limits.depth }), text) };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      first ??= error;
      const mayJoin = joined < MOST_JOINED_LINES && text.length < JOINING_LIMIT && error.reason === TOO_FAR_OUT;
      const relaxed = mayJoin ? joinedToLineBefore(text, error.mark?.position ?? 0) : undefined;
      if (relaxed === undefined) return { findings: refusal(file, joined === 0 ? error : first, limits) };
      text = relaxed;
    }
  }
}

/** Every joined line costs one more reading of the file. */
const MOST_JOINED_LINES = 100;
const JOINING_LIMIT = 200_000;

/**
 * The grammar wants everything inside brackets to stand further in than the key; formatters and most readers do not, and
 * put the closing bracket below the key. Inside brackets a line end is white space, so such a line is joined to the one
 * before by turning the line end, and a comment in front of it, into spaces. All offsets stay what they were.
 */
function joinedToLineBefore(text: string, offset: number): string | undefined {
  const lineEnd = text.lastIndexOf('\n', offset - 1);
  if (lineEnd < 0 || text.slice(lineEnd, offset).trim() !== '') return undefined;
  const lineStart = text.lastIndexOf('\n', lineEnd - 1) + 1;
  const from = lineStart + commentStart(text.slice(lineStart, lineEnd));
  return text.slice(0, from) + ' '.repeat(lineEnd + 1 - from) + text.slice(lineEnd + 1);
}

/** Where the comment of a line begins; the length of the line (without CR) when it has none. */
function commentStart(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    const before = line.charAt(at - 1);
    if (quote !== '') {
      if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) quote = '';
    } else if ((character === '"' || character === "'") && (before === '' || ' \t[{,:'.includes(before)))
      quote = character;
    else if (character === '#' && (before === '' || before === ' ' || before === '\t')) return at;
  }
  return line.endsWith('\r') ? line.length - 1 : line.length;
}

function refusal(file: SourceFile, error: YAMLException, limits: FileLimits): readonly Finding[] {
  const offset = error.mark?.position ?? 0;
  if (!error.reason.startsWith('nesting exceeded')) return syntaxErrors(file, { reason: error.reason, offset });
  return [
    finding({
      rule: 'estate/too-deep',
      severity: 'error',
      message: `maps and lists are more than ${limits.depth} levels deep here`,
      help: 'an estate document needs five levels; is a bracket missing?',
      place: placeBetween(file, offset, offset + 1),
    }),
  ];
}

function fileFinding(file: SourceFile, rule: string, message: string, help: string): Finding {
  return finding({ rule, severity: 'error', message, help, place: placeBetween(file, 0, 0) });
}

function problemFinding(problem: TreeProblem): Finding {
  const { rule, message, help, file, start, end, related } = problem;
  return finding({
    rule,
    severity: 'error',
    message,
    help,
    place: placeBetween(file, start, end),
    related:
      related === undefined
        ? []
        : [{ message: related.message, place: placeBetween(file, related.start, related.end) }],
  });
}
