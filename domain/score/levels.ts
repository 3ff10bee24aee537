/** How much of willingness or ability there is; `unknown` where no fact speaks either way. */
export const LEVELS = ['low', 'medium', 'high', 'unknown'] as const;
export type Level = (typeof LEVELS)[number];
