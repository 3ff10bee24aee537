export function model(scenario: object, variant: object): unknown;
