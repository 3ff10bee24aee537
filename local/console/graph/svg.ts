import { html } from 'hono/html';
import { type Html, markOf } from '../html.ts';
import { moveKey, type StateStatus, type StateSummary } from '../visits.ts';
import { HEAD_TOP, LINE_HEIGHT, type PlacedContainer, type PlacedEdge, type PlacedState, type Point } from './layout.ts';

/** What is drawn over the layout. */
export interface GraphView {
  readonly label: string;
  readonly summaries: ReadonlyMap<string, StateSummary>;
  /** What else is to be said of a state, by its name. */
  readonly notes: ReadonlyMap<string, string>;
  /** The moves that were made; undefined where no execution is shown and all are drawn alike. */
  readonly moves: ReadonlySet<string> | undefined;
  readonly chosen: string | undefined;
  linkOf(state: string): string;
}

const WORDS: Readonly<Record<StateStatus, string>> = {
  none: 'not entered',
  running: 'running',
  waiting: 'waiting',
  done: 'done',
  caught: 'failed, caught',
  failed: 'failed',
  stopped: 'stopped',
};

/** How a status is told in words. */
export function wordsOf(status: StateStatus): string {
  return WORDS[status];
}

const TOP = 'the machine';

/** The graph as SVG: each state a link that says its name, type and status. */
export function graphSvg(container: PlacedContainer, view: GraphView): Html {
  const { width, height } = container;
  return html`<svg class="graph" role="group" aria-label="${view.label}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="arrow" d="M0 0 8 4 0 8z"/></marker><marker id="arrow-taken" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="arrow taken" d="M0 0 8 4 0 8z"/></marker></defs>
${drawContainer(container, view, TOP)}</svg>`;
}

function drawContainer(container: PlacedContainer, view: GraphView, where: string): Html {
  const { x, y, start, end, states, edges } = container;
  const entered = view.moves !== undefined && states.some(({ state }) => view.summaries.has(state.name));
  // What was not taken lies below what was.
  const drawn = edges.map((placed) => ({ placed, taken: isTaken(placed, view) })).sort((a, b) => Number(a.taken) - Number(b.taken));
  return html`<g transform="translate(${x} ${y})">${line(container.startEdge, `edge${entered ? ' taken' : ''}`, '')}${drawn.map(({ placed, taken }) => line(placed.points, `edge ${placed.edge.kind}${taken ? ' taken' : ''}`, titleOf(placed)))}
<circle class="dot" cx="${start.x}" cy="${start.y}" r="5"><title>Start of ${where}</title></circle>${
    end === undefined ? '' : html`<circle class="dot end" cx="${end.x}" cy="${end.y}" r="5"><title>End of ${where}</title></circle>`
  }${states.map((state) => drawState(state, view, container.apart && where !== TOP))}</g>`;
}

function isTaken({ edge }: PlacedEdge, { moves, summaries }: GraphView): boolean {
  if (moves === undefined) return false;
  return edge.to === undefined ? summaries.get(edge.from)?.last?.ended === 'done' : moves.has(moveKey(edge.from, edge.to));
}

function titleOf({ edge }: PlacedEdge): string {
  const way = `${edge.from} → ${edge.to ?? 'end'}`;
  if (edge.kind === 'next') return way;
  return edge.kind === 'catch' ? `${way}, caught: ${edge.reason}` : `${way}, if ${edge.reason}`;
}

function line(points: readonly Point[], style: string, title: string): Html {
  const taken = style.endsWith('taken');
  return html`<path class="${style}" d="${curve(points)}" marker-end="url(#arrow${taken ? '-taken' : ''})">${title === '' ? '' : html`<title>${title}</title>`}</path>`;
}

/** A smooth line: through the first and last point, and towards those between. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const at = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  let text = `M${at(first)}`;
  for (const [index, point] of rest.entries()) {
    const next = rest[index + 1];
    if (next === undefined) text += `L${at(point)}`;
    else text += `Q${at(point)} ${at(index + 2 === rest.length ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
    if (next !== undefined && index + 2 === rest.length) break;
  }
  return text;
}

function drawState(placed: PlacedState, view: GraphView, apart: boolean): Html {
  const { state, x, y, width, height, lines, inner } = placed;
  const summary = view.summaries.get(state.name);
  const status = summary?.status ?? 'none';
  const visits = summary?.visits ?? 0;
  const note = view.notes.get(state.name);
  // Without an execution nothing stands anywhere; what runs in others says nothing here.
  const plain = view.moves === undefined || (apart && summary === undefined);
  const stands = view.moves === undefined ? '' : plain ? ', in executions of its own' : `, ${wordsOf(status)}`;
  const says = `${state.name}, ${state.type}${stands}${visits > 1 ? `, entered ${visits} times` : ''}${note === undefined ? '' : `, ${note}`}`;
  const style = `state ${plain ? 'plain' : status}${inner.length > 0 ? ' outer' : ''}`;
  return html`<g class="${style}" transform="translate(${x} ${y})"><a href="${view.linkOf(state.name)}" aria-label="${says}"${view.chosen === state.name ? html` aria-current="true"` : ''}><title>${says}${state.comment === undefined ? '' : `: ${state.comment}`}</title>
<rect width="${width}" height="${height}" rx="5"/>${lines.map((text, index) => html`<text class="name" x="${inner.length > 0 ? 12 : width / 2}" y="${HEAD_TOP + index * LINE_HEIGHT}">${text}</text>`)}
<text class="type" x="${inner.length > 0 ? 12 : width / 2}" y="${HEAD_TOP + lines.length * LINE_HEIGHT - 1}">${plain ? '' : `${markOf(status).mark} `}${state.type}${visits > 1 ? ` ×${visits}` : ''}${note === undefined ? '' : ` · ${note}`}</text></a>${inner.map((container) => drawContainer(container, view, state.name))}</g>`;
}
