/**
 * What the compiler finds while it puts names and shapes together that the loader cannot know: names of compiled
 * devices, links and locations, and combinations that have no meaning. Places are filled in from `path` by whoever has
 * the document.
 */
import { type Finding, finding, nearestName, type Place } from '@bothways/diagnostics';
import type { Path } from '@bothways/estate';

export type PlaceOf = (path: Path) => Place;

export class CompilerFindings {
  readonly #placeOf: PlaceOf | undefined;
  readonly #findings: Finding[] = [];

  constructor(placeOf: PlaceOf | undefined) {
    this.#placeOf = placeOf;
  }

  get all(): readonly Finding[] {
    return this.#findings;
  }

  unknownName(kind: string, name: string, path: Path, known: Iterable<string>): void {
    const near = nearestName(name, known);
    this.add('network/unknown-name', 'error', `there is no ${kind} '${name}' in the compiled network`, path, {
      help: near === undefined ? "'bothways show --network' lists the names" : `did you mean '${near}'?`,
    });
  }

  add(
    rule: string,
    severity: Finding['severity'],
    message: string,
    path: Path,
    more: Partial<Pick<Finding, 'why' | 'help' | 'ids' | 'place'>> = {},
  ): void {
    const place = more.place ?? this.#placeOf?.(path);
    this.#findings.push(finding({ rule, severity, message, ...more, ...(place === undefined ? {} : { place }) }));
  }
}
