import type { Channel } from '../model.ts';
import { NUMBER_LENGTHS } from './number-lengths.ts';

/** Whether an address can be one of its channel at all. Whether it reaches anybody is learnt by using it. */

/** RFC 5321, section 4.5.3.1: what a mail server must take. */
const LOCAL_PART_MAX = 64;
const MAIL_ADDRESS_MAX = 254;

/** @see https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address */
const MAIL_ADDRESS =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$/;

/** ITU-T E.164: a plus sign and at most 15 digits, nothing between them. */
const E164 = /^\+[1-9]\d{1,14}$/;

const CALLING_CODE_DIGITS = [1, 2, 3] as const;

/**
 * A number must be E.164, of a calling code that exists and of a length that its country has. That it lies in an allotted range is not
 * asked: numbering plans change faster than the data, and a number too few is a customer whom nobody tells.
 */
function isNumber(address: string): boolean {
  if (!E164.test(address)) return false;
  const digits = address.slice(1);
  // No calling code begins with another: one of the three at most is there.
  return CALLING_CODE_DIGITS.some((length) => NUMBER_LENGTHS[digits.slice(0, length)]?.includes(digits.length - length));
}

/** With a dot in the domain: mail to a name without one leaves no network. */
function isMailAddress(address: string): boolean {
  return address.length <= MAIL_ADDRESS_MAX && address.indexOf('@') <= LOCAL_PART_MAX && MAIL_ADDRESS.test(address);
}

/** @param address without blanks around it */
export function isWellFormed(channel: Channel, address: string): boolean {
  switch (channel) {
    case 'sms':
    case 'voice':
      return isNumber(address);
    case 'email':
      return isMailAddress(address);
    default:
      return address !== '';
  }
}
