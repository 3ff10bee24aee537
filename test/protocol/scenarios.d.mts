export const CORRECT: Readonly<Record<string, object>>;
export const DEEP: Readonly<Record<string, object>>;
export const SPARE: Readonly<Record<string, readonly [variant: object, scenario: object]>>;
export const BROKEN: Readonly<Record<string, readonly [variant: object, scenario: object]>>;
