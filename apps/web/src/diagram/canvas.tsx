/** A picture that can be moved and enlarged, with the mouse, with the wheel and with the keyboard. */
import { Button, Tooltip } from '@fluentui/react-components';
import { type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { DownloadIcon, PrintIcon, ZoomInIcon, ZoomOutIcon } from '../shell/icons.ts';
import { saveSvg } from './export.ts';

export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

interface CanvasProps {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly fileName: string;
  readonly children: ReactNode;
  /** A place to bring into view; a new object each time. */
  readonly focus?: { readonly x: number; readonly y: number } | undefined;
  /** Arrow keys on a box; true: the key was used. */
  readonly onArrow?: (id: string, key: string) => boolean;
  readonly tools?: ReactNode;
  readonly legend?: ReactNode;
}

const LEAST = 0.05;
const MOST = 4;

export function Canvas({ label, width, height, fileName, children, focus, onArrow, tools, legend }: CanvasProps) {
  const svg = useRef<SVGSVGElement>(null);
  const scene = useRef<SVGGElement>(null);
  const view = useRef<View>({ x: 0, y: 0, scale: 1 });
  const touched = useRef(false);
  const [percent, setPercent] = useState(100);

  /** Straight into the document: moving a large picture must not wait for React. */
  const show = useCallback((next: View) => {
    view.current = next;
    scene.current?.setAttribute('transform', `translate(${next.x} ${next.y}) scale(${next.scale})`);
    setPercent(Math.round(next.scale * 100));
  }, []);

  const fit = useCallback(() => {
    const box = svg.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return;
    const scale = Math.min(1.25, Math.max(LEAST, Math.min(box.width / width, box.height / height) * 0.98));
    show({ scale, x: (box.width - width * scale) / 2, y: (box.height - height * scale) / 2 });
  }, [width, height, show]);

  useEffect(() => {
    if (!touched.current) fit();
  }, [fit]);

  useEffect(() => {
    const element = svg.current;
    if (element === null) return undefined;
    const watcher = new ResizeObserver(() => {
      if (!touched.current) fit();
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [fit]);

  useEffect(() => {
    const box = svg.current?.getBoundingClientRect();
    if (focus === undefined || box === undefined) return;
    touched.current = true;
    const scale = Math.max(view.current.scale, 0.8);
    show({ scale, x: box.width / 2 - focus.x * scale, y: box.height / 2 - focus.y * scale });
  }, [focus, show]);

  const zoom = useCallback(
    (factor: number, at?: { readonly x: number; readonly y: number }) => {
      touched.current = true;
      const box = svg.current?.getBoundingClientRect();
      const centre = at ?? { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 };
      const { x, y, scale } = view.current;
      const next = Math.min(MOST, Math.max(LEAST, scale * factor));
      show({
        scale: next,
        x: centre.x - ((centre.x - x) / scale) * next,
        y: centre.y - ((centre.y - y) / scale) * next,
      });
    },
    [show],
  );

  usePointer(svg, view, touched, show, zoom);

  const pressed = (event: React.KeyboardEvent): void => {
    const { key, target, shiftKey } = event;
    const { x, y, scale } = view.current;
    const node = target instanceof Element ? target.closest('[data-node]')?.getAttribute('data-node') : undefined;
    const isArrow = key.startsWith('Arrow');
    if (isArrow && !shiftKey && node !== undefined && node !== null && onArrow?.(node, key) === true) {
      event.preventDefault();
      return;
    }
    if ((key === 'Enter' || key === ' ') && target instanceof SVGElement && node !== undefined) {
      event.preventDefault();
      target.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      return;
    }
    const steps: Readonly<Record<string, () => void>> = {
      '+': () => zoom(1.25),
      '=': () => zoom(1.25),
      '-': () => zoom(0.8),
      '0': () => {
        touched.current = false;
        fit();
      },
      ArrowLeft: () => show({ x: x + 60, y, scale }),
      ArrowRight: () => show({ x: x - 60, y, scale }),
      ArrowUp: () => show({ x, y: y + 60, scale }),
      ArrowDown: () => show({ x, y: y - 60, scale }),
    };
    const step = steps[key];
    if (step === undefined) return;
    event.preventDefault();
    if (isArrow) touched.current = true;
    step();
  };

  return (
    <div className="canvas" onKeyDown={pressed}>
      <div className="canvas-tools" role="toolbar" aria-label="Picture">
        {tools}
        <Tooltip content="Larger (+)" relationship="label">
          <Button appearance="subtle" size="small" icon={<ZoomInIcon />} onClick={() => zoom(1.25)} />
        </Tooltip>
        <Tooltip content="Smaller (-)" relationship="label">
          <Button appearance="subtle" size="small" icon={<ZoomOutIcon />} onClick={() => zoom(0.8)} />
        </Tooltip>
        <Tooltip content="Show all of it (0)" relationship="description">
          <Button
            appearance="subtle"
            size="small"
            onClick={() => {
              touched.current = false;
              fit();
            }}
          >
            {percent} %
          </Button>
        </Tooltip>
        <Tooltip content="Print" relationship="label">
          <Button appearance="subtle" size="small" icon={<PrintIcon />} onClick={() => print()} />
        </Tooltip>
        <Tooltip content="Save as SVG" relationship="label">
          <Button
            appearance="subtle"
            size="small"
            icon={<DownloadIcon />}
            onClick={() => {
              if (scene.current !== null) saveSvg(scene.current, width, height, label, fileName);
            }}
          />
        </Tooltip>
      </div>
      <svg
        ref={svg}
        className="picture"
        role="group"
        aria-label={label}
        aria-roledescription="diagram"
        // Printed at the size of the paper; on the screen the transform below decides.
        data-size={`${Math.round(width)} ${Math.round(height)}`}
      >
        <g ref={scene}>{children}</g>
      </svg>
      {legend}
    </div>
  );
}

function usePointer(
  svg: RefObject<SVGSVGElement | null>,
  view: RefObject<View>,
  touched: RefObject<boolean>,
  show: (view: View) => void,
  zoom: (factor: number, at: { readonly x: number; readonly y: number }) => void,
): void {
  useEffect(() => {
    const element = svg.current;
    if (element === null) return undefined;
    let from: { readonly x: number; readonly y: number; readonly view: View } | undefined;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY * 0.0015), { x: event.clientX - box.left, y: event.clientY - box.top });
    };
    const down = (event: PointerEvent): void => {
      if (event.button === 0) from = { x: event.clientX, y: event.clientY, view: view.current };
    };
    const move = (event: PointerEvent): void => {
      if (from === undefined) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (Math.hypot(dx, dy) < 4) return;
      touched.current = true;
      element.classList.add('moving');
      show({ ...from.view, x: from.view.x + dx, y: from.view.y + dy });
    };
    const up = (): void => {
      from = undefined;
      element.classList.remove('moving');
    };
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', down);
    addEventListener('pointermove', move);
    addEventListener('pointerup', up);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', down);
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', up);
    };
  }, [svg, view, touched, show, zoom]);
}
