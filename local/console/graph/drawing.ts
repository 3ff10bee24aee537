import { layOut, type PlacedContainer } from './layout.ts';
import { type GraphContainer, graphOf } from './model.ts';

/** Drawings are kept for so many definitions: a page that is looked at is made anew whenever something changes. */
const DRAWINGS_MAX = 32;

interface Drawing {
  readonly graph: GraphContainer;
  readonly placed: PlacedContainer;
}

const drawings = new Map<string, Drawing>();

/** A definition as a graph with its layout. */
export function drawingOf(definition: string): Drawing {
  const known = drawings.get(definition);
  if (known !== undefined) return known;
  const graph = graphOf(definition);
  const drawing = { graph, placed: layOut(graph) };
  const [oldest] = drawings.keys();
  if (drawings.size >= DRAWINGS_MAX && oldest !== undefined) drawings.delete(oldest);
  drawings.set(definition, drawing);
  return drawing;
}
