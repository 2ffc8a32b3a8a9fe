/** What a shard of ingest remembers over restarts. */
package io.spectrawatch.ingest.state;
