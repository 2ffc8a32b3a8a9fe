/** Which model a version is: layers, widths and digest, held on all shards by one log. */
package io.spectrawatch.ingest.model;
