/** State of jobs and the log's clock: binary forms, large values in chunks. */
package io.spectrawatch.flink.state;
