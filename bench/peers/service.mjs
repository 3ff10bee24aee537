// The peer's side of the comparison: what the embedded cloud's two machines of `bench/app.ts` do, as a service of Restate's.
import * as restate from '@restatedev/restate-sdk';

const step = (context, { n }) => context.run('step', () => n + 1);

const plain = restate.service({
  name: 'plain',
  handlers: { one: async (context, input) => ({ n: await step(context, input) }) },
});

const signalled = restate.workflow({
  name: 'signalled',
  handlers: {
    run: async (context, input) => ({ n: await step(context, input), answer: await context.promise('answer') }),
    answer: async (context, answer) => {
      await context.promise('answer').resolve(answer);
    },
  },
});

await restate.endpoint().bind(plain).bind(signalled).listen(Number(process.argv[2]));
