import type { Task } from '../../domain/model.ts';
import type { Answer, Desk } from './case-driver.ts';

/** What a desk answers by default: nobody is at home, every request is granted. */
function granting(task: Task): Answer {
  switch (task.queue) {
    case 'call':
      return { outcome: 'no-answer' };
    case 'field-visit':
      return { outcome: task.objective === 'approve-visit' ? 'approve' : 'not-home' };
    case 'legal-review':
      return task.objective === 'confirm-intent'
        ? { outcome: 'intent-confirmed', by: 'supervisor-1' }
        : { outcome: 'approve', by: 'counsel-1' };
    case 'data-quality':
      return { outcome: 'fixed' };
    case 'plan-review':
      // Whoever finds the recording says where it is.
      if (task.objective === 'obtain-proof') return { outcome: 'approve', by: 'collector-1', recordingRef: 'rec-1' };
      return { outcome: 'approve', by: 'approver-1' };
    case 'case-review':
      return { outcome: 'approve', by: 'approver-1' };
  }
}

/** A desk that reaches nobody and grants every request, with answers of its own for some tasks. */
export function patientDesk(answers: (task: Task) => Answer | 'lies' | undefined = () => undefined): Desk {
  return (task) => {
    const own = answers(task);
    return own === 'lies' ? undefined : (own ?? granting(task));
  };
}

/** A desk on which everything is left lying. */
export const emptyDesk: Desk = () => undefined;

/** A desk whose first call has this outcome; afterwards it reaches nobody. */
export function onceOnCall(answer: Answer): Desk {
  let given = false;
  return patientDesk((task) => {
    if (task.queue !== 'call' || given) return undefined;
    given = true;
    return answer;
  });
}
