import { isPossiblePhoneNumber } from 'libphonenumber-js/min';
import type { Channel } from '../model.ts';

/** Whether an address can be one of its channel at all. Whether it reaches anybody is learnt by using it. */

/** RFC 5321, section 4.5.3.1: what a mail server must take. */
const LOCAL_PART_MAX = 64;
const MAIL_ADDRESS_MAX = 254;

/** @see https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address */
const MAIL_ADDRESS =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$/;

/** ITU-T E.164: a plus sign and at most 15 digits, nothing between them. */
const E164 = /^\+[1-9]\d{1,14}$/;

/**
 * A number must be E.164, of a country that exists and of a length that the country has. That it lies in an allotted range is not
 * asked: numbering plans change faster than the library's data, and a number too few is a customer whom nobody tells.
 */
function isNumber(address: string): boolean {
  return E164.test(address) && isPossiblePhoneNumber(address);
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
