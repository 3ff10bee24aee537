/** The trees that expressions are parsed to. Names (`#n`) and values (`:v`) stay placeholders: one tree serves every call. */

/** A step into an item: an attribute's name, a placeholder of one (`#n`), or a list index. */
export type PathPart = string | number;

export interface Path {
  readonly kind: 'path';
  readonly parts: readonly PathPart[];
}

export interface ValueReference {
  readonly kind: 'value';
  /** With its colon. */
  readonly name: string;
}

interface SizeOf {
  readonly kind: 'size';
  readonly of: Path | ValueReference;
}

export type Operand = Path | ValueReference | SizeOf;

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly all: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly value: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly value: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: Path; readonly expected: boolean }
  | { readonly kind: 'type'; readonly value: Operand; readonly type: Operand }
  | { readonly kind: 'begins_with' | 'contains'; readonly value: Operand; readonly part: Operand };

/** What SET assigns. */
export type Assigned =
  | Path
  | ValueReference
  | { readonly kind: '+' | '-'; readonly left: Assigned; readonly right: Assigned }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: Assigned }
  | { readonly kind: 'list_append'; readonly left: Assigned; readonly right: Assigned };

export type UpdateAction =
  | { readonly kind: 'SET'; readonly path: Path; readonly value: Assigned }
  | { readonly kind: 'REMOVE'; readonly path: Path }
  | { readonly kind: 'ADD' | 'DELETE'; readonly path: Path; readonly value: ValueReference };
