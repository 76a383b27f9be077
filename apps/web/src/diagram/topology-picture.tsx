/** The drawing itself: one renderer for the screen, for print and for the exported file. Everything it says is also text. */
import { memo } from 'react';
import { Glyph } from './glyphs.tsx';
import type { Scene, SceneLine, SceneNode } from './scene.ts';
import type { WayLine, WayMark } from './ways.ts';

interface PictureMarks {
  readonly failedNodes: ReadonlySet<string>;
  readonly failedLines: ReadonlySet<string>;
  readonly chosen: string | undefined;
  readonly ways: readonly WayLine[];
  readonly marks: readonly WayMark[];
  /** Where the packet is when somebody steps through. */
  readonly packet: { readonly x: number; readonly y: number; readonly direction: 'request' | 'answer' } | undefined;
}

interface PictureProps extends PictureMarks {
  readonly scene: Scene;
  /** The box that the Tab key reaches. */
  readonly reachable: string | undefined;
  readonly onNode: (id: string) => void;
  readonly onLine: (id: string) => void;
}

export const TopologyPicture = memo(function TopologyPicture(props: PictureProps) {
  const { scene, failedNodes, failedLines, chosen, ways, marks, packet, reachable, onNode, onLine } = props;
  return (
    <>
      {scene.groups.map(({ id, title, kind, x, y, width, height }) => (
        <g key={id} className={`group ${kind}`}>
          <rect x={x} y={y} width={width} height={height} rx="8" />
          <text x={x + 12} y={y + 20}>
            {title}
          </text>
        </g>
      ))}
      {scene.lines.map((line) => (
        <Line
          key={line.id}
          line={line}
          failed={failedLines.has(line.id)}
          isChosen={chosen === line.id}
          onLine={onLine}
        />
      ))}
      {ways.map((way) => (
        <Way key={way.direction} way={way} />
      ))}
      {scene.nodes.map((node) => (
        <Node
          key={node.id}
          node={node}
          failed={failedNodes.has(node.id)}
          isChosen={chosen === node.id}
          isReachable={reachable === node.id}
          onNode={onNode}
        />
      ))}
      {marks.map((mark) => (
        <Mark key={`${mark.kind} ${mark.direction} ${mark.x} ${mark.y}`} mark={mark} />
      ))}
      {packet === undefined ? null : (
        <g className={`packet ${packet.direction}`} transform={`translate(${packet.x} ${packet.y})`}>
          <circle r="26" />
          <text y="-32" textAnchor="middle">
            {packet.direction === 'request' ? 'the request is here' : 'the answer is here'}
          </text>
        </g>
      )}
    </>
  );
});

const path = (points: readonly { readonly x: number; readonly y: number }[]): string =>
  points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');

const round = (value: number): number => Math.round(value * 10) / 10;

function Line({
  line,
  failed,
  isChosen,
  onLine,
}: {
  readonly line: SceneLine;
  readonly failed: boolean;
  readonly isChosen: boolean;
  readonly onLine: (id: string) => void;
}) {
  const d = path(line.points);
  const middle = line.points[Math.floor(line.points.length / 2)];
  return (
    <g
      className={`line ${line.kind}${failed ? ' failed' : ''}${isChosen ? ' chosen' : ''}`}
      onClick={() => onLine(line.id)}
    >
      <title>{`${line.label}${failed ? ', failed' : ''}`}</title>
      <path className="reach" d={d} fill="none" />
      <path className="stroke" d={d} fill="none" />
      {line.labels.map(({ text, x, y }) => (
        <text key={text} className="line-label" textAnchor="middle" x={round(x)} y={round(y)}>
          {text}
        </text>
      ))}
      {failed && middle !== undefined ? (
        <path className="cross" d={`M${middle.x - 8} ${middle.y - 8}l16 16m0 -16l-16 16`} />
      ) : null}
    </g>
  );
}

function Node({
  node,
  failed,
  isChosen,
  isReachable,
  onNode,
}: {
  readonly node: SceneNode;
  readonly failed: boolean;
  readonly isChosen: boolean;
  readonly isReachable: boolean;
  readonly onNode: (id: string) => void;
}) {
  const { x, y, width, height, title, subtitle, remarks, role, half, members } = node;
  const more = [...remarks, ...(failed ? ['failed'] : [])].join(', ');
  return (
    <g
      className={`node ${half} ${role}${failed ? ' failed' : ''}${isChosen ? ' chosen' : ''}`}
      transform={`translate(${round(x)} ${round(y)})`}
      data-node={node.id}
      role="button"
      tabIndex={isReachable ? 0 : -1}
      aria-label={`${title} ${subtitle}`}
      aria-description={more === '' ? undefined : more}
      aria-pressed={isChosen}
      onClick={() => onNode(node.id)}
    >
      {members > 1 ? <rect className="behind" x="5" y="5" width={width} height={height} rx="6" /> : null}
      <rect className="box" width={width} height={height} rx="6" />
      <g transform="translate(8 16)">
        <Glyph role={role} />
      </g>
      {/* Cut at the edge of the box, whole for who hears it. */}
      <svg x="34" y="0" width={width - 38} height={height}>
        <text className="name" y="22">
          {title}
        </text>{' '}
        <text className="role" y="39">
          {subtitle}
        </text>
      </svg>
      {failed ? <path className="cross" d={`M${width - 20} 6l12 12m0 -12l-12 12`} /> : null}
    </g>
  );
}

function Way({ way }: { readonly way: WayLine }) {
  const { direction, points, arrows, labelAt } = way;
  return (
    <g className={`way ${direction}`}>
      <path className="under" d={path(points)} fill="none" />
      <path className="over" d={path(points)} fill="none" />
      {arrows.map(({ x, y, angle }) => (
        <path
          key={`${round(x)} ${round(y)}`}
          className="arrow"
          d="M-6 -6L7 0L-6 6Z"
          transform={`translate(${round(x)} ${round(y)}) rotate(${round(angle)})`}
        />
      ))}
      {labelAt === undefined ? null : (
        <text x={round(labelAt.x)} y={round(labelAt.y + (direction === 'request' ? 18 : -10))} textAnchor="middle">
          {direction}
        </text>
      )}
    </g>
  );
}

function Mark({ mark }: { readonly mark: WayMark }) {
  const { kind, x, y, text } = mark;
  const half = 3.9 * text.length + 8;
  if (kind === 'drop') {
    return (
      <g className="mark drop" transform={`translate(${round(x)} ${round(y - 4)})`}>
        <rect x={-half - 8} y="-17" width={2 * half + 16} height="26" rx="13" />
        <path d={`M${-half} -7l8 8m0 -8l-8 8`} />
        <text x="6" y="2" textAnchor="middle">
          {text}
        </text>
      </g>
    );
  }
  return (
    <g className="mark nat" transform={`translate(${round(x)} ${round(y + 9)})`}>
      <rect x={-half} y="-9" width={2 * half} height="17" rx="4" />
      <text y="3.5" textAnchor="middle">
        {text}
      </text>
    </g>
  );
}
