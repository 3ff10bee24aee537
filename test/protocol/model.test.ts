import { describe, expect, it } from 'vitest';
import { explore } from './explore.mjs';
import { model } from './model.mjs';
import { BROKEN, CORRECT, SPARE } from './scenarios.mjs';

/** The shortest story of a violation, or undefined. */
function story(scenario: object, variant: object): string | undefined {
  const { violation, trace } = explore(model(scenario, variant), scenario);
  return violation === undefined ? undefined : [violation, ...(trace ?? [])].join('\n');
}

describe('the wait/signal protocol', () => {
  it.each(Object.entries(CORRECT))('holds: %s', (_name, scenario) => {
    expect(story(scenario, {})).toBeUndefined();
  });

  it.each(Object.entries(SPARE))('holds without its second lock: %s', (_name, [variant, scenario]) => {
    expect(story(scenario, variant)).toBeUndefined();
  });

  it.each(Object.entries(BROKEN))('breaks where it is weakened: %s', (_name, [variant, scenario]) => {
    expect(story(scenario, variant)).toEqual(expect.any(String));
  });
});
