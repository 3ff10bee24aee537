import { Logger } from '@aws-lambda-powertools/logger';
import { required } from './environment.ts';

/**
 * Reports an event that goes back to the queue. Only the error's name and its place in the code are written: a message may quote what it
 * stumbled over, and that may be personal data.
 */
export function reportFailures(): (messageId: string, error: unknown) => void {
  const logger = new Logger({ serviceName: required('POWERTOOLS_SERVICE_NAME') });
  return (messageId, error) => {
    const { name, stack } = error instanceof Error ? error : new Error('unknown');
    const place = (stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 5);
    logger.error('An event could not be taken in and goes back to the queue', { messageId, error: name, place });
  };
}
