/** A shard's time: how far nothing more will be appended before. */
package io.spectrawatch.ingest.clock;
