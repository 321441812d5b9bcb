/** For tests of what uses a database: a real PostgreSQL server, where Debian's package is installed. */
export { findPostgres, startPostgres, type PostgresServer } from './postgres-server.ts'
