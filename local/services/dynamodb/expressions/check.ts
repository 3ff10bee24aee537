import { validation } from '../errors.ts';
import { ATTRIBUTE_TYPES, type AttributeType, type AttributeValue, compareValues, typeOf } from '../values.ts';
import { type Bindings, boundValue, headOf, resolveParts, shownPath } from './bind.ts';
import type { Compiled } from './compile.ts';
import type { Condition, Operand, Path } from './syntax.ts';

/** Refuses what the operands of a condition already show to be wrong, before any item is read. */
export function checkCondition(compiled: Compiled<Condition>, bindings: Bindings): void {
  checkNode(compiled.tree, bindings, compiled.parameter);
}

function checkNode(node: Condition, bindings: Bindings, parameter: string): void {
  switch (node.kind) {
    case 'and':
    case 'or':
      for (const part of node.all) checkNode(part, bindings, parameter);
      return;
    case 'not':
      checkNode(node.condition, bindings, parameter);
      return;
    case 'compare':
      checkOperands(node.comparator, [node.left, node.right], bindings, parameter);
      if (node.comparator !== '=' && node.comparator !== '<>')
        for (const operand of [node.left, node.right]) checkOrdered(operand, node.comparator, bindings, parameter);
      return;
    case 'between':
      checkOperands('BETWEEN', [node.value, node.low, node.high], bindings, parameter);
      checkBounds(node.low, node.high, bindings, parameter);
      return;
    case 'in':
      checkOperands('IN', [node.value, ...node.list], bindings, parameter);
      return;
    case 'type':
      checkTypeName(node.type, bindings, parameter);
      return;
    case 'begins_with':
      checkOperands(node.kind, [node.value, node.part], bindings, parameter);
      for (const operand of [node.value, node.part]) checkPrefix(operand, bindings, parameter);
      return;
    case 'contains':
      checkOperands(node.kind, [node.value, node.part], bindings, parameter);
      return;
    case 'exists':
      return;
  }
}

function immediate(operand: Operand, bindings: Bindings): AttributeValue | undefined {
  return operand.kind === 'value' ? boundValue(operand, bindings) : undefined;
}

function checkOperands(operator: string, operands: readonly Operand[], bindings: Bindings, parameter: string): void {
  const [first, ...others] = operands;
  for (const operand of operands) if (operand.kind === 'size') checkSizable(operand.of, bindings, parameter);
  if (first?.kind !== 'path') return;
  const path = resolveParts(first, bindings);
  for (const other of others) {
    if (other.kind !== 'path' || other.parts.length !== path.length) continue;
    if (resolveParts(other, bindings).some((part, index) => part !== path[index])) continue;
    throw validation(
      `Invalid ${parameter}: The first operand must be distinct from the remaining operands for this operator or function; ` +
        `operator: ${operator}, first operand: ${shownPath(path)}`,
    );
  }
}

function checkSizable(operand: Operand, bindings: Bindings, parameter: string): void {
  const value = immediate(operand, bindings);
  const type = value === undefined ? undefined : typeOf(value);
  if (type === 'N' || type === 'BOOL' || type === 'NULL') throw wrongType(parameter, 'operator or function: size', type);
}

function checkOrdered(operand: Operand, comparator: string, bindings: Bindings, parameter: string): void {
  const value = immediate(operand, bindings);
  const type = value === undefined ? 'S' : typeOf(value);
  if (type !== 'S' && type !== 'N' && type !== 'B') throw wrongType(parameter, `operator: ${comparator}`, type);
}

function checkPrefix(operand: Operand, bindings: Bindings, parameter: string): void {
  const value = immediate(operand, bindings);
  const type = operand.kind === 'size' ? 'N' : value === undefined ? 'S' : typeOf(value);
  if (type !== 'S' && type !== 'B') throw wrongType(parameter, 'operator or function: begins_with', type);
}

function checkTypeName(operand: Operand, bindings: Bindings, parameter: string): void {
  const value = immediate(operand, bindings);
  if (value?.S === undefined)
    throw wrongType(
      parameter,
      'operator or function: attribute_type',
      value === undefined ? '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}' : typeOf(value),
    );
  if (!ATTRIBUTE_TYPES.includes(value.S as AttributeType))
    throw validation(
      `Invalid ${parameter}: Invalid attribute type name found; type: ${value.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
    );
}

function checkBounds(low: Operand, high: Operand, bindings: Bindings, parameter: string): void {
  const [from, to] = [immediate(low, bindings), immediate(high, bindings)];
  if (from === undefined || to === undefined) return;
  const [fromType, toType] = [typeOf(from), typeOf(to)];
  const bounds =
    `lower bound operand: AttributeValue: {${fromType}:${String(from[fromType])}}, ` +
    `upper bound operand: AttributeValue: {${toType}:${String(to[toType])}}`;
  if (fromType !== toType)
    throw validation(`Invalid ${parameter}: The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  if ((compareValues(from, to) ?? 0) > 0)
    throw validation(
      `Invalid ${parameter}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
    );
}

function wrongType(parameter: string, operator: string, type: string): Error {
  return validation(`Invalid ${parameter}: Incorrect operand type for operator or function; ${operator}, operand type: ${type}`);
}

/** The attributes that a condition mentions. */
export function headsOf(condition: Condition, bindings: Bindings): Set<string> {
  const heads = new Set<string>();
  eachPath(condition, (path) => heads.add(headOf(path, bindings)));
  return heads;
}

function eachPath(node: Condition, visit: (path: Path) => void): void {
  const operand = (value: Operand): void => {
    if (value.kind === 'path') visit(value);
    else if (value.kind === 'size') operand(value.of);
  };
  switch (node.kind) {
    case 'and':
    case 'or':
      for (const part of node.all) eachPath(part, visit);
      return;
    case 'not':
      eachPath(node.condition, visit);
      return;
    case 'compare':
      operand(node.left);
      operand(node.right);
      return;
    case 'between':
      operand(node.value);
      operand(node.low);
      operand(node.high);
      return;
    case 'in':
      operand(node.value);
      for (const member of node.list) operand(member);
      return;
    case 'exists':
      visit(node.path);
      return;
    case 'type':
      operand(node.value);
      return;
    case 'begins_with':
    case 'contains':
      operand(node.value);
      operand(node.part);
      return;
  }
}
