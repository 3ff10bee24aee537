export type Claims = Readonly<Record<string, unknown>>;

/** The claims of a bearer token that names the issuer and an audience and is in force at `now` (milliseconds); else undefined. */
export function readBearer(
  header: string,
  expected: { readonly issuer?: string; readonly audience?: readonly string[] },
  now: number,
): Claims | undefined {
  const payload = /^Bearer [^.]+\.([^.]+)\.[^.]*$/.exec(header)?.[1];
  if (payload === undefined) return undefined;
  let claims: Claims;
  try {
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  } catch {
    return undefined;
  }
  const audiences = [claims.aud ?? claims.client_id].flat();
  if (expected.issuer !== undefined && claims.iss !== expected.issuer) return undefined;
  if (expected.audience !== undefined && !audiences.some((audience) => expected.audience?.includes(String(audience)))) return undefined;
  if (typeof claims.exp === 'number' && claims.exp * 1000 <= now) return undefined;
  if (typeof claims.nbf === 'number' && claims.nbf * 1000 > now) return undefined;
  return claims;
}
