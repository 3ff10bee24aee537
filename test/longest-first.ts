import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, longest first. In a fresh clone vitest knows no durations and goes by size, by which some of these would
 * come last, and keep one core busy while the other has nothing to do.
 */
export const LONGEST = [
  'test/system/races.test.ts',
  'test/system/imported-book.test.ts',
  'test/system/paying.test.ts',
  'test/system/import-races.test.ts',
  'test/system/crashes.test.ts',
  'test/system/attempts.test.ts',
  'test/system/determinism.test.ts',
  'test/protocol/model.test.ts',
  'test/demo/command.test.ts',
  'test/domain/exhaustive-walk.test.ts',
  'test/system/send-in-every-order.test.ts',
  'test/system/party-messages-in-every-order.test.ts',
  'test/system/plans.test.ts',
  'test/system/known-pains.test.ts',
  'test/system/attempts-races.test.ts',
  'test/system/contacts-check.test.ts',
  'test/system/bad-events.test.ts',
  'test/system/endings.test.ts',
  'test/system/any-order.test.ts',
];

/** Starts the longest files first, whatever their project, and leaves the others in vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = (file: TestSpecification) => {
      const index = LONGEST.indexOf(relative(this.ctx.config.root, file.moduleId).replaceAll('\\', '/'));
      return index < 0 ? LONGEST.length : index;
    };
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => place(a) - place(b));
  }
}
