/** State for components, and answers of the engine that belong to one page alone. */
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { isSlow } from '../engine/engines.ts';
import type { Answer, Ask, Question } from '../engine/protocol.ts';
import { whenAnswered } from './late.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';

const StoreContext = createContext<Store | undefined>(undefined);

export const StoreProvider = StoreContext.Provider;

export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === undefined) throw new Error('no store');
  return store;
}

/** Chooses a part that keeps its identity while it does not change. */
export function useShown<T>(choose: (state: State) => T): T {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => choose(store.current()));
}

/** Asked again with every edition of the estate; the last answer stays until the next one comes. */
export function useAnswer<Q extends Question>(question: Q, ask: Ask<Q> | undefined): Answer<Q> | undefined {
  const store = useStore();
  const edition = useShown((state) => (isSlow(question) ? state.slowEdition : state.edition));
  const [answer, setAnswer] = useState<Answer<Q>>();
  const key = JSON.stringify(ask);
  useEffect(() => {
    if (ask === undefined || edition === 0) return undefined;
    return whenAnswered(store.engine.ask(question, ask), (found) => setAnswer(() => found));
    // `ask` is compared by what it says.
  }, [store, question, key, edition]);
  return ask === undefined ? undefined : answer;
}

/** The address behind '#': a page and what is shown on it. */
export interface Route {
  readonly page: string;
  readonly query: URLSearchParams;
}

function readRoute(): Route {
  const [page = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { page: page === '' ? 'network' : page, query: new URLSearchParams(query) };
}

export function useRoute(): Route {
  const [route, setRoute] = useState(readRoute);
  useEffect(() => {
    const changed = (): void => setRoute(readRoute());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}

export function goTo(page: string, query: Readonly<Record<string, string>> = {}): void {
  const search = new URLSearchParams(query).toString();
  location.hash = `#/${page}${search === '' ? '' : `?${search}`}`;
}
