import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type Cloud, type CloudOptions, startCloud } from '../cloud.ts';
import { UnsupportedError } from '../kernel/errors.ts';
import { httpFront } from './front.ts';
import { problem } from './problem.ts';

export interface ServerOptions extends Omit<CloudOptions, 'assembly' | 'baseUrl'> {
  /** 0: any free port. */
  readonly port: number;
  /** The cloud assembly's directory; asked for once the port is taken, so that a port in use is said at once. */
  readonly assembly: string | (() => Promise<string>);
}

export interface RunningServer {
  readonly cloud: Cloud;
  /** `http://127.0.0.1:4566` */
  readonly url: string;
  /** Answers what is under way, then ends. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const CLOSE_GRACE_MILLISECONDS = 2_000;

/** Starts the cloud behind a loopback port. An `UnsupportedError` says why it cannot. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { port, assembly, ...cloudOptions } = options;
  let answer: (request: Request) => Response | Promise<Response> = () => problem(503, 'Starting', 'The embedded cloud is not ready yet.');
  const server = createAdaptorServer({ fetch: (request: Request) => answer(request) }) as Server;
  const url = await listen(server, port);
  try {
    const directory = typeof assembly === 'string' ? assembly : await assembly();
    const cloud = await startCloud({ ...cloudOptions, assembly: directory, baseUrl: url });
    const front = httpFront(cloud);
    answer = (request) => front.fetch(request);
    return {
      cloud,
      url,
      async close() {
        await closeServer(server);
        await cloud.close();
      },
    };
  } catch (error) {
    await closeServer(server);
    throw error;
  }
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new UnsupportedError(
          error.code === 'EADDRINUSE' ? `Port ${port} is in use. Set PORT to another.` : `Port ${port} cannot be opened: ${error.message}`,
        ),
      ),
    );
    server.listen(port, HOST, () => resolve(`http://${HOST}:${(server.address() as AddressInfo).port}`));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MILLISECONDS).unref();
  });
}
