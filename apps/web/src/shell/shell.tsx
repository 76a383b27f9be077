/** Top bar, navigation, verdict, and the page that the address names. */
import { lazy, Suspense, useEffect, useRef } from 'react';
import { Network } from '../pages/network.tsx';
import { useRoute, useShown, useStore } from '../state/hooks.ts';
import { ConflictDialog } from './conflict.tsx';
import { pages } from './pages.ts';
import { TopBar } from './top-bar.tsx';
import { Tour } from './tour.tsx';
import { VerdictBanner } from './verdict-banner.tsx';

const Editor = lazy(() => import('../pages/editor.tsx'));
const Paths = lazy(() => import('../pages/paths.tsx'));
const WhatIf = lazy(() => import('../pages/what-if.tsx'));
const Findings = lazy(() => import('../pages/findings.tsx'));
const Readiness = lazy(() => import('../pages/readiness.tsx'));
const Flows = lazy(() => import('../pages/flows.tsx'));
const Facts = lazy(() => import('../pages/facts.tsx'));
const Report = lazy(() => import('../pages/report.tsx'));
const Gallery = lazy(() => import('../pages/gallery.tsx'));
const History = lazy(() => import('../pages/history.tsx'));

export function Shell({ nonce }: { readonly nonce: string }) {
  const { page } = useRoute();
  const fault = useShown((state) => state.fault);
  const said = useShown((state) => state.said);
  const estate = useShown((state) => state.estate?.name);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const title = pages.find(({ id }) => id === page)?.title ?? 'Network';
  useEffect(() => {
    document.title = estate === undefined ? 'Bothways' : `${title} - ${estate} - Bothways`;
  }, [title, estate]);
  // Whoever follows a link with the keyboard goes on reading on the new page.
  useEffect(() => {
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [page]);
  useShortcuts();
  return (
    <div className="shell">
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the page
      </a>
      <TopBar />
      <Navigation page={page} />
      <main id="main" className="main" tabIndex={-1} ref={main} aria-label={title}>
        <VerdictBanner />
        <Tour />
        {fault === undefined ? (
          <Suspense fallback={<p className="quiet pad">Loading …</p>}>
            <Page page={page} nonce={nonce} />
          </Suspense>
        ) : (
          <div className="pad" role="alert">
            <h1>Something is wrong</h1>
            <p>{fault}</p>
            <button type="button" className="plain" onClick={() => location.reload()}>
              Load the page again
            </button>
          </div>
        )}
      </main>
      <ConflictDialog />
      <div className={said === undefined ? 'toast' : 'toast shown'} role="status" key={said?.number ?? 0}>
        {said?.text}
      </div>
    </div>
  );
}

function Page({ page, nonce }: { readonly page: string; readonly nonce: string }) {
  switch (page) {
    case 'editor':
      return <Editor nonce={nonce} />;
    case 'paths':
      return <Paths />;
    case 'what-if':
      return <WhatIf />;
    case 'findings':
      return <Findings />;
    case 'readiness':
      return <Readiness />;
    case 'flows':
      return <Flows />;
    case 'facts':
      return <Facts />;
    case 'report':
      return <Report />;
    case 'gallery':
      return <Gallery />;
    case 'history':
      return <History />;
    default:
      return <Network />;
  }
}

function Navigation({ page }: { readonly page: string }) {
  const counts = useShown((state) => state.judgement?.counts);
  const urgent = (counts?.error ?? 0) + (counts?.warning ?? 0);
  return (
    <nav className="nav" aria-label="Pages">
      <ul>
        {pages.map(({ id, title, Icon, section }) => (
          <li key={id}>
            {section === undefined ? null : <span className="section">{section}</span>}
            <a href={`#/${id}`} aria-current={id === page ? 'page' : undefined} title={title}>
              <Icon aria-hidden="true" />
              <span className="label">{title}</span>
              {id === 'findings' && urgent > 0 ? (
                <span className="count" title={`${urgent} errors and warnings`}>
                  {urgent}
                </span>
              ) : null}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Ctrl+Z and Ctrl+Y outside of text fields, which undo by themselves; Alt and a number for the pages. */
function useShortcuts(): void {
  const store = useStore();
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { target, key, ctrlKey, metaKey, shiftKey, altKey } = event;
      const inText = target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null;
      const command = ctrlKey || metaKey;
      const letter = key.toLowerCase();
      if (command && letter === 's') {
        event.preventDefault();
        void store.saveNow();
      } else if (command && !inText && letter === 'z' && !shiftKey) {
        event.preventDefault();
        store.undo();
      } else if (command && !inText && (letter === 'y' || (letter === 'z' && shiftKey))) {
        event.preventDefault();
        store.redo();
      } else if (altKey && !command && /^[1-9]$/.test(key)) {
        const page = pages[Number(key) - 1];
        if (page !== undefined) location.hash = `#/${page.id}`;
      } else if (!inText && !command && !altKey && key === '/') {
        const search = document.querySelector<HTMLInputElement>('input[type="search"]');
        if (search !== null) {
          event.preventDefault();
          search.focus();
        }
      }
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [store]);
}
