import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Given<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>;

/**
 * What a command was told. Where there is nothing to do it ends the process: after its usage with 0 for `--help`, after one line with 2
 * for what it does not know.
 *
 * @param usage begins with `usage: ` and ends with a line break.
 * @param positionalsMax how many arguments without a name it takes.
 */
export function commandLine<const O extends Options>(usage: string, options: O, positionalsMax = 0): Given<O> {
  try {
    const help = { type: 'boolean', short: 'h' } as const;
    const given = parseArgs({ options: { ...options, help }, allowPositionals: true });
    if ((given.values as { readonly help?: boolean }).help === true) {
      process.stdout.write(usage);
      process.exit(0);
    }
    const tooMany = given.positionals[positionalsMax];
    if (tooMany !== undefined) throw new Error(`Unexpected argument '${tooMany}'`);
    return given as unknown as Given<O>;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

/** Ends the process with 2, after one line on what was wrong with its arguments. */
export function refuse(message: string): never {
  // Node adds advice for its own options behind the first sentence.
  const [sentence = ''] = message.split(/\. |\n/);
  process.stderr.write(`${sentence.replace(/\.$/, '')}; --help shows the usage.\n`);
  process.exit(2);
}
