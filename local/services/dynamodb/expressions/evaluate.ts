import { type AttributeValue, binarySize, compareValues, equalValues, type Item } from '../values.ts';
import { type Bindings, boundValue, valueAt } from './bind.ts';
import type { Comparator, Condition, Operand } from './syntax.ts';

/** Whether the condition holds for the item; of no item, for one without attributes. */
export function holds(condition: Condition, item: Item | undefined, bindings: Bindings): boolean {
  switch (condition.kind) {
    case 'and':
      for (const part of condition.all) if (!holds(part, item, bindings)) return false;
      return true;
    case 'or':
      for (const part of condition.all) if (holds(part, item, bindings)) return true;
      return false;
    case 'not':
      return !holds(condition.condition, item, bindings);
    case 'exists':
      return (valueAt(item, condition.path, bindings) !== undefined) === condition.expected;
    case 'compare':
      return compares(condition.comparator, operandValue(condition.left, item, bindings), operandValue(condition.right, item, bindings));
    case 'between':
      return lies(
        operandValue(condition.value, item, bindings),
        operandValue(condition.low, item, bindings),
        operandValue(condition.high, item, bindings),
      );
    case 'in': {
      const value = operandValue(condition.value, item, bindings);
      return condition.list.some((member) => compares('=', value, operandValue(member, item, bindings)));
    }
    case 'type':
      return isOfType(operandValue(condition.value, item, bindings), operandValue(condition.type, item, bindings));
    case 'begins_with':
      return beginsWith(operandValue(condition.value, item, bindings), operandValue(condition.part, item, bindings));
    case 'contains':
      return contains(operandValue(condition.value, item, bindings), operandValue(condition.part, item, bindings));
  }
}

function operandValue(operand: Operand, item: Item | undefined, bindings: Bindings): AttributeValue | undefined {
  switch (operand.kind) {
    case 'value':
      return boundValue(operand, bindings);
    case 'path':
      return valueAt(item, operand, bindings);
    case 'size': {
      const size = sizeOf(operandValue(operand.of, item, bindings));
      return size === undefined ? undefined : { N: String(size) };
    }
  }
}

/** What `size` answers: of text its length, of binary its bytes, of sets, lists and maps their members. */
function sizeOf(value: AttributeValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value.S !== undefined) return value.S.length;
  if (value.B !== undefined) return binarySize(value.B);
  const members = value.L ?? value.SS ?? value.NS ?? value.BS;
  if (members !== undefined) return members.length;
  return value.M === undefined ? undefined : Object.keys(value.M).length;
}

function compares(comparator: Comparator, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  // Of an attribute that is not there only "not equal" is true.
  if (left === undefined || right === undefined) return comparator === '<>';
  if (comparator === '=') return equalValues(left, right);
  if (comparator === '<>') return !equalValues(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  switch (comparator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function lies(value: AttributeValue | undefined, low: AttributeValue | undefined, high: AttributeValue | undefined): boolean {
  if (value === undefined || low === undefined || high === undefined) return false;
  return (compareValues(value, low) ?? -1) >= 0 && (compareValues(value, high) ?? 1) <= 0;
}

function isOfType(value: AttributeValue | undefined, type: AttributeValue | undefined): boolean {
  return value !== undefined && type?.S !== undefined && value[type.S as keyof AttributeValue] !== undefined;
}

function beginsWith(value: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (value?.S !== undefined && part?.S !== undefined) return value.S.startsWith(part.S);
  if (value?.B === undefined || part?.B === undefined) return false;
  const prefix = Buffer.from(part.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, prefix.length).equals(prefix);
}

function contains(value: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (value === undefined || part === undefined) return false;
  if (value.S !== undefined) return part.S !== undefined && value.S.includes(part.S);
  if (value.B !== undefined) return part.B !== undefined && Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'));
  if (value.SS !== undefined) return part.S !== undefined && value.SS.includes(part.S);
  if (value.NS !== undefined) return part.N !== undefined && value.NS.includes(part.N);
  if (value.BS !== undefined) return part.B !== undefined && value.BS.includes(part.B);
  return value.L?.some((member) => equalValues(member, part)) ?? false;
}
