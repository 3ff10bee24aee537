import { describe, expect, it } from 'vitest';
import { layOut, type PlacedContainer } from '../../../local/console/graph/layout.ts';
import { graphOf, statesOf } from '../../../local/console/graph/model.ts';
import { ORDER_MACHINE } from './console-app.ts';

const order = graphOf(JSON.stringify(ORDER_MACHINE));

function wide(states: number) {
  const names = Array.from({ length: states }, (_, n) => `State ${n} with a name of some length`);
  return graphOf(
    JSON.stringify({
      StartAt: 'Choose',
      States: {
        Choose: { Type: 'Choice', Choices: names.map((Next) => ({ Condition: '{% true %}', Next })), Default: names[0] },
        ...Object.fromEntries(names.map((name) => [name, { Type: 'Pass', Next: 'Choose' }])),
      },
    }),
  );
}

/** Boxes of one container that lie over each other. */
function overlaps(container: PlacedContainer): string[] {
  const { states } = container;
  const own = states.flatMap((a, index) =>
    states
      .slice(index + 1)
      .filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)
      .map((b) => `${a.state.name} / ${b.state.name}`),
  );
  return [...own, ...states.flatMap(({ inner }) => inner.flatMap(overlaps))];
}

describe('the graph of a machine', () => {
  it('has its states with what is inside them, and each way with its reason', () => {
    expect(statesOf(order).map(({ name }) => name)).toHaveLength(10);
    expect(order.edges).toContainEqual({
      from: 'Choose how to go on',
      to: 'Refuse the order',
      kind: 'choice',
      reason: '$exists($states.input[0].stolen)',
    });
    expect(order.edges).toContainEqual({ from: 'Choose how to go on', to: 'Wait for the lorry', kind: 'choice', reason: 'otherwise' });
    const charging = statesOf(order).find(({ name }) => name === 'Do both')?.inner[0];
    expect(charging?.edges).toContainEqual({ from: 'Charge the card', to: 'Note the theft', kind: 'catch', reason: 'CardStolen' });
  });

  it.each([order, wide(3), wide(30)])('is laid out without a state over another, and inside its frame', (graph) => {
    const placed = layOut(graph);
    expect(overlaps(placed)).toEqual([]);
    for (const { x, y, width, height, inner } of placed.states) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(placed.width);
      expect(y + height).toBeLessThanOrEqual(placed.height);
      for (const part of inner) expect([part.x + part.width <= width, part.y + part.height <= height]).toEqual([true, true]);
    }
    for (const { points } of placed.edges) expect(points.length).toBeGreaterThan(1);
  });

  it('goes from left to right where it would be too wide', () => {
    const placed = layOut(wide(30));
    expect(placed.width).toBeLessThan(1000);
    expect(placed.height).toBeGreaterThan(placed.width);
  });

  it('breaks long names into lines, those without spaces and wide letters too', () => {
    const name = (text: string) =>
      layOut(graphOf(JSON.stringify({ StartAt: text, States: { [text]: { Type: 'Succeed' } } }))).states[0]?.lines;
    expect(name('Wait for payment or next reminder')).toEqual(['Wait for payment or', 'next reminder']);
    expect(name('x'.repeat(50))).toEqual(['x'.repeat(22), 'x'.repeat(22), 'x'.repeat(6)]);
    expect(name('等'.repeat(15))).toEqual(['等'.repeat(11), '等'.repeat(4)]);
  });

  it('is drawn even where a definition is hardly one', () => {
    expect(graphOf('{}').states).toEqual([]);
    expect(statesOf(graphOf('{"StartAt":"A","States":{"A":null,"B":{"Type":"Pass","Choices":"no"}}}')).map(({ name }) => name)).toEqual([
      'A',
      'B',
    ]);
  });
});
