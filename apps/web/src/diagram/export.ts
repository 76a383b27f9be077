/** The drawing as a file that stands by itself: same shapes, colours written in, nothing fetched, nothing run. */

/** What the style sheet of the page says about shapes, as the attributes of an SVG without one. */
const COPIED = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'font-size',
  'font-weight',
  'font-family',
  'opacity',
  'text-anchor',
  'display',
] as const;

export function saveSvg(scene: SVGGElement, width: number, height: number, title: string, fileName: string): void {
  const text = svgText(scene, width, height, title);
  saveText(text, `${fileName}.svg`, 'image/svg+xml');
}

function svgText(scene: SVGGElement, width: number, height: number, title: string): string {
  const copy = scene.cloneNode(true);
  if (!(copy instanceof SVGGElement)) throw new TypeError('a copied group is a group');
  copy.removeAttribute('transform');
  const originals = scene.querySelectorAll<SVGElement>('*');
  for (const [at, element] of [...copy.querySelectorAll<SVGElement>('*')].entries()) {
    const original = originals[at];
    if (original === undefined) continue;
    const style = getComputedStyle(original);
    for (const name of COPIED) {
      const value = style.getPropertyValue(name);
      if (value !== '') element.setAttribute(name, value);
    }
    for (const name of ['class', 'tabindex', 'role', 'data-node', 'aria-pressed', 'aria-label', 'style']) {
      element.removeAttribute(name);
    }
    if (style.display === 'none') element.setAttribute('visibility', 'hidden');
  }
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('viewBox', `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`);
  svg.setAttribute('width', String(Math.ceil(width)));
  svg.setAttribute('height', String(Math.ceil(height)));
  const name = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  name.textContent = title;
  svg.append(name, copy);
  return new XMLSerializer().serializeToString(svg);
}

function saveText(text: string, fileName: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
