/** The topology on its canvas: what is grouped, what is chosen, what has failed, and the ways of a round trip over it. */
import type { TopologyView, TripDetail } from '@bothways/twin';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useShown, useStore } from '../state/hooks.ts';
import { whenAnswered } from '../state/late.ts';
import { Canvas } from './canvas.tsx';
import { type Shown, shownOf } from './grouping.ts';
import { Legend } from './legend.tsx';
import { type Scene, sceneOf } from './scene.ts';
import { TopologyPicture } from './topology-picture.tsx';
import { waysOf } from './ways.ts';

const NOTHING: ReadonlySet<string> = new Set();

interface TopologyProps {
  readonly topology: TopologyView;
  readonly trip?: TripDetail | undefined;
  /** A hop of one of the ways, while somebody steps through. */
  readonly at?: { readonly direction: 'request' | 'answer'; readonly hop: number } | undefined;
  /** What a click on a box or line does instead of choosing it. */
  readonly onElement?: (kind: 'node' | 'line', id: string) => void;
  /** A box to point out. */
  readonly spotlight?: string | undefined;
  /** Width by height of what was laid out. */
  readonly onShape?: (shape: number) => void;
  /** Brought into view. */
  readonly sought?: string | undefined;
}

export function Topology({ topology, trip, at, spotlight, onElement, onShape, sought }: TopologyProps) {
  const store = useStore();
  const failed = useShown((state) => state.failed);
  const selection = useShown((state) => state.selection);
  const estate = useShown((state) => state.estate?.name ?? 'network');
  const [opened, setOpened] = useState<ReadonlySet<string>>(NOTHING);
  const onWay = useMemo(
    () =>
      new Set([
        ...(trip === undefined ? [] : [trip.forward, ...(trip.return === undefined ? [] : [trip.return])]).flatMap(
          ({ hops }) => hops.map(({ device }) => device),
        ),
        ...(sought === undefined ? [] : [sought]),
      ]),
    [trip, sought],
  );
  const shown = useMemo(() => shownOf(topology, opened, onWay), [topology, opened, onWay]);
  const scene = useScene(shown);
  const failing = useMemo(() => failedParts(topology, failed, scene?.shown), [topology, failed, scene]);
  const ways = useMemo(
    () =>
      trip === undefined || scene === undefined ? { lines: [], marks: [] } : waysOf(trip, scene.scene, scene.shown),
    [trip, scene],
  );
  const focus = useMemo(() => {
    const box = scene?.scene.nodes.find(({ id }) => id === sought);
    return box === undefined ? undefined : { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }, [scene, sought]);

  const onNode = useCallback(
    (id: string) => {
      if (id.startsWith('sites at ')) {
        setOpened((now) => new Set(now.has(id) ? [...now].filter((each) => each !== id) : [...now, id]));
        return;
      }
      if (onElement === undefined) store.select({ kind: 'node', id });
      else onElement('node', id);
    },
    [onElement, store],
  );
  const onLine = useCallback(
    (id: string) => {
      if (onElement === undefined) store.select({ kind: 'line', id });
      else onElement('line', id);
    },
    [onElement, store],
  );
  const shape = scene === undefined ? undefined : scene.scene.width / scene.scene.height;
  useEffect(() => {
    if (shape !== undefined) onShape?.(shape);
  }, [shape, onShape]);
  const [reachable, setReachable] = useState<string>();
  if (scene === undefined)
    return (
      <div className="canvas">
        <p className="quiet pad">Laying out the network …</p>
      </div>
    );
  const { nodes } = scene.scene;
  const tabStop = nodes.some(({ id }) => id === reachable) ? reachable : nodes[0]?.id;
  const onArrow = (from: string, key: string): boolean => {
    const next = neighbourOf(scene.scene, from, key);
    if (next === undefined) return false;
    setReachable(next);
    document.querySelector<SVGElement>(`[data-node="${CSS.escape(next)}"]`)?.focus();
    return true;
  };
  const line = ways.lines.find(({ direction }) => direction === at?.direction);
  const stop = at === undefined ? undefined : line?.stops[at.hop];
  return (
    <Canvas
      label={`Network of ${estate}: customer on the left, Microsoft on the right. Arrow keys go from box to box, Enter chooses.`}
      width={scene.scene.width}
      height={scene.scene.height}
      fileName={`${estate.replaceAll(/\W+/g, '-')}-network`}
      onArrow={onArrow}
      focus={focus}
      legend={<Legend withWays={trip !== undefined} />}
    >
      <TopologyPicture
        scene={scene.scene}
        failedNodes={failing.nodes}
        failedLines={failing.lines}
        chosen={spotlight ?? (onElement === undefined ? selection?.id : undefined)}
        ways={ways.lines}
        marks={ways.marks}
        packet={stop === undefined || at === undefined ? undefined : { ...stop, direction: at.direction }}
        reachable={tabStop}
        onNode={onNode}
        onLine={onLine}
      />
    </Canvas>
  );
}

/** The last picture stays until the next one is laid out. */
function useScene(shown: Shown): { readonly scene: Scene; readonly shown: Shown } | undefined {
  const [laid, setLaid] = useState<{ readonly scene: Scene; readonly shown: Shown; readonly key: string }>();
  const key = useMemo(
    () =>
      JSON.stringify([
        shown.nodes.map(({ id, column, group }) => [id, column, group]),
        shown.lines.map(({ id, from, to, label }) => [id, from, to, label]),
      ]),
    [shown],
  );
  useEffect(() => {
    if (laid?.key === key) {
      // The same places, with what is written in the boxes now.
      if (laid.shown !== shown) setLaid({ key, shown, scene: withWords(laid.scene, shown) });
      return undefined;
    }
    return whenAnswered(sceneOf(shown), (scene) => setLaid({ scene, shown, key }));
  }, [shown, key, laid]);
  return laid;
}

function withWords(scene: Scene, shown: Shown): Scene {
  const nodes = new Map(shown.nodes.map((node) => [node.id, node]));
  const lines = new Map(shown.lines.map((line) => [line.id, line]));
  return {
    ...scene,
    nodes: scene.nodes.map((node) => ({ ...node, ...nodes.get(node.id) })),
    lines: scene.lines.map((line) => ({ ...line, ...lines.get(line.id) })),
  };
}

function failedParts(
  { elements }: TopologyView,
  failed: readonly string[],
  shown: Shown | undefined,
): { readonly nodes: ReadonlySet<string>; readonly lines: ReadonlySet<string> } {
  if (failed.length === 0 || shown === undefined) return { nodes: NOTHING, lines: NOTHING };
  const down = elements.filter(({ id }) => failed.includes(id));
  // A box that stands for many sites has not failed with one of them.
  const nodes = new Set(down.flatMap((element) => element.nodes).filter((id) => shown.boxOf.get(id) === id));
  const lines = down.flatMap((element) => element.lines).flatMap((id) => shown.lineOf.get(id) ?? []);
  const ofNodes = shown.lines.filter(({ from, to }) => nodes.has(from) || nodes.has(to)).map(({ id }) => id);
  return { nodes, lines: new Set([...lines, ...ofNodes]) };
}

/** The nearest box in the direction of an arrow key. */
function neighbourOf({ nodes }: Scene, from: string, key: string): string | undefined {
  const here = nodes.find(({ id }) => id === from);
  if (here === undefined) return undefined;
  const toward = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const [dx = 0, dy = 0] = toward ?? [];
  let best: { readonly id: string; readonly cost: number } | undefined;
  for (const node of nodes) {
    const [x, y] = [node.x - here.x, node.y - here.y];
    const along = x * dx + y * dy;
    const across = Math.abs(x * dy) + Math.abs(y * dx);
    if (node.id === from || along < 8) continue;
    const cost = along + 2.5 * across;
    if (best === undefined || cost < best.cost) best = { id: node.id, cost };
  }
  return best?.id;
}
