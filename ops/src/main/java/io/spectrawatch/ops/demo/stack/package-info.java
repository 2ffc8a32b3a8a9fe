/**
 * What all demos stand on: broker, ingest, monitor and exporter in one process, in compressed time.
 */
package io.spectrawatch.ops.demo.stack;
