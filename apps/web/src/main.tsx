/** The page: one store, one engine, Fluent with the nonce that the server gave this page. */
import {
  createDOMRenderer,
  FluentProvider,
  RendererProvider,
  webDarkTheme,
  webLightTheme,
} from '@fluentui/react-components';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Engines } from './engine/engines.ts';
import { Shell } from './shell/shell.tsx';
import { StoreProvider, useShown } from './state/hooks.ts';
import { Store } from './state/store.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });
const store = new Store(new Engines(() => new Worker('engine.js', { type: 'module' })));
void store.begin();

const root = document.getElementById('page');
if (root === null) throw new Error('no element with id page');

function Themed() {
  const theme = useShown((state) => state.theme);
  return (
    <FluentProvider theme={theme === 'dark' ? webDarkTheme : webLightTheme} className="fluent">
      <Shell nonce={nonce} />
    </FluentProvider>
  );
}

createRoot(root).render(
  <StrictMode>
    <RendererProvider renderer={renderer} targetDocument={document}>
      <StoreProvider value={store}>
        <Themed />
      </StoreProvider>
    </RendererProvider>
  </StrictMode>,
);
