import { describe, expect, it } from 'vitest';
import { MACHINES } from './definition.ts';
import { lint } from './lint.ts';

describe.each(MACHINES)('the machine of $stage', (machine) => {
  it('keeps every rule', async () => {
    expect(await lint(machine)).toEqual([]);
  });
});
