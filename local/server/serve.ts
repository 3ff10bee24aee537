import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { type Cloud, type CloudOptions, startCloud } from '../cloud.ts';
import { ConnectionLost, UnsupportedError } from '../kernel/errors.ts';
import { httpFront } from './front.ts';
import { answerJsonProtocol, isJsonProtocol } from './json-listener.ts';
import { PROBLEM, problem, problemText } from './problem.ts';
import { onceEach, type Say } from './request-log.ts';

export interface ServerOptions extends Omit<CloudOptions, 'assembly' | 'baseUrl'> {
  /** 0: any free port. */
  readonly port: number;
  /** The cloud assembly's directory; asked for once the port is taken, so that a port in use is said at once. */
  readonly assembly: string | (() => Promise<string>);
  /** Told once of each kind of request that is not understood, cannot be answered or is not believed. */
  readonly log?: Say;
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
  const { port, assembly, log, ...cloudOptions } = options;
  const say = log && onceEach(log);
  let answer: (request: Request, connection: object) => Response | Promise<Response> = () =>
    problem(503, 'Starting', 'The embedded cloud is not ready yet.');
  const others = getRequestListener((request, connection) => answer(request, connection));
  let ready: Cloud | undefined;
  const server = createServer((request, response) => {
    if (ready === undefined || !isJsonProtocol(request)) return void others(request, response);
    answerJsonProtocol(ready, request, response, say).catch((error: Error) => {
      // A client that went away in the middle of its request is owed nothing.
      if (request.destroyed || response.headersSent || error instanceof ConnectionLost) response.destroy();
      else response.writeHead(500, PROBLEM).end(problemText(500, 'Internal error', error.message));
    });
  });
  const url = await listen(server, port);
  try {
    const directory = typeof assembly === 'string' ? assembly : await assembly();
    const cloud = await startCloud({ ...cloudOptions, assembly: directory, baseUrl: url });
    const front = httpFront(cloud, say);
    answer = (request, connection) => front.fetch(request, connection);
    ready = cloud;
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
