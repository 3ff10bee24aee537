import { sha256 } from '../timeline.ts';
import type { Rendered } from './render.ts';

/** A message as the records keep it beside the timeline. */
export interface KeptText {
  readonly subject?: string;
  readonly body: string;
}

/**
 * All that a customer is shown: of a push the line on a locked screen and, below it, what the app opens; above either the title. The HTML
 * of an e-mail is the same text once more.
 */
export function keptText({ subject, title, body, detail }: Rendered): KeptText {
  const heading = subject ?? title;
  return {
    ...(heading === undefined ? {} : { subject: heading }),
    body: detail === undefined ? body : `${body}\n\n${detail}`,
  };
}

/** Proves the text that is kept; once text and salt have gone it says nothing of it. */
export function hashOfText(salt: string, { subject, body }: KeptText): string {
  return sha256(`${salt}\n${subject ?? ''}\n${body}`);
}
