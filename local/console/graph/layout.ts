import { Graph, layout } from '@dagrejs/dagre';
import type { GraphContainer, GraphEdge, GraphState } from './model.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A state in its place: `x` and `y` are its upper left corner. */
export interface PlacedState extends Point {
  readonly state: GraphState;
  readonly width: number;
  readonly height: number;
  /** The name, broken into lines. */
  readonly lines: readonly string[];
  /** Where the insides begin below the name. */
  readonly inner: readonly PlacedContainer[];
}

export interface PlacedEdge {
  readonly edge: GraphEdge;
  readonly points: readonly Point[];
}

export interface PlacedContainer extends Point {
  readonly width: number;
  readonly height: number;
  readonly start: Point;
  readonly startEdge: readonly Point[];
  readonly end: Point | undefined;
  readonly states: readonly PlacedState[];
  readonly edges: readonly PlacedEdge[];
  /** As in `GraphContainer`. */
  readonly apart: boolean;
}

/** Pixels. */
const NAME_WIDTH = 22;
const STATE_WIDTH = 176;
export const LINE_HEIGHT = 16;
export const HEAD_TOP = 20;
const HEAD_HEIGHT = 36;
const INNER_GAP = 12;
const DOT = 12;
const WIDTH_MAX = 1000;
/** dagre's edges have no identity here but their order; the two ends are nodes that no state can be named like. */
const [START, END] = ['\0start', '\0end'];

/** Lays a graph out: from above to below, or from left to right where that would be too wide. */
export function layOut(container: GraphContainer): PlacedContainer {
  const down = layOutIn(container, 'TB');
  if (down.width <= WIDTH_MAX) return down;
  const across = layOutIn(container, 'LR');
  return across.width < down.width ? across : down;
}

function layOutIn(container: GraphContainer, rankdir: 'TB' | 'LR'): PlacedContainer {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir,
    nodesep: rankdir === 'TB' ? 28 : 14,
    ranksep: rankdir === 'TB' ? 34 : 56,
    edgesep: 12,
    marginx: 8,
    marginy: 8,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const boxes = container.states.map(boxOf);
  graph.setNode(START, { width: DOT, height: DOT });
  for (const box of boxes) graph.setNode(box.state.name, { width: box.width, height: box.height });
  if (container.edges.some(({ to }) => to === undefined)) graph.setNode(END, { width: DOT, height: DOT });
  graph.setEdge(START, container.startAt, { weight: 4 }, 'start');
  // Two ways between the same states lie on each other anyway.
  const drawn = [...new Map(container.edges.map((edge) => [JSON.stringify([edge.from, edge.to]), edge])).entries()];
  for (const [key, edge] of drawn) graph.setEdge(edge.from, edge.to ?? END, { weight: edge.kind === 'catch' ? 1 : 2 }, key);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const pointsOf = (from: string, to: string, key: string) => (graph.edge(from, to, key) as { points?: Point[] } | undefined)?.points ?? [];
  return {
    x: 0,
    y: 0,
    width,
    height,
    apart: container.apart,
    start: centre(graph, START),
    startEdge: pointsOf(START, container.startAt, 'start'),
    end: graph.hasNode(END) ? centre(graph, END) : undefined,
    states: boxes.map((box) => {
      const { x, y } = centre(graph, box.state.name);
      return { ...box, x: x - box.width / 2, y: y - box.height / 2 };
    }),
    edges: drawn.map(([key, edge]) => ({ edge, points: pointsOf(edge.from, edge.to ?? END, key) })),
  };
}

function centre(graph: Graph, name: string): Point {
  const { x = 0, y = 0 } = graph.node(name) as { x?: number; y?: number };
  return { x, y };
}

/** The size of a state, around what is inside it, side by side. */
function boxOf(state: GraphState): PlacedState {
  const lines = broken(state.name);
  const head = HEAD_HEIGHT + lines.length * LINE_HEIGHT - LINE_HEIGHT + 6;
  let x = INNER_GAP;
  const inner = state.inner.map((container) => {
    const placed = { ...layOut(container), x, y: head };
    x += placed.width + INNER_GAP;
    return placed;
  });
  if (inner.length === 0) return { state, lines, inner, x: 0, y: 0, width: STATE_WIDTH, height: head };
  const height = head + Math.max(...inner.map((container) => container.height)) + INNER_GAP;
  return { state, lines, inner, x: 0, y: 0, width: Math.max(STATE_WIDTH, x), height };
}

/** A name in lines of about the same number of letters; wide letters count twice. */
function broken(name: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of name.split(' ').flatMap(pieces)) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > NAME_WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function pieces(word: string): string[] {
  const parts: string[] = [''];
  for (const letter of word) {
    if (widthOf((parts.at(-1) ?? '') + letter) > NAME_WIDTH) parts.push('');
    parts[parts.length - 1] += letter;
  }
  return parts;
}

function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += (letter.codePointAt(0) ?? 0) >= 0x2e80 ? 2 : 1;
  return width;
}
