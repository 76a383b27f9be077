/**
 * Where a point of a proxy script stands in the files of an estate. A script in a file of its own has its own lines; one
 * that is written in the document stands below its key, each line moved in by the same indentation.
 */
import type { Place } from '@bothways/diagnostics';
import type { EstateDocument, ProxyScript } from '@bothways/estate';
import type { PlaceInScript } from '@bothways/network';

export function scriptPlaces(document: EstateDocument): PlaceInScript {
  return (script, line, column, length) => {
    const source = document.sources.get(script.file);
    if (source === script.text) return placeAt(script.file, line, column, length);
    const key = document.placeOf(script.path);
    const start = source === undefined ? undefined : firstLine(source.split('\n'), key.line, script);
    return start === undefined ? key : placeAt(script.file, start.line + line - 1, start.indentation + column, length);
  };
}

function placeAt(file: string, line: number, column: number, length: number): Place {
  return { file, line, column, endLine: line, endColumn: column + length };
}

/** Lines between the key and the text: `text: |` and empty ones. */
const NEAR = 5;

/** The line of the source that holds line 1 of the script, if the script is written out there line by line. */
function firstLine(
  source: readonly string[],
  after: number,
  script: ProxyScript,
): { readonly line: number; readonly indentation: number } | undefined {
  const lines = script.text.trimEnd().split('\n');
  const filled = lines.findIndex((text) => text.trim() !== '');
  for (let line = after; line <= after + NEAR && line + lines.length <= source.length; line += 1) {
    const indentation = (source[line + filled]?.length ?? 0) - (lines[filled]?.length ?? 0);
    if (indentation < 0) continue;
    if (lines.every((text, ix) => text.trim() === '' || source[line + ix]?.slice(indentation) === text)) {
      // `line` counts from 0 here and from 1 in places.
      return { line: line + 1, indentation };
    }
  }
  return undefined;
}
