/** DynamoDB's largest request; nothing here but S3 takes more. */
export const BODY_BYTES_MAX = 16 * 1024 * 1024;

export const TOO_LARGE = `A request has at most ${BODY_BYTES_MAX} bytes.`;

/** Of every answer: there is nothing to look up under a request's id. */
export const REQUEST_ID = 'embedded';
