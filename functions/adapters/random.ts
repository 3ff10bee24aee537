import { randomBytes } from 'node:crypto';

/** A salt for a hash of something personal: whoever erases the salt makes the hash say nothing. */
export function newSalt(): string {
  return randomBytes(16).toString('hex');
}
