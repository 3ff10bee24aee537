import type { LoggedLine } from '../logs/reading.ts';
import { LOG_STREAM } from './invocation-context.ts';
import type { FunctionDefinition } from './lambda-service.ts';
import type { LogLine, LogRing } from './sandbox.ts';
import { textOf } from './tail.ts';

interface Writer {
  readonly definition: FunctionDefinition;
  readonly log: LogRing;
}

/** What functions wrote last, by log group, as CloudWatch Logs has it. */
export function logGroupsOf(writers: Iterable<Writer>): ReadonlyMap<string, readonly LoggedLine[]> {
  const groups = new Map<string, LoggedLine[]>();
  for (const [index, { definition, log }] of [...writers].entries()) {
    const group = groups.get(definition.logGroup) ?? [];
    groups.set(definition.logGroup, group);
    for (const line of log.lines()) group.push(loggedLine(line, index));
  }
  for (const lines of groups.values()) lines.sort((one, other) => (one.id < other.id ? -1 : 1));
  return groups;
}

/** Its number is of its time, of its function where several write to one group, and of its place in what that wrote. */
function loggedLine(line: LogLine, index: number): LoggedLine {
  const id = [line.at, index, line.number].map((part) => String(part).padStart(16, '0')).join('');
  return { id, at: line.at, stream: LOG_STREAM, message: `${textOf(line)}\n` };
}
