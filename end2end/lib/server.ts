import path from 'node:path';

/** The root of the repository. */
export const root = path.resolve(import.meta.dirname, '../..');

/** The address of the server under test, without a slash at the end. */
export const base =
  process.env.E2E_URL?.replace(/\/$/, '') ?? `http://${process.env.MADANG_LISTEN ?? '127.0.0.1:3999'}`;

/** The program under test. `./test` sets it; by hand it is the development build. */
export const program =
  process.env.E2E_PROGRAM ?? path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), 'debug/madang');

/** What the server says goes here; `./test` shows the end of it after a failure. */
export const log = process.env.E2E_LOG ?? path.join(path.dirname(program), 'e2e-server.log');
