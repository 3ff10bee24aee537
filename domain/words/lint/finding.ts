import type { MessageChannel } from '../../model.ts';
import type { Locale } from '../template.ts';

/** Something about a template or a script that must not, or should not, reach a customer. */
export interface Finding {
  readonly template: string;
  readonly locale: Locale;
  /** Absent where it concerns the words of all channels. */
  readonly channel?: MessageChannel;
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  /** What is wrong, as a sentence. */
  readonly sentence: string;
}
