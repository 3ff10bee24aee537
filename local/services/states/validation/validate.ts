export function validateDefinition(_text: string): void {}
