import { Logger } from '@aws-lambda-powertools/logger';
import { required } from './environment.ts';

/**
 * Reports a piece of work that failed and is tried again, by the id it is known by. Only the error's name and its place in the code are written: a message may quote what it
 * stumbled over, and that may be personal data.
 */
export function reportFailures(what: string): (id: string, error: unknown) => void {
  const logger = new Logger({ serviceName: required('POWERTOOLS_SERVICE_NAME') });
  return (id, error) => {
    const { name, stack } = error instanceof Error ? error : new Error('unknown');
    const place = (stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 5);
    logger.error(what, { id, error: name, place });
  };
}
