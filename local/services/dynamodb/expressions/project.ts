import type { AttributeValue, Item } from '../values.ts';
import { type Bindings, checkApart, headOf, resolveParts } from './bind.ts';
import type { Compiled } from './compile.ts';
import type { Path, PathPart } from './syntax.ts';

/** The parts of an item that paths name: a tree with true at the leaves. */
export type Selection = ReadonlyMap<PathPart, Selection | true>;

/** What a projection selects; refuses paths that overlap. */
export function selectionOf(compiled: Compiled<readonly Path[]>, bindings: Bindings): Selection {
  const paths = compiled.tree.map((path) => resolveParts(path, bindings));
  checkApart(paths, compiled.parameter);
  return selection(paths);
}

/** @param paths must not overlap. */
export function selection(paths: readonly (readonly PathPart[])[]): Selection {
  const root = new Map<PathPart, Selection | true>();
  for (const path of paths) {
    let node = root;
    for (const [index, part] of path.entries()) {
      if (index === path.length - 1) node.set(part, true);
      else {
        let next = node.get(part) as Map<PathPart, Selection | true> | undefined;
        if (next === undefined) {
          next = new Map();
          node.set(part, next);
        }
        node = next;
      }
    }
  }
  return root;
}

/** The selected parts of an item. Of lists the chosen elements move together, in their order. */
export function project(item: Item, chosen: Selection): Item {
  return projectMap(item, chosen) ?? {};
}

function projectMap(map: Item, chosen: Selection): Item | undefined {
  let result: Item | undefined;
  for (const [name, below] of chosen) {
    if (typeof name === 'number' || !Object.hasOwn(map, name)) continue;
    const value = projectValue(map[name] as AttributeValue, below);
    if (value === undefined) continue;
    result ??= {};
    result[name] = value;
  }
  return result;
}

function projectValue(value: AttributeValue, chosen: Selection | true): AttributeValue | undefined {
  if (chosen === true) return value;
  if (value.M !== undefined) {
    const map = projectMap(value.M, chosen);
    return map === undefined ? undefined : { M: map };
  }
  if (value.L === undefined) return undefined;
  const list: AttributeValue[] = [];
  for (const [index, element] of value.L.entries()) {
    const below = chosen.get(index);
    const projected = below === undefined ? undefined : projectValue(element, below);
    if (projected !== undefined) list.push(projected);
  }
  return list.length === 0 ? undefined : { L: list };
}

/** The attributes that a projection mentions. */
export function projectedHeads(compiled: Compiled<readonly Path[]>, bindings: Bindings): string[] {
  return compiled.tree.map((path) => headOf(path, bindings));
}
