/**
 * Vector graphics as pixels, for readers of Word documents that cannot draw SVG: a page draws every picture on a canvas
 * and writes the pixels into itself, and Chromium prints the page as text.
 */
import { findBrowser, withPage } from './browser.ts';

export interface Vector {
  readonly svg: string;
  /** Pixels of 1/96 inch. */
  readonly width: number;
  readonly height: number;
}

/** Pixels for each pixel of 1/96 inch: sharp enough in print. */
const density = 2;

/** PNG files in the order of the pictures. Undefined: there is no browser, or it did not draw. */
export async function pixelsOf(
  pictures: readonly Vector[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly Uint8Array[] | undefined> {
  const browser = findBrowser(environment);
  if (browser === undefined || pictures.length === 0) return undefined;
  const drawn = await withPage(
    browser,
    page(pictures),
    () => ['--virtual-time-budget=30000', '--dump-dom'],
    (_, text) =>
      [...text.matchAll(/data-drawn="data:image\/png;base64,([A-Za-z0-9+/=]+)"/g)].map(([, data = '']) => data),
  );
  if ('problem' in drawn || drawn.value.length !== pictures.length) return undefined;
  return drawn.value.map((data) => Buffer.from(data, 'base64'));
}

function page(pictures: readonly Vector[]): string {
  const list = pictures.map(({ svg, width, height }) => ({
    source: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    width,
    height,
  }));
  return `<!doctype html><meta charset="utf-8"><body></body><script>
const pictures = ${JSON.stringify(list).replaceAll('<', '\\u003c')};
(async () => {
  for (const { source, width, height } of pictures) {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * ${density};
    canvas.height = height * ${density};
    const context = canvas.getContext('2d');
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const mark = document.createElement('i');
    mark.dataset.drawn = canvas.toDataURL('image/png');
    document.body.append(mark);
  }
})();
</script>`;
}
