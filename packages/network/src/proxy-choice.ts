/** Which proxy, if any, the clients of a place send a flow to. */
import type { SiteSteering, Steering } from './steering.ts';

/** Answers `Steering.proxyFor`. */
export function proxyChoices(sites: ReadonlyMap<string, SiteSteering>): Steering['proxyFor'] {
  return (place) => {
    const steering = sites.get(place);
    const origins = steering?.origins ?? [];
    if (steering?.pac !== undefined) {
      const possibilities = [
        { kind: 'direct', fallback: [], because: 'the script may say so', origins } as const,
        ...(steering.proxy === undefined
          ? []
          : [
              { kind: 'proxy', name: steering.proxy, fallback: [], because: 'the script may say so', origins } as const,
            ]),
      ];
      return {
        kind: 'unknown',
        possibilities,
        because: `nothing here evaluates the proxy script of ${place}`,
        origins,
      };
    }
    if (steering?.proxy === undefined) {
      return { kind: 'direct', fallback: [], because: `the document names no proxy for ${place}`, origins: [] };
    }
    const { proxy } = steering;
    return { kind: 'proxy', name: proxy, fallback: [], because: `${place} uses the proxy ${proxy}`, origins };
  };
}
