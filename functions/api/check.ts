import type { CheckBody } from '../contract/contacts.ts';
import { checkContact, UnknownSubject } from '../facts/checks.ts';
import type { Ports } from '../protocol/signal.ts';
import { verdictView } from './attempts.ts';
import { NotFound } from './problem.ts';

/** `POST /contacts/check`: the gate's answer, with the contact point it is about and the reservation where one was asked for and made. */
export async function checkOf(ports: Ports, body: CheckBody): Promise<unknown> {
  try {
    const { verdict, contactPointId, reserved } = await checkContact(ports, body);
    return { ...verdictView(verdict), ...(contactPointId === undefined ? {} : { contactPointId }), ...reserved };
  } catch (error) {
    if (error instanceof UnknownSubject) throw new NotFound(error.message);
    throw error;
  }
}
