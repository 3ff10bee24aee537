import { AwsError } from '../kernel/errors.ts';
import { problem } from './problem.ts';

/**
 * Answers a request of this cloud's own with a JSON body. What is wrong with it is a problem: 400 where it is malformed, else the status
 * of the error.
 *
 * @param example a body as it should be, for whoever sent none.
 */
export async function answerJsonBody(
  request: { text(): Promise<string> },
  example: string,
  act: (body: unknown) => Promise<Response> | Response,
): Promise<Response> {
  let body: unknown;
  try {
    body = JSON.parse(await request.text());
  } catch {
    return problem(400, 'Malformed request', `The body must be JSON: ${example}.`);
  }
  try {
    return await act(body);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const titles: Readonly<Record<number, string>> = { 404: 'Not found', 409: 'Conflict' };
    return problem(error.status, titles[error.status] ?? 'Malformed request', error.message);
  }
}
