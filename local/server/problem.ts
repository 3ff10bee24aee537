export const PROBLEM = { 'content-type': 'application/problem+json' };

/** RFC 9457 problem details. */
export function problem(status: number, title: string, detail: string): Response {
  return new Response(problemText(status, title, detail), { status, headers: PROBLEM });
}

export function problemText(status: number, title: string, detail: string): string {
  return JSON.stringify({ type: 'about:blank', title, status, detail });
}
