/** What a search found: the broken rule and the shortest way to it, where there is one. */
export function explore(model: unknown, scenario: object): { readonly violation?: string; readonly trace?: readonly string[] };
