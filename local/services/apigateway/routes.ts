/** `GET /accounts/{accountId}`, `ANY /{proxy+}` or `$default`, taken apart. */
export interface RouteKey {
  readonly text: string;
  readonly method: string;
  readonly segments: readonly string[];
}

export function parseRouteKey(text: string): RouteKey {
  if (text === '$default') return { text, method: 'ANY', segments: ['{proxy+}'] };
  const [method = '', path = ''] = text.split(' ');
  return { text, method, segments: split(path) };
}

/**
 * The route for a request: full matches before greedy ones, `$default` last; literal segments before parameters
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
 */
export function matchRoute<R extends { readonly key: RouteKey }>(
  routes: readonly R[],
  method: string,
  path: string,
): { route: R; parameters: Record<string, string> } | undefined {
  let best: { route: R; parameters: Record<string, string>; rank: string } | undefined;
  const segments = split(path);
  for (const route of routes) {
    if (route.key.method !== 'ANY' && route.key.method !== method) continue;
    const parameters = matchSegments(route.key.segments, segments);
    if (parameters === undefined) continue;
    const rank = rankOf(route.key);
    if (best === undefined || rank < best.rank) best = { route, parameters, rank };
  }
  return best === undefined ? undefined : { route: best.route, parameters: best.parameters };
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = Object.create(null);
  for (const [index, expected] of pattern.entries()) {
    const greedy = /^\{(.+)\+\}$/.exec(expected)?.[1];
    if (greedy !== undefined) {
      if (segments.length < index) return undefined;
      parameters[greedy] = segments.slice(index).map(decode).join('/');
      return parameters;
    }
    const given = segments[index];
    if (given === undefined) return undefined;
    const name = /^\{(.+)\}$/.exec(expected)?.[1];
    if (name !== undefined) parameters[name] = decode(given);
    else if (expected !== given) return undefined;
  }
  return segments.length === pattern.length ? parameters : undefined;
}

/** Smaller is more specific: text that sorts literals before parameters before greedy parameters, segment by segment. */
function rankOf(key: RouteKey): string {
  if (key.text === '$default') return '9';
  const segments = key.segments.map((segment) => (segment.endsWith('+}') ? '2' : segment.startsWith('{') ? '1' : '0')).join('');
  return `${segments.includes('2') ? '1' : '0'}${segments}${key.method === 'ANY' ? '1' : '0'}`;
}

function split(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
