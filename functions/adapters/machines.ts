import { DescribeExecutionCommand, SendTaskSuccessCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

/** The stage machines, by the ARN that their fixed name gives. */
export class Machines {
  readonly #client: SFNClient;
  readonly #prefix: string;

  /** @param prefix ARN up to and including the dash before the stage's name */
  constructor(client: SFNClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  /** Starts the stored start request, word for word. A request that started before is answered alike. */
  async start(stage: string, name: string, input: string): Promise<void> {
    try {
      await this.#client.send(new StartExecutionCommand({ stateMachineArn: this.#prefix + stage, name, input }));
    } catch (error) {
      if ((error as Error).name !== 'ExecutionAlreadyExists') throw error;
    }
  }

  /** Wakes a wait. A token that nobody waits on any more is normal (protocol: success, timeout and a late answer all lead to Decide). */
  async wake(token: string): Promise<'woken' | 'gone'> {
    try {
      await this.#client.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }));
      return 'woken';
    } catch (error) {
      if (['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'].includes((error as Error).name)) return 'gone';
      throw error;
    }
  }

  /** What an execution was started with. */
  async inputOf(executionArn: string): Promise<string> {
    const { input } = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
    return input ?? '{}';
  }

  async status(stage: string, name: string): Promise<'RUNNING' | 'UNKNOWN' | 'DEAD'> {
    const arn = `${this.#prefix.replace(':stateMachine:', ':execution:')}${stage}:${name}`;
    try {
      const { status } = await this.#client.send(new DescribeExecutionCommand({ executionArn: arn }));
      return ['FAILED', 'ABORTED', 'TIMED_OUT', 'SUCCEEDED'].includes(status ?? '') ? 'DEAD' : 'RUNNING';
    } catch (error) {
      if ((error as Error).name === 'ExecutionDoesNotExist') return 'UNKNOWN';
      throw error;
    }
  }
}
