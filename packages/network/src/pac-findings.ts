/**
 * What is wrong with a proxy script, as findings: it cannot be read, it fails for a name, it sends to a proxy that the
 * document does not have. One finding for each script and cause, however many sites use it and names meet it.
 */
import { nearestName, type Place } from '@bothways/diagnostics';
import type { ProxyScript } from '@bothways/estate';
import { compareAddresses, parseAddress } from '@bothways/net';
import type { CompilerFindings } from './compiler-findings.ts';
import type { PacProblem } from './pac.ts';
import { type PacEntry, parsePacAnswer } from './pac-answer.ts';
import { declaredProxy, type PacSaid } from './proxy-choice.ts';
import type { CompiledProxy, DescribedSteering } from './steering.ts';

/** Where a stretch of a script stands, for line and column (from 1) and length in characters. */
export type PlaceInScript = (script: ProxyScript, line: number, column: number, length: number) => Place;

export function reportScripts(
  said: readonly PacSaid[],
  steering: DescribedSteering,
  findings: CompilerFindings,
  placeInScript: PlaceInScript = ({ file }, line, column, length) => ({
    file,
    line,
    column,
    endLine: line,
    endColumn: column + length,
  }),
): void {
  const seen = new Set<string>();
  const isFirst = (script: ProxyScript, what: string): boolean => {
    const key = `${script.text}\n${what}`;
    const first = !seen.has(key);
    seen.add(key);
    return first;
  };
  for (const { script, place, host, outcome } of said) {
    if (outcome.kind === 'problem') {
      const { problem } = outcome;
      if (isFirst(script, `${problem.kind} ${problem.message}`)) reportProblem(problem, script, place, host);
      continue;
    }
    for (const entry of parsePacAnswer(outcome.text)) {
      if (entry.kind !== 'direct' && isFirst(script, entry.written)) reportEntry(entry, script, place, host);
    }
  }

  function reportProblem(problem: PacProblem, script: ProxyScript, place: string, host: string): void {
    const { line, column, message, kind } = problem;
    const unknown = /^ReferenceError: (\S+) is not defined$/.exec(message)?.[1];
    const at =
      unknown !== undefined
        ? placeOfText(script, unknown, placeInScript)
        : line === undefined
          ? {}
          : { place: placeInScript(script, line, column ?? 1, 1) };
    if (kind === 'syntax') {
      findings.add(
        'network/script-syntax',
        'error',
        `the proxy script of ${place} is not valid: ${message}`,
        script.path,
        {
          ...at,
          why: 'browsers drop a script that they cannot read, and go direct or nowhere',
          help: 'mend the script at this place',
        },
      );
    } else if (kind === 'no-function') {
      const what = `the proxy script of ${place} does not define a function FindProxyForURL`;
      findings.add('network/script-without-function', 'error', what, script.path, {
        help: 'browsers call FindProxyForURL(url, host); define it at the outermost level',
      });
    } else {
      const what = `the proxy script of ${place} gives no answer for ${host}: ${message}`;
      findings.add('network/script-failure', 'warning', what, script.path, {
        ...at,
        why: 'what a browser does then differs: some go direct, some refuse the connection',
        help: 'let the script return an answer for every name',
      });
    }
  }

  function reportEntry(
    entry: Exclude<PacEntry, { kind: 'direct' }>,
    script: ProxyScript,
    place: string,
    host: string,
  ): void {
    const at = placeOfText(script, entry.written, placeInScript);
    if (entry.kind === 'unreadable') {
      const what = `the proxy script of ${place} answers '${shortened(entry.written)}' for ${host}, which no browser understands`;
      findings.add('network/script-answer', 'warning', what, script.path, {
        ...at,
        help: "an answer is DIRECT, or PROXY and a name or address with a port: 'PROXY proxy.example:8080; DIRECT'",
      });
      return;
    }
    const { proxies, names } = steering;
    if (declaredProxy(entry, proxies, names) === undefined) {
      const what = `the proxy script of ${place} sends ${host} to ${entry.written}, and the document has no such proxy`;
      findings.add('network/unknown-proxy', 'error', what, script.path, { ...at, help: helpFor(entry, proxies) });
    } else if (parseAddress(entry.host).ok) {
      const what = `the proxy script of ${place} names a proxy by its address, ${entry.written}`;
      findings.add('network/script-names-address', 'note', what, script.path, {
        ...at,
        why: 'a proxy that moves to another address, or is replaced after a failure, leaves the script behind',
        help: 'give the proxy a name that resolves to it',
      });
    }
  }
}

function helpFor({ host, port }: Extract<PacEntry, { kind: 'proxy' }>, proxies: readonly CompiledProxy[]): string {
  const literal = parseAddress(host);
  const first = host.split('.')[0] ?? host;
  const otherPort = proxies.find(
    ({ name, address }) =>
      (literal.ok && compareAddresses(address, literal.value) === 0) ||
      name === host ||
      (!literal.ok && name === first),
  );
  if (otherPort !== undefined) {
    return `the proxy ${otherPort.name} listens on port ${otherPort.port}, and the script says ${port}`;
  }
  const near = literal.ok
    ? undefined
    : nearestName(
        first,
        proxies.map(({ name }) => name),
      );
  return near === undefined ? 'describe the proxy under proxies, or correct the script' : `did you mean '${near}'?`;
}

/** Where the script writes the text; nowhere in particular if it puts it together. */
function placeOfText(
  { text, ...script }: ProxyScript,
  wanted: string,
  placeInScript: PlaceInScript,
): { readonly place?: Place } {
  const index = text.indexOf(wanted);
  if (index < 0 || wanted === '') return {};
  const before = text.slice(0, index);
  const line = before.split('\n').length;
  const column = index - before.lastIndexOf('\n');
  return { place: placeInScript({ text, ...script }, line, column, wanted.length) };
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
